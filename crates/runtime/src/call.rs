//! A call: a future with settings.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use reqwest::header::{HeaderName, HeaderValue};

use crate::decode::{Document, Failure, Unreadable};
use crate::delivery::{Decode, Decoded, Delivering, deliver};
use crate::error::Phase;
use crate::list_calls::ListEnd;
use crate::retry::{Never, RetryPolicy};
use crate::settings::Settings;
use crate::{Answer, AnswerMeta, Error, ErrorKind, Request};

/// A call that gives a `T`. It is made when it is awaited; dropping it before the end cancels it.
///
/// ```
/// # use dingtalk_runtime::{Call, Error};
/// # use std::time::Duration;
/// async fn quickly(call: Call<()>) -> Result<(), Error> {
///     call.timeout(Duration::from_secs(3)).await
/// }
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<T> {
    state: State,
    answer: PhantomData<fn() -> T>,
}

enum State {
    Waiting(Request, Arc<Settings>, Decode),
    Running(Delivering),
    Ended,
}

impl State {
    fn new(request: Request, decode: Decode) -> Self {
        let settings = Arc::clone(request.client().settings());
        Self::Waiting(request, settings, decode)
    }
}

impl Request {
    /// Makes the call. Nothing happens until it is awaited.
    pub fn send<T: Answer>(self) -> Call<T> {
        Call::decoded_by(self, decode::<T>)
    }
}

impl<T: Answer> Call<T> {
    /// A call whose answer is read by the function, which must give a `T`.
    pub(crate) fn decoded_by(request: Request, decode: Decode) -> Self {
        Self { state: State::new(request, decode), answer: PhantomData }
    }

    /// Sets the time for the call with all its attempts and the pauses between them.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.set(|settings| settings.timeout = timeout)
    }

    /// Sets the time for one attempt.
    pub fn attempt_timeout(self, timeout: Duration) -> Self {
        self.set(|settings| settings.attempt_timeout = timeout)
    }

    /// Sets how long the answer may pause before it counts as lost.
    pub fn stall_timeout(self, timeout: Duration) -> Self {
        self.set(|settings| settings.stall_timeout = timeout)
    }

    /// Sets the largest answer that is read, in bytes.
    pub fn largest_answer(self, bytes: usize) -> Self {
        self.set(|settings| settings.largest_answer = bytes)
    }

    /// Sets how many elements of lists and entries of maps the answer may have, all together.
    pub fn most_elements(self, elements: usize) -> Self {
        self.set(|settings| settings.decoded.elements = elements)
    }

    /// Sets how many bytes of memory the answer may take once it is decoded.
    pub fn largest_decoded(self, bytes: usize) -> Self {
        self.set(|settings| settings.decoded.bytes = Some(bytes))
    }

    /// Has the call tell, beside the answer, what was unreadable in its lists. The answer is the same.
    ///
    /// ```
    /// # use dingtalk_runtime::{Answer, Call, Error};
    /// async fn strictly<T: Answer>(call: Call<T>) -> Result<T, Box<dyn std::error::Error>> {
    ///     let (answer, unreadable) = call.with_unreadable().await?;
    ///     // For example "at $.dentries[3].size: expected a whole number, found a fraction; the field was left empty".
    ///     unreadable.first().map_or(Ok(answer), |first| Err(first.to_string().into()))
    /// }
    /// ```
    pub fn with_unreadable(self) -> WithUnreadable<T> {
        WithUnreadable(self)
    }

    /// Has the call give what stands beside the answer too: HTTP status, request id, headers, attempts, and what was
    /// unreadable.
    ///
    /// ```
    /// # use dingtalk_runtime::{Answer, Call, Error};
    /// async fn traced<T: Answer>(call: Call<T>) -> Result<T, Error> {
    ///     let (answer, meta) = call.with_meta().await?;
    ///     println!("{} {:?} {:?}", meta.status, meta.request_id, meta.headers.get("date"));
    ///     Ok(answer)
    /// }
    /// ```
    pub fn with_meta(self) -> WithMeta<T> {
        WithMeta(self.set(|settings| settings.keeps_meta = true))
    }

    /// Adds a header to the request, in place of an earlier one of the name.
    ///
    /// The access token, what describes the body (`content-*`, `accept`) and what belongs to the connection (`host`,
    /// `connection`, `transfer-encoding`, …) are the client's: then, and where name or value is none that HTTP
    /// allows, the call gives an error of kind [`ErrorKind::Request`] and is not sent. Values of
    /// eight bytes or more count as secrets: no error repeats them.
    ///
    /// ```
    /// # use dingtalk_runtime::{Answer, Call, Error};
    /// async fn correlated<T: Answer>(call: Call<T>, id: &str) -> Result<T, Error> {
    ///     call.header("x-correlation-id", id).await
    /// }
    /// ```
    pub fn header<N, V>(self, name: N, value: V) -> Self
    where
        N: TryInto<HeaderName>,
        V: TryInto<HeaderValue>,
    {
        self.set(|settings| settings.headers.set(name, value))
    }

    /// Sets when the call is sent again.
    pub fn retry(self, policy: impl RetryPolicy) -> Self {
        self.set(|settings| settings.policy = Arc::new(policy))
    }

    /// Sends the call once only, but for the replay after an expired token.
    pub fn once(self) -> Self {
        self.retry(Never)
    }

    /// Bounds the time for the call, if it was set to more.
    pub(crate) fn at_most(self, time: Duration) -> Self {
        self.set(|settings| settings.timeout = settings.timeout.min(time))
    }

    /// Makes the call a part of a list that must be done by then.
    pub(crate) fn until(self, end: ListEnd) -> Self {
        self.set(|settings| settings.list = Some(end))
    }

    /// Makes the call even if the server has banned this address.
    pub(crate) fn despite_bans(self) -> Self {
        self.set(|settings| settings.ignores_bans = true)
    }

    fn set(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        if let State::Waiting(_, settings, _) = &mut self.state {
            change(Arc::make_mut(settings));
        }
        self
    }
}

