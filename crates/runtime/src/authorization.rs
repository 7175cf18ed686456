//! Where the access token stands in a request.

use reqwest::header::HeaderName;

use crate::operation::Token;
use crate::token_cache::Bearer;

pub(crate) const TOKEN_HEADER: &str = "x-acs-dingtalk-access-token";
const TOKEN_NAME: HeaderName = HeaderName::from_static(TOKEN_HEADER);
pub(crate) const TOKEN_QUERY: &str = "access_token";

/// Puts the token where the operation wants it.
pub(crate) fn authorize(request: &mut reqwest::Request, bearer: Option<&Bearer>, place: Token) {
    match (bearer, place) {
        (Some(bearer), Token::Header | Token::User) => {
            request.headers_mut().insert(TOKEN_NAME, bearer.header.clone());
        }
        (Some(bearer), Token::Query) => {
            request.url_mut().query_pairs_mut().append_pair(TOKEN_QUERY, bearer.expose());
        }
        _ => {}
    }
}
