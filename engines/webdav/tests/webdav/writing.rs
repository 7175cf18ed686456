//! Files that are stored, and those that must not be.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::stage::{AUTHORIZATION, PART, Stage, bytes};

fn head(stage: &Stage, path: &str, headers: &str) -> Vec<u8> {
    format!("PUT {path} HTTP/1.1\r\nHost: {}\r\n{AUTHORIZATION}Connection: close\r\n{headers}\r\n", stage.address)
        .into_bytes()
}

fn chunked(body: &[u8], ends: bool) -> Vec<u8> {
    let mut chunks: Vec<u8> = body
        .chunks(7000)
        .flat_map(|chunk| [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat())
        .collect();
    chunks.extend_from_slice(if ends { b"0\r\n\r\n" } else { b"" });
    chunks
}

#[tokio::test]
async fn every_size_is_stored_as_it_was_sent_also_without_a_length() {
    let stage = Stage::new().await;
    for size in [0, 1, PART, PART + 1, 5 * PART + 3] {
        let content = bytes(size);
        let path = format!("/{size}.bin");
        let created = stage.put(&path, &content).await;
        assert_eq!(created.status, 201, "{size}: {created:?}");
        assert_eq!(created.header("etag"), stage.send("HEAD", &path, &[], b"").await.header("etag"));
        assert!(stage.stored(&path).await.unwrap() == content, "{size}");
        let replaced = [head(&stage, &path, "Transfer-Encoding: chunked\r\n"), chunked(&content, true)].concat();
        assert_eq!(stage.raw(&replaced).await.status, 204, "{size}");
        assert!(stage.stored(&path).await.unwrap() == content, "{size}");
        assert_eq!(stage.get(&path).await.body, content);
    }
    // A second content is another version of the same file, and no second file.
    assert_eq!(stage.list("/").await.len(), 6);
}

#[tokio::test]
async fn what_is_cut_or_has_another_length_is_not_committed() {
    let stage = Stage::new().await;
    stage.plant("/a.bin", b"as it was").await;
    let before = stage.commits();
    let content = bytes(3 * PART);
    let length = |length: usize| format!("Content-Length: {length}\r\n");
    let announced = |length: usize| format!("Transfer-Encoding: chunked\r\nX-Expected-Entity-Length: {length}\r\n");
    let requests = [
        // The client hangs up: with a length, in chunks, in the first part, before the last byte, at once.
        [head(&stage, "/a.bin", &length(content.len())), content[..10].to_vec()].concat(),
        [head(&stage, "/a.bin", &length(content.len())), content[..content.len() - 1].to_vec()].concat(),
        head(&stage, "/a.bin", &length(content.len())),
        [head(&stage, "/new.bin", "Transfer-Encoding: chunked\r\n"), chunked(&content, false)].concat(),
        [head(&stage, "/new.bin", "Transfer-Encoding: chunked\r\n"), b"100\r\nabc".to_vec()].concat(),
    ];
    for request in requests {
        let mut stream = TcpStream::connect(stage.address).await.unwrap();
        stream.write_all(&request).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = Vec::new();
        // It ends, and with no answer that says it went well.
        let _ = stream.read_to_end(&mut answer).await;
        assert!(!answer.starts_with(b"HTTP/1.1 2"), "{}", String::from_utf8_lossy(&answer));
    }
    // What the Finder announces is held against what comes.
    for (path, said) in [("/a.bin", content.len() - 1), ("/new.bin", content.len() + 1), ("/new.bin", 0)] {
        let request = [head(&stage, path, &announced(said)), chunked(&content, true)].concat();
        assert_eq!(stage.raw(&request).await.status, 400, "{said}");
    }
    assert_eq!(stage.commits(), before);
    assert_eq!(stage.stored("/a.bin").await.unwrap(), b"as it was");
    assert_eq!(stage.list("/").await, ["/", "/a.bin"]);
    let request = [head(&stage, "/new.bin", &announced(content.len())), chunked(&content, true)].concat();
    assert_eq!(stage.raw(&request).await.status, 201);
    assert!(stage.stored("/new.bin").await.unwrap() == content);
}

#[tokio::test]
async fn a_client_that_falls_silent_is_given_up() {
    let stage = Stage::new().await;
    stage.list("/").await;
    let mut stream = TcpStream::connect(stage.address).await.unwrap();
    stream.write_all(&head(&stage, "/a.bin", "Content-Length: 10\r\nExpect: 100-continue\r\n")).await.unwrap();
    // It is said when the body is waited for; from then on, time goes by.
    let mut answer = vec![0; 25];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, b"HTTP/1.1 100 Continue\r\n\r\n");
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(121)).await;
    tokio::time::resume();
    answer.clear();
    stream.read_to_end(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&answer));
    assert_eq!((stage.commits(), stage.get("/a.bin").await.status), (0, 404));
}

