//! What errors advise, by what really happened.

use dingtalk_runtime::{Client, ErrorKind, Phase};

use crate::support::*;

#[tokio::test(start_paused = true)]
async fn a_read_is_never_said_to_have_been_applied() {
    for body in ["[1]", r#"{"size":"x"}"#, ""] {
        let server = Server::start(move |_| json(200, body)).await;
        let client: Client = bare(&server).build().unwrap();
        let read = request(&client, &READ).send::<Thing>().once().await.unwrap_err();
        assert_eq!((read.kind(), read.phase()), (ErrorKind::Answer, Phase::Applied), "{body}");
        assert!(!read.to_string().contains("applied") && !read.to_string().contains("do not"), "{read}");
        let write = request(&client, &WRITE).send::<Thing>().once().await.unwrap_err();
        assert!(write.to_string().contains("it was applied") && write.to_string().contains("do not send it again"));
        let twice = request(&client, &IDEMPOTENT).send::<Thing>().once().await.unwrap_err();
        assert!(twice.to_string().contains("it was applied") && twice.to_string().contains("no harm"), "{twice}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wrong_secret_is_tried_once_and_not_advised_to_be_tried_again() {
    let server = Server::start(|_| json(400, r#"{"code":"invalidClientIdOrSecret","message":"m"}"#)).await;
    let client: Client = with_tokens(&server).build().unwrap();
    for _ in 0..2 {
        let error = request(&client, &READ).send::<Thing>().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Credentials, 1));
        let shown = error.to_string();
        assert!(!shown.contains("again") && !shown.contains("request id"), "{shown}");
    }
    assert_eq!(server.count(TOKEN_PATH), 1);
}

#[tokio::test]
async fn a_wrong_password_for_the_proxy_is_tried_once() {
    let proxy = Server::start_tcp(|_| json(407, "")).await;
    let address = proxy.address().replace("http://", "http://user:wrong@");
    let client: Client = bare(&proxy)
        .base_url("https://api.test")
        .http(move |http| http.proxy(reqwest::Proxy::all(&address).unwrap()))
        .build()
        .unwrap();
    for operation in [&READ, &WRITE] {
        let error = request(&client, operation).send::<Thing>().await.unwrap_err();
        assert_eq!((error.kind(), error.phase(), error.attempts()), (ErrorKind::Connect, Phase::NotSent, 1), "{error}");
        assert!(error.to_string().contains("Give the proxy the right user name and password"), "{error}");
        assert!(!error.is_retryable());
    }
    assert_eq!(proxy.received().len(), 2);
    // As an answer, from a gateway in front of a server over plain HTTP.
    let client: Client = bare(&proxy).build().unwrap();
    let error = request(&client, &READ).send::<Thing>().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Api, 1));
    assert!(error.to_string().contains("Give the proxy"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn support_is_asked_only_where_there_is_something_to_ask_by() {
    for (body, has_id) in [
        ("", false),
        (r#"{"message":"m"}"#, false),
        (r#"{"code":"new"}"#, false),
        (r#"{"code":"new","requestid":"R"}"#, true),
        (r#"{"requestid":"R"}"#, true),
    ] {
        let server = Server::start(move |_| json(400, body)).await;
        let client: Client = bare(&server).build().unwrap();
        let error = request(&client, &READ).send::<Thing>().await.unwrap_err();
        assert_eq!(error.to_string().contains("support"), has_id, "{error}");
        assert_eq!(error.to_string().contains("Look up the code"), error.code().is_some(), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_beyond_its_bounds_is_advised_to_be_let_in() {
    let server = Server::start(|_| json(200, r#"{"things":[{},{},{}]}"#)).await;
    let small: Client = bare(&server).largest_answer(9).build().unwrap();
    let error = request(&small, &READ).send::<Thing>().await.unwrap_err();
    assert!(error.to_string().contains("largest_answer"), "{error}");
    let few: Client = bare(&server).most_elements(2).build().unwrap();
    let error = request(&few, &READ).send::<Thing>().await.unwrap_err();
    assert!(error.to_string().contains("most_elements") && error.to_string().contains("Raise"), "{error}");
}
