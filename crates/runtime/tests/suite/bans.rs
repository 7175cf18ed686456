//! Bans of the address: no calls while one lasts, and none after it is over for nothing.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use dingtalk_runtime::{Client, ErrorClass, ErrorKind, Never, Phase};

use crate::retries::in_turn;
use crate::support::*;

#[tokio::test(start_paused = true)]
async fn calls_can_be_made_in_spite_of_a_ban() {
    let page = answer(403, "Content-Type: text/html\r\n", BAN);
    let server = in_turn(vec![page.clone(), page]).await;
    let client: Client = bare(&server).stop_when_banned(false).build().unwrap();
    let ask = async || request(&client, &READ).send::<Thing>().await;
    assert_eq!(ask().await.unwrap_err().kind(), ErrorKind::Banned);
    assert_eq!(ask().await.unwrap_err().phase(), Phase::Refused);
    ask().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_ban_stops_all_calls_and_is_looked_at_once_a_minute() {
    let is_banned = Arc::new(Mutex::new(true));
    let banned = Arc::clone(&is_banned);
    let server = Server::start(move |_| {
        if *banned.lock().unwrap() {
            answer(403, "Content-Type: text/html\r\n", "<html>Too many requests</html>")
        } else {
            json(200, GOOD)
        }
    })
    .await;
    let client: Client = bare(&server).build().unwrap();
    let mut errors = Vec::new();
    for _ in 0..290 {
        errors.push(request(&client, &READ).send::<Thing>().await.unwrap_err());
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert!(errors.iter().all(|error| error.kind() == ErrorKind::Banned));
    assert_eq!(server.received().len(), 5);
    assert_eq!((errors[0].phase(), errors[1].phase()), (Phase::Refused, Phase::NotSent));
    assert!(errors[1].retry_after().unwrap() > Duration::from_secs(290));
    *is_banned.lock().unwrap() = false;
    tokio::time::sleep(Duration::from_secs(60)).await;
    for _ in 0..10 {
        request(&client, &READ).send::<Thing>().await.unwrap();
    }
}

const BAN: &str = "<html>Too many requests</html>";

/// A gateway that throttles by a page says in its head how long it wants to be left alone.
#[tokio::test(start_paused = true)]
async fn a_page_that_says_when_to_come_back_is_believed() {
    for (head, seconds) in [("Retry-After: 7\r\n", 7), ("Retry-After: 0\r\n", 300), ("Retry-After: 99999\r\n", 3600)] {
        let server = in_turn(vec![answer(429, head, BAN)]).await;
        let client: Client = bare(&server).build().unwrap();
        let ask = async || request(&client, &READ).send::<Thing>().retry(Never).await;
        let error = ask().await.unwrap_err();
        assert_eq!((error.kind(), error.retry_after()), (ErrorKind::Banned, Some(Duration::from_secs(seconds))));
        assert_eq!(ask().await.unwrap_err().phase(), Phase::NotSent);
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        ask().await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_by_the_api_itself_ends_a_ban() {
    let server = in_turn(vec![
        answer(403, "Content-Type: text/html\r\n", BAN),
        json(403, r#"{"code":"permissionDenied","requestid":"R","message":"m"}"#),
    ])
    .await;
    let client: Client = bare(&server).build().unwrap();
    let ask = async || request(&client, &READ).send::<Thing>().await;
    assert_eq!(ask().await.unwrap_err().kind(), ErrorKind::Banned);
    tokio::time::sleep(Duration::from_secs(61)).await;
    assert_eq!(ask().await.unwrap_err().class(), ErrorClass::Permission);
    ask().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_look_whether_a_ban_is_over_may_get_its_token_first() {
    let is_banned = Arc::new(Mutex::new(false));
    let banned = Arc::clone(&is_banned);
    let server = Server::start(move |received| match received.path() {
        _ if *banned.lock().unwrap() => answer(403, "Content-Type: text/html\r\n", BAN),
        TOKEN_PATH => json(200, r#"{"accessToken":"token-1","expireIn":100}"#),
        _ => json(200, GOOD),
    })
    .await;
    let client: Client = with_tokens(&server).build().unwrap();
    let ask = async || request(&client, &READ).send::<Thing>().retry(Never).await;
    ask().await.unwrap();
    *is_banned.lock().unwrap() = true;
    assert_eq!(ask().await.unwrap_err().kind(), ErrorKind::Banned);
    *is_banned.lock().unwrap() = false;
    assert_eq!(ask().await.unwrap_err().phase(), Phase::NotSent);
    // The token has expired meanwhile.
    tokio::time::sleep(Duration::from_secs(110)).await;
    ask().await.unwrap();
    ask().await.unwrap();
    assert_eq!(server.count(TOKEN_PATH), 2);
}

#[tokio::test(start_paused = true)]
async fn a_page_about_one_request_stops_no_other() {
    for status in [400, 401, 404, 405, 407, 413, 414, 431] {
        let server = in_turn(vec![answer(status, "Content-Type: text/html\r\n", "<html>Too long</html>")]).await;
        let client: Client = bare(&server).build().unwrap();
        let error = request(&client, &WRITE).send::<Thing>().await.unwrap_err();
        assert_eq!((error.kind(), error.phase(), error.status()), (ErrorKind::Api, Phase::Refused, Some(status)));
        request(&client, &WRITE).send::<Thing>().await.unwrap();
    }
}
