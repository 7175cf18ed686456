//! One request with its bounds, sent over the network or through a transport of the application's own.

use std::sync::Arc;

use reqwest::Url;
use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use tokio::time::Instant;

use super::Delivery;
use crate::authorization::authorize;
use crate::transport::{self, Bounds, Network, Payload};
use crate::{Error, Method};

impl Delivery {
    pub(super) fn url(&self) -> Result<Url, Error> {
        let path = self.request.address("")?;
        let url = self.client().origin(self.operation())?.url(&path);
        url.ok_or_else(|| Error::request(self.operation(), "its parameters make no URL"))
    }

    /// Address and body are made for each attempt: there is hardly ever a second one to keep them for.
    fn http_request(&self, url: Url) -> (reqwest::Request, Option<Payload>) {
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
        (request, body)
    }

    pub(super) async fn exchanged(&self, url: Url, bounds: &Bounds) -> Result<transport::RawAnswer, Error> {
        let place = self.operation().token;
        if let Some(custom) = self.client().transport()
            && transport::concerns(custom, self.operation())
        {
            let (mut request, body) = self.http_request(url);
            let mut bearer = self.bearer.clone();
            if custom.sees_secrets() {
                authorize(&mut request, bearer.take().as_ref(), place);
            }
            let network = Network { pool: Arc::clone(&self.pool), bearer, bounds: *bounds };
            let (operation, number) = (self.operation(), self.attempts);
            let attempt = transport::Attempt { operation, number, request, body, network };
            return Box::pin(transport::exchange_through(custom, attempt)).await;
        }
        let is_https = url.scheme() == "https";
        let request = || {
            let (mut request, body) = self.http_request(url);
            authorize(&mut request, self.bearer.as_ref(), place);
            (request, body)
        };
        transport::exchange(self.pool.http(is_https)?, request, bounds).await
    }

    pub(super) fn bounds(&self, now: Instant) -> Bounds {
        let left = self.deadline().saturating_duration_since(now);
        let is_last = left <= self.settings.attempt_timeout;
        let time = left.min(self.settings.attempt_timeout);
        let (stall, size) = (self.settings.stall_timeout, self.settings.largest_answer);
        Bounds { time, deadline: now + time, stall, size, is_last }
    }
}
