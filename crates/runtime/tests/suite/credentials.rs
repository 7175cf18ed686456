//! Every kind of credentials, and where they come from.

use dingtalk_runtime::Client;
use dingtalk_runtime::credentials::{ClientCredentials, CorpApp, Credentials, FixedToken, InternalApp};

use crate::support::*;

#[tokio::test(start_paused = true)]
async fn every_kind_of_credentials_asks_the_right_way() {
    let server = Server::start(|received| match received.path() {
        "/v1.0/oauth2/corp%2F1/token" => json(200, r#"{"access_token":"token-1","expires_in":7200}"#),
        path if path.starts_with("/v1.0/oauth2/") => json(200, TOKEN),
        _ => json(200, GOOD),
    })
    .await;
    let all: [Box<dyn Credentials>; 4] = [
        Box::new(InternalApp::new("key", "secret")),
        Box::new(CorpApp::new("key", "secret", "corp", || "ticket".to_owned())),
        Box::new(ClientCredentials::new("corp/1", "key", "secret")),
        Box::new(FixedToken::new("token-1").unwrap()),
    ];
    for credentials in all {
        let client: Client = bare(&server).credentials(credentials).build().unwrap();
        request(&client, &READ).send::<Thing>().await.unwrap();
    }
    let asked: Vec<(String, String)> = server
        .received()
        .iter()
        .filter(|received| received.path().starts_with("/v1.0/oauth2/"))
        .map(|received| (received.target.clone(), String::from_utf8(received.body.clone()).unwrap()))
        .collect();
    let expected = [
        ("/v1.0/oauth2/accessToken", r#"{"appKey":"key","appSecret":"secret"}"#),
        (
            "/v1.0/oauth2/corpAccessToken",
            r#"{"suiteKey":"key","suiteSecret":"secret","authCorpId":"corp","suiteTicket":"ticket"}"#,
        ),
        (
            "/v1.0/oauth2/corp%2F1/token",
            r#"{"client_id":"key","client_secret":"secret","grant_type":"client_credentials"}"#,
        ),
    ];
    assert_eq!(asked, expected.map(|(path, body)| (path.to_owned(), body.to_owned())));
    let tokens: Vec<_> = server
        .received()
        .iter()
        .filter_map(|received| received.header("x-acs-dingtalk-access-token").map(str::to_owned))
        .collect();
    assert_eq!(tokens, ["token-1"; 4]);
}

#[test]
fn credentials_come_from_the_environment() {
    const MARK: &str = "DINGTALK_RUNTIME_TEST_CHILD";
    if std::env::var(MARK).is_ok() {
        InternalApp::from_env().unwrap();
        CorpApp::from_env().unwrap();
        ClientCredentials::from_env().unwrap();
        FixedToken::from_env().unwrap();
        return;
    }
    // The environment of a running program must not be changed, so another one reads it.
    let names = ["APP_KEY", "APP_SECRET", "CORP_ID", "SUITE_KEY", "SUITE_SECRET", "SUITE_TICKET", "ACCESS_TOKEN"];
    let names: Vec<String> = names.iter().map(|name| format!("DINGTALK_{name}")).collect();
    let with = |left_out: Option<&String>| {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "credentials::credentials_come_from_the_environment"]).env(MARK, "1");
        for name in &names {
            child.env(name, if Some(name) == left_out { "" } else { "value" });
        }
        child.output().unwrap().status.success()
    };
    assert!(with(None));
    for name in &names {
        assert!(!with(Some(name)), "nothing missed {name}");
    }
    let error = InternalApp::from_env().unwrap_err();
    assert!(error.to_string().contains("DINGTALK_APP_KEY is not set"), "{error}");
}
