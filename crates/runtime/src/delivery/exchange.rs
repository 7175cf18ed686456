//! One request with its bounds, sent over the network or through a transport of the application's own.

use std::sync::Arc;

use reqwest::Url;
use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use tokio::time::Instant;

use super::Delivery;
use crate::authorization::authorize;
use crate::transport::{self, Bounds, Network, Payload};
use crate::{Error, Method, Request};

impl Delivery {
    /// Address and body are made for each attempt: there is hardly ever a second one to keep them for.
    pub(super) fn http_request(&self) -> Result<(reqwest::Request, Option<Payload>), Error> {
        let url = url(&self.request)?;
        let (content_type, body) = Payload::of(&self.request);
        let mut request = reqwest::Request::new(self.operation().method.into(), url);
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(content_type) = content_type {
            headers.insert(CONTENT_TYPE, content_type);
        } else if matches!(self.operation().method, Method::Post | Method::Put) {
            // Some servers wait for a body where nothing tells that there is none.
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        self.settings.headers.add_to(headers);
        Ok((request, body))
    }

    pub(super) async fn exchanged(
        &self,
        mut request: reqwest::Request,
        body: Option<Payload>,
        started: Instant,
    ) -> Result<transport::RawAnswer, Error> {
        let (place, mut bounds) = (self.operation().token, self.bounds(started));
        if let Some(custom) = self.client().transport()
            && transport::concerns(custom, self.operation())
        {
            bounds.keeps_headers = true;
            let mut bearer = self.bearer.clone();
            if custom.sees_secrets() {
                authorize(&mut request, bearer.take().as_ref(), place);
            }
            let network = Network { pool: Arc::clone(&self.pool), bearer, bounds };
            let (operation, number) = (self.operation(), self.attempts);
            let attempt = transport::Attempt { operation, number, request, body, network };
            return Box::pin(transport::exchange_through(custom, attempt)).await;
        }
        authorize(&mut request, self.bearer.as_ref(), place);
        let is_https = self.client().origin(self.operation())?.is_https();
        transport::exchange(self.pool.http(is_https)?, request, body, bounds).await
    }

    fn bounds(&self, now: Instant) -> Bounds {
        let left = self.deadline().saturating_duration_since(now);
        let is_last = left <= self.settings.attempt_timeout;
        let time = left.min(self.settings.attempt_timeout);
        let (stall, size) = (self.settings.stall_timeout, self.settings.largest_answer);
        Bounds { time, deadline: now + time, stall, size, is_last, keeps_headers: self.settings.keeps_meta }
    }
}

fn url(request: &Request) -> Result<Url, Error> {
    let operation = request.operation();
    let path = request.address("")?;
    let url = request.client().origin(operation)?.url(&path);
    url.ok_or_else(|| Error::request(operation, "its parameters make no URL"))
}
