//! A request under construction.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::encode::{Encode, Wire};
use crate::form::{Form, FormFile};
use crate::secret::Secret;
use crate::token_cache::Bearer;
use crate::{Client, Error, Operation, Parameter};

/// Everything but the characters that mean only themselves anywhere in a URL.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A request under construction. Its `Debug` shows names, never values: they may be secret.
#[derive(Clone)]
#[must_use = "a request does nothing until it is sent"]
pub struct Request {
    client: Client,
    operation: &'static Operation,
    path: Vec<(&'static str, String)>,
    query: Vec<(Cow<'static, str>, String)>,
    body: Vec<(&'static str, Node)>,
    /// What few requests have, so that it is small where thousands wait.
    rare: Option<Box<Rare>>,
}

#[derive(Clone, Default)]
struct Rare {
    /// The body where it is a form.
    form: Option<Form>,
    /// Secrets among the values, which no error shows however short they are.
    secrets: Vec<String>,
    /// Token of the person on whose behalf the call is made.
    user_token: Option<Secret>,
    /// The first thing that could not be written; it comes out of the call.
    fault: Option<Box<str>>,
    /// The list of a bulk call, of which each call takes a part.
    elements: Option<Arc<dyn Any + Send + Sync>>,
}

/// Part of a JSON body; values are kept as the JSON that will be sent.
#[derive(Clone)]
enum Node {
    Value(Vec<u8>),
    Object(Vec<(&'static str, Vec<u8>)>),
}

impl Client {
    /// Begins a request.
    pub fn request(&self, operation: &'static Operation) -> Request {
        Request::new(self.clone(), operation)
    }
}

impl Request {
    pub(crate) fn new(client: Client, operation: &'static Operation) -> Self {
        Self { client, operation, path: Vec::new(), query: Vec::new(), body: Vec::new(), rare: None }
    }

    fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }

    /// Keeps the list of a bulk call, for [`all_elements`](Self::all_elements).
    pub fn elements<T: Clone + Send + Sync + 'static>(mut self, elements: &[T]) -> Self {
        self.rare().elements = Some(Arc::new(elements.to_vec()));
        self
    }

    /// The list of a bulk call.
    pub fn all_elements<T: Clone + Send + Sync + 'static>(&self) -> Vec<T> {
        let elements = self.rare.as_ref().and_then(|rare| rare.elements.as_ref());
        elements.and_then(|elements| elements.downcast_ref::<Vec<T>>()).cloned().unwrap_or_default()
    }

    /// Sets a parameter of the path.
    pub fn path<T: Parameter + ?Sized>(self, name: &'static str, value: &T) -> Self {
        let text = value.text();
        if value.is_secret() { self.with_secrets(&[&text]) } else { self }.with_path(name, text)
    }

    fn with_path(mut self, name: &'static str, value: Cow<'_, str>) -> Self {
        put(&mut self.path, name, value.into_owned());
        self
    }

    /// A parameter of the path as it was set; empty when it was not.
    #[must_use]
    pub fn path_text(&self, name: &str) -> &str {
        self.path.iter().find(|(other, _)| *other == name).map_or("", |(_, value)| value)
    }

    /// Sets a parameter of the query, in place of an earlier one of the name.
    pub fn query<T: Parameter + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.with_query(name, value.text())
    }

    fn with_query(mut self, name: &'static str, value: Cow<'_, str>) -> Self {
        put(&mut self.query, Cow::Borrowed(name), value.into_owned());
        self
    }

    /// Sets a list in the query as the API wants it: `name.1=a&name.2=b`.
    pub fn query_indexed<T: Parameter>(mut self, name: &'static str, values: &[T]) -> Self {
        let is_element = |other: &str| other.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
        self.query.retain(|(other, _)| !is_element(other));
        for (index, value) in (1..).zip(values) {
            self.query.push((Cow::Owned(format!("{name}.{index}")), value.text().into_owned()));
        }
        self
    }

    /// Sets a parameter of the query to JSON text.
    pub fn query_json<T: Encode + ?Sized>(self, name: &'static str, value: &T) -> Self {
        match serde_json::to_string(&value.wire()) {
            Ok(json) => self.with_query(name, Cow::Owned(json)),
            Err(_) => self.with_fault(name),
        }
    }

    /// Takes over a parameter of the query from another request, if that has it.
    pub fn query_from(self, other: &Self, name: &'static str) -> Self {
        match other.query.iter().find(|(other, _)| other == name) {
            Some((_, value)) => self.with_query(name, Cow::Borrowed(value)),
            None => self,
        }
    }

    /// Sets a field of the body, in place of an earlier one of the name.
    pub fn body<T: Encode + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.with_body(name, json(&value.wire()))
    }

