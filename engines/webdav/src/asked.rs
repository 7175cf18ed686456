//! One request, as the file system below knows it.
//!
//! The protocol's library asks a file system for small steps, each of which would be a call of the API, and knows a
//! handful of failures. So each step is given the request that it is a part of: what can be done at once is done at
//! once, and what went wrong is noted in full, for the answer.

use std::future::Future;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use dav_server::fs::FsResult;
use dingtalk_storage_transfer::{Drive, Entry, Error};
use http::{HeaderMap, Method, header};
use tokio::time::Instant;

use crate::failure::Failure;
use crate::range::Range;

/// One request.
#[derive(Debug, Clone)]
pub struct Asked(Arc<Request>);

#[derive(Debug)]
struct Request {
    drive: Drive,
    hour_ends: Instant,
    method: Method,
    /// Whether it is about a folder without what is in it.
    is_shallow: bool,
    /// Whether it changes something if something is as it says.
    changes_under_condition: bool,
    /// Whether what it moves or copies may take the place of something.
    may_replace: bool,
    /// Path of the URL.
    url: String,
    /// Which bytes are wanted; none where that is not simply said.
    range: Option<Range>,
    failure: OnceLock<Failure>,
    /// The folder that it lists, listed before the answer begins.
    listed: Mutex<Option<Vec<Entry>>>,
    /// What has the name that something is to have.
    replaced: Mutex<Option<Entry>>,
}

impl Asked {
    pub fn new((drive, hour_ends): (Drive, Instant), method: &Method, url: &str, headers: &HeaderMap) -> Self {
        let is_shallow = headers.get("depth").is_some_and(|depth| depth == "0");
        let conditions = [
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            header::IF_MODIFIED_SINCE,
            header::IF_UNMODIFIED_SINCE,
            header::IF_RANGE,
        ];
        let has_condition = conditions.iter().any(|name| headers.contains_key(name));
        // Of the conditions of the protocol's own header, those on contents stand in square brackets.
        let on_content = headers.get_all("if").iter().any(|value| value.as_bytes().contains(&b'['));
        let is_safe = ["GET", "HEAD", "PROPFIND"].contains(&method.as_str());
        let is_conditional = on_content
            || [header::IF_MATCH, header::IF_UNMODIFIED_SINCE].iter().any(|name| headers.contains_key(name))
            || headers.get(header::IF_NONE_MATCH).is_some_and(|tags| tags != "*");
        let range = match headers.get(header::RANGE) {
            _ if has_condition || *method != Method::GET => None,
            None => Some(Range::WHOLE),
            Some(text) => text.to_str().ok().and_then(Range::parse),
        };
        Self(Arc::new(Request {
            drive,
            hour_ends,
            method: method.clone(),
            is_shallow,
            changes_under_condition: is_conditional && !is_safe,
            may_replace: headers.get("overwrite").is_none_or(|overwrite| overwrite != "F"),
            url: url.to_owned(),
            range,
            failure: OnceLock::new(),
            listed: Mutex::default(),
            replaced: Mutex::default(),
        }))
    }

    pub fn drive(&self) -> &Drive {
        &self.0.drive
    }

    pub fn is(&self, method: &str) -> bool {
        self.0.method.as_str() == method
    }

    pub fn is_shallow(&self) -> bool {
        self.0.is_shallow
    }

    pub fn changes_under_condition(&self) -> bool {
        self.0.changes_under_condition
    }

    pub fn may_replace(&self) -> bool {
        self.0.may_replace
    }

    pub fn note_replaced(&self, entry: Entry) {
        *self.0.replaced.lock().unwrap_or_else(PoisonError::into_inner) = Some(entry);
    }

    pub fn take_replaced(&self) -> Option<Entry> {
        self.0.replaced.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub fn url(&self) -> &str {
        &self.0.url
    }

    pub fn range(&self) -> Option<Range> {
        self.0.range
    }

    /// What went wrong, if the protocol's library cannot say it.
    pub fn failure(&self) -> Option<&Failure> {
        self.0.failure.get()
    }

    pub fn failure_of(&self, error: &Error) -> Failure {
        Failure::of(error, Some(self.0.hour_ends.saturating_duration_since(Instant::now())))
    }

    /// The outcome of a step in the words of the protocol's library; what these do not say is noted.
    pub fn told<T>(&self, outcome: Result<T, Failure>) -> FsResult<T> {
        outcome.map_err(|failure| {
            let words = failure.in_words_of_the_protocol();
            if !failure.is_plain() {
                let _ = self.0.failure.set(failure);
            }
            words
        })
    }

    pub fn keep_list(&self, entries: Vec<Entry>) {
        *self.0.listed.lock().unwrap_or_else(PoisonError::into_inner) = Some(entries);
    }

    pub fn take_list(&self) -> Option<Vec<Entry>> {
        self.0.listed.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Does something that changes the drive. A client that hangs up meanwhile does not stop it half-way.
    pub async fn undisturbed<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Failure> {
        match tokio::spawn(work).await {
            Ok(done) => done.map_err(|error| self.failure_of(&error)),
            Err(stopped) => Err(Failure::new(http::StatusCode::INTERNAL_SERVER_ERROR, stopped.to_string())),
        }
    }
}