#[tokio::test]
async fn what_the_finder_and_windows_do_stores_one_file() {
    let stage = Stage::new().await;
    // An empty file first, a lock on it, then the content by the lock.
    assert_eq!(stage.put("/doc.txt", b"").await.status, 201);
    let lock = stage.send("LOCK", "/doc.txt", &["Timeout: Second-600"], crate::locks::EXCLUSIVE.as_bytes()).await;
    assert_eq!(lock.status, 200, "{}", lock.text());
    let token = lock.header("lock-token").to_owned();
    let properties = "<?xml version=\"1.0\"?><D:propertyupdate xmlns:D=\"DAV:\" xmlns:Z=\"urn:schemas-microsoft-com:\">\
        <D:set><D:prop><Z:Win32LastModifiedTime>Thu, 01 Jan 2026 00:00:00 GMT</Z:Win32LastModifiedTime></D:prop></D:set>\
        </D:propertyupdate>";
    let condition = format!("If: ({token})");
    let patched = stage.send("PROPPATCH", "/doc.txt", &[&condition], properties.as_bytes()).await;
    // The drive keeps no time of others, and nobody is told that it does; Windows goes on.
    let text = patched.text();
    assert!(patched.status == 207 && text.contains("403 Forbidden") && !text.contains("200 OK"), "{text}");
    assert!(patched.is_whole);
    assert_eq!(stage.send("PUT", "/doc.txt", &[&condition], b"content").await.status, 204);
    assert_eq!(stage.status("UNLOCK", "/doc.txt", &[&format!("Lock-Token: {token}")]).await, 204);
    assert_eq!(stage.list("/").await, ["/", "/doc.txt"]);
    assert_eq!(stage.stored("/doc.txt").await.unwrap(), b"content");
    // A property that nothing keeps is refused by itself.
    let own = properties.replace("Z:Win32LastModifiedTime", "Z:own");
    let refused = stage.send("PROPPATCH", "/doc.txt", &[], own.as_bytes()).await;
    assert!(refused.status == 207 && refused.text().contains("403"), "{}", refused.text());
}

#[tokio::test]
async fn conditions_keep_from_replacing_what_was_not_seen() {
    let stage = Stage::new().await;
    assert_eq!(stage.send("PUT", "/a.txt", &["If-Match: *"], b"x").await.status, 412);
    let first = stage.put("/a.txt", b"one").await;
    assert_eq!(stage.send("PUT", "/a.txt", &["If-None-Match: *"], b"two").await.status, 412);
    let etag = format!("If-Match: {}", first.header("etag"));
    assert_eq!(stage.send("PUT", "/a.txt", &[&etag], b"two").await.status, 204);
    assert_eq!(stage.send("PUT", "/a.txt", &[&etag], b"three").await.status, 412);
    // Somebody else has made it since the folder was seen.
    stage.list("/").await;
    stage.plant("/theirs.txt", b"theirs").await;
    assert_eq!(stage.send("PUT", "/theirs.txt", &["If-None-Match: *"], b"mine").await.status, 412);
    assert_eq!(stage.stored("/theirs.txt").await.unwrap(), b"theirs");
    assert_eq!(stage.stored("/a.txt").await.unwrap(), b"two");
}

/// What cannot be read is no condition that holds.
#[tokio::test]
async fn what_is_asked_for_under_a_condition_is_never_done_without_it() {
    let stage = Stage::new().await;
    stage.plant("/folder/a.txt", b"a").await;
    let url = format!("http://{}/folder/a.txt", stage.address);
    for headers in [
        &["If: garbage"][..],
        &["If: </folder/a.txt> ([\"other\"])"],
        &["If: (<urn:uuid:1>", "If: )"],
        &["If-Match: other"],
        &["If-Match: \"other\"", "If-Match: \"another\""],
        &["If-None-Match: 1"],
        &["Depth: 2"],
        &["Depth: 0", "Depth: infinity"],
    ] {
        for (method, path) in [("PUT", "/folder/a.txt"), ("DELETE", "/folder"), ("PROPFIND", "/")] {
            assert_eq!(stage.send(method, path, headers, b"").await.status, 400, "{method} {headers:?}");
        }
        let to = [headers, &["Destination: /copy"]].concat();
        assert_eq!(stage.send("COPY", "/folder", &to, b"").await.status, 400, "{headers:?}");
    }
    for condition in [format!("If: <{url}> ([\"other\"])"), "If-Match: \"other\"".to_owned()] {
        assert_eq!(stage.send("PUT", "/folder/a.txt", &[&condition], b"x").await.status, 412, "{condition}");
    }
    assert_eq!((stage.commits(), stage.recycled()), (0, 0));
    assert_eq!(stage.stored("/folder/a.txt").await.unwrap(), b"a");
}