    fn with_body(mut self, name: &'static str, json: Result<Vec<u8>, serde_json::Error>) -> Self {
        let Ok(json) = json else { return self.with_fault(name) };
        put(&mut self.body, name, Node::Value(json));
        self
    }

    /// Sets a field of an object in the body.
    pub fn body_in<T: Encode + ?Sized>(self, object: &'static str, name: &'static str, value: &T) -> Self {
        self.with_body_in(object, name, json(&value.wire()))
    }

    fn with_body_in(
        mut self,
        object: &'static str,
        name: &'static str,
        json: Result<Vec<u8>, serde_json::Error>,
    ) -> Self {
        let Ok(json) = json else { return self.with_fault(name) };
        match self.body.iter_mut().find(|(other, _)| *other == object) {
            Some((_, Node::Object(fields))) => put(fields, name, json),
            _ => put(&mut self.body, object, Node::Object(vec![(name, json)])),
        }
        self
    }

    /// Sets a part of the form.
    pub fn form<T: Parameter + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.with_form(|form| form.text(name, value.text().into_owned()))
    }

    /// Sets a part of the form to a file.
    pub fn form_file(self, name: &'static str, file: &FormFile) -> Self {
        self.with_form(|form| form.file(name, file))
    }

    fn with_form(mut self, set: impl FnOnce(&mut Form)) -> Self {
        set(self.rare().form.get_or_insert_default());
        self
    }

    fn with_fault(mut self, name: &str) -> Self {
        // serde's message may quote the value, so it is not passed on.
        self.rare().fault.get_or_insert_with(|| format!("the value of {name} cannot be written as JSON").into());
        self
    }

    /// Makes the call with the token of a person, where the operation wants that in place of the token of the app. The
    /// name is that under which calls by name take it; on the wire it goes where every token does.
    pub fn user_token<T: Parameter + ?Sized>(mut self, _name: &'static str, token: &T) -> Self {
        self.rare().user_token = Some(Secret::new(token.text()));
        self
    }

    /// A request to another operation with the same client and credentials.
    pub fn follow_up(&self, operation: &'static Operation) -> Self {
        let mut request = Self::new(self.client.clone(), operation);
        if let Some(token) = self.rare.as_ref().and_then(|rare| rare.user_token.as_ref()) {
            request.rare().user_token = Some(token.clone());
        }
        request
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// The token of a person, as the caller gave it.
    pub(crate) fn bearer(&self) -> Result<Bearer, Error> {
        let token = self.rare.as_ref().and_then(|rare| rare.user_token.as_ref());
        let token = token.map(Secret::expose).filter(|token| !token.is_empty());
        token.and_then(Bearer::of_a_person).ok_or_else(|| {
            Error::request(
                self.operation,
                "the access token of the person is empty or holds characters that cannot be sent",
            )
        })
    }

    pub(crate) fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Names secrets among the values.
    pub(crate) fn with_secrets(mut self, secrets: &[&str]) -> Self {
        self.rare().secrets.extend(secrets.iter().map(|secret| (*secret).to_owned()));
        self
    }

    pub(crate) fn secrets(&self) -> &[String] {
        self.rare.as_ref().map_or(&[], |rare| &rare.secrets)
    }

    /// What this request sent and no error shall repeat: it may be secret or personal, and whoever sent it knows it.
    /// The ids of things in the path are neither; one debugs with them.
    /// Short values are left out; they are words, numbers and names of options.
    pub(crate) fn sent_values(&self) -> Vec<String> {
        const LONG: usize = 12;
        let path = self.path.iter().filter(|(name, _)| is_personal(name)).map(|(_, value)| value);
        let mut sent: Vec<String> = path.chain(self.query.iter().map(|(_, value)| value)).cloned().collect();
        sent.extend(self.form_body().into_iter().flat_map(Form::texts).map(|(_, text)| text.to_owned()));
        for (_, node) in &self.body {
            match node {
                Node::Value(json) => texts(json, &mut sent),
                Node::Object(fields) => fields.iter().for_each(|(_, json)| texts(json, &mut sent)),
            }
        }
        sent.retain(|value| value.len() >= LONG);
        sent
    }

    /// The path, for those who look into a failure: with the ids of things, without those of people.
    pub(crate) fn shown_path(&self) -> impl fmt::Display + '_ {
        ShownPath(self)
    }

    /// Refuses what cannot be sent: where the server would understand another resource, or a value has no JSON.
    pub(crate) fn check(&self) -> Result<(), Error> {
        self.each_part(|_, _| {})
    }

    /// Path and query, encoded, behind the address of a server.
    pub(crate) fn address(&self, server: &str) -> Result<String, Error> {
        let mut address = String::with_capacity(256);
        address.push_str(server);
        self.each_part(|fixed, value| {
            address.push_str(fixed);
            address.extend(utf8_percent_encode(value, RESERVED));
        })?;
        self.append_query(&mut address);
        Ok(address)
    }

    /// Goes through the path: a fixed text and the value after it, which is empty at the end.
    fn each_part(&self, mut part: impl FnMut(&str, &str)) -> Result<(), Error> {
        if let Some(fault) = self.rare.as_ref().and_then(|rare| rare.fault.as_ref()) {
            return Err(Error::request(self.operation, fault.to_string()));
        }
        if let Some(fault) = self.form_body().and_then(|form| form.fault(self.operation.form.unwrap_or_default())) {
            return Err(Error::request(self.operation, fault));
        }
        let mut rest = self.operation.path;
        while let Some((fixed, after)) = split_at_byte(rest, b'{') {
            let (name, after) = split_at_byte(after, b'}').unwrap_or((after, ""));
            let value = self.path_text(name);
            if matches!(value, "" | "." | "..") {
                let fault = format!(
                    "the path parameter {name} is {}",
                    if value.is_empty() { "empty" } else { "a relative path" }
                );
                return Err(Error::request(self.operation, fault));
            }
            part(fixed, value);
            rest = after;
        }
        part(rest, "");
        Ok(())
    }

    fn append_query(&self, target: &mut String) {
        let mut separator = '?';
        for (name, value) in &self.query {
            target.push(separator);
            target.extend(utf8_percent_encode(name, RESERVED));
            target.push('=');
            target.extend(utf8_percent_encode(value, RESERVED));
            separator = '&';
        }
    }

    /// The body, if it is a form.
    pub(crate) fn form_body(&self) -> Option<&Form> {
        self.rare.as_ref().and_then(|rare| rare.form.as_ref())
    }

    pub(crate) fn has_body(&self) -> bool {
        self.operation.body || !self.body.is_empty()
    }

    /// The JSON body, if the operation has one.
    pub(crate) fn json_body(&self) -> Option<Bytes> {
        if !self.has_body() {
            return None;
        }
        // Exactly so large: `Bytes` takes such a text over as it is.
        let size = object_size(&self.body, |node| match node {
            Node::Value(value) => value.len(),
            Node::Object(fields) => object_size(fields, Vec::len),
        });
        let mut json = Vec::with_capacity(size);
        write_object(&mut json, &self.body, |json, node| match node {
            Node::Value(value) => json.extend_from_slice(value),
            Node::Object(fields) => write_object(json, fields, |json, value| json.extend_from_slice(value)),
        });
        Some(json.into())
    }
}

