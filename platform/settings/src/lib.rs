//! What an operator can set: from a TOML file, environment variables and the command line, each later one
//! winning. All mistakes are reported together, with the line or the variable, before anything starts.

mod file;
mod kinds;
mod nearest;
mod reading;
mod sections;
mod shown;

pub use kinds::{LogFormat, Network, SecondFactor};
pub use reading::{Origin, Shown};
pub use sections::data::Data;
pub use sections::database::Database;
pub use sections::demo::Demo;
pub use sections::log::Log;
pub use sections::password::Password;
pub use sections::server::Server;
pub use sections::session::Session;

use reading::Reading;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use vocabulary::Violation;

/// The variable that names the settings file.
pub const FILE_VARIABLE: &str = "ZHAOXI_SETTINGS";
/// The settings file that is read when none is named and it is there.
pub const DEFAULT_FILE: &str = "zhaoxi.toml";

/// All settings, checked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How the server is reached.
    pub server: Server,
    /// Where the rows are kept.
    pub database: Database,
    /// Where the files are kept.
    pub data: Data,
    /// What is logged, and how.
    pub log: Log,
    /// How long a login lasts.
    pub session: Session,
    /// What a password must be and how it is kept.
    pub password: Password,
    /// What the demo shows.
    pub demo: Demo,
    shown: Vec<Shown>,
}

/// A value given on the command line; wins over everything else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// The option as typed, `--port`: named when the value is wrong.
    pub option: String,
    /// The setting, `server.port`.
    pub setting: String,
    /// The value.
    pub value: String,
}

/// Everything settings are read from. Nothing here is looked up: the caller hands it over.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Name and text of the settings file.
    pub file: Option<(String, String)>,
    /// Environment variables; those not beginning with `ZHAOXI_` are passed over.
    pub environment: Vec<(OsString, OsString)>,
    /// Values from the command line.
    pub command_line: Vec<Override>,
}

impl Settings {
    /// Reads and checks all settings.
    ///
    /// # Errors
    /// Every mistake found, each with its place and what to do.
    pub fn read(sources: &Sources) -> Result<Self, Vec<Violation>> {
        let mut reading = Reading::new(sources);
        let settings = Self::sections(&mut reading);
        settings.check_together(&mut reading);
        reading.report_unknown();
        let (shown, mistakes) = reading.finish();
        if mistakes.is_empty() { Ok(Self { shown, ..settings }) } else { Err(mistakes) }
    }

    fn sections(reading: &mut Reading) -> Self {
        Self {
            server: Server::read(reading),
            database: Database::read(reading),
            data: Data::read(reading),
            log: Log::read(reading),
            session: Session::read(reading),
            password: Password::read(reading),
            demo: Demo::read(reading),
            shown: Vec::new(),
        }
    }

    /// What only shows when two settings are seen together.
    fn check_together(&self, reading: &mut Reading) {
        if self.session.idle() > self.session.lifetime() {
            reading.mistake_at(
                "session.idle_minutes",
                format!(
                    "闲置时限（{} 分钟）长于登录总时限（{} 小时）",
                    self.session.idle_minutes, self.session.lifetime_hours
                ),
                "把 session.idle_minutes 调小，或把 session.lifetime_hours 调大",
            );
        }
        if self.password.memory_kib < 8 * self.password.lanes {
            reading.mistake_at(
                "password.memory_kib",
                format!("Argon2 每条并行线至少要 8 KiB 内存，{} 条不够", self.password.lanes),
                "把 password.memory_kib 调大，或把 password.lanes 调小",
            );
        }
    }

    /// The database to open: the one that is set, else a SQLite file in the data folder.
    #[must_use]
    pub fn database_address(&self) -> String {
        match &self.database.address {
            Some(address) => address.clone(),
            None => self.data.dir.join("zhaoxi.db").display().to_string(),
        }
    }

    /// Every setting with its value and origin, in order; secrets are masked.
    #[must_use]
    pub fn shown(&self) -> &[Shown] {
        &self.shown
    }

    /// A table of all settings for a terminal: name, value, origin, meaning.
    #[must_use]
    pub fn describe(&self) -> String {
        shown::terminal(&self.shown)
    }

    /// A Markdown table of all settings for the operating guide: name, variable, default, meaning.
    #[must_use]
    pub fn reference() -> String {
        shown::markdown(&Self::default().shown)
    }

    /// What is allowed but unwise, for `zhaoxi doctor`.
    #[must_use]
    pub fn advice(&self) -> Vec<Violation> {
        let mut advice = Vec::new();
        let open = !self.server.listen.is_loopback();
        if open && !self.server.secure_cookies() {
            advice.push(Violation::new(
                "settings.advice",
                "server.base_url",
                "服务对外监听，却没有 https 网址：密码会明文经过网络",
                "在前面放一个 https 代理，并把 server.base_url 设为它的网址",
            ));
        }
        if open && self.demo.enabled {
            advice.push(Violation::new(
                "settings.advice",
                "demo.enabled",
                "演示账号的密码是公开的，而服务对外监听",
                "正式使用请关闭 demo.enabled，或只在本机监听",
            ));
        }
        if !self.password.is_as_strong_as_advised() {
            advice.push(Violation::new(
                "settings.advice",
                "password.memory_kib",
                "密码散列的成本低于 OWASP 建议的最低组合",
                "用默认值（memory_kib = 19456，passes = 2），或选一个更强的组合",
            ));
        }
        advice
    }
}

impl Default for Settings {
    fn default() -> Self {
        let mut reading = Reading::new(&Sources::default());
        let settings = Self::sections(&mut reading);
        let (shown, _) = reading.finish();
        Self { shown, ..settings }
    }
}

/// Reads the settings of this process: the file `named`, else the one that [`FILE_VARIABLE`] names, else
/// [`DEFAULT_FILE`] where it exists; then the environment, then the command line.
///
/// # Errors
/// Every mistake found; a file that was named and cannot be read is one.
pub fn load(
    named: Option<&Path>,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
    command_line: Vec<Override>,
) -> Result<Settings, Vec<Violation>> {
    let environment: Vec<_> = environment.into_iter().collect();
    let by_variable = environment
        .iter()
        .find(|(name, value)| name == FILE_VARIABLE && !value.is_empty())
        .map(|(_, value)| PathBuf::from(value));
    let default = || Some(PathBuf::from(DEFAULT_FILE)).filter(|file| file.exists());
    let wanted = named.map(Path::to_path_buf).or(by_variable).or_else(default);
    let (file, missing) = match wanted.map(|path| (file::text(&path), path)) {
        Some((Ok(text), path)) => (Some((path.display().to_string(), text)), None),
        Some((Err(mistake), _)) => (None, Some(mistake)),
        None => (None, None),
    };
    let read = Settings::read(&Sources { file, environment, command_line });
    match (missing, read) {
        (None, read) => read,
        (Some(mistake), Ok(_)) => Err(vec![mistake]),
        (Some(mistake), Err(mut others)) => {
            others.insert(0, mistake);
            Err(others)
        }
    }
}
