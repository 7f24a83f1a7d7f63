//! `[server]`: how the server is reached.

use crate::Network;
use crate::kinds::BaseUrl;
use crate::reading::Reading;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// How the server is reached.
#[derive(Debug, Clone)]
pub struct Server {
    /// Address it listens on; `0.0.0.0` is every address. `ZHAOXI_SERVER_LISTEN`, default `127.0.0.1`.
    pub listen: IpAddr,
    /// Port it listens on; 0 takes any free one. `ZHAOXI_SERVER_PORT`, default `8080`.
    pub port: u16,
    /// The address people type, without a path. `ZHAOXI_SERVER_BASE_URL`, default ``: made of address and port.
    pub base_url: Option<String>,
    /// Proxies whose word about the caller's address is believed. `ZHAOXI_SERVER_TRUSTED_PROXY`, default ``.
    pub trusted_proxy: Vec<Network>,
    /// Seconds that running requests get when the server stops. `ZHAOXI_SERVER_STOP_SECONDS`, default `20`.
    pub stop_seconds: u32,
    /// Requests that one account may send in a minute, pages and programs together; 0 for no limit.
    /// `ZHAOXI_SERVER_REQUESTS_A_MINUTE`, default `1200`.
    pub requests_a_minute: u32,
}

impl Server {
    pub(crate) fn read(reading: &mut Reading) -> Self {
        let mut section = reading.section("server");
        let listen = section.value("listen", IpAddr::V4(Ipv4Addr::LOCALHOST), "监听的地址");
        let port = section.number("port", 8080, 0..=65_535, "监听的端口；0 为任一空闲端口");
        let base_url = section.value("base_url", None::<BaseUrl>, "人们输入的网址；不设则由地址和端口得出");
        Self {
            listen,
            // The bounds above make this certain.
            port: u16::try_from(port).unwrap_or(u16::MAX),
            base_url: base_url.map(|url| url.0),
            trusted_proxy: section.value("trusted_proxy", Vec::new(), "可信代理的地址或网段，逗号分隔"),
            stop_seconds: section.number("stop_seconds", 20, 0..=3_600, "停止时留给进行中请求的秒数"),
            requests_a_minute: section.number(
                "requests_a_minute",
                1_200,
                0..=1_000_000,
                "一个账号一分钟最多几次请求，页面和接口合计；0 为不限",
            ),
        }
    }

    /// Address and port to listen on.
    #[must_use]
    pub fn socket(&self) -> SocketAddr {
        SocketAddr::new(self.listen, self.port)
    }

    /// The address people type, for a server that listens on `port`.
    #[must_use]
    pub fn url(&self, port: u16) -> String {
        match &self.base_url {
            Some(url) => url.clone(),
            None if self.listen.is_unspecified() => format!("http://127.0.0.1:{port}"),
            None => format!("http://{}", SocketAddr::new(self.listen, port)),
        }
    }

    /// Whether cookies may travel over https only: when people reach the server by https.
    #[must_use]
    pub fn secure_cookies(&self) -> bool {
        self.base_url.as_ref().is_some_and(|url| url.starts_with("https://"))
    }

    /// Whether a caller is a proxy whose word about the real caller is believed.
    #[must_use]
    pub fn trusts(&self, caller: IpAddr) -> bool {
        self.trusted_proxy.iter().any(|network| network.contains(caller))
    }
}
