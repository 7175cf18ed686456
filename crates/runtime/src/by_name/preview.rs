//! A request as it would be sent, to be looked at.

use std::fmt;

use serde_json::{Value, json};

use super::findings::Findings;
use crate::authorization::{TOKEN_HEADER, TOKEN_QUERY};
use crate::form::Form;
use crate::operation::Token;
use crate::{Error, Request};

/// A request as it would be sent, with `HIDDEN` in place of the access token and of everything secret.
///
/// `Display` shows it like an HTTP request.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Preview {
    /// HTTP method.
    pub method: &'static str,
    /// Address with path and query.
    pub url: String,
    /// Headers beyond those that HTTP itself needs.
    pub headers: Vec<(&'static str, &'static str)>,
    /// JSON body; of a form its parts, with the lengths of files in place of their bytes.
    pub body: Option<Value>,
}

impl Preview {
    /// Of a request that holds no secrets any more.
    pub(super) fn new(request: &Request) -> Result<Self, Error> {
        let operation = request.operation();
        let mut url = request.address(request.client().origin(operation)?.as_str())?;
        let mut headers = vec![("accept", "application/json")];
        let form = request.form_body().map(parts);
        let body = request.json_body().and_then(|body| serde_json::from_slice(&body).ok());
        if form.is_some() {
            headers.push(("content-type", "multipart/form-data"));
        } else if body.is_some() {
            headers.push(("content-type", "application/json; charset=utf-8"));
        }
        let body = form.or(body);
        match operation.token {
            Token::Header | Token::User => headers.push((TOKEN_HEADER, Findings::HIDDEN)),
            Token::Query => {
                let separator = if url.contains('?') { '&' } else { '?' };
                url.push(separator);
                url.push_str(TOKEN_QUERY);
                url.push('=');
                url.push_str(Findings::HIDDEN);
            }
            Token::None => {}
        }
        Ok(Self { method: operation.method.as_str(), url, headers, body })
    }
}

/// The parts of a form by their names.
fn parts(form: &Form) -> Value {
    let texts = form.texts().map(|(name, text)| (name.to_owned(), Value::from(text)));
    let files = form.files().map(|(name, file)| {
        let file = json!({ "name": file.name(), "contentType": file.kind(), "length": file.length() });
        (name.to_owned(), file)
    });
    Value::Object(texts.chain(files).collect())
}

impl fmt::Display for Preview {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{} {}", self.method, self.url)?;
        for (name, value) in &self.headers {
            writeln!(formatter, "{name}: {value}")?;
        }
        self.body.as_ref().map_or(Ok(()), |body| writeln!(formatter, "\n{body:#}"))
    }
}