impl<T: Answer> Call<T> {
    fn poll_decoded(&mut self, context: &mut Context<'_>) -> Poll<Result<(T, Beside), Error>> {
        if let State::Waiting(..) = self.state
            && let State::Waiting(request, settings, decode) = std::mem::replace(&mut self.state, State::Ended)
        {
            self.state = State::Running(deliver(request, settings, decode));
        }
        let State::Running(running) = &mut self.state else {
            return Poll::Ready(Err(Error::new(ErrorKind::Request, Phase::NotSent, "the call has ended already")));
        };
        let decoded = std::task::ready!(running.as_mut().poll(context));
        self.state = State::Ended;
        Poll::Ready(decoded.and_then(|decoded| match decoded.answer.downcast() {
            Ok(answer) => Ok((*answer, Beside { unreadable: decoded.unreadable, meta: decoded.meta })),
            Err(_) => Err(Error::new(ErrorKind::Answer, Phase::Applied, "it has another type")),
        }))
    }
}

impl<T: Answer> Future for Call<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.poll_decoded(context).map_ok(|(answer, _)| answer)
    }
}

/// A call that tells what was unreadable in the lists of its answer; see [`Call::with_unreadable`].
#[derive(Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct WithUnreadable<T>(Call<T>);

impl<T: Answer> Future for WithUnreadable<T> {
    type Output = Result<(T, Vec<Unreadable>), Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll_decoded(context).map_ok(|(answer, beside)| (answer, beside.unreadable))
    }
}

/// A call that gives what stands beside its answer; see [`Call::with_meta`].
#[derive(Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct WithMeta<T>(Call<T>);

impl<T: Answer> Future for WithMeta<T> {
    type Output = Result<(T, AnswerMeta), Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll_decoded(context).map_ok(|(answer, beside)| {
            let meta = beside.meta.map(|meta| *meta).unwrap_or_default();
            (answer, AnswerMeta { unreadable: beside.unreadable, ..meta })
        })
    }
}

/// What comes with an answer.
struct Beside {
    unreadable: Vec<Unreadable>,
    meta: Option<Box<AnswerMeta>>,
}

/// The only part of a call that is compiled once for each type of answer.
fn decode<T: Answer>(mut document: Document<'_>) -> Result<Decoded, Failure> {
    let answer = T::read(&mut document)?;
    Ok(Decoded::new(Box::new(answer), document))
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.state {
            State::Waiting(request, ..) => formatter.debug_tuple("Call").field(request).finish(),
            State::Running(_) => formatter.write_str("Call(running)"),
            State::Ended => formatter.write_str("Call(ended)"),
        }
    }
}
