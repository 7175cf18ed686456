//! Who calls: access tokens and scopes.

use crate::contract::{Operation, Token};
use crate::refusal::Refusal;
use crate::state::{App, World};

/// Header of the access token.
pub const TOKEN_HEADER: &str = "x-acs-dingtalk-access-token";

/// The app whose token a call carries; nothing for operations that take no token.
///
/// # Errors
///
/// What the gateway answers without a token, with a wrong or expired one, and without the scope of the operation.
pub fn caller(operation: &Operation, token: Option<&str>, world: &World) -> Result<Option<App>, Refusal> {
    if operation.token == Token::None {
        return Ok(None);
    }
    let Some(token) = token.filter(|token| !token.is_empty()) else {
        let reason = match operation.token {
            Token::Query => "the query has no access_token".to_owned(),
            _ => format!("the header {TOKEN_HEADER} is missing"),
        };
        return Err(Refusal::new("AuthenticationFailed.MissingParameter").because(reason).with_status(400));
    };
    let invalid = |reason: &str| Refusal::new("InvalidAuthentication").because(reason).with_status(400);
    if operation.token == Token::User {
        person(token, world).ok_or_else(|| invalid("it is not the token of a person"))?;
        let app = world.organisation.apps.iter().map(|(_, app)| app).find(|app| !app.is_third_party());
        let app = app.ok_or_else(|| invalid("there is no app that the person could have signed in to"))?;
        check_scope(operation, app)?;
        return Ok(Some(app.clone()));
    }
    let known = world.organisation.tokens.get(&token.to_owned()).ok_or_else(|| invalid("the token is unknown"))?;
    if known.expires <= world.now() {
        return Err(invalid("the token has expired"));
    }
    let app = world.organisation.apps.get(&known.app).ok_or_else(|| invalid("the app of the token is gone"))?;
    if !known.files {
        return Err(Refusal::new("invalidAccessToken").because("it is the token of a suite").with_status(400));
    }
    check_scope(operation, app)?;
    Ok(Some(app.clone()))
}

/// What the token of a person starts with.
const OF_A_PERSON: &str = "user-token-";

/// The token of a person. Signing in is not emulated, so it is there from the start and does not expire.
pub fn user_token(union_id: &str) -> String {
    format!("{OF_A_PERSON}{union_id}")
}

/// The person whose token it is, by unionId.
pub fn person<'a>(token: &'a str, world: &World) -> Option<&'a str> {
    let union_id = token.strip_prefix(OF_A_PERSON)?;
    world.organisation.users.contains(&union_id.to_owned()).then_some(union_id)
}

fn check_scope(operation: &Operation, app: &App) -> Result<(), Refusal> {
    let (Some(scope), Some(granted)) = (&operation.scope, &app.scopes) else { return Ok(()) };
    if granted.contains(scope) {
        return Ok(());
    }
    let mut refusal = Refusal::new("Forbidden.AccessDenied.AccessTokenPermissionDenied")
        .because(format!("the app lacks {scope}"))
        .with_status(403);
    refusal.scopes = vec![scope.clone()];
    Err(refusal)
}
