//! The ways to an access token.

use dingtalk_storage::credentials::{CorpApp, FixedToken};
use dingtalk_storage::types::{AppKey, AppSecret, CorpId, GrantType, SuiteKey, SuiteSecret, SuiteTicket};
use dingtalk_storage::{Client, ErrorCode};

use crate::stage::{Stage, client_of};

/// What a call says that is made with a token.
async fn outcome(stage: &Stage, token: &str) -> Result<(), Option<ErrorCode>> {
    let client: Client = client_of(&stage.emulator).credentials(FixedToken::new(token).unwrap()).build().unwrap();
    let call = client.storage_v1().add_space(&stage.union_id(0)).send().await;
    call.map(drop).map_err(|error| error.code().cloned())
}

pub async fn tokens_come_from_four_operations(stage: &Stage) {
    let credentials = stage.emulator.credentials();
    let (corp, oauth) = (CorpId::new(&credentials.corp_id), stage.client.oauth2_v1());
    let (key, secret) = (AppKey::new(&credentials.app_key), AppSecret::new(&credentials.app_secret));
    let (suite, suite_secret) = (SuiteKey::new(&credentials.suite_key), SuiteSecret::new(&credentials.suite_secret));
    let ticket = SuiteTicket::new(&credentials.suite_ticket);

    let internal = oauth.get_access_token(&key, &secret).send().await.unwrap().access_token.unwrap();
    let newer = oauth.get_token(&corp, &key, &secret, GrantType::ClientCredentials).send().await.unwrap();
    let of_corp = oauth.get_corp_access_token(&suite, &suite_secret, &corp, &ticket).send().await.unwrap();
    let of_suite = oauth.get_suite_access_token(&suite, &suite_secret, &ticket).send().await.unwrap();

    for token in [&internal, &newer.access_token.unwrap(), &of_corp.access_token.unwrap()] {
        assert_eq!(outcome(stage, token.expose()).await, Ok(()));
    }
    let refused = outcome(stage, of_suite.access_token.unwrap().expose()).await.unwrap_err().unwrap();
    assert_eq!(refused.as_str(), "invalidAccessToken", "the token of a suite opens no files");
    let again = oauth.get_access_token(&key, &secret).send().await.unwrap().access_token.unwrap();
    assert_eq!(again, internal, "while it lives, the same comes again");
    stage.emulator.revoke_tokens();
    assert_eq!(outcome(stage, internal.expose()).await, Err(Some(ErrorCode::InvalidAuthentication)));

    let ticket = credentials.suite_ticket.clone();
    let third_party =
        CorpApp::new(credentials.suite_key, credentials.suite_secret, credentials.corp_id, move || ticket.clone());
    let client: Client = client_of(&stage.emulator).credentials(third_party).build().unwrap();
    client.storage_v1().get_current_app(&stage.union_id(0)).send().await.unwrap();
}