struct ShownPath<'a>(&'a Request);

impl fmt::Display for ShownPath<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0.operation.path;
        while let Some((fixed, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            formatter.write_str(fixed)?;
            if is_personal(name) || self.0.secrets().iter().any(|secret| secret == self.0.path_text(name)) {
                write!(formatter, "{{{name}}}")?;
            } else {
                write!(formatter, "{}", utf8_percent_encode(self.0.path_text(name), RESERVED))?;
            }
            rest = after;
        }
        formatter.write_str(rest)
    }
}

/// Whether a parameter says who somebody is.
fn is_personal(name: &str) -> bool {
    const PEOPLE: [&str; 6] = ["union", "user", "member", "operator", "staff", "person"];
    let name = name.to_ascii_lowercase();
    PEOPLE.iter().any(|people| name.contains(people))
}

/// What stands before and after the first ASCII character of a kind.
fn split_at_byte(text: &str, byte: u8) -> Option<(&str, &str)> {
    let place = memchr::memchr(byte, text.as_bytes())?;
    Some((text.get(..place)?, text.get(place + 1..)?))
}

/// The JSON of a value, in as much memory as it is likely to need.
fn json(value: &Wire<'_>) -> Result<Vec<u8>, serde_json::Error> {
    let length = match value {
        Wire::Null | Wire::Boolean(_) => 5,
        Wire::Integer(_) | Wire::Unsigned(_) => 20,
        Wire::Text(text) | Wire::Secret(text) => text.len() + 2,
        Wire::Any(_) | Wire::Object(_) | Wire::List(_) => 128,
    };
    let mut json = Vec::with_capacity(length);
    serde_json::to_writer(&mut json, value)?;
    Ok(json)
}

