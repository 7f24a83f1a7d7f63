//! Runs a sub-command and gives its exit code: 0 done, 1 a fault or something found, 2 bad input.

use super::{
    AccountCommand, AuditCommand, Cli, Command, ComputeArgs, DatabaseArgs, DemoArgs, PackCommand, ServeArgs, backup,
    doctor, engines, indicators, keys, pack, register,
};
use crate::house::House;
use crate::{demo, desks, server, wiring};
use anyhow::Context as _;
use identity::{NewAccount, NewPassword, Role, SystemChance, system};
use monitoring::model::Month;
use records::Registry;
use settings::{LogFormat, Override, Settings};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;
use vocabulary::SystemClock;

/// What a sub-command ends with.
type Ending = anyhow::Result<u8>;

/// Runs a sub-command.
pub async fn run(cli: Cli) -> ExitCode {
    let ending = match cli.command {
        Command::Demo(args) => run_demo(&args).await,
        Command::Serve(args) => serve(&args).await,
        Command::Pack(command) => run_pack(command).await,
        Command::Register(command) => register::run(command).await,
        Command::Indicators(args) => Ok(indicators::run(&args)),
        Command::Feel(args) => Ok(engines::feel::run(&args)),
        Command::Rules(command) => Ok(engines::rules::run(&command)),
        Command::Score(args) => Ok(engines::score::run(&args)),
        Command::Growth(args) => Ok(engines::growth::run(&args)),
        Command::Project(args) => Ok(engines::project::run(&args)),
        Command::Reach(args) => Ok(engines::reach::run(&args)),
        Command::Match(args) => Ok(engines::matched::run(&args)),
        Command::Schedule(args) => Ok(engines::schedule::run(&args)),
        Command::Site(args) => Ok(engines::site::run(&args)),
        Command::Compute(args) => compute(&args).await,
        Command::Audit(AuditCommand::Verify(args)) => verify(&args).await,
        Command::Account(command) => account(command).await,
        Command::Doctor(args) => doctor::run(&args).await,
        Command::Keys(command) => keys::run(command).await,
        Command::Backup(args) => backup::write(&args).await,
        Command::Restore(args) => backup::restore(&args).await,
        Command::Openapi(args) => openapi(&args.city),
        Command::Matrix => {
            print!("{}", identity::matrix(&wiring::actions()));
            Ok(0)
        }
    };
    match ending {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("zhaoxi: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The settings, with what the command line says on top.
///
/// # Errors
/// Every mistake, one a line.
pub fn settings(args: &DatabaseArgs, more: Vec<Override>) -> anyhow::Result<Settings> {
    let mut overrides = more;
    overrides.extend(args.database.iter().map(|address| Override {
        option: "--database".to_owned(),
        setting: "database.address".to_owned(),
        value: address.clone(),
    }));
    settings::load(args.settings.as_deref(), std::env::vars_os(), overrides).map_err(|found| {
        let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("settings:\n{}", lines.join("\n"))
    })
}

/// Opens the installation for real use.
///
/// # Errors
/// When the settings are wrong or the database cannot be opened.
pub async fn house(args: &DatabaseArgs) -> anyhow::Result<House> {
    let settings = settings(args, Vec::new())?;
    let address = settings.database_address();
    House::open(settings, &address, Arc::new(SystemClock), Arc::new(SystemChance)).await
}

fn log(settings: &Settings) {
    let filter = tracing_subscriber::EnvFilter::new(settings.log.level.clone());
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process (tests) keeps the first subscriber.
    let _ = match settings.log.format {
        LogFormat::Json => builder.json().try_init(),
        LogFormat::Text => builder.with_target(false).try_init(),
    };
}

async fn run_demo(args: &DemoArgs) -> Ending {
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, args.port)))
        .await
        .with_context(|| format!("port {} is taken; name another with --port, or 0 for a free one", args.port))?;
    let settings = settings(&DatabaseArgs::default(), demo::overrides(args, listener.local_addr()?)?)?;
    log(&settings);
    let house = demo::open(args, settings).await?;
    if args.build_only {
        house.db.close().await;
        return Ok(0);
    }
    println!("{}", demo::greeting(&house, &format!("http://{}", listener.local_addr()?)));
    server::serve(Arc::new(house), listener).await?;
    Ok(0)
}

