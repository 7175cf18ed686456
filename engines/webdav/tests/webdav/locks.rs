//! Locks.

use std::time::Duration;

use crate::stage::Stage;

pub const EXCLUSIVE: &str = "<?xml version=\"1.0\"?><D:lockinfo xmlns:D=\"DAV:\"><D:lockscope><D:exclusive/></D:lockscope>\
    <D:locktype><D:write/></D:locktype><D:owner>ada</D:owner></D:lockinfo>";

#[tokio::test]
async fn who_has_no_token_changes_nothing() {
    let stage = Stage::new().await;
    stage.plant("/folder/a.txt", b"a").await;
    stage.plant("/b.txt", b"b").await;
    let lock = stage.send("LOCK", "/folder", &["Depth: infinity"], EXCLUSIVE.as_bytes()).await;
    assert_eq!(lock.status, 200);
    let token = lock.header("lock-token").to_owned();
    stage.calls();
    let to = |path: &str| format!("Destination: http://{}{path}", stage.address);
    for (method, path, header) in [
        ("PUT", "/folder/a.txt", String::new()),
        ("PUT", "/folder/new.txt", String::new()),
        ("DELETE", "/folder/a.txt", String::new()),
        ("DELETE", "/folder", String::new()),
        ("MKCOL", "/folder/sub", String::new()),
        ("MOVE", "/folder/a.txt", to("/c.txt")),
        ("MOVE", "/b.txt", to("/folder/b.txt")),
        ("COPY", "/b.txt", to("/folder/a.txt")),
        ("LOCK", "/folder/a.txt", String::new()),
    ] {
        let headers = [header.as_str()];
        let headers = if header.is_empty() { &[][..] } else { &headers[..] };
        let body = match method {
            "LOCK" => EXCLUSIVE.as_bytes(),
            "PUT" => b"x",
            _ => b"",
        };
        assert_eq!(stage.send(method, path, headers, body).await.status, 423, "{method} {path}");
    }
    // It costs nothing to be refused, and who has the token does as he likes.
    assert_eq!(stage.calls().iter().filter(|call| !call.contains("List") && !call.contains("GetDentry")).count(), 0);
    assert_eq!(stage.get("/folder/a.txt").await.text(), "a");
    let condition = format!("If: <http://{}/folder> ({token})", stage.address);
    assert_eq!(stage.send("PUT", "/folder/a.txt", &[&condition], b"mine").await.status, 204);
    assert_eq!(stage.status("UNLOCK", "/folder", &[&format!("Lock-Token: {token}")]).await, 204);
    assert_eq!(stage.put("/folder/a.txt", b"theirs").await.status, 204);
}

/// Who has crashed does not come to unlock; who is there refreshes.
#[tokio::test]
async fn a_lock_ends_when_its_time_is_over() {
    let stage = Stage::new().await;
    for (path, timeout, seconds) in
        [("/a.txt", &["Timeout: Second-60"][..], 60), ("/b.txt", &["Timeout: Infinite"], 600), ("/in/c.txt", &[], 600)]
    {
        stage.plant(path, b"x").await;
        let lock = stage.send("LOCK", path, timeout, EXCLUSIVE.as_bytes()).await;
        assert!(lock.text().contains(&format!("Second-{seconds}<")), "{}", lock.text());
        crate::cost::later(Duration::from_secs(seconds - 2)).await;
        assert_eq!(stage.put(path, b"theirs").await.status, 423, "{path}");
        let refresh = [format!("If: ({})", lock.header("lock-token")), "Timeout: Infinite".to_owned()];
        assert_eq!(stage.status("LOCK", path, &[&refresh[0], &refresh[1]]).await, 200, "{path}");
        crate::cost::later(Duration::from_secs(590)).await;
        assert_eq!(stage.put(path, b"theirs").await.status, 423, "{path}");
        // Also where the folder is asked about.
        let folder = path.rsplit_once('/').map(|(folder, _)| folder).filter(|folder| !folder.is_empty());
        if let Some(folder) = folder {
            assert_eq!(stage.status("DELETE", folder, &[]).await, 423);
        }
        crate::cost::later(Duration::from_secs(20)).await;
        assert_eq!(stage.put(path, b"theirs").await.status, 204, "{path}");
        assert_eq!(stage.status("DELETE", folder.unwrap_or(path), &[]).await, 204);
    }
}

#[tokio::test]
async fn a_lock_of_nothing_makes_an_empty_file_and_one_of_a_file_leaves_it() {
    let stage = Stage::new().await;
    stage.plant("/there.txt", b"content").await;
    let made = stage.send("LOCK", "/new.txt", &[], EXCLUSIVE.as_bytes()).await;
    assert_eq!(made.status, 201);
    assert_eq!(stage.stored("/new.txt").await.unwrap(), b"");
    let condition = format!("If: ({})", made.header("lock-token"));
    assert_eq!(stage.send("PUT", "/new.txt", &[&condition], b"now").await.status, 204);
    assert_eq!(stage.send("LOCK", "/there.txt", &[], EXCLUSIVE.as_bytes()).await.status, 200);
    assert_eq!(stage.stored("/there.txt").await.unwrap(), b"content");
    assert_eq!(stage.list("/").await, ["/", "/new.txt", "/there.txt"]);
    assert_eq!(stage.send("LOCK", "/none/new.txt", &[], EXCLUSIVE.as_bytes()).await.status, 409);
}
