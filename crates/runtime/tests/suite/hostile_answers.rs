//! Answers that nobody should have to read: too large, too deep, without end.

use dingtalk_runtime::{Client, ErrorKind};

use crate::decoding::{Everything, answered};
use crate::support::*;

#[tokio::test(start_paused = true)]
async fn answers_are_read_up_to_a_size_whatever_they_announce() {
    let size = 100_000;
    let body = format!(r#"{{"key":"{}"}}"#, "x".repeat(size - 10));
    let chunked: Vec<u8> = body.as_bytes().chunks(999).fold(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec(),
        |mut all, chunk| {
            all.extend(format!("{:x}\r\n", chunk.len()).as_bytes());
            all.extend(chunk);
            all.extend(b"\r\n");
            all
        },
    );
    let whole = [chunked.clone(), b"0\r\n\r\n".to_vec()].concat();
    let endless = vec![Step::Send(chunked), Step::Stall];
    let plans = [json(200, &body), Plan::Answer(vec![Step::Send(whole)])];
    for plan in plans {
        let server = Server::start(move |_| plan.clone()).await;
        let client: Client = bare(&server).largest_answer(size).build().unwrap();
        request(&client, &READ).send::<Everything>().await.unwrap();
        let client: Client = bare(&server).largest_answer(size - 1).build().unwrap();
        let error = request(&client, &READ).send::<Everything>().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Answer, 1));
        assert!(error.to_string().contains("larger than 99999 bytes"), "{error}");
    }
    // An answer without end is left as soon as it is too large.
    let server = Server::start(move |_| Plan::Answer(endless.clone())).await;
    let client: Client = bare(&server).largest_answer(1000).build().unwrap();
    let started = tokio::time::Instant::now();
    request(&client, &READ).send::<Everything>().await.unwrap_err();
    assert!(started.elapsed() < std::time::Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn an_answer_may_have_eight_mebibytes_and_an_error_keeps_sixteen_kibibytes() {
    let key = |size: usize| format!(r#"{{"key":"{}"}}"#, "x".repeat(size - 10));
    let most = 8 * 1024 * 1024;
    answered(key(most)).await.unwrap();
    let error = answered(key(most + 1)).await.unwrap_err();
    assert!(error.to_string().contains("larger than 8388608 bytes"), "{error}");
    let server = Server::start(|_| json(400, &format!(r#"{{"code":"x","message":"{}"}}"#, "y".repeat(100_000)))).await;
    let client: Client = bare(&server).build().unwrap();
    let error = request(&client, &READ).send::<Thing>().await.unwrap_err();
    assert_eq!(error.body().len(), 16_384);
    assert!(error.body().starts_with(br#"{"code":"x","message":"yyy"#));
}

#[test]
fn nested_answers_and_long_numbers_are_read_on_a_small_stack() {
    let nested = |depth: usize| {
        format!("{}1{}", r#"{"things":["#.repeat(depth) + r#"{"size":"#, "}".to_owned() + &"]}".repeat(depth))
    };
    // Two levels each, of 48 that are read.
    let thing = on_a_small_stack(move || <Thing as dingtalk_runtime::Answer>::decode(nested(23).as_bytes()).unwrap());
    let depth = std::iter::successors(Some(&thing), |thing| thing.things.first()).count();
    assert_eq!(depth, 24);
    for depth in [24, 63, 64, 100_000] {
        let decode = move || <Thing as dingtalk_runtime::Answer>::decode(nested(depth).as_bytes()).unwrap_err();
        let error = on_a_small_stack(decode).to_string();
        assert!(error.contains("expected fewer levels"), "{depth}: {error}");
    }
    let digits = "9".repeat(1_000_000);
    for json in
        [digits.clone(), format!("-{digits}"), format!("0.{digits}"), format!("1e{digits}"), format!("\"{digits}\"")]
    {
        for name in ["id", "number", "small", "time", "any", "unknown"] {
            let body = format!(r#"{{"key":"k","{name}":{json}}}"#);
            // Good or bad, it ends.
            on_a_small_stack(move || drop(serde_json::from_str::<Everything>(&body)));
        }
    }
}

/// Does it with little stack; a crash would end the whole run.
fn on_a_small_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::Builder::new().stack_size(256 * 1024).spawn(work).unwrap().join().unwrap()
}

#[test]
fn deep_answers_are_refused_on_a_small_stack() {
    let depth = 200_000;
    let bombs = ["[", "{\"a\":", "[{\"a\":"].map(|open| open.repeat(depth));
    for name in ["id", "number", "part", "list", "map", "either", "any", "unknown"] {
        for bomb in &bombs {
            let body = format!(r#"{{"key":"k","{name}":{bomb}"#);
            let error = on_a_small_stack(move || serde_json::from_str::<Everything>(&body).unwrap_err());
            assert!(error.is_data() || error.is_eof(), "{name}: {error}");
        }
    }
    let closed = format!(r#"{{"key":"k","any":{}1{}}}"#, "[".repeat(60), "]".repeat(60));
    on_a_small_stack(move || serde_json::from_str::<Everything>(&closed).unwrap_err());
    let unknown = format!(r#"{{"key":"k","unknown":{}1{}}}"#, "[".repeat(depth), "]".repeat(depth));
    on_a_small_stack(move || serde_json::from_str::<Everything>(&unknown).unwrap());
}

#[test]
fn deep_answers_are_refused_by_a_call_on_a_small_stack() {
    let bodies =
        ["[".repeat(1_000_000), "{\"code\":".repeat(200_000), format!(r#"{{"code":{}"#, "[".repeat(1_000_000))];
    for status in [200, 400] {
        for body in bodies.clone() {
            on_a_small_stack(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(async {
                    let server = Server::start(move |_| json(status, &body)).await;
                    let client: Client = bare(&server).build().unwrap();
                    let error = request(&client, &READ).send::<serde_json::Value>().once().await.unwrap_err();
                    assert!(matches!(error.kind(), ErrorKind::Answer | ErrorKind::Api), "{error}");
                });
            });
        }
    }
}
