//! A storage that says what a test wants, word for word.

use dingtalk_storage_emulator::{Fault, FaultKind};
use dingtalk_storage_transfer::Error;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::stage::{PART, Stage, bytes};

/// Answers requests one after the other, each on a connection of its own, and gives them back as they came.
async fn storage(answers: Vec<Vec<u8>>) -> (String, tokio::task::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/object", listener.local_addr().unwrap());
    let served = tokio::spawn(async move {
        let mut requests = Vec::new();
        for answer in answers {
            let (mut connection, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                request.push(connection.read_u8().await.unwrap());
            }
            requests.push(String::from_utf8(request).unwrap().to_ascii_lowercase());
            // The client may have seen enough.
            let _ = connection.write_all(&answer).await;
            let _ = connection.shutdown().await;
        }
        requests
    });
    (url, served)
}

fn answer(head: &str, body: &[u8]) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 {head}\r\nconnection: close\r\n\r\n").into_bytes();
    answer.extend_from_slice(body);
    answer
}

async fn stage_at(url: &str) -> Stage {
    let stage = Stage::new().await;
    let pointer = "/headerSignatureInfo/resourceUrls/0".to_owned();
    let fault = Fault::new(FaultKind::MutateJson { pointer, value: Some(url.into()) });
    stage.emulator.add_fault(fault.on("storage_v1.GetFileDownloadInfo").always());
    stage
}

const CHECK: &[u8] = b"123456789";
const CRC: &str = "x-oss-hash-crc64ecma: 11051210869376104954\r\netag: \"A\"";

#[tokio::test]
async fn a_download_without_a_length_is_verified_by_its_checksum() {
    let chunked = b"4\r\n1234\r\n5\r\n56789\r\n0\r\n\r\n";
    let answers = vec![
        answer(&format!("200 OK\r\ntransfer-encoding: chunked\r\n{CRC}"), chunked),
        answer(&format!("200 OK\r\n{CRC}"), CHECK),
        answer("200 OK", CHECK),
    ];
    let (url, served) = storage(answers).await;
    let stage = stage_at(&url).await;
    let file = stage.put("a.bin", CHECK).await;
    for is_verified in [true, true, false] {
        let path = stage.path("a.bin");
        let downloaded = stage.drive.download(&file).accept_unverified().to_path(&path).await.unwrap();
        assert_eq!(downloaded.integrity.is_verified(), is_verified);
        assert_eq!(std::fs::read(&path).unwrap(), CHECK);
        assert_eq!(stage.local_names(), ["a.bin"]);
    }
    let requests = served.await.unwrap();
    assert!(requests.iter().all(|request| !request.contains("access-token") && !request.contains("content-type")));
}

#[tokio::test]
async fn a_disk_that_is_too_small_shows_before_bytes_are_fetched() {
    const HUGE: u64 = 1 << 50;
    let head = format!("206 Partial Content\r\ncontent-length: {PART}\r\ncontent-range: bytes 0-{}/{HUGE}", PART - 1);
    let (url, _served) = storage(vec![answer(&format!("{head}\r\n{CRC}"), &bytes(10))]).await;
    let stage = stage_at(&url).await;
    let mut file = stage.put("a.bin", CHECK).await;
    file.size = HUGE;
    let failed = stage.drive.download(&file).to_path(stage.path("a.bin")).await.unwrap_err();
    assert!(matches!(failed, Error::Local { .. }), "{failed}");
    assert_eq!(stage.local_names(), [""; 0]);
}

#[tokio::test]
async fn parts_that_are_not_what_was_asked_for_are_never_used() {
    let part = |range: &str| answer(&format!("206 Partial Content\r\ncontent-length: 5\r\n{range}{CRC}"), b"56789");
    let good =
        answer(&format!("206 Partial Content\r\ncontent-length: 5\r\ncontent-range: bytes 4-8/9\r\n{CRC}"), b"56789");
    let cut = answer(&format!("200 OK\r\ncontent-length: 9\r\n{CRC}"), b"1234");
    let whole = answer(&format!("200 OK\r\ncontent-length: 9\r\n{CRC}"), CHECK);
    let bad = [
        part(""),
        part("content-range: bytes 3-7/9\r\n"),
        part("content-range: bytes 4-7/9\r\n"),
        part("content-range: bytes 4-8/8\r\n"),
        part("content-range: bytes 4-8/*\r\n"),
        part("content-range: items 4-8/9\r\n"),
        // Another version.
        answer("206 Partial Content\r\ncontent-length: 5\r\ncontent-range: bytes 4-8/9\r\netag: \"B\"", b"98765"),
        whole,
    ];
    for (case, bad) in bad.into_iter().enumerate() {
        let (url, served) = storage(vec![cut.clone(), bad, good.clone()]).await;
        let stage = stage_at(&url).await;
        let file = stage.put("a.bin", CHECK).await;
        let mut written = Vec::new();
        let downloaded = stage.drive.download(&file).to_writer(&mut written).await.unwrap();
        assert_eq!(written, CHECK, "{case}");
        assert!(downloaded.integrity.is_verified(), "{case}");
        let requests = served.await.unwrap();
        assert!(requests[1].contains("range: bytes=4-8\r\n"), "{}", requests[1]);
        assert!(requests[1].contains("if-match: \"a\"\r\n"), "{}", requests[1]);
    }
}
