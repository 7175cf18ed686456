//! What clients are told when the drive fails.

use dingtalk_storage_emulator::{Fault, FaultKind};

use crate::stage::Stage;

fn always(stage: &Stage, kind: FaultKind, operation: &str) {
    stage.emulator.add_fault(Fault::new(kind).on(operation).always());
}

#[tokio::test]
async fn a_folder_that_cannot_be_listed_is_no_empty_folder() {
    let stage = Stage::new().await;
    stage.plant("/a/b.txt", b"b").await;
    stage.list("/").await;
    always(&stage, FaultKind::Throttle { code: None }, "storage_v1.ListDentries");
    let throttled = stage.send("PROPFIND", "/a", &["Depth: 1"], b"").await;
    assert_eq!(throttled.status, 503);
    assert!(throttled.header("retry-after").parse::<u64>().unwrap() > 0, "{throttled:?}");
    for (method, path) in [("GET", "/a/"), ("GET", "/a/b.txt"), ("PUT", "/a/b.txt"), ("DELETE", "/a/b.txt")] {
        assert_eq!(stage.status(method, path, &[]).await, 503, "{method} {path}");
    }
    stage.emulator.clear_faults();
    assert_eq!(stage.list("/a").await.len(), 2);
}

#[tokio::test]
async fn each_refusal_has_its_status() {
    let stage = Stage::new().await;
    stage.plant("/a.txt", b"a").await;
    stage.list("/").await;
    let refusal = |status, code: &str| FaultKind::Status { status, code: Some(code.to_owned()), retry_after: None };
    for (kind, operation, method, path, expected) in [
        (refusal(400, "spaceQuotaInsufficient"), "storage_v2.CommitFile", "PUT", "/b.txt", 507),
        (refusal(403, "permissionDenied"), "storage_v2.GetFileUploadInfo", "PUT", "/b.txt", 403),
        (refusal(403, "permissionDenied"), "storage_v1.GetFileDownloadInfo", "GET", "/a.txt", 403),
        (refusal(403, "permissionDenied"), "storage_v1.DeleteDentry", "DELETE", "/a.txt", 403),
        (refusal(500, "systemError"), "storage_v1.GetFileDownloadInfo", "GET", "/a.txt", 503),
        (FaultKind::ApplyThenDrop, "storage_v1.AddFolder", "MKCOL", "/folder", 504),
    ] {
        always(&stage, kind, operation);
        let answer = stage.send(method, path, &[], b"").await;
        assert_eq!(answer.status, expected, "{operation}: {}", answer.text());
        assert!(answer.text().contains("<s:message>"), "{}", answer.text());
        stage.emulator.clear_faults();
    }
    assert_eq!(stage.get("/a.txt").await.text(), "a");
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_made_once() {
    let stage = Stage::new().await;
    stage.list("/").await;
    stage.fault(FaultKind::ApplyThenDrop, "storage_v2.CommitFile");
    assert_eq!(stage.put("/a.txt", b"once").await.status, 201);
    assert_eq!((stage.commits(), stage.list("/").await), (1, vec!["/".to_owned(), "/a.txt".to_owned()]));
    assert_eq!(stage.stored("/a.txt").await.unwrap(), b"once");
}

#[tokio::test]
async fn a_client_that_hangs_up_stops_no_move_half_way() {
    let stage = Stage::new().await;
    stage.plant("/a/x.txt", b"x").await;
    stage.plant("/b/y.txt", b"y").await;
    stage.list("/a").await;
    stage.list("/b").await;
    stage.fault(FaultKind::Delay { millis: 100 }, "storage_v1.RenameDentry");
    let request =
        format!("MOVE /a/x.txt HTTP/1.1\r\nHost: x\r\n{}Destination: /b/z.txt\r\n\r\n", crate::stage::AUTHORIZATION);
    let mut stream = tokio::net::TcpStream::connect(stage.address).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut stream, request.as_bytes()).await.unwrap();
    while stage.emulator.calls("storage_v1.RenameDentry") == 0 {
        tokio::task::yield_now().await;
    }
    drop(stream);
    while stage.emulator.effects("entry.moved") == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(stage.stored("/b/z.txt").await.unwrap(), b"x");
}
