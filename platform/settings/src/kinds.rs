//! The kinds of values a setting can have: how each is written, and how it is shown.

use std::net::IpAddr;
use std::path::PathBuf;

/// A value that can be read from a setting's text and shown again.
pub(crate) trait Kind: Sized {
    /// Reads it; the error says what it should be (“应是…”).
    fn parse(text: &str) -> Result<Self, String>;
    /// Shows it, secrets masked.
    fn show(&self) -> String;
}

impl Kind for bool {
    fn parse(text: &str) -> Result<Self, String> {
        match text.to_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Ok(true),
            "false" | "0" | "no" | "off" => Ok(false),
            _ => Err("应是 true 或 false".to_owned()),
        }
    }
    fn show(&self) -> String {
        self.to_string()
    }
}

impl Kind for IpAddr {
    fn parse(text: &str) -> Result<Self, String> {
        text.parse().map_err(|_| "应是一个 IP 地址，如 127.0.0.1 或 0.0.0.0".to_owned())
    }
    fn show(&self) -> String {
        self.to_string()
    }
}

impl Kind for PathBuf {
    fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("应是一个文件夹".to_owned());
        }
        Ok(Self::from(text))
    }
    fn show(&self) -> String {
        self.display().to_string()
    }
}

/// Empty text is no value.
impl<T: Kind> Kind for Option<T> {
    fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() { Ok(None) } else { T::parse(text).map(Some) }
    }
    fn show(&self) -> String {
        self.as_ref().map(T::show).unwrap_or_default()
    }
}

/// Items separated by commas.
impl<T: Kind> Kind for Vec<T> {
    fn parse(text: &str) -> Result<Self, String> {
        let items = text.split([',', '，']).map(str::trim).filter(|item| !item.is_empty());
        items.map(T::parse).collect()
    }
    fn show(&self) -> String {
        self.iter().map(T::show).collect::<Vec<_>>().join(",")
    }
}

/// The address of a web server, without a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BaseUrl(pub String);

impl Kind for BaseUrl {
    fn parse(text: &str) -> Result<Self, String> {
        let bare = text.trim_end_matches('/');
        let host = bare.strip_prefix("https://").or_else(|| bare.strip_prefix("http://"));
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        match host {
            Some(host) if !host.is_empty() && host.chars().all(fits) => Ok(Self(bare.to_owned())),
            _ => Err("应是 http:// 或 https:// 开头、不带路径的网址".to_owned()),
        }
    }
    fn show(&self) -> String {
        self.0.clone()
    }
}

/// A database: a PostgreSQL address, or a SQLite file. Its password is never shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DatabaseAddress(pub String);

impl Kind for DatabaseAddress {
    fn parse(text: &str) -> Result<Self, String> {
        match text.split_once("://") {
            Some(("postgres" | "postgresql", rest)) if !rest.is_empty() => Ok(Self(text.to_owned())),
            Some(("sqlite", rest)) if !rest.is_empty() => Ok(Self(text.to_owned())),
            // A mistyped server address must not pass as the name of a file.
            None if !text.is_empty() && !text.contains('@') && !text.starts_with("postgres:") => {
                Ok(Self(text.to_owned()))
            }
            _ => Err("应是 postgres://用户@主机/库 或一个文件名".to_owned()),
        }
    }
    fn show(&self) -> String {
        without_password(&self.0)
    }
}

/// An address with its password replaced by stars, whether it stands before the host or among the parameters.
pub(crate) fn without_password(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return match address.rsplit_once('@') {
            Some((_, host)) => format!("***@{host}"),
            None => address.to_owned(),
        };
    };
    let (rest, parameters) = match rest.split_once('?') {
        Some((rest, parameters)) => (rest, Some(parameters)),
        None => (rest, None),
    };
    let rest = match rest.rsplit_once('@') {
        Some((user, host)) => match user.split_once(':') {
            Some((user, _)) => format!("{user}:***@{host}"),
            None => format!("{user}@{host}"),
        },
        None => rest.to_owned(),
    };
    let masked = |parameter: &str| match parameter.split_once('=') {
        Some((name, _)) if name.to_lowercase().contains("password") => format!("{name}=***"),
        _ => parameter.to_owned(),
    };
    let parameters = parameters.map(|all| all.split('&').map(masked).collect::<Vec<_>>().join("&"));
    match parameters {
        Some(parameters) => format!("{scheme}://{rest}?{parameters}"),
        None => format!("{scheme}://{rest}"),
    }
}