/// Collects the texts in a piece of JSON.
fn texts(json: &[u8], texts: &mut Vec<String>) {
    let mut values: Vec<serde_json::Value> = serde_json::from_slice(json).into_iter().collect();
    while let Some(value) = values.pop() {
        match value {
            serde_json::Value::String(text) => texts.push(text),
            serde_json::Value::Array(list) => values.extend(list),
            serde_json::Value::Object(map) => values.extend(map.into_iter().map(|(_, value)| value)),
            _ => {}
        }
    }
}

/// Replaces a field or adds it at the end, so that fields keep the order in which they were first set.
fn put<N: PartialEq, T>(fields: &mut Vec<(N, T)>, name: N, value: T) {
    if let Some((_, old)) = fields.iter_mut().find(|(other, _)| *other == name) {
        *old = value;
        return;
    }
    // Many requests have one, and thousands of them may wait.
    if fields.capacity() == 0 {
        fields.reserve_exact(1);
    }
    fields.push((name, value));
}

/// Length of an object in JSON.
fn object_size<T>(fields: &[(&'static str, T)], size: impl Fn(&T) -> usize) -> usize {
    let commas = fields.len().saturating_sub(1);
    fields.iter().map(|(name, value)| name.len() + r#""":"#.len() + size(value)).sum::<usize>() + commas + "{}".len()
}

fn write_object<T>(json: &mut Vec<u8>, fields: &[(&'static str, T)], write: impl Fn(&mut Vec<u8>, &T)) {
    json.push(b'{');
    for (index, (name, value)) in fields.iter().enumerate() {
        if index > 0 {
            json.push(b',');
        }
        // Names are those of the spec: they need no escapes.
        json.push(b'"');
        json.extend_from_slice(name.as_bytes());
        json.extend_from_slice(b"\":");
        write(json, value);
    }
    json.push(b'}');
}

impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path: Vec<&str> = self.path.iter().map(|(name, _)| *name).collect();
        let query: Vec<&str> = self.query.iter().map(|(name, _)| name.as_ref()).collect();
        let form = self.form_body().into_iter().flat_map(Form::names);
        let body: Vec<&str> = self.body.iter().map(|(name, _)| *name).chain(form).collect();
        formatter
            .debug_struct("Request")
            .field("operation", &self.operation.name)
            .field("path", &path)
            .field("query", &query)
            .field("body", &body)
            .finish_non_exhaustive()
    }
}
