//! Serving: routes behind the guard, the layers around them, graceful stop, work in the background.

use crate::desks::Metrics;
use crate::guard::Gate;
use crate::house::House;
use crate::wiring;
use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use monitoring::model::Month;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::sync::watch;
use web::WebConfig;

/// The header that carries the caller's address inward; set here, never taken from outside.
pub const CALLER_HEADER: &str = "x-zhaoxi-caller";
/// How often is looked whether the figures of the present month have to follow the registers, where nobody rings.
const COMPUTE_EVERY: Duration = Duration::from_secs(5);
/// How many times as long as a computation took nothing is computed afterwards.
const COMPUTE_SHARE: u32 = 4;
/// How often is looked whether another process adopted a pack, or the day of an adopted one has come.
const FOLLOW_EVERY: Duration = Duration::from_secs(5);
/// How often housekeeping has its turn.
const KEEP_EVERY: Duration = Duration::from_secs(60);
/// How often walks are looked at.
const WALK_EVERY: Duration = Duration::from_secs(60);
/// How often waiting notices are delivered.
const POST_EVERY: Duration = Duration::from_secs(3);
/// How often those who must act on cases are reminded, in turns of the above.
const REMIND_EVERY: u32 = 20;
/// How often sessions that are over and packs that waited too long are cleared, in turns of the above.
const EXPIRE_EVERY: u32 = 10;
/// How often the audit chains are tied together, in turns.
const ANCHOR_EVERY: u32 = 60;

/// The whole site.
///
/// # Errors
/// When two routes or actions have one name: a mistake in the program.
pub fn site(house: &Arc<House>) -> anyhow::Result<Router> {
    house.registry.keep(crate::desks::kept(house));
    let actions = wiring::actions();
    let gate = Gate::new(Arc::clone(house), &actions);
    let routes =
        web::mount(wiring::routes(house), Arc::new(gate)).map_err(|twice| anyhow::anyhow!("routes: {twice:?}"))?;
    let config = WebConfig {
        secret: house.secret.clone(),
        https: house.settings.server.secure_cookies(),
        ..WebConfig::default()
    };
    Ok(web::layers(routes, config)
        .merge(Metrics::install()?.router(house))
        .layer(from_fn_with_state(Arc::clone(house), ring))
        .layer(from_fn(measure))
        .layer(from_fn_with_state(Arc::clone(house), name_caller)))
}

/// Puts the caller's address into a header of our own: the one that connected, or the one a trusted proxy names.
async fn name_caller(State(house): State<Arc<House>>, mut request: Request, next: Next) -> Response {
    let name = HeaderName::from_static(CALLER_HEADER);
    request.headers_mut().remove(&name);
    let caller = caller_of(&house, &request);
    if let Some(value) = caller.and_then(|ip| HeaderValue::from_str(&ip.to_string()).ok()) {
        request.headers_mut().insert(name, value);
    }
    next.run(request).await
}

fn caller_of(house: &House, request: &Request) -> Option<IpAddr> {
    let connected = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip())?;
    if !house.settings.server.trusts(connected) {
        return Some(connected);
    }
    let named = request.headers().get("x-forwarded-for").and_then(|value| value.to_str().ok());
    named.and_then(|list| list.rsplit(',').next()?.trim().parse().ok()).or(Some(connected))
}

/// Wakes what follows the registers when a request may have written something.
async fn ring(State(house): State<Arc<House>>, request: Request, next: Next) -> Response {
    let reads = request.method().is_safe();
    let answer = next.run(request).await;
    if !reads && (answer.status().is_success() || answer.status().is_redirection()) {
        house.written.notify_one();
    }
    answer
}

/// Counts and times every answer.
async fn measure(request: Request, next: Next) -> Response {
    let (method, begun) = (request.method().to_string(), Instant::now());
    let path =
        request.extensions().get::<axum::extract::MatchedPath>().map_or("other", |path| path.as_str()).to_owned();
    let answer = next.run(request).await;
    let status = answer.status().as_u16().to_string();
    let labels = [("method", method), ("path", path), ("status", status)];
    metrics::counter!("zhaoxi_requests_total", &labels).increment(1);
    metrics::histogram!("zhaoxi_request_seconds", &labels).record(begun.elapsed().as_secs_f64());
    answer
}

