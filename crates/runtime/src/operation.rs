//! Static facts about operations: what a call needs to know about the API, and what tools list.

use crate::{ErrorCode, FileLimit};

/// What is known about one operation of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// Family and name, for example `storage_v2.CommitFile`.
    pub name: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// HTTP method.
    pub method: Method,
    /// Path with parameters in braces.
    pub path: &'static str,
    /// Chapter of the documentation.
    pub group: &'static str,
    /// What may be sent again when an answer is lost.
    pub effect: Effect,
    /// Permission that the app needs.
    pub scope: Option<&'static str>,
    /// Whether the documentation still offers it.
    pub status: Status,
    /// Kinds of apps that may call it.
    pub apps: &'static [App],
    /// Name of the documentation page.
    pub page: Option<&'static str>,
    /// Language of the documentation page.
    pub language: Language,
    /// Which server answers it.
    pub host: Host,
    /// Where the access token goes.
    pub token: Token,
    /// How the server wraps the answer.
    pub envelope: Envelope,
    /// Whether the request has a JSON body, which is `{}` when nothing is set.
    pub body: bool,
    /// How large files may be, where the body of the request is a form instead.
    pub form: Option<&'static [FileLimit]>,
    /// Documented errors: HTTP statuses, each followed by its codes, separated by spaces.
    pub errors: &'static str,
}

impl Operation {
    /// Facts to start from: those that most operations have in common, and no others.
    #[doc(hidden)]
    pub const UNSET: Self = Self {
        name: "",
        summary: "",
        method: Method::Post,
        path: "",
        group: "",
        effect: Effect::Write,
        scope: None,
        status: Status::Current,
        apps: &[App::Internal, App::ThirdParty],
        page: None,
        language: Language::En,
        host: Host::Api,
        token: Token::Header,
        envelope: Envelope::Plain,
        body: false,
        form: None,
        errors: "",
    };

    /// Address of the documentation page.
    #[must_use]
    pub fn documentation(&self) -> Option<String> {
        let site = match self.language {
            Language::En => "https://help.dingtalk.io/open/development",
            Language::Zh => "https://open.dingtalk.com/document/development",
        };
        self.page.map(|page| format!("{site}/{page}"))
    }

    /// The documented error codes with their HTTP statuses.
    pub fn error_codes(&self) -> impl Iterator<Item = (u16, ErrorCode)> + use<> {
        let mut status = 0;
        self.errors.split_ascii_whitespace().filter_map(move |word| match word.parse::<u16>() {
            Ok(number @ 100..=599) => {
                status = number;
                None
            }
            _ => Some((status, ErrorCode::from(word))),
        })
    }

    /// Whether calls count against the monthly quota of an organization: tokens and contacts don't.
    pub(crate) fn is_metered(&self) -> bool {
        !matches!(self.group, "token" | "contact")
    }
}

/// HTTP method of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// GET
    Get,
    /// POST
    Post,
    /// PUT
    Put,
    /// DELETE
    Delete,
}

impl Method {
    /// The method as it stands in a request.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

impl From<Method> for reqwest::Method {
    fn from(method: Method) -> Self {
        match method {
            Method::Get => Self::GET,
            Method::Post => Self::POST,
            Method::Put => Self::PUT,
            Method::Delete => Self::DELETE,
        }
    }
}

/// What a call changes, and so what may be sent again when its answer is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It changes nothing.
    Read,
    /// Doing it twice is the same as doing it once.
    Idempotent,
    /// Doing it twice may do harm, so it is never re-sent while its outcome is unknown.
    Write,
}

/// Whether the documentation still offers an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// It has a page.
    Current,
    /// Its page is retired.
    Legacy,
    /// Only the official SDKs have it.
    Undocumented,
}

/// Language of a documentation page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, on the international site.
    En,
    /// Chinese only.
    Zh,
}

/// Kind of app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum App {
    /// Made by an organization for itself.
    Internal,
    /// Made for many organizations.
    ThirdParty,
}

/// Server that answers an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Host {
    /// `api.dingtalk.io` or `api.dingtalk.com`.
    Api,
    /// `oapi.dingtalk.io` or `oapi.dingtalk.com`, the older API.
    Oapi,
}

/// Where the access token of a call goes, and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Token {
    /// Into the header `x-acs-dingtalk-access-token`.
    Header,
    /// Into the same header; it is the token of a person, which the call brings along, and not that of the app.
    User,
    /// Into the query, as `access_token`.
    Query,
    /// Nowhere: the call needs none.
    None,
}

/// How the server wraps an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Envelope {
    /// Not at all; errors have a status from 400 on.
    Plain,
    /// In `{"errcode": 0, "errmsg": "ok", "result": ..}` with status 200, also for errors.
    Errcode,
    /// Beside `errcode` and `errmsg`, with status 200, also for errors.
    Flat,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_codes_carry_the_status_before_them() {
        let operation = Operation {
            errors: "400 paramError paramError.name 403 permissionDenied 200 90018",
            ..crate::test_support::READ
        };
        let codes: Vec<(u16, String)> =
            operation.error_codes().map(|(status, code)| (status, code.to_string())).collect();
        let expected = [(400, "paramError"), (400, "paramError.name"), (403, "permissionDenied"), (200, "90018")];
        assert_eq!(codes, expected.map(|(status, code)| (status, code.to_owned())));
    }
}
