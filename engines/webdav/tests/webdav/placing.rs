//! Folders made, and files and folders moved, copied and deleted.

use dingtalk_storage_emulator::{Fault, FaultKind};

use crate::stage::{AUTHORIZATION, Stage};

fn to(stage: &Stage, path: &str) -> String {
    format!("Destination: http://{}{path}", stage.address)
}

#[tokio::test]
async fn folders_are_made_where_their_folder_is() {
    let stage = Stage::new().await;
    assert_eq!(stage.status("MKCOL", "/a", &[]).await, 201);
    assert_eq!(stage.status("MKCOL", "/a/b/", &[]).await, 201);
    assert_eq!(stage.status("MKCOL", "/a", &[]).await, 405);
    assert_eq!(stage.status("MKCOL", "/", &[]).await, 405);
    assert_eq!(stage.status("MKCOL", "/none/c", &[]).await, 409);
    assert_eq!(stage.send("MKCOL", "/c", &[], b"body").await.status, 415);
    assert_eq!(stage.list("/").await, ["/", "/a/"]);
    // Somebody else has made it since.
    stage.plant("/theirs/x.txt", b"x").await;
    assert_eq!(stage.status("MKCOL", "/theirs", &[]).await, 405);
}

#[tokio::test]
async fn a_folder_is_deleted_with_one_call_and_to_the_bin() {
    let stage = Stage::new().await;
    for name in ["/a/1.txt", "/a/2.txt", "/a/b/3.txt", "/keep.txt"] {
        stage.plant(name, b"x").await;
    }
    stage.list("/").await;
    stage.calls();
    assert_eq!(stage.status("DELETE", "/a", &[]).await, 204);
    let calls = stage.calls();
    assert_eq!(calls.iter().filter(|call| call.contains("DeleteDentry")).count(), 1, "{calls:?}");
    assert!(calls.iter().all(|call| call.contains("DeleteDentry") || call.contains("Task")), "{calls:?}");
    assert_eq!(stage.list("/").await, ["/", "/keep.txt"]);
    assert_eq!(stage.status("DELETE", "/keep.txt", &[]).await, 204);
    assert_eq!(stage.status("DELETE", "/keep.txt", &[]).await, 404);
    assert_eq!(stage.status("DELETE", "/", &[]).await, 403);
    assert_eq!(stage.another_drive().paths(&stage.space).children("/").await.unwrap().len(), 0);
}

#[tokio::test]
async fn what_is_deleted_can_be_restored_unless_it_is_for_good() {
    for for_good in [false, true] {
        let stage = Stage::with(|dav| dav.delete_for_good(for_good)).await;
        stage.plant("/a.txt", b"x").await;
        assert_eq!(stage.status("DELETE", "/a.txt", &[]).await, 204);
        assert_eq!((stage.recycled(), stage.stored("/a.txt").await.is_none()), (usize::from(!for_good), true));
    }
}

#[tokio::test]
async fn files_and_folders_move_whatever_their_names() {
    let stage = Stage::new().await;
    stage.plant("/a/x.txt", b"x").await;
    stage.plant("/a/sub/y.txt", b"y").await;
    stage.plant("/b/other.txt", b"o").await;
    for (from, target) in [
        ("/a/x.txt", "/a/renamed.txt"),
        ("/a/renamed.txt", "/b/renamed.txt"),
        ("/b/renamed.txt", "/a/x%20y.txt"),
        ("/a/sub", "/b/sub"),
        ("/b/sub/", "/top/"),
        ("/b/other.txt", "/other.txt"),
        ("/other.txt", "/last.txt"),
    ] {
        assert_eq!(stage.status("MOVE", from, &[&to(&stage, target)]).await, 201, "{from} {target}");
        assert_eq!(stage.status("PROPFIND", from, &["Depth: 0"]).await, 404, "{from}");
        assert_eq!(stage.status("PROPFIND", target, &["Depth: 0"]).await, 207, "{target}");
    }
    assert_eq!(stage.stored("/a/x y.txt").await.unwrap(), b"x");
    assert_eq!(stage.stored("/top/y.txt").await.unwrap(), b"y");
    assert_eq!(stage.stored("/last.txt").await.unwrap(), b"o");
    assert_eq!(stage.list("/").await, ["/", "/a/", "/b/", "/last.txt", "/top/"]);
    assert_eq!(stage.status("MOVE", "/none", &[&to(&stage, "/x")]).await, 404);
    assert_eq!(stage.status("MOVE", "/top", &[&to(&stage, "/none/x")]).await, 409);
    assert_eq!(stage.status("MOVE", "/top", &[]).await, 400);
}

