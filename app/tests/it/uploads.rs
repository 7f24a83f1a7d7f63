//! Uploads that are too large: refused early, and whatever they weigh, the server does not.

use crate::city::yangzhou;
use crate::killed::server::{Client, Installation};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A gigabyte.
const GIGABYTE: u64 = 1 << 30;
/// What refusing one upload may cost, in KiB: as much as one that is accepted.
const COST_KIB: u64 = 256 << 10;

/// The most memory a process has held, in KiB. The kernel counts it in parts: a later look may give a little less.
fn peak(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Sends a head and then the same piece until as much as asked is sent or the server has had enough; gives the status and
/// how much was sent.
async fn pour(host: &str, head: String, piece: &[u8], bytes: u64) -> (u16, u64) {
    let stream = TcpStream::connect(host).await.unwrap();
    let (mut from, mut to) = stream.into_split();
    to.write_all(head.as_bytes()).await.unwrap();
    let answer = tokio::spawn(async move {
        let mut text = Vec::new();
        let _ = from.read_to_end(&mut text).await;
        String::from_utf8_lossy(&text).into_owned()
    });
    let mut sent = 0;
    while sent < bytes && !answer.is_finished() && to.write_all(piece).await.is_ok() {
        sent += piece.len() as u64;
    }
    let text = tokio::time::timeout(std::time::Duration::from_secs(30), answer).await.expect("an answer").unwrap();
    drop(to);
    (text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default(), sent)
}

fn head(client: &Client, length: &str) -> String {
    format!(
        "POST /registers/person/import HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\nconnection: close\r\n\
         content-type: multipart/form-data; boundary=b\r\n{length}\r\n\r\n",
        client.host, client.cookie
    )
}

/// The most memory a server has held, once nothing works in the background any more: figures follow the sign-in.
async fn settled(process: u32) -> u64 {
    let mut held = peak(process);
    loop {
        tokio::time::sleep(std::time::Duration::from_secs(3)).await;
        let now = peak(process);
        if now == held {
            return now;
        }
        held = now;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gigabyte_is_refused_early_and_costs_little() {
    let test = testkit::sqlite().await;
    let city = yangzhou(Some(test.address.clone())).await;
    let house = Installation::of(&city, &test.address).await;
    let server = house.start();
    let client = Client::signed_in(&server.host, "yangzhou-mzj1").await;
    let before = settled(server.id()).await;

    // It says how large it is: refused before it is read.
    let piece = vec![b'a'; 1 << 20];
    let (status, sent) =
        pour(&server.host, head(&client, &format!("content-length: {GIGABYTE}")), &piece, GIGABYTE).await;
    assert_eq!(status, 413);
    assert!(sent < 64 << 20, "{sent} bytes were taken before it was refused");
    assert!(peak(server.id()).saturating_sub(before) < 8 << 10, "nothing of it is held");

    // It does not say so, and never ends: refused at the limit.
    let mut piece = format!("{:x}\r\n", 1 << 20).into_bytes();
    piece.extend(vec![b'a'; 1 << 20]);
    piece.extend(b"\r\n");
    let begin = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.xlsx\"\r\n\r\n";
    let head = format!("{}{:x}\r\n{begin}\r\n", head(&client, "transfer-encoding: chunked"), begin.len());
    let (status, sent) = pour(&server.host, head, &piece, GIGABYTE).await;
    assert!(status == 413 || (status == 0 && sent < 128 << 20), "{status} after {sent} bytes");
    assert!(sent < 160 << 20, "{sent} bytes were taken before it was refused");
    let cost = peak(server.id()).saturating_sub(before);
    assert!(cost < COST_KIB, "{cost} KiB were held");
    eprintln!("a gigabyte in chunks: refused after {} MiB, {cost} KiB held at most", sent >> 20);

    // The server goes on.
    assert_eq!(client.get("/registers/person").await.unwrap().status, 200);
    assert!(server.stop());
}
