//! The real program as a process of its own, which can be killed.

use crate::city::City;
use crate::wire::{Answer, Call, send};
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// An installation that processes of the program run on: its database and its key file.
#[derive(Clone)]
pub struct Installation {
    /// Address of the database.
    pub address: String,
    keys: PathBuf,
}

impl Installation {
    /// That of a city, which has let go of the database. The city must outlive it: its folder holds the keys.
    pub async fn of(city: &City, address: &str) -> Self {
        let keys = city.house.db.keys().file().expect("a key file").to_path_buf();
        city.house.db.close().await;
        Self { address: address.to_owned(), keys }
    }

    /// The keys of what it seals.
    pub fn keys(&self) -> storage::Keys {
        storage::Keys::read(&self.keys).unwrap()
    }

    /// The program, `ZHAOXI_BIN` or the one built with these tests, with a sub-command on this installation.
    pub fn command(&self, words: &[&str]) -> Command {
        let path = std::env::var("ZHAOXI_BIN").unwrap_or_else(|_| env!("CARGO_BIN_EXE_zhaoxi").to_owned());
        let mut command = Command::new(path);
        // The demonstration's accounts were made long before today.
        command
            .env("ZHAOXI_SERVER_REQUESTS_A_MINUTE", "0")
            .env("ZHAOXI_PASSWORD_MAX_AGE_DAYS", "0")
            .env("ZHAOXI_LOG_LEVEL", "warn");
        command.env("ZHAOXI_DATA_KEYS", &self.keys).args(words).args(["--database", &self.address]);
        command
    }

    /// Starts a server and waits until it answers.
    pub fn start(&self) -> Server {
        Server::start(&mut self.command(&["serve", "--port", "0"]))
    }

    /// The chains are whole, by the program's own command.
    pub fn verified(&self) {
        let output = self.command(&["audit", "verify"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
}

/// A running server.
pub struct Server {
    child: Child,
    /// Host and port.
    pub host: String,
}

impl Server {
    /// Starts a command that serves, and waits until it answers.
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let host = lines
            .find_map(|line| line.unwrap().split_once("http://").map(|(_, host)| host.trim().to_owned()))
            .expect("it says where it answers");
        Self { child, host }
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop, as a service manager does; gives whether it ended well.
    pub fn stop(mut self) -> bool {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(asked.success());
        self.child.wait().unwrap().success()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Somebody signed in at a server.
#[derive(Clone)]
pub struct Client {
    pub host: String,
    pub cookie: String,
    pub csrf: String,
}

fn cookies(answer: &Answer) -> String {
    let lines = answer.head.lines().filter_map(|line| line.split_once(": "));
    let set = lines.filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    set.filter_map(|(_, value)| value.split(';').next().map(str::to_owned)).collect::<Vec<_>>().join("; ")
}

impl Client {
    /// Signs in.
    pub async fn signed_in(host: &str, login: &str) -> Self {
        let page = send(host, &Call::get("/login")).await.unwrap();
        let text = page.text();
        let csrf =
            text.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
        let form = format!("account={login}&password={}&back=/home&csrf={csrf}", crate::city::PASSWORD);
        let nobody = Self { host: host.to_owned(), cookie: cookies(&page), csrf };
        let answer = nobody.form("/login", &form).await.unwrap();
        assert_eq!(answer.status, 303, "{login} signs in: {}", answer.text());
        Self { cookie: format!("{}; {}", nobody.cookie, cookies(&answer)), ..nobody }
    }

    pub async fn get(&self, target: &str) -> Result<Answer, String> {
        send(&self.host, &Call::get(target).with("cookie", self.cookie.as_str())).await
    }

    async fn sent(&self, method: &str, target: &str, kind: &str, body: Vec<u8>, more: &str) -> Result<Answer, String> {
        let mut call = Call { method: method.to_owned(), target: target.to_owned(), body, ..Call::default() };
        call = call.with("cookie", self.cookie.as_str()).with("content-type", kind);
        if !more.is_empty() {
            call = call.with("if-match", more);
        }
        send(&self.host, &call).await
    }

    /// Sends a form whose fields are given, token included.
    pub async fn form(&self, target: &str, fields: &str) -> Result<Answer, String> {
        self.sent("POST", target, "application/x-www-form-urlencoded", fields.as_bytes().to_vec(), "").await
    }

    /// Sends a form with its token alone.
    pub async fn press(&self, target: &str) -> Result<Answer, String> {
        self.form(target, &format!("csrf={}", self.csrf)).await
    }

    /// Sends JSON; `version` as `If-Match`, when there is one.
    pub async fn json(
        &self,
        method: &str,
        target: &str,
        body: &serde_json::Value,
        version: i64,
    ) -> Result<Answer, String> {
        let tag = if version > 0 { format!("\"{version}\"") } else { String::new() };
        self.sent(method, target, "application/json", body.to_string().into_bytes(), &tag).await
    }

    /// Uploads a file to a register; gives the address of the import.
    pub async fn upload(&self, register: &str, name: &str, file: &[u8]) -> Result<Answer, String> {
        const MARK: &str = "zhaoxi-parts";
        let mut body = format!("--{MARK}\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{}\r\n", self.csrf);
        body.push_str(&format!(
            "--{MARK}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
        ));
        let mut body = body.into_bytes();
        body.extend(file);
        body.extend(format!("\r\n--{MARK}--\r\n").bytes());
        let kind = format!("multipart/form-data; boundary={MARK}");
        self.sent("POST", &format!("/registers/{register}/import"), &kind, body, "").await
    }
}