#[tokio::test]
async fn what_is_moved_or_copied_replaces_only_where_it_may() {
    let stage = Stage::new().await;
    for (name, text) in [("/new.tmp", "new"), ("/doc.txt", "old"), ("/dir/in.txt", "in"), ("/other/old.txt", "old")] {
        stage.plant(name, text.as_bytes()).await;
    }
    let no = "Overwrite: F";
    for method in ["MOVE", "COPY"] {
        assert_eq!(stage.status(method, "/new.tmp", &[&to(&stage, "/doc.txt"), no]).await, 412);
    }
    // As editors store: beside it, and then in its place.
    assert_eq!(stage.status("MOVE", "/new.tmp", &[&to(&stage, "/doc.txt")]).await, 204);
    assert_eq!(stage.stored("/doc.txt").await.unwrap(), b"new");
    assert_eq!(stage.recycled(), 1);
    assert_eq!(stage.status("COPY", "/doc.txt", &[&to(&stage, "/dir/in.txt")]).await, 204);
    assert_eq!(stage.stored("/dir/in.txt").await.unwrap(), b"new");
    // A folder in the place of a folder: nothing of the old one stays.
    assert_eq!(stage.status("COPY", "/dir", &[&to(&stage, "/other")]).await, 204);
    assert_eq!(stage.list("/other").await, ["/other/", "/other/in.txt"]);
    assert_eq!(stage.status("MOVE", "/dir", &[&to(&stage, "/other")]).await, 204);
    assert_eq!(stage.list("/").await, ["/", "/doc.txt", "/other/"]);
}

/// What was there stays until the other has its name, also where it would be deleted for good.
#[tokio::test]
async fn what_cannot_be_replaced_is_as_it_was() {
    for for_good in [false, true] {
        let stage = Stage::with(|dav| dav.delete_for_good(for_good)).await;
        for name in ["/a.tmp", "/doc.txt", "/in/x.txt", "/in/sub/y.txt", "/other/z.txt"] {
            stage.plant(name, name.as_bytes()).await;
        }
        stage.list("/").await;
        let refuse = FaultKind::Status { status: 403, code: Some("permissionDenied".into()), retry_after: None };
        for (method, from, target, operation, nth) in [
            ("MOVE", "/a.tmp", "/doc.txt", "RenameDentry", 2),
            ("MOVE", "/in/x.txt", "/doc.txt", "MoveDentry", 1),
            ("COPY", "/a.tmp", "/doc.txt", "CopyDentry", 1),
            ("COPY", "/in", "/other", "CopyDentry", 1),
            ("MOVE", "/in/sub", "/other", "MoveDentry", 1),
        ] {
            let fault = Fault::new(refuse.clone()).on(format!("storage_v1.{operation}")).nth(nth);
            stage.emulator.add_fault(fault);
            let status = stage.status(method, from, &[&to(&stage, target)]).await;
            assert_eq!(status, 403, "{method} {from} {target}");
            stage.emulator.clear_faults();
            assert_eq!(stage.list("/").await, ["/", "/a.tmp", "/doc.txt", "/in/", "/other/"], "{method} {from}");
        }
        for name in ["/a.tmp", "/doc.txt", "/in/x.txt", "/in/sub/y.txt", "/other/z.txt"] {
            assert_eq!(stage.stored(name).await.unwrap(), name.as_bytes());
        }
        assert_eq!((stage.recycled(), stage.emulator.effects("entry.deleted")), (0, 0));
        // The same where nothing fails.
        assert_eq!(stage.status("MOVE", "/a.tmp", &[&to(&stage, "/doc.txt")]).await, 204);
        assert_eq!(stage.stored("/doc.txt").await.unwrap(), b"/a.tmp");
        assert_eq!(stage.list("/").await, ["/", "/doc.txt", "/in/", "/other/"]);
    }
}

