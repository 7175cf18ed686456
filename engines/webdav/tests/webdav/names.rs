//! Names of every kind, and names that several have.

use dingtalk_storage_emulator::{Fault, FaultKind};

use crate::stage::Stage;

#[tokio::test]
async fn names_that_the_drive_does_not_take_come_back_as_they_were_sent() {
    let stage = Stage::new().await;
    for (url, drive) in [
        ("/a%2Ab.txt", "a‛＊b.txt"),
        ("/%20x%20", "‛␠x‛␠"),
        ("/end.", "end‛．"),
        ("/%E4%BA%A7%E5%93%81.txt", "产品.txt"),
        ("/a%25b%3Fc%23d", "a%b?c#d"),
        ("/a%3Cb%3E%26.txt", "a‛＜b‛＞&.txt"),
        ("/a%5Cb", "a‛＼b"),
    ] {
        assert_eq!(stage.put(url, url.as_bytes()).await.status, 201, "{url}");
        assert_eq!(stage.stored(&format!("/{drive}")).await.unwrap(), url.as_bytes(), "{url}");
        assert_eq!(stage.get(url).await.text(), url);
        assert!(stage.list("/").await.contains(&url.to_owned()), "{url}: {:?}", stage.list("/").await);
        assert_eq!(stage.status("DELETE", url, &[]).await, 204);
    }
    assert_eq!(stage.put(&format!("/{}", "x".repeat(256)), b"x").await.status, 400);
    assert_eq!(stage.put("/a%00b", b"x").await.status, 400);
}

#[tokio::test]
async fn a_name_that_several_have_is_left_out_and_nothing_is_done_by_it() {
    let stage = Stage::new().await;
    stage.plant("/a.txt", b"file").await;
    stage.plant("/b.txt", b"other").await;
    stage.plant("/c.txt", b"third").await;
    // The newest, which comes first, gets the name of the second on its way.
    let double = FaultKind::MutateJson { pointer: "/dentries/0/name".to_owned(), value: Some("b.txt".into()) };
    stage.emulator.add_fault(Fault::new(double).on("storage_v1.ListDentries").always());
    assert_eq!(stage.list("/").await, ["/", "/a.txt"]);
    let to = format!("Destination: http://{}/b.txt", stage.address);
    for (method, path, header) in
        [("GET", "/b.txt", ""), ("PUT", "/b.txt", ""), ("DELETE", "/b.txt", ""), ("MOVE", "/a.txt", &to)]
    {
        let headers = [header];
        let headers = if header.is_empty() { &[][..] } else { &headers[..] };
        let answer = stage.send(method, path, headers, b"").await;
        assert_eq!(answer.status, 409, "{method}: {}", answer.text());
        assert!(answer.text().contains("several entries"), "{}", answer.text());
    }
    assert_eq!(stage.recycled(), 0);
}