async fn serve(args: &ServeArgs) -> Ending {
    let port = args.port.map(|port| Override {
        option: "--port".to_owned(),
        setting: "server.port".to_owned(),
        value: port.to_string(),
    });
    let settings = settings(&args.database, port.into_iter().collect())?;
    log(&settings);
    for advice in settings.advice() {
        tracing::warn!("{advice}");
    }
    let socket = settings.server.socket();
    let address = settings.database_address();
    let house = House::open(settings, &address, Arc::new(SystemClock), Arc::new(SystemChance)).await?;
    if house.plans.national().is_none() {
        house.adopt(&crate::packs::national(), "system").await?;
    }
    if let Some(admins) = house.identity.bootstrap().await? {
        println!("First start: three administrators were made. Their one-time passwords are shown this once:");
        for admin in admins {
            println!("  {:<12} {:<12} {}", admin.login, admin.role.label(), admin.password.reveal());
        }
    }
    let listener = TcpListener::bind(socket)
        .await
        .with_context(|| format!("{socket} cannot be listened on; set server.listen and server.port"))?;
    println!("朝夕 Zhaoxi answers at http://{}", listener.local_addr()?);
    server::serve(Arc::new(house), listener).await?;
    Ok(0)
}

async fn run_pack(command: PackCommand) -> Ending {
    match command {
        PackCommand::Check { dir, national } => Ok(pack::check(&dir, national.as_deref())),
        PackCommand::Show { dir } => Ok(pack::show(&dir)),
        PackCommand::Words { dir, register } => Ok(pack::words(dir.as_deref(), register.as_deref())),
        PackCommand::Preview { dir, json, database } => preview(&dir, json, &database).await,
        PackCommand::Adopt { dir, yes, database } => adopt(&dir, yes, &database).await,
    }
}

async fn preview(dir: &Path, json: bool, database: &DatabaseArgs) -> Ending {
    let files = pack::memory_of(dir).map_err(|text| anyhow::anyhow!(text))?;
    let house = house(database).await?;
    match crate::preview::preview(&house, &files).await {
        Ok(preview) if json => println!("{}", crate::preview::told(&preview)),
        Ok(preview) => crate::preview::lines(&preview).iter().for_each(|line| println!("{line}")),
        Err(refusal) => return refused(dir, refusal),
    }
    Ok(0)
}

/// Prints the problems of a pack; anything else is a fault.
fn refused(dir: &Path, refusal: identity::Refusal) -> Ending {
    let identity::Refusal::Invalid(problems) = refusal else { return Err(refusal.into()) };
    for problem in problems {
        eprintln!("{}/{problem}", dir.display());
    }
    Ok(2)
}

async fn adopt(dir: &Path, yes: bool, database: &DatabaseArgs) -> Ending {
    let files = pack::memory_of(dir).map_err(|text| anyhow::anyhow!(text))?;
    let house = house(database).await?;
    if house.plans.national().is_none() {
        house.adopt(&crate::packs::national(), "system").await?;
    }
    match crate::preview::preview(&house, &files).await {
        Ok(preview) => {
            crate::preview::lines(&preview).iter().for_each(|line| println!("{line}"));
            println!();
            let replaces = preview.places.iter().any(|place| place.before.is_some() && !place.changes.is_empty());
            if replaces && !yes && !agreed("adopt it? [y/N] ") {
                eprintln!("not adopted; nothing was changed");
                return Ok(1);
            }
        }
        Err(refusal) => return refused(dir, refusal),
    }
    match house.adopt(&files, "system").await {
        Ok(pack) => {
            println!("adopted {} ({}), in force from {}", pack.manifest.key, pack.hash, pack.manifest.in_force_from);
            println!("a server that runs takes it over within seconds");
            Ok(0)
        }
        Err(refusal) => refused(dir, refusal),
    }
}

/// Asks the person at the terminal; a script without one is asked nothing and goes on.
fn agreed(question: &str) -> bool {
    use std::io::{IsTerminal, Write};
    if !std::io::stdin().is_terminal() {
        return true;
    }
    print!("{question}");
    let mut answer = String::new();
    let asked = std::io::stdout().flush().and_then(|()| std::io::stdin().read_line(&mut answer));
    asked.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes")
}

