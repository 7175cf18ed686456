//! No secret shows anywhere: every path of the runtime with canaries for secrets, and a look at all that it says.
//!
//! A program of its own, because what listens to spans listens to the whole process.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
#![allow(clippy::wildcard_imports, reason = "the support module is written for that")]

mod answers;
#[cfg(feature = "by-name")]
mod by_name;
mod forms;
mod hearing;
mod runs;
#[path = "../suite/support/mod.rs"]
mod support;

use dingtalk_runtime::Client;
use support::*;

/// With characters that look otherwise in URLs, JSON and base64.
const SECRET: &str = "c4n4ry-S3CRET+/=%22\"x";
const TICKET: &str = "c4n4ry-T1CKET+/=%22\"x";
const TOKEN_TEXT: &str = "c4n4ry-T0KEN+/=%22\"x";
const UPLOAD_KEY: &str = "c4n4ry-UPL0AD+/=%22\"x";
const SIGNED_URL: &str = "https://sz.trans.dingtalk.com/c4n4ry-0BJECT?Signature=c4n4ry-S1GNATURE";
const AUTHORIZATION: &str = "OSS STS.k3y:s1g";
/// Value of a header of the application's own.
const OWN_HEADER: &str = "c4n4ry-H34DER+/=%22\"x";
const PERSON: &str = "c4n4ry-P3RSON";
/// What must not be seen, in any form that contains one of these.
const CANARIES: [&str; 10] =
    ["S3CRET", "T1CKET", "T0KEN", "UPL0AD", "H34DER", "0BJECT", "S1GNATURE", "P3RSON", "c4n4ry", "STS.k3y:s1g"];

#[tokio::test(start_paused = true)]
async fn nothing_that_is_said_at_any_level_shows_a_secret() {
    let heard = hearing::Heard::everywhere();
    runs::everything(&heard).await;
    #[cfg(feature = "by-name")]
    by_name::everything(&heard);
    let said = heard.all();
    // The ears work: the spans are there, and so is what the HTTP client logs and what panics say.
    for part in [
        "span call",
        "span attempt",
        "http.request.method=POST",
        "http.request.resend_count=1",
        "server.address=127.0.0.1",
        "url.template=/v1.0/things/{id}/write",
        "http.response.status_code=403",
        "error.type=Banned",
        "dingtalk.code=paramError",
        "dingtalk.request_id=R",
        "dingtalk.phase=Unknown",
        "dingtalk.attempts=2",
        "Attempt {",
        "Retry {",
        "Dropped {",
        "path=/v1.0/people/{userId}/things/7/by/{key}",
        "log reqwest",
        "panic panicked at",
        "bad: ***",
        "$.headers.*",
        "no such name",
        "InvalidContentType",
    ] {
        assert!(said.contains(part), "{part} was not heard");
    }
    for canary in CANARIES.iter().chain(&[SECRET, TICKET, TOKEN_TEXT, UPLOAD_KEY, SIGNED_URL, AUTHORIZATION, PERSON]) {
        for form in forms::forms(canary) {
            if let Some(place) = said.find(&form) {
                let start = said.floor_char_boundary(place.saturating_sub(300));
                let end = said.ceil_char_boundary(place + 100);
                panic!("{form} was said: {}", &said[start..end]);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_token_stays_out_of_messages_and_kept_bodies() {
    let server =
        Server::start(|_| json(400, &format!(r#"{{"code":"paramError","message":"{}"}}"#, "fixed-token"))).await;
    let client: Client = bare(&server).build().unwrap();
    let error = request(&client, &READ).send::<Thing>().await.unwrap_err();
    assert_eq!(error.message(), Some("***"));
    assert!(error.body().is_empty());
}