/// Log levels, alone or for a part of the program: `info`, or `info,sqlx=warn`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LogFilter(pub String);

const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

impl Kind for LogFilter {
    fn parse(text: &str) -> Result<Self, String> {
        let fits = |part: &str| {
            let (target, level) = part.split_once('=').unwrap_or(("any", part));
            let named =
                !target.is_empty() && target.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':'));
            named && LEVELS.contains(&level)
        };
        if text.split(',').all(fits) {
            return Ok(Self(text.to_owned()));
        }
        Err(format!("应是 {} 之一，可加部分，如 info,sqlx=warn", LEVELS.join("、")))
    }
    fn show(&self) -> String {
        self.0.clone()
    }
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for machines.
    Json,
}

impl Kind for LogFormat {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("应是 text 或 json".to_owned()),
        }
    }
    fn show(&self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Json => "json".to_owned(),
        }
    }
}

/// Who must sign in with a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactor {
    /// Nobody; whoever wants may.
    Off,
    /// The three administrators.
    Administrators,
    /// Everyone.
    Everyone,
}

impl Kind for SecondFactor {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "off" => Ok(Self::Off),
            "administrators" => Ok(Self::Administrators),
            "everyone" => Ok(Self::Everyone),
            _ => Err("应是 off、administrators 或 everyone".to_owned()),
        }
    }
    fn show(&self) -> String {
        match self {
            Self::Off => "off",
            Self::Administrators => "administrators",
            Self::Everyone => "everyone",
        }
        .to_owned()
    }
}

/// A range of addresses, `10.0.0.0/8`, or a single one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

impl Network {
    /// Whether an address lies inside. An IPv4 address written in IPv6 form counts as the IPv4 address.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let kept = |all: u128, width: u32| all.checked_shr(width - self.bits).unwrap_or(0);
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                kept(u128::from(own.to_bits()), 32) == kept(u128::from(other.to_bits()), 32)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => kept(own.to_bits(), 128) == kept(other.to_bits(), 128),
            _ => false,
        }
    }
}

impl Kind for Network {
    fn parse(text: &str) -> Result<Self, String> {
        let wrong = || "应是 IP 地址或网段，如 127.0.0.1 或 10.0.0.0/8".to_owned();
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(width), str::parse).map_err(|_| wrong())?;
        if bits > width {
            return Err(wrong());
        }
        Ok(Self { address, bits })
    }
    fn show(&self) -> String {
        let width = if self.address.is_ipv4() { 32 } else { 128 };
        if self.bits == width { self.address.to_string() } else { format!("{}/{}", self.address, self.bits) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn networks_hold_what_lies_inside_and_nothing_else() {
        let ten = Network::parse("10.0.0.0/8").unwrap();
        assert!(ten.contains(address("10.255.1.2")) && ten.contains(address("::ffff:10.1.1.1")));
        assert!(!ten.contains(address("11.0.0.1")) && !ten.contains(address("::1")));
        let one = Network::parse("::1").unwrap();
        assert!(one.contains(address("::1")) && !one.contains(address("::2")));
        let all = Network::parse("0.0.0.0/0").unwrap();
        assert!(all.contains(address("203.0.113.9")) && !all.contains(address("2001:db8::1")));
        assert!(Network::parse("::/0").unwrap().contains(address("2001:db8::1")));
        for wrong in ["10.0.0.0/33", "10.0.0/8", "host", "10.0.0.0/-1"] {
            assert!(Network::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn passwords_in_addresses_are_masked_wherever_they_stand() {
        for (address, shown) in [
            ("postgres://zx:s3c:r@t@db/zhaoxi", "postgres://zx:***@db/zhaoxi"),
            (
                "postgres://zx@db/zhaoxi?password=s3cret&sslmode=require",
                "postgres://zx@db/zhaoxi?password=***&sslmode=require",
            ),
            ("data/zhaoxi.db", "data/zhaoxi.db"),
            ("postgres:/zx:s3cret@db/zhaoxi", "***@db/zhaoxi"),
            ("mysql://root:pw@db", "mysql://root:***@db"),
        ] {
            assert_eq!(without_password(address), shown);
        }
    }

    #[test]
    fn web_addresses_have_no_path_and_no_spaces() {
        assert_eq!(BaseUrl::parse("https://zhaoxi.example/").unwrap().0, "https://zhaoxi.example");
        for wrong in ["zhaoxi.example", "https://", "https://a/b", "ftp://a", "https://a b"] {
            assert!(BaseUrl::parse(wrong).is_err(), "{wrong}");
        }
    }
}
