//! A drive that knows no bytes: it takes any number of them and gives zeros, so that the memory of large transfers can
//! be measured.

use std::sync::Arc;

use dingtalk_storage::types::{DentryId, SpaceId};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::child::{Task, Work};
use crate::{GIB, PARTS_FROM};

pub async fn memory() {
    let local = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let api = format!("http://{}", listener.local_addr().unwrap());
    let url: Arc<str> = format!("{api}/object").into();
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            tokio::spawn(serve(connection, Arc::clone(&url)));
        }
    });
    let task = |work| Task {
        api: api.clone(),
        key: "key".into(),
        secret: "secret".into(),
        operator: "ada".into(),
        state: local.path().join("state"),
        work,
    };
    println!("most memory of a process that moves nothing: {:.1} MiB", task(Work::Nothing).run().await.memory);
    for length in [GIB, 64 * GIB] {
        let file = local.path().join("sparse.bin");
        std::fs::File::create(&file).unwrap().set_len(length).unwrap();
        let remote = (SpaceId::from("1"), DentryId::from(length.to_string().as_str()));
        for (what, work) in [
            (
                "upload of a file",
                Work::Upload { folder: "root".into(), file: file.clone(), is_verified: false, single_put: PARTS_FROM },
            ),
            ("upload of a reader", Work::UploadReader { space: "1".into(), length }),
            ("download to a writer", Work::DownloadToNowhere { file: remote }),
        ] {
            let took = task(work).run().await;
            let rate = length as f64 / took.seconds / 1e6;
            println!("{what}, {} GiB: most memory {:.1} MiB ({rate:.0} MB/s)", length / GIB, took.memory);
        }
    }
}

async fn serve(connection: TcpStream, url: Arc<str>) {
    let mut connection = BufReader::with_capacity(256 << 10, connection);
    loop {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if connection.read_line(&mut line).await.unwrap_or(0) == 0 {
                return;
            }
            match line.trim_end() {
                "" => break,
                line => lines.push(line.to_ascii_lowercase()),
            }
        }
        let length = lines.iter().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, number);
        let served = if lines[0].starts_with("put ") {
            put(&mut connection, length).await
        } else if lines[0].starts_with("get /object") {
            zeros(&mut connection, &lines[0]).await
        } else {
            let mut body = vec![0; usize::try_from(length).unwrap()];
            connection.read_exact(&mut body).await.unwrap();
            let answer = answer(&lines[0], &body, &url).to_string();
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
                answer.len()
            );
            connection.write_all(format!("{head}{answer}").as_bytes()).await
        };
        if served.is_err() {
            return;
        }
    }
}

async fn put(connection: &mut BufReader<TcpStream>, length: u64) -> std::io::Result<()> {
    // Zeros are of the same checksum as the storage would tell: what they are is counted alone.
    tokio::io::copy(&mut connection.take(length), &mut tokio::io::sink()).await?;
    connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await
}

/// The number in the path is the length.
async fn zeros(connection: &mut BufReader<TcpStream>, line: &str) -> std::io::Result<()> {
    let mut left = line.split('/').nth(2).map_or(0, |rest| number(rest.split(' ').next().unwrap_or_default()));
    connection.write_all(format!("HTTP/1.1 200 OK\r\ncontent-length: {left}\r\n\r\n").as_bytes()).await?;
    let block = vec![0; 256 << 10];
    while left > 0 {
        let piece = usize::try_from(left).unwrap_or(usize::MAX).min(block.len());
        connection.write_all(&block[..piece]).await?;
        left -= piece as u64;
    }
    Ok(())
}

fn number(text: &str) -> u64 {
    text.trim().parse().unwrap_or(0)
}

fn answer(line: &str, body: &[u8], url: &str) -> Value {
    let info = |url: &str| json!({ "resourceUrls": [url], "headers": {}, "expirationSeconds": 900 });
    let path = line.split(' ').nth(1).unwrap_or_default();
    let dentry = json!({
        "id": "2", "uuid": "uuid", "spaceId": "1", "parentId": "0", "name": "zeros", "type": "FOLDER", "size": 0,
    });
    if path.contains("accesstoken") {
        json!({ "accessToken": "token", "expireIn": 7200 })
    } else if path.contains("dentryid") || path.contains("/doc/") {
        json!({ "dentryId": "0", "spaceId": "1" })
    } else if path.contains("init") {
        json!({ "uploadKey": "key" })
    } else if path.contains("multipartuploadinfos") {
        let asked: Value = serde_json::from_slice(body).unwrap();
        let parts: Vec<Value> = asked["partNumbers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|part| json!({ "partNumber": part, "headerSignatureInfo": info(url) }))
            .collect();
        json!({ "multipartHeaderSignatureInfos": parts })
    } else if path.contains("downloadinfos") {
        let id = path.split("/dentries/").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_default();
        json!({ "protocol": "HEADER_SIGNATURE", "headerSignatureInfo": info(&format!("{url}/{id}")) })
    } else {
        json!({ "dentry": dentry })
    }
}