/// Somebody else has put something there since the folder was seen.
#[tokio::test]
async fn what_was_not_seen_is_replaced_only_where_it_may() {
    let stage = Stage::new().await;
    for name in ["/a.txt", "/b.txt", "/in/c.txt"] {
        stage.plant(name, name.as_bytes()).await;
    }
    stage.list("/").await;
    stage.list("/in").await;
    stage.plant("/theirs.txt", b"theirs").await;
    stage.plant("/in/a.txt", b"theirs").await;
    let no = "Overwrite: F";
    for (method, from, target) in [
        ("MOVE", "/a.txt", "/theirs.txt"),
        ("COPY", "/a.txt", "/theirs.txt"),
        ("MOVE", "/a.txt", "/in/a.txt"),
        ("COPY", "/a.txt", "/in/a.txt"),
    ] {
        assert_eq!(stage.status(method, from, &[&to(&stage, target), no]).await, 412, "{method} {target}");
        assert_eq!(stage.stored(target).await.unwrap(), b"theirs");
    }
    assert_eq!(stage.stored("/a.txt").await.unwrap(), b"/a.txt");
    assert_eq!(stage.status("COPY", "/a.txt", &[&to(&stage, "/in/a.txt")]).await / 100, 2);
    assert_eq!(stage.status("MOVE", "/b.txt", &[&to(&stage, "/theirs.txt")]).await / 100, 2);
    assert_eq!(stage.stored("/in/a.txt").await.unwrap(), b"/a.txt");
    assert_eq!(stage.stored("/theirs.txt").await.unwrap(), b"/b.txt");
    assert_eq!(stage.list("/").await, ["/", "/a.txt", "/in/", "/theirs.txt"]);
}

#[tokio::test]
async fn headers_that_could_be_misunderstood_are_refused() {
    let stage = Stage::new().await;
    stage.plant("/a/b.txt", b"b").await;
    stage.plant("/c.txt", b"c").await;
    for headers in [
        [to(&stage, "/a/b.txt"), "Overwrite: f".to_owned()],
        [to(&stage, "/a/b.txt"), "Overwrite: no".to_owned()],
        [format!("Destination: http://{}/a b", stage.address), "Overwrite: T".to_owned()],
        ["Destination: /%zz".to_owned(), "Overwrite: T".to_owned()],
        [to(&stage, "/a/b.txt?version=2"), "Overwrite: T".to_owned()],
    ] {
        let status = stage.status("MOVE", "/c.txt", &[&headers[0], &headers[1]]).await;
        assert!(status == 400 || headers[0].contains("zz") && status / 100 != 5, "{headers:?}: {status}");
    }
    for target in ["/../x", "/a/%2e%2e/%2e%2e/x", "/a%2Fx"] {
        let status = stage.status("MOVE", "/c.txt", &[&to(&stage, target)]).await;
        assert!(status / 100 == 4, "{target}: {status}");
    }
    for method in ["MKCOL", "PUT", "DELETE"] {
        assert_eq!(stage.status(method, "*", &[]).await, 400, "{method}");
    }
    assert_eq!(stage.stored("/a/b.txt").await.unwrap(), b"b");
}

