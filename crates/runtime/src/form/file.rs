//! Files in forms.

use std::fmt;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use futures_core::Stream;

use crate::object_storage::Content;

/// A file in a form: its name, its bytes or where they come from, and the type of its content.
///
/// ```
/// use dingtalk_runtime::FormFile;
///
/// let photo = FormFile::new("photo.png", std::fs::read("photo.png").unwrap_or_default()).content_type("image/png");
/// assert_eq!(photo.name(), "photo.png");
/// ```
///
/// A call that is sent again sends the file again. Bytes in memory are shared by all attempts and never copied; a
/// [stream](Self::stream) is opened anew for each.
///
/// The time of an attempt, 30 s unless another is set, includes the upload: 20 MiB within it need about 5.6 Mbit/s.
/// Where a line is slower, give the call a longer [`attempt_timeout`](crate::Call::attempt_timeout), and a longer
/// [`timeout`](crate::Call::timeout) for all its attempts.
#[derive(Clone)]
pub struct FormFile {
    name: String,
    content_type: String,
    source: Source,
}

#[derive(Clone)]
enum Source {
    Bytes(Bytes),
    Stream { length: u64, open: Arc<dyn Fn() -> Content + Send + Sync> },
}

impl FormFile {
    /// A file of bytes in memory.
    pub fn new(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self::with_source(name.into(), Source::Bytes(bytes.into()))
    }

    /// A file whose bytes come from somewhere else, `length` of them in all.
    ///
    /// The function begins at the first byte each time it is called, once for each attempt. A stream that ends before
    /// its announced length, goes on after it or fails breaks the request off, so that the server cannot take a part of
    /// the file for the whole.
    pub fn stream<S>(name: impl Into<String>, length: u64, open: impl Fn() -> S + Send + Sync + 'static) -> Self
    where
        S: Stream<Item = io::Result<Bytes>> + Send + 'static,
    {
        let open = Arc::new(move || Content::stream(length, open()));
        Self::with_source(name.into(), Source::Stream { length, open })
    }

    fn with_source(name: String, source: Source) -> Self {
        Self { name, content_type: "application/octet-stream".to_owned(), source }
    }

    /// Sets the type of the content, such as `image/png`. Without it, the file is of no known type.
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = content_type.into();
        self
    }

    /// Its name, as the server will see it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many bytes it has.
    #[must_use]
    pub fn length(&self) -> u64 {
        match &self.source {
            Source::Bytes(bytes) => bytes.len() as u64,
            Source::Stream { length, .. } => *length,
        }
    }

    /// The type of the content.
    pub(crate) fn kind(&self) -> &str {
        &self.content_type
    }

    /// The type, if it cannot stand in a header.
    pub(crate) fn unfit_type(&self) -> Option<&str> {
        let is_fit = |text: &str| !text.trim().is_empty() && text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        Some(self.content_type.as_str()).filter(|kind| !is_fit(kind))
    }

    /// The bytes, if they are in memory.
    pub(crate) fn bytes(&self) -> Option<&Bytes> {
        match &self.source {
            Source::Bytes(bytes) => Some(bytes),
            Source::Stream { .. } => None,
        }
    }

    /// The bytes from the first one on.
    pub(crate) fn open(&self) -> Content {
        match &self.source {
            Source::Bytes(bytes) => Content::from(bytes.clone()),
            Source::Stream { open, .. } => open(),
        }
    }
}

impl fmt::Debug for FormFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("FormFile").field("length", &self.length()).finish_non_exhaustive()
    }
}
