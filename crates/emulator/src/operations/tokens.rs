//! Access tokens.

use std::time::Duration;

use serde_json::{Value, json};

use crate::call::{Call, Outcome};
use crate::refusal::Refusal;
use crate::state::{App, Token};

/// Letters of a token.
const LENGTH: usize = 32;

/// `oauth2_v1.GetAccessToken`: while a token lives, the same one comes back with its life renewed.
pub fn get_access_token(call: &mut Call<'_>) -> Outcome {
    let app = app(call, "appKey", "appSecret", false).ok_or_else(|| Refusal::new("invalidClientIdOrSecret"))?;
    let token = renewed(call, &app);
    Ok(json!({ "accessToken": token, "expireIn": call.token_seconds }))
}

/// `oauth2_v1.GetCorpAccessToken`: every call gives a new token.
pub fn get_corp_access_token(call: &mut Call<'_>) -> Outcome {
    let app = app(call, "suiteKey", "suiteSecret", true).ok_or_else(|| Refusal::new("invalidSuiteKey"))?;
    if app.suite_ticket.as_deref() != Some(call.input.text("suiteTicket")) {
        return Err(Refusal::new("invalidSuiteTicket"));
    }
    if call.input.text("authCorpId") != call.world.organisation.corp_id {
        return Err(Refusal::new("invalidAuthInfo"));
    }
    let token = fresh(call, &app, true);
    Ok(json!({ "accessToken": token, "expireIn": call.token_seconds }))
}

/// `oauth2_v1.GetSuiteAccessToken`: a token that opens no files.
pub fn get_suite_access_token(call: &mut Call<'_>) -> Outcome {
    let app = app(call, "suiteKey", "suiteSecret", true).ok_or_else(|| Refusal::new("invalidClientIdOrSecret"))?;
    if app.suite_ticket.as_deref() != Some(call.input.text("suiteTicket")) {
        return Err(Refusal::new("invalidSuiteTicket"));
    }
    let token = fresh(call, &app, false);
    Ok(json!({ "accessToken": token, "expireIn": call.token_seconds }))
}

/// `oauth2_v1.GetToken`: for both kinds of apps; a third-party app needs no ticket.
pub fn get_token(call: &mut Call<'_>) -> Outcome {
    let found =
        app(call, "client_id", "client_secret", false).or_else(|| app(call, "client_id", "client_secret", true));
    let app = found.ok_or_else(|| Refusal::new("invalid.client"))?;
    if call.input.text("corpId") != call.world.organisation.corp_id {
        return Err(Refusal::new("unauthorized.client"));
    }
    let token = renewed(call, &app);
    Ok(json!({ "access_token": token, "expires_in": Value::from(call.token_seconds) }))
}

/// The app with these credentials.
fn app(call: &Call<'_>, key: &str, secret: &str, third_party: bool) -> Option<App> {
    let app = call.world.organisation.apps.get(&call.input.text(key).to_owned())?;
    let matches = app.secret == call.input.text(secret) && app.is_third_party() == third_party;
    matches.then(|| app.clone())
}

fn renewed(call: &mut Call<'_>, app: &App) -> String {
    let now = call.now();
    let lives = |token: &Token| token.app == app.key && token.files && token.expires > now;
    let tokens = &call.world.organisation.tokens;
    let living = tokens.iter().find(|(_, token)| lives(token)).map(|(text, _)| text.clone());
    let Some(text) = living else { return fresh(call, app, true) };
    let expires = expiry(call);
    if let Some(token) = call.world.organisation.tokens.get_mut(&text) {
        token.expires = expires;
    }
    text
}

fn fresh(call: &mut Call<'_>, app: &App, files: bool) -> String {
    let now = call.now();
    call.world.organisation.forget_expired_tokens(now);
    let text = call.world.ids.letters(LENGTH).to_lowercase();
    let token = Token { app: app.key.clone(), expires: expiry(call), files };
    call.world.organisation.tokens.insert(text.clone(), token);
    text
}

fn expiry(call: &Call<'_>) -> crate::clock::Time {
    call.now().after(Duration::from_secs(u64::try_from(call.token_seconds).unwrap_or_default()))
}
