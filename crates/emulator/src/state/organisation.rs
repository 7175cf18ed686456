//! Who there is: the organization, its people, and its apps.

use serde::{Deserialize, Serialize};

use super::Table;
use crate::clock::Time;

/// A person of the organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(clippy::struct_field_names, reason = "the API calls them so")]
pub struct User {
    /// Id of the person for all apps of one developer.
    pub union_id: String,
    /// Id of the person within the organization.
    pub user_id: String,
    /// Name of the person.
    pub name: String,
    /// Departments, by their ids.
    pub departments: Vec<String>,
    /// Tags of the organization that the person has.
    pub tags: Vec<String>,
    /// Whether the person is an administrator of the organization.
    pub admin: bool,
}

/// An app that may call the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[allow(clippy::struct_field_names, reason = "the API calls it so")]
pub struct App {
    /// Id on the open platform.
    pub app_id: String,
    /// Client id: the app key, or the suite key of a third-party app.
    pub key: String,
    /// Client secret.
    pub secret: String,
    /// Newest ticket that was pushed; a third-party app has one.
    pub suite_ticket: Option<String>,
    /// Name of the app.
    pub name: String,
    /// Permissions that it was given; without a list, all.
    pub scopes: Option<Vec<String>>,
    /// When it was created.
    pub created: Time,
}

impl App {
    /// Whether a service provider offers it, and not the organization itself.
    pub fn is_third_party(&self) -> bool {
        self.suite_ticket.is_some()
    }
}

/// An access token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Client id of the app that it was made for.
    pub app: String,
    /// When it expires.
    pub expires: Time,
    /// Whether it opens calls about files; the token of a suite does not.
    pub files: bool,
}

/// The organization, its people and apps, and the tokens that are valid.
#[derive(Debug, Clone)]
pub struct Organisation {
    /// Id of the organization.
    pub corp_id: String,
    /// Most bytes that it may store.
    pub capacity: u64,
    /// People by unionId.
    pub users: Table<String, User>,
    /// Apps by client id.
    pub apps: Table<String, App>,
    /// Tokens by their text.
    pub tokens: Table<String, Token>,
}

impl Organisation {
    /// An organization without people and apps, and with the 100 GB that every organization has for free.
    pub fn new(corp_id: String) -> Self {
        Self {
            corp_id,
            capacity: 100 << 30,
            users: Table::new("users"),
            apps: Table::new("apps"),
            tokens: Table::new("tokens"),
        }
    }

    /// A person by userId.
    pub fn user_by_user_id(&self, user_id: &str) -> Option<&User> {
        self.users.iter().map(|(_, user)| user).find(|user| user.user_id == user_id)
    }

    /// Takes away all tokens.
    pub fn forget_tokens(&mut self) {
        self.tokens.retain(|_| false);
    }

    /// Takes away the tokens that have expired.
    pub fn forget_expired_tokens(&mut self, now: Time) {
        self.tokens.retain(|token| token.expires > now);
    }
}