/// Serves until the process is asked to stop; requests under way are finished first.
///
/// # Errors
/// When the listener fails.
pub async fn serve(house: Arc<House>, listener: TcpListener) -> anyhow::Result<()> {
    let (stop, stopped) = watch::channel(false);
    let work = tokio::spawn(figures(Arc::clone(&house), stopped.clone()));
    let following = tokio::spawn(packs(Arc::clone(&house), stopped.clone()));
    let walking = tokio::spawn(walks(Arc::clone(&house), stopped.clone()));
    let keeping = tokio::spawn(housekeeping(Arc::clone(&house), stopped.clone()));
    let posting = tokio::spawn(post(Arc::clone(&house), stopped.clone()));
    let site = site(&house)?.into_make_service_with_connect_info::<SocketAddr>();
    let grace = Duration::from_secs(u64::from(house.settings.server.stop_seconds));
    let mut asked = stopped.clone();
    let served = tokio::spawn(async move {
        let wait = async move {
            let _ = asked.wait_for(|stop| *stop).await;
        };
        axum::serve(listener, site).with_graceful_shutdown(wait).await
    });
    asked_to_stop().await;
    tracing::info!("stopping: requests under way are finished");
    let _ = stop.send(true);
    match tokio::time::timeout(grace, served).await {
        Ok(result) => result??,
        Err(_) => tracing::warn!(seconds = grace.as_secs(), "some requests did not end in time"),
    }
    let _ = work.await;
    let _ = following.await;
    let _ = walking.await;
    let _ = keeping.await;
    let _ = posting.await;
    house.identity.write_seen().await?;
    house.db.close().await;
    Ok(())
}

/// Ctrl-C, or the signal of a service manager.
async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}

async fn anchor(house: &House) -> storage::Result<()> {
    let mut tx = house.db.begin().await?;
    facts::anchor(&mut tx, house.clock.now(), "system").await?;
    tx.commit().await
}

/// Notices go out, and those who must act on cases are reminded.
async fn post(house: Arc<House>, mut stopped: watch::Receiver<bool>) {
    let mut turn = 0_u32;
    loop {
        if turn.is_multiple_of(REMIND_EVERY)
            && let Err(error) = house.cases.remind().await
        {
            tracing::error!(%error, "reminders of cases could not be written");
        }
        if let Err(error) = house.cases.notices().deliver().await {
            tracing::error!(%error, "notices could not be delivered");
        }
        turn = turn.wrapping_add(1);
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(POST_EVERY) => {}
        }
    }
}

/// The present month's figures follow the registers: at once what this server wrote, soon what another process did.
async fn figures(house: Arc<House>, mut stopped: watch::Receiver<bool>) {
    let (mut seen, mut rest) = (None, Duration::ZERO);
    loop {
        let turn = async {
            // Under a long import, people at their desks come first.
            tokio::time::sleep(rest).await;
            tokio::select! {
                () = house.written.notified() => {}
                () = tokio::time::sleep(COMPUTE_EVERY) => {}
            }
        };
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => return,
            () = turn => {}
        }
        rest = Duration::ZERO;
        // Asked before the rows are read: what is written meanwhile is looked at the next time. Nothing written, the same plans
        // and the same day: the figures are what they were.
        let (plans, today) = (house.plans.stamp(), house.clock.today());
        let state = facts::writes(&house.db).await.ok().map(|writes| (writes, plans, today));
        if state.is_some() && seen == state {
            continue;
        }
        let began = Instant::now();
        let month = Month::of(house.clock.today());
        let mut failed = false;
        for (place, _) in house.plans.places() {
            let one = Instant::now();
            match house.monitoring.compute(&place, &[month], "system").await {
                Ok(report) if report.written + report.rows > 0 => {
                    let (rows, ms) = (report.rows, one.elapsed().as_millis());
                    tracing::info!(place, written = report.written, rows, ms, "figures computed");
                }
                Ok(_) => {}
                Err(error) => {
                    failed = true;
                    tracing::error!(place, %error, "figures could not be computed");
                }
            }
        }
        seen = state.filter(|_| !failed);
        rest = began.elapsed() * COMPUTE_SHARE;
    }
}

/// Packs adopted by another process on the same database are taken over.
async fn packs(house: Arc<House>, mut stopped: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(FOLLOW_EVERY) => {}
        }
        if let Err(error) = house.follow_plans().await {
            tracing::error!(%error, "adopted packs could not be read");
        }
    }
}

/// Walks to facilities follow people and facilities.
async fn walks(house: Arc<House>, mut stopped: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(WALK_EVERY) => {}
        }
        for (place, _) in house.plans.places() {
            match house.walking.follow(&place, "system").await {
                Ok(report) if report.written > 0 => tracing::info!(place, written = report.written, "walks reckoned"),
                Ok(_) => {}
                Err(error) => tracing::error!(place, %error, "walks could not be reckoned"),
            }
        }
    }
}

/// What happens by itself and seldom: audit chains are tied together; sessions that are over and packs that waited too long are
/// cleared.
async fn housekeeping(house: Arc<House>, mut stopped: watch::Receiver<bool>) {
    let mut turn = 0_u32;
    loop {
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(KEEP_EVERY) => {}
        }
        turn = turn.wrapping_add(1);
        if turn.is_multiple_of(ANCHOR_EVERY)
            && let Err(error) = anchor(&house).await
        {
            tracing::error!(%error, "the audit chains could not be tied together");
        }
        if turn.is_multiple_of(EXPIRE_EVERY)
            && let Err(error) = house.identity.expire().await
        {
            tracing::error!(%error, "sessions could not be cleared");
        }
        if turn.is_multiple_of(EXPIRE_EVERY)
            && let Err(error) = plans::clear_drafts(&house.db, house.clock.now()).await
        {
            tracing::error!(%error, "packs that waited too long could not be cleared");
        }
    }
}
