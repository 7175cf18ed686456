//! Who may come in, and what they may do.

use crate::stage::{AUTHORIZATION, Stage};

#[tokio::test]
async fn nobody_comes_in_without_the_password() {
    let stage = Stage::new().await;
    stage.plant("/a.txt", b"secret").await;
    for (method, login) in [
        ("GET", ""),
        ("GET", "Authorization: Basic YWRhOndyb25n\r\n"),
        ("PUT", ""),
        ("DELETE", ""),
        ("OPTIONS", ""),
        ("PROPFIND", "Authorization: Bearer YWRhOnNlY3JldA==\r\n"),
    ] {
        let request =
            format!("{method} /a.txt HTTP/1.1\r\nHost: x\r\n{login}Connection: close\r\nContent-Length: 1\r\n\r\nx");
        let answer = stage.raw(request.as_bytes()).await;
        assert_eq!(answer.status, 401, "{method} {login}");
        assert!(answer.header("www-authenticate").starts_with("Basic realm="), "{answer:?}");
        assert!(!answer.text().contains("secret"));
    }
    assert!(AUTHORIZATION.contains("Basic") && stage.calls().is_empty());
    assert_eq!(stage.get("/a.txt").await.text(), "secret");
}

#[tokio::test]
async fn a_server_for_reading_changes_nothing() {
    let stage = Stage::with(|dav| dav.read_only(true)).await;
    stage.plant("/a.txt", b"a").await;
    for method in ["PUT", "DELETE", "MKCOL", "MOVE", "COPY", "LOCK", "PROPPATCH"] {
        let to = format!("Destination: http://{}/b.txt", stage.address);
        assert_eq!(stage.send(method, "/a.txt", &[&to], b"").await.status, 403, "{method}");
    }
    assert!(!stage.send("OPTIONS", "/", &[], b"").await.header("allow").contains("PUT"));
    assert_eq!(stage.get("/a.txt").await.text(), "a");
    assert_eq!(stage.list("/").await, ["/", "/a.txt"]);
}

#[tokio::test]
async fn what_is_known_of_the_server_takes_no_call() {
    let stage = Stage::new().await;
    let options = stage.send("OPTIONS", "/", &[], b"").await;
    assert_eq!((options.status, options.header("dav"), options.header("ms-author-via")), (200, "1, 2, 3", "DAV"));
    let allows = |method| options.header("allow").split(", ").any(|allowed| allowed == method);
    assert!(allows("LOCK") && allows("PROPFIND") && !allows("PATCH"));
    assert!(stage.calls().is_empty());
}

#[tokio::test]
async fn only_a_folder_that_is_there_is_served_and_nothing_above_it() {
    let stage = Stage::new().await;
    stage.plant("/top/in/a.txt", b"a").await;
    stage.plant("/top/out.txt", b"out").await;
    let serve = |path: &str| {
        let dav = dingtalk_storage_webdav::WebDav::new(&stage.another_drive(), &stage.space).folder(path);
        dav.bind(([127, 0, 0, 1], 0).into(), dingtalk_storage_webdav::Login::new("ada", "secret"))
    };
    for path in ["/none", "/top/out.txt"] {
        assert!(serve(path).await.is_err(), "{path}");
    }
    let server = serve("/top/in/").await.unwrap();
    let (address, _) = (server.address(), tokio::spawn(server.run(std::future::pending())));
    let inner = async |path: &str| {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\n{AUTHORIZATION}Connection: close\r\n\r\n");
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut stream, request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        tokio::io::AsyncReadExt::read_to_string(&mut stream, &mut answer).await.unwrap();
        answer
    };
    assert!(inner("/a.txt").await.ends_with("\r\na"));
    for path in ["/../out.txt", "/%2e%2e/out.txt", "/x/../../out.txt", "/..%2fout.txt", "//../out.txt"] {
        let answer = inner(path).await;
        assert!(answer.starts_with("HTTP/1.1 4") && !answer.contains("\r\nout"), "{path}: {answer}");
    }
}
