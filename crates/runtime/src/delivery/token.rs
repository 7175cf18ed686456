//! The access token of a call: taken, replaced when the server rejects it, and known to be good when it does not.

use super::{Decoded, Delivery};
use crate::error::Phase;
use crate::operation::Token;
use crate::token_cache::{Bearer, TokenCache};
use crate::{Error, ErrorClass, ErrorKind};

impl Delivery {
    pub(super) async fn token(&self) -> Result<Option<Bearer>, Error> {
        match self.operation().token {
            Token::None => return Ok(None),
            Token::User => return self.request.bearer().map(Some),
            Token::Header | Token::Query => {}
        }
        let tokens = self.client().tokens()?;
        match tokens.held() {
            Some(bearer) => Ok(Some(bearer)),
            None => Box::pin(tokens.token(self.client(), self.deadline())).await.map(Some),
        }
    }

    /// Where the token of this call comes from; that of a person comes from the caller, and nobody here can renew it.
    fn tokens(&self) -> Option<&TokenCache> {
        if self.operation().token == Token::User { None } else { self.client().tokens().ok() }
    }

    /// A rejected token is replaced once; the server refused the call, so any effect may be sent again.
    pub(super) fn may_replay(&self, error: &Error) -> bool {
        let is_rejected =
            error.kind() == ErrorKind::Api && error.phase() == Phase::Refused && error.class() == ErrorClass::Token;
        match (&self.bearer, self.tokens()) {
            (Some(bearer), Some(tokens)) if is_rejected => tokens.reject(bearer, error) && !self.is_replayed,
            _ => false,
        }
    }

    /// What an answer tells about the token that went with the request.
    pub(super) fn accept_token(&self, result: &Result<Decoded, Error>) {
        if let (Some(bearer), Some(tokens), true) = (&self.bearer, self.tokens(), tells_that_token_is_good(result)) {
            tokens.accept(bearer);
        }
    }
}

/// Whether an answer shows that the API took the token: a success, or an error that it has a code for. What came from
/// nobody, or from a gateway in trouble, tells nothing.
fn tells_that_token_is_good(result: &Result<Decoded, Error>) -> bool {
    match result {
        Ok(_) => true,
        Err(error) => match error.kind() {
            ErrorKind::Api => error.code().is_some() && error.class() != ErrorClass::Token,
            ErrorKind::Answer => error.phase() == Phase::Applied,
            _ => false,
        },
    }
}