async fn compute(args: &ComputeArgs) -> Ending {
    let house = house(&args.database).await?;
    let months = monitoring::compute::months_until(Month::of(house.clock.today()), args.months.max(1));
    let places = house.plans.places().into_iter().map(|(place, _)| place);
    let wanted: Vec<String> = places.filter(|place| args.place.as_ref().is_none_or(|one| one == place)).collect();
    if wanted.is_empty() {
        eprintln!("no such place has adopted a plan; list them with: zhaoxi doctor");
        return Ok(2);
    }
    for place in wanted {
        let begun = std::time::Instant::now();
        let report = house.monitoring.compute(&place, &months, "system").await?;
        println!(
            "{place}: {} indicators, {} rows read, {} figures written, {:.2} s",
            report.indicators,
            report.rows,
            report.written,
            begun.elapsed().as_secs_f64()
        );
        let begun = std::time::Instant::now();
        let report = house.walking.compute(&place, "system").await?;
        println!(
            "{place}: {} service circles, {} written, {} figures written, {:.2} s",
            report.circles,
            report.written,
            report.figures,
            begun.elapsed().as_secs_f64()
        );
    }
    Ok(0)
}

async fn verify(args: &DatabaseArgs) -> Ending {
    let settings = settings(args, Vec::new())?;
    let address = settings.database_address();
    let mut db = storage::Db::open(&address).await?;
    let file = crate::keys::file(&settings, &address);
    if file.exists() {
        db = db.with_keys(storage::Keys::read(&file)?);
    }
    let report = facts::verify(&db).await?;
    for one in &report.breaks {
        println!("chain {} entry {}: {}", one.chain, one.seq, one.wrong.message());
    }
    println!("{} entries in {} chains, {} breaks", report.entries, report.chains, report.breaks.len());
    if !report.seals {
        println!("the heads' seals were not checked: there is no key file {} (setting data.keys)", file.display());
    }
    Ok(u8::from(!report.breaks.is_empty()))
}

async fn account(command: AccountCommand) -> Ending {
    match command {
        AccountCommand::Create { login, name, role, region, department, database } => {
            let house = house(&database).await?;
            let Some(role) = Role::from_key(&role) else {
                let known: Vec<&str> = Role::ALL.iter().map(|role| role.key()).collect();
                eprintln!("--role {role}: no such role; there are {}", known.join(", "));
                return Ok(2);
            };
            let seat = desks::seat(&house, &region, department.as_deref().unwrap_or_default()).map_err(|wrong| {
                anyhow::anyhow!("{}", wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
            })?;
            let new = NewAccount { login, name, role, seat, password: NewPassword::OneTime };
            let created = house.identity.create_account(&system(), &new).await?;
            let password = created.one_time.map(|secret| secret.reveal().to_owned()).unwrap_or_default();
            println!("{}  one-time password: {password}", created.account.login);
        }
        AccountCommand::List(database) => {
            let house = house(&database).await?;
            for account in house.identity.accounts(&system(), &identity::AccountFilter::default()).await? {
                println!(
                    "{:<20} {:<12} {:<14} {}",
                    account.login,
                    account.role.key(),
                    account.seat.code().unwrap_or("-"),
                    account.state.label()
                );
            }
        }
        AccountCommand::ResetSecond { login, database } => {
            let house = house(&database).await?;
            let account = house.identity.account_by_login(&system(), &login).await?;
            house.identity.reset_second(&system(), account.id).await?;
            println!("{login} sets up a new second factor at the next sign-in; its sessions have ended");
        }
        AccountCommand::Disable { login, database } => {
            let house = house(&database).await?;
            let account = house.identity.account_by_login(&system(), &login).await?;
            house.identity.disable(&system(), account.id, "disabled on the command line").await?;
            println!("{login} is disabled; its sessions have ended");
        }
    }
    Ok(0)
}

fn openapi(city: &str) -> Ending {
    let registry = Registry::new(wiring::registers()).map_err(|found| anyhow::anyhow!("{found:?}"))?;
    let files = crate::packs::city(city);
    let files = files.with_context(|| format!("no city {city}; there are {}", crate::packs::cities().join(", ")))?;
    let builtin = pack::builtin_registers();
    let (national, _) =
        pack_reader::read(&crate::packs::national(), pack_reader::Around { builtin: &builtin, parent: None });
    let around = pack_reader::Around { builtin: &builtin, parent: national.as_ref() };
    let (pack, _) = pack_reader::read(&files, around);
    let (pack, national) =
        (pack.context("the city's pack does not read")?, national.context("the national pack does not read")?);
    let place = pack.manifest.region.clone().unwrap_or_default();
    let layers = pack_reader::Layers::new(&national, Some(&pack));
    let declared = layers.registers().into_iter().cloned().collect();
    registry.declare(&place, declared).map_err(|found| anyhow::anyhow!("{found:?}"))?;
    println!("{}", serde_json::to_string_pretty(&desks::openapi_document(&registry, &place))?);
    Ok(0)
}