/// What is to go to another server is not carried out here; how a server is called is not always the same.
#[tokio::test]
async fn nothing_that_is_to_go_to_another_server_comes_here() {
    let stage = Stage::new().await;
    stage.plant("/a.txt", b"a").await;
    let host = stage.address.to_string();
    stage.calls();
    for there in ["http://other.example/b.txt", "http://127.0.0.1:1/b.txt", "https://other.example:8443/b.txt"] {
        for method in ["MOVE", "COPY"] {
            assert_eq!(stage.status(method, "/a.txt", &[&format!("Destination: {there}")]).await, 502, "{there}");
        }
    }
    assert!(stage.calls().is_empty());
    let send = async |host: &str, target: &str, destination: &str| {
        let head = format!(
            "COPY {target} HTTP/1.1\r\nHost: {host}\r\n{AUTHORIZATION}Connection: close\r\nDestination: {destination}\r\n\r\n"
        );
        stage.raw(head.as_bytes()).await.status
    };
    for (host, target, destination, status) in [
        (host.as_str(), "/a.txt", "/1.txt", 201),
        (&host, "/a.txt", &format!("http://ada@{host}/2.txt"), 201),
        // Behind a server that knows TLS.
        ("Dav.example", "/a.txt", "https://dav.example/3.txt", 201),
        ("dav.example", "/a.txt", "https://dav.example:443/4.txt", 201),
        ("dav.example:8443", "/a.txt", "https://dav.example:8443/5.txt", 201),
        ("dav.example:8443", "/a.txt", "https://dav.example/6.txt", 502),
        // What stands in the request line counts.
        ("dav.example", "http://other.example/a.txt", "http://other.example/7.txt", 201),
        ("dav.example", "http://other.example/a.txt", "http://dav.example/8.txt", 502),
    ] {
        assert_eq!(send(host, target, destination).await, status, "{host} {target} {destination}");
    }
}

#[tokio::test]
async fn a_copy_has_all_that_is_in_it_unless_it_is_shallow() {
    let stage = Stage::new().await;
    for name in ["/a/1.txt", "/a/b/2.txt"] {
        stage.plant(name, name.as_bytes()).await;
    }
    stage.list("/").await;
    stage.calls();
    assert_eq!(stage.status("COPY", "/a", &[&to(&stage, "/copy")]).await, 201);
    assert_eq!(stage.calls().iter().filter(|call| call.contains("CopyDentry")).count(), 1);
    assert_eq!(stage.stored("/copy/b/2.txt").await.unwrap(), b"/a/b/2.txt");
    assert_eq!(stage.stored("/a/1.txt").await.unwrap(), b"/a/1.txt");
    assert_eq!(stage.status("COPY", "/a", &[&to(&stage, "/shallow"), "Depth: 0"]).await, 201);
    assert_eq!(stage.list("/shallow").await, ["/shallow/"]);
    assert_eq!(stage.status("COPY", "/a/1.txt", &[&to(&stage, "/a/copy%20of%201.txt")]).await, 201);
    assert_eq!(stage.stored("/a/copy of 1.txt").await.unwrap(), b"/a/1.txt");
}

#[tokio::test]
async fn nothing_goes_into_itself_or_onto_what_it_is_in() {
    let stage = Stage::new().await;
    stage.plant("/a/b/c.txt", b"c").await;
    let before = stage.list("/a").await;
    for (from, target) in
        [("/a", "/a/b/a"), ("/a/b", "/a"), ("/a/b/c.txt", "/a"), ("/a", "/a"), ("/a/b/", "/"), ("/", "/x")]
    {
        for method in ["MOVE", "COPY"] {
            assert_eq!(stage.status(method, from, &[&to(&stage, target)]).await, 403, "{method} {from} {target}");
        }
    }
    assert_eq!(stage.list("/a").await, before);
    assert_eq!(stage.stored("/a/b/c.txt").await.unwrap(), b"c");
    assert_eq!(stage.recycled(), 0);
}
