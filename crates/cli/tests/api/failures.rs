//! Calls that were right and failed: the exit code of their kind, and nothing on standard output.

use serde_json::json;

use crate::program::{Program, TOKEN, server};

#[tokio::test(flavor = "multi_thread")]
async fn an_error_of_the_api_goes_to_standard_error() {
    let answer = json!({ "code": "spaceNotExist", "message": "no such space", "requestid": "8A0B6C1E" });
    let server = server(404, answer.to_string()).await;

    let run = Program::example("storage_v1.GetSpace").against(&server).run();

    assert_eq!((run.code, run.out.as_str()), (Some(3), ""));
    for part in ["storage_v1.GetSpace", "spaceNotExist", "no such space", "8A0B6C1E", "404"] {
        assert!(run.err.contains(part), "{part}: {}", run.err);
    }
    assert!(run.err.starts_with("error: ") && !run.err.contains(TOKEN), "{}", run.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_in_the_envelope_of_the_older_api_is_one_too() {
    let answer = json!({ "errcode": 33012, "errmsg": "wrong user", "request_id": "15r6z8kdvbdcn" });
    let server = server(200, answer.to_string()).await;
    let arguments = ["api", "contact.GetUser", "--params", r#"{"userid": "nobody"}"#];

    let run = Program::new(&arguments).against(&server).run();

    assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
    assert!(run.err.contains("33012") && run.err.contains("wrong user"), "{}", run.err);
    assert!(!run.err.contains(TOKEN), "{}", run.err);
}

#[test]
fn a_server_that_is_not_there_is_a_failure() {
    // The port of a listener that is gone again, where nobody listens.
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();

    let run = Program::example("storage_v1.CommitFile")
        .env("DINGTALK_ENDPOINT", &format!("http://{address}"))
        .env("DINGTALK_ACCESS_TOKEN", TOKEN)
        .run();

    assert_eq!((run.code, run.out.as_str()), (Some(5), ""));
    assert!(run.err.contains("no connection"), "{}", run.err);
}
