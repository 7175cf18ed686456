//! Listings, files and ranges.

use dingtalk_storage_emulator::FaultKind;

use crate::stage::{PART, Stage, bytes};

#[tokio::test]
async fn a_listing_shows_what_is_in_a_folder_and_a_file_its_facts() {
    let stage = Stage::new().await;
    stage.plant("/a/b c.txt", b"content").await;
    stage.plant("/a/sub/d.txt", b"").await;
    assert_eq!(stage.list("/").await, ["/", "/a/"]);
    assert_eq!(stage.list("/a").await, ["/a/", "/a/b%20c.txt", "/a/sub/"]);
    let file = stage.send("PROPFIND", "/a/b%20c.txt", &["Depth: 0"], b"").await;
    let text = file.text();
    assert_eq!(file.hrefs(), ["/a/b%20c.txt"]);
    for fact in ["<D:getcontentlength>7</D:getcontentlength>", "<D:getetag>\"", "<D:getlastmodified>", "text/plain"] {
        assert!(text.contains(fact), "{fact}: {text}");
    }
    // Without a depth, what is in the folder; all that is below is refused, for each folder would be a call.
    assert_eq!(stage.send("PROPFIND", "/a", &[], b"").await.hrefs().len(), 3);
    let all = stage.send("PROPFIND", "/", &["Depth: infinity"], b"").await;
    assert!(all.status == 403 && all.text().contains("propfind-finite-depth"), "{all:?}");
    assert_eq!(stage.status("PROPFIND", "/none", &["Depth: 1"]).await, 404);
    assert_eq!(stage.status("GET", "/a/none", &[]).await, 404);
    // A browser sees a page.
    let page = stage.get("/a/").await;
    assert!(page.status == 200 && page.text().contains("b%20c.txt"), "{page:?}");
}

#[tokio::test]
async fn files_of_every_size_come_whole_and_in_ranges() {
    let stage = Stage::new().await;
    for size in [0, 1, PART, 3 * PART + 7] {
        let content = bytes(size);
        stage.plant("/a.bin", &content).await;
        let whole = stage.get("/a.bin").await;
        assert_eq!((whole.status, whole.body == content, whole.is_whole), (200, true, true), "{size}");
        assert_eq!(whole.header("content-length"), size.to_string());
        let head = stage.send("HEAD", "/a.bin", &[], b"").await;
        assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, size.to_string().as_str(), 0));
    }
    let content = bytes(3 * PART + 7);
    let last = content.len() - 1;
    for (range, expected) in [
        ("bytes=0-0", 0..1),
        (&format!("bytes={PART}-{}", PART + 99), PART..PART + 100),
        (&format!("bytes={last}-"), last..last + 1),
        (&format!("bytes=5-{}", 10 * last), 5..last + 1),
        ("bytes=-3", last - 2..last + 1),
    ] {
        let part = stage.send("GET", "/a.bin", &[&format!("Range: {range}")], b"").await;
        assert_eq!((part.status, part.body == content[expected.clone()]), (206, true), "{range}");
        let told = format!("bytes {}-{}/{}", expected.start, expected.end - 1, content.len());
        assert_eq!(part.header("content-range"), told);
    }
    assert_eq!(stage.status("GET", "/a.bin", &[&format!("Range: bytes={}-", content.len())]).await, 416);
    let several = stage.send("GET", "/a.bin", &["Range: bytes=0-1,5-6"], b"").await;
    assert_eq!(several.status, 206);
    assert!(several.header("content-type").starts_with("multipart/byteranges"), "{several:?}");
}

#[tokio::test]
async fn what_a_client_has_already_is_not_sent_again() {
    let stage = Stage::new().await;
    stage.plant("/a.txt", b"one").await;
    let etag = stage.get("/a.txt").await.header("etag").to_owned();
    assert_eq!(stage.status("GET", "/a.txt", &[&format!("If-None-Match: {etag}")]).await, 304);
    assert_eq!(stage.emulator.calls("storage.GetObject"), 1);
    // Another content has another tag, also where it is as long and as young.
    assert_eq!(stage.put("/a.txt", b"two").await.status, 204);
    let changed = stage.send("GET", "/a.txt", &[&format!("If-None-Match: {etag}")], b"").await;
    assert_eq!((changed.status, changed.text().as_str()), (200, "two"));
    assert_ne!(changed.header("etag"), etag);
}

#[tokio::test]
async fn a_file_that_others_changed_comes_as_it_is_now() {
    let stage = Stage::new().await;
    stage.plant("/a.txt", b"short").await;
    assert_eq!(stage.get("/a.txt").await.text(), "short");
    stage.plant("/a.txt", b"much longer than before").await;
    let changed = stage.get("/a.txt").await;
    assert_eq!((changed.text().as_str(), changed.header("content-length")), ("much longer than before", "23"));
    stage.plant("/a.txt", b"x").await;
    let range = stage.send("GET", "/a.txt", &["Range: bytes=5-6"], b"").await;
    assert_eq!(range.status, 416, "{range:?}");
    let gone = stage.another_drive().paths(&stage.space).resolve("/a.txt").await.unwrap();
    stage.another_drive().remove(&gone).send().await.unwrap();
    assert_eq!(stage.get("/a.txt").await.status, 404);
}

#[tokio::test]
async fn damaged_bytes_never_come_to_their_end() {
    let stage = Stage::new().await;
    for size in [10, 2 * PART] {
        stage.plant(&format!("/{size}.bin"), &bytes(size)).await;
    }
    for size in [10, 2 * PART] {
        let path = format!("/{size}.bin");
        stage.fault(FaultKind::FlipBit { bit: 3 }, "storage.GetObject");
        let damaged = stage.get(&path).await;
        // What is short is told by the status; of what is long, the end never comes.
        let told = if size == 10 { damaged.status == 502 } else { !damaged.is_whole };
        assert!(told && damaged.body != bytes(size), "{size}: {}", damaged.status);
        stage.emulator.clear_faults();
        let again = stage.get(&path).await;
        assert!(again.is_whole && again.body == bytes(size));
    }
}
