//! Signed URLs with their headers.

use std::fmt;
use std::sync::Arc;

use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::Error;

/// Signed URLs of one object, and the headers that their signature covers. Never shown.
#[derive(Clone)]
pub struct Signed {
    urls: Arc<[Url]>,
    headers: HeaderMap,
}

impl Signed {
    /// What an operation gave: URLs in the order in which to try them, and headers as they came.
    ///
    /// # Errors
    ///
    /// If there is no URL, or one of them or a header cannot be sent: the server's answer was no good.
    pub fn new<'a>(
        urls: impl IntoIterator<Item = &'a str>,
        headers: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Error> {
        // Neither is shown: both are as good as a key to the file.
        let refuse = |why: &'static str| Error::answer(format!("the signed URL cannot be used: {why}"));
        let urls: Result<Vec<Url>, _> = urls.into_iter().map(Url::parse).collect();
        let urls = urls.map_err(|_| refuse("it is not a URL"))?;
        if urls.is_empty() {
            return Err(refuse("there is none"));
        }
        if !urls.iter().all(|url| matches!(url.scheme(), "https" | "http") && url.has_host()) {
            return Err(refuse("it is not one of HTTP"));
        }
        let headers = headers.into_iter().map(|(name, value)| {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| refuse("a header has no good name"))?;
            let mut value = HeaderValue::from_str(value).map_err(|_| refuse("a header has no good value"))?;
            value.set_sensitive(true);
            Ok((name, value))
        });
        Ok(Self { urls: urls.into(), headers: headers.collect::<Result<_, Error>>()? })
    }

    /// How many URLs there are, at least one.
    #[must_use]
    pub fn urls(&self) -> usize {
        self.urls.len()
    }

    /// The URL at a place, from the beginning again after the last one.
    pub(super) fn url(&self, index: usize) -> Option<&Url> {
        self.urls.iter().cycle().nth(index % self.urls.len().max(1))
    }

    /// What no error shows, should the storage repeat it: all that makes the signature, and its parts, for messages
    /// quote those alone.
    pub(super) fn secrets(&self) -> impl Iterator<Item = String> {
        /// Shorter ones are words, numbers and dates.
        const LONG: usize = 12;
        let queries = self.urls.iter().flat_map(|url| {
            let whole = url.query().map(str::to_owned);
            whole.into_iter().chain(url.query_pairs().map(|(_, value)| value.into_owned()))
        });
        let headers = self.headers.iter().filter(|(name, _)| !matches!(name.as_str(), "date" | "x-oss-date"));
        let headers = headers.filter_map(|(_, value)| value.to_str().ok()).flat_map(|value| {
            let parts = value.split([' ', ',', ';', ':']);
            let values = value.split([' ', ',', ';']).filter_map(|part| Some(part.split_once('=')?.1));
            parts.chain(values).chain([value]).map(str::to_owned).collect::<Vec<_>>()
        });
        queries.chain(headers).filter(|secret| secret.len() >= LONG)
    }

    pub(super) fn headers(&self) -> &HeaderMap {
        &self.headers
    }
}

impl fmt::Debug for Signed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Signed").field("urls", &self.urls.len()).finish_non_exhaustive()
    }
}
