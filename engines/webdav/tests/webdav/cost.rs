//! What requests cost, by the emulator's own account.

use std::time::Duration;

use crate::stage::Stage;

/// Lets an hour go by, or less.
pub async fn later(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

#[tokio::test]
async fn a_warm_file_at_depth_five_is_opened_by_one_call_and_after_a_while_too() {
    let stage = Stage::new().await;
    stage.plant("/1/2/3/4/5.txt", b"deep").await;
    assert_eq!(stage.get("/1/2/3/4/5.txt").await.text(), "deep");
    assert_eq!(stage.calls().len(), 6, "five lists, and where the bytes are");
    assert_eq!(stage.get("/1/2/3/4/5.txt").await.text(), "deep");
    assert_eq!(stage.calls(), ["storage_v1.GetFileDownloadInfo"]);
    later(Duration::from_hours(1)).await;
    assert_eq!(stage.get("/1/2/3/4/5.txt").await.text(), "deep");
    assert_eq!(stage.calls(), ["storage_v1.GetDentry", "storage_v1.GetFileDownloadInfo"]);
    // What only asks for facts takes none.
    stage.send("HEAD", "/1/2/3/4/5.txt", &[], b"").await;
    stage.send("PROPFIND", "/1/2/3/4/5.txt", &["Depth: 0"], b"").await;
    assert_eq!(stage.calls(), [""; 0]);
}

#[tokio::test]
async fn a_listing_takes_a_call_for_fifty_entries_and_then_none_for_a_while() {
    let stage = Stage::new().await;
    let another = stage.another_drive();
    let folder = another.paths(&stage.space).make_folders("/many").await.unwrap();
    for number in 0..120 {
        another.make_folder(&folder, &number.to_string()).await.unwrap();
    }
    stage.list("/").await;
    stage.calls();
    assert_eq!(stage.list("/many").await.len(), 121);
    assert_eq!(stage.calls(), ["storage_v1.ListDentries"; 3]);
    for _ in 0..3 {
        stage.list("/many").await;
        assert_eq!(stage.status("PROPFIND", "/many/none", &["Depth: 0"]).await, 404);
    }
    assert_eq!(stage.calls(), [""; 0]);
    later(Duration::from_secs(61)).await;
    stage.list("/many").await;
    assert_eq!(stage.calls(), ["storage_v1.ListDentries"; 3]);
}

#[tokio::test]
async fn files_stored_into_a_known_folder_take_two_calls_each() {
    let stage = Stage::new().await;
    stage.plant("/in/first.txt", b"x").await;
    stage.list("/in").await;
    stage.calls();
    for number in 0..60 {
        assert_eq!(stage.put(&format!("/in/{number}.txt"), b"content").await.status, 201);
        assert_eq!(stage.status("PROPFIND", &format!("/in/{number}.txt"), &["Depth: 0"]).await, 207);
        // As clients do before they store a file.
        assert_eq!(stage.status("MKCOL", "/in", &[]).await, 405);
    }
    assert_eq!(stage.calls().len(), 120);
    assert_eq!(stage.list("/in").await.len(), 62);
    assert_eq!(stage.calls(), [""; 0]);
}

#[tokio::test]
async fn when_the_calls_of_the_hour_are_used_up_clients_are_told_when_to_come_again() {
    let stage = Stage::with(|dav| dav.calls_per_hour(Some(6))).await;
    stage.plant("/a.txt", b"content").await;
    // One for the root when the server began, one for its list, one for the bytes; later one for the list, two for a file.
    assert_eq!(stage.get("/a.txt").await.text(), "content");
    later(Duration::from_mins(10)).await;
    assert_eq!(stage.put("/b.txt", b"b").await.status, 201);
    for _ in 0..2 {
        let used_up = stage.get("/a.txt").await;
        let seconds: u64 = used_up.header("retry-after").parse().unwrap();
        assert!(used_up.status == 503 && (2900..=3000).contains(&seconds), "{used_up:?}");
        assert!(used_up.text().contains("--calls-per-hour"), "{}", used_up.text());
    }
    assert_eq!(stage.put("/c.txt", b"c").await.status, 503);
    // What is known takes none.
    assert_eq!(stage.send("PROPFIND", "/a.txt", &["Depth: 0"], b"").await.status, 207);
    assert_eq!(stage.calls().len(), 5);
    later(Duration::from_secs(3001)).await;
    assert_eq!(stage.get("/a.txt").await.text(), "content");
    assert!(stage.stored("/c.txt").await.is_none());
}

#[tokio::test]
async fn the_room_is_told_and_asked_for_once() {
    let stage = Stage::new().await;
    stage.plant("/a.txt", b"content").await;
    let body = "<?xml version=\"1.0\"?><D:propfind xmlns:D=\"DAV:\"><D:prop><D:quota-used-bytes/><D:quota-available-bytes/>\
        </D:prop></D:propfind>";
    for _ in 0..2 {
        let room = stage.send("PROPFIND", "/", &["Depth: 0"], body.as_bytes()).await;
        assert!(room.text().contains("<D:quota-used-bytes>7<"), "{}", room.text());
    }
    assert_eq!(stage.emulator.calls("storage_v1.GetSpace"), 1);
}
