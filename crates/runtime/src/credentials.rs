//! Where access tokens come from.

mod apps;
mod identity;
mod server;
mod token;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

pub use apps::{ClientCredentials, CorpApp, FixedToken, InternalApp};
pub use identity::Identity;
pub use server::TokenServer;
#[cfg(feature = "fuzzing")]
pub(crate) use server::read_answer;
pub use token::AccessToken;

use crate::{Error, NamedSettings};

/// Reads `DINGTALK_OPERATOR`, or `DINGTALK_UNION_ID` as the command line calls it: the unionId of the person for whom
/// calls are made.
pub fn operator_from_env() -> Result<String, Error> {
    NamedSettings::from_env().operator()
}

/// A token that is being fetched.
pub type Fetch<'a> = Pin<Box<dyn Future<Output = Result<AccessToken, Error>> + Send + 'a>>;

/// A source of access tokens.
///
/// Clients keep what it gives, renew it in time, and let any number of waiting calls share one fetch, so an
/// implementation only has to get one token. Errors are made with [`Error::credentials`].
pub trait Credentials: fmt::Debug + Send + Sync + 'static {
    /// Gets a token. It may take any time; the client bounds it.
    fn fetch<'a>(&'a self, server: &'a TokenServer) -> Fetch<'a>;

    /// Whether a second fetch can give another token. Without, a rejected token is an error at once.
    fn can_renew(&self) -> bool {
        true
    }

    /// Whose credentials they are. Clients of one app share its limits, see [`AppState`](crate::AppState); without,
    /// each client has its own.
    fn identity(&self) -> Option<Identity> {
        None
    }
}

impl<T: Credentials + ?Sized> Credentials for Arc<T> {
    fn fetch<'a>(&'a self, server: &'a TokenServer) -> Fetch<'a> {
        (**self).fetch(server)
    }

    fn can_renew(&self) -> bool {
        (**self).can_renew()
    }

    fn identity(&self) -> Option<Identity> {
        (**self).identity()
    }
}

impl<T: Credentials + ?Sized> Credentials for Box<T> {
    fn fetch<'a>(&'a self, server: &'a TokenServer) -> Fetch<'a> {
        (**self).fetch(server)
    }

    fn can_renew(&self) -> bool {
        (**self).can_renew()
    }

    fn identity(&self) -> Option<Identity> {
        (**self).identity()
    }
}