/// What a condition is about is what is there now, whatever was seen a moment ago.
#[tokio::test]
async fn conditions_are_about_what_others_have_stored_since() {
    let stage = Stage::new().await;
    let first = stage.put("/a.txt", b"mine").await;
    let (etag, modified) = (first.header("etag").to_owned(), first.header("last-modified").to_owned());
    assert!(!modified.is_empty());
    stage.list("/").await;
    stage.plant("/a.txt", b"theirs").await;
    let to = format!("Destination: http://{}/b.txt", stage.address);
    let in_brackets = format!("If: ([{etag}])");
    let if_match = format!("If-Match: {etag}");
    for (method, condition) in [
        ("PUT", &if_match),
        ("PUT", &in_brackets),
        ("DELETE", &if_match),
        ("DELETE", &in_brackets),
        ("MOVE", &if_match),
    ] {
        let headers = [condition.as_str(), &to];
        assert_eq!(stage.send(method, "/a.txt", &headers, b"").await.status, 412, "{method} {condition}");
    }
    assert_eq!(stage.stored("/a.txt").await.unwrap(), b"theirs");
    let etag = stage.send("HEAD", "/a.txt", &[], b"").await.header("etag").to_owned();
    assert_eq!(stage.send("PUT", "/a.txt", &[&format!("If: ([{etag}])")], b"mine").await.status, 204);
}

/// Times that clients of ownCloud send are not kept, and not said to be.
#[tokio::test]
async fn no_time_of_a_client_is_said_to_be_kept() {
    let stage = Stage::new().await;
    let stored = stage.send("PUT", "/a.txt", &["X-OC-Mtime: 1000000000", "OC-Checksum: MD5:00"], b"x").await;
    assert_eq!((stored.status, stored.header("x-oc-mtime")), (201, ""));
    let time = "<?xml version=\"1.0\"?><D:propertyupdate xmlns:D=\"DAV:\"><D:set><D:prop>\
        <D:getlastmodified>Sun, 09 Sep 2001 01:46:40 GMT</D:getlastmodified></D:prop></D:set></D:propertyupdate>";
    for body in [time.to_owned(), time.replace("getlastmodified", "lastmodified")] {
        let patched = stage.send("PROPPATCH", "/a.txt", &[], body.as_bytes()).await;
        assert!(patched.status == 207 && !patched.text().contains("200 OK"), "{}", patched.text());
    }
    let told = stage.send("PROPFIND", "/a.txt", &["Depth: 0"], b"").await.text();
    assert!(told.contains("<D:getlastmodified>") && !told.contains(" 2001 "), "{told}");
}

#[tokio::test]
async fn many_who_store_one_name_leave_one_file_that_is_whole() {
    let stage = std::sync::Arc::new(Stage::new().await);
    stage.list("/").await;
    let contents: Vec<Vec<u8>> = (0..12).map(|number| vec![number; PART + usize::from(number)]).collect();
    let puts = contents.iter().cloned().map(|content| {
        let stage = std::sync::Arc::clone(&stage);
        tokio::spawn(async move { stage.put("/one.bin", &content).await.status })
    });
    for put in puts.collect::<Vec<_>>() {
        let status = put.await.unwrap();
        assert!([201, 204].contains(&status), "{status}");
    }
    let stored = stage.stored("/one.bin").await.unwrap();
    assert!(contents.contains(&stored));
    assert_eq!(stage.list("/").await, ["/", "/one.bin"]);
    assert!(stage.get("/one.bin").await.body == stored);
}

#[tokio::test]
async fn what_cannot_be_a_file_is_refused() {
    let stage = Stage::new().await;
    stage.plant("/folder/a.txt", b"a").await;
    for (method, path, headers, status) in [
        ("PUT", "/folder", &[][..], 405),
        ("PUT", "/", &[], 403),
        ("PUT", "/none/a.txt", &[], 409),
        ("PUT", "/new.txt/", &[], 405),
        ("PUT", "/folder/a.txt/", &[], 405),
        ("PUT", "/folder/a.txt/b.txt", &[], 409),
        ("PUT", "/folder/a.txt", &["Content-Range: bytes 0-0/5"], 400),
        ("PATCH", "/folder/a.txt", &[], 405),
        ("POST", "/folder/a.txt", &[], 405),
        ("REPORT", "/folder", &[], 405),
    ] {
        assert_eq!(stage.send(method, path, headers, b"x").await.status, status, "{method} {path}");
    }
    assert_eq!(stage.commits(), 0);
    assert_eq!(stage.stored("/folder/a.txt").await.unwrap(), b"a");
}
