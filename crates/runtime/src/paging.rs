//! Lists that come in pages.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use tracing::Instrument;

use crate::error::Phase;
use crate::list_calls::ListCalls;
use crate::{Answer, Call, Error, ErrorKind, Parameter, Unreadable};

/// A request whose answer comes in pages.
pub trait Paged: Unpin {
    /// Answer with one page.
    type Answer: Answer;
    /// What the pages hold.
    type Item: Unpin + Send + 'static;
    /// What leads to the next page: a text, or a number.
    type Token: Parameter + Clone + Unpin;

    /// Asks for the page of a token; the first one has none.
    fn page(&self, token: Option<&Self::Token>) -> Call<Self::Answer>;

    /// The items of a page, and the token of the next one.
    fn split(answer: Self::Answer) -> (Vec<Self::Item>, Option<Self::Token>);

    /// Whether a page says by itself, beside the token, that another one follows.
    fn promises_more(answer: &Self::Answer) -> bool {
        let _ = answer;
        false
    }
}

/// The pages of a list, one after the other.
///
/// The next page is asked for while this one is looked at. The list ends where no token follows; an empty page
/// is not its end, but a hundred of them in a row are an error, for a server may give them for ever. A token that came
/// before is an error, after the page that it came with, and so is a page that promises more without a token. After an
/// error the stream ends; [`next_token`](Self::next_token) then tells where to go on.
///
/// One error does not end it: where elements had to be left out of a page, because they cannot be read (see
/// [`decode`](crate::decode)), that page with the others is followed by an error that leads to the first of them. Who
/// stops there has lost nothing without knowing; who goes on gets the rest of the list.
/// [`unreadable`](Self::unreadable) tells all that was not readable in the last page, single fields too.
#[must_use = "nothing is asked for until the pages are taken"]
pub struct Pages<P: Paged> {
    request: P,
    next: Next<P::Answer>,
    token: Option<P::Token>,
    seen: Seen,
    unreadable: Vec<Unreadable>,
    /// The elements that were left out of the last page.
    left_out: Option<Error>,
    /// Empty pages since the last item.
    empty: u32,
    calls: ListCalls<P::Answer>,
}

/// Most empty pages in a row.
const MOST_EMPTY: u32 = 100;

/// The tokens that came, as hashes: a token may be long, and a list may have many pages.
#[derive(Default)]
struct Seen {
    hashes: HashSet<u64>,
    state: RandomState,
}

impl Seen {
    /// Adds a token; false if it came before.
    fn is_new(&mut self, token: &str) -> bool {
        self.hashes.insert(self.state.hash_one(token))
    }
}

/// Where the next page comes from.
enum Next<A> {
    /// It was not asked for yet.
    Unasked,
    /// A task of its own asks for it.
    Asked(Task<A>),
    /// Nowhere, for this reason.
    Nowhere(&'static str),
    /// There is none.
    End,
}

/// A call that goes on by itself and ends when it is dropped.
struct Task<A>(tokio::task::JoinHandle<Result<(A, Vec<Unreadable>), Error>>);

impl<A> Drop for Task<A> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<P: Paged> Pages<P> {
    /// All pages of a list.
    pub fn new(request: P) -> Self {
        Self {
            request,
            next: Next::Unasked,
            token: None,
            seen: Seen::default(),
            unreadable: Vec::new(),
            left_out: None,
            empty: 0,
            calls: ListCalls::new(),
        }
    }

    /// Begins with the page of this token instead of the first one.
    pub fn starting_at(mut self, token: P::Token) -> Self {
        self.seen.is_new(&token.text());
        self.token = Some(token);
        self
    }

    /// Sets the time for the whole list, from when the first page is asked for; without it, only each page has one.
    ///
    /// Pages that have come by then are given, also later. Then follows an error that says
    /// [so](crate::TimedOut::List), and the list ends; [`next_token`](Self::next_token) tells where to go on.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.calls.set_time(timeout);
        self
    }

    /// Sets something for the call of each page: its time, its retries, a header.
    ///
    /// ```
    /// # use dingtalk_runtime::{Error, Paged, Pages};
    /// async fn first<P: Paged>(list: Pages<P>) -> Result<Option<Vec<P::Item>>, Error> {
    ///     list.each_call(|call| call.header("x-correlation-id", "report-7")).try_next().await
    /// }
    /// ```
    pub fn each_call(mut self, adjust: impl Fn(Call<P::Answer>) -> Call<P::Answer> + Send + Sync + 'static) -> Self {
        self.calls.set_adjust(adjust);
        self
    }

    /// Token of the page that comes next, to go on another time; none before the first page and after the
    /// last one.
    pub fn next_token(&self) -> Option<&P::Token> {
        self.token.as_ref()
    }

    /// What could not be read in the page that was taken last.
    pub fn unreadable(&self) -> &[Unreadable] {
        &self.unreadable
    }

    /// The next page; none after the last one.
    pub async fn try_next(&mut self) -> Result<Option<Vec<P::Item>>, Error> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }

    /// Asks for the next page now, unless that was done.
    fn ask(&mut self) -> Result<(), Error> {
        if matches!(self.next, Next::Unasked) {
            if tokio::runtime::Handle::try_current().is_err() {
                return Err(Error::configuration("pages must be taken in a tokio runtime"));
            }
            let call = self.calls.prepared(self.request.page(self.token.as_ref()));
            self.next = Next::Asked(Task(tokio::spawn(call.with_unreadable().in_current_span())));
        }
        Ok(())
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Vec<P::Item>, Error>>> {
        if let Some(error) = self.left_out.take() {
            return Poll::Ready(Some(Err(error)));
        }
        if let Err(error) = self.ask() {
            self.next = Next::End;
            return Poll::Ready(Some(Err(error)));
        }
        if let Next::Nowhere(reason) = self.next {
            self.next = Next::End;
            return Poll::Ready(Some(Err(Error::new(ErrorKind::Paging, Phase::Applied, reason))));
        }
        let Next::Asked(task) = &mut self.next else { return Poll::Ready(None) };
        let answer = ready!(Pin::new(&mut task.0).poll(context));
        self.next = Next::End;
        let answer =
            answer.unwrap_or_else(|_| Err(Error::configuration("the runtime that asked for a page has ended")));
        Poll::Ready(Some(answer.map(|(answer, unreadable)| {
            self.left_out = unreadable.iter().find(|value| value.is_left_out()).map(left_out);
            self.unreadable = unreadable;
            self.accept(answer)
        })))
    }

    /// Takes a page and sees what comes after it.
    fn accept(&mut self, answer: P::Answer) -> Vec<P::Item> {
        let is_more_promised = P::promises_more(&answer);
        let (items, token) = P::split(answer);
        self.token = token.filter(|token| !token.text().is_empty());
        self.empty = if items.is_empty() { self.empty + 1 } else { 0 };
        if let Some(token) = &self.token {
            self.next = if !self.seen.is_new(&token.text()) {
                Next::Nowhere("a page token came twice, and following it would go on for ever")
            } else if self.empty >= MOST_EMPTY {
                Next::Nowhere("a hundred pages in a row were empty")
            } else {
                Next::Unasked
            };
        } else if is_more_promised {
            self.next = Next::Nowhere("more pages follow, but the token that leads to them is missing");
        }
        items
    }
}

fn left_out(first: &Unreadable) -> Error {
    Error::new(ErrorKind::Answer, Phase::Applied, format!("{first}; the list goes on after it"))
}

impl<P: Paged> Stream for Pages<P> {
    type Item = Result<Vec<P::Item>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let page = ready!(self.poll_page(context));
        if matches!(page, Some(Ok(_))) {
            // An error here comes out when the page is taken.
            let _ = self.ask();
        }
        Poll::Ready(page)
    }
}

impl<P: Paged + fmt::Debug> fmt::Debug for Pages<P> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Pages").field(&self.request).finish()
    }
}

/// The items of a list, one after the other.
///
/// The next page is asked for when half of this one is taken, so that whoever stops early pays for no page
/// that he does not look at. For the rest see [`Pages`].
#[must_use = "nothing is asked for until the items are taken"]
pub struct Items<P: Paged> {
    pages: Pages<P>,
    page: VecDeque<P::Item>,
    /// The next page is asked for when no more items than these are left.
    ask_at: usize,
}

impl<P: Paged> Items<P> {
    /// All items of a list.
    pub fn new(request: P) -> Self {
        Self { pages: Pages::new(request), page: VecDeque::new(), ask_at: 0 }
    }

    /// Begins with the page of this token instead of the first one.
    pub fn starting_at(mut self, token: P::Token) -> Self {
        self.pages = self.pages.starting_at(token);
        self
    }

    /// Sets the time for the whole list, as [`Pages::timeout`] does. Items that have come by then are given, also
    /// later.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.pages = self.pages.timeout(timeout);
        self
    }

    /// Sets something for the call of each page, as [`Pages::each_call`] does.
    pub fn each_call(mut self, adjust: impl Fn(Call<P::Answer>) -> Call<P::Answer> + Send + Sync + 'static) -> Self {
        self.pages = self.pages.each_call(adjust);
        self
    }

    /// Token of the page after the one whose items are given now. After an error the list goes on there, and misses
    /// nothing: all items before it were given.
    pub fn next_token(&self) -> Option<&P::Token> {
        self.pages.next_token()
    }

    /// What could not be read in the page that was asked for last.
    pub fn unreadable(&self) -> &[Unreadable] {
        self.pages.unreadable()
    }

    /// The next item; none after the last one.
    pub async fn try_next(&mut self) -> Result<Option<P::Item>, Error> {
        std::future::poll_fn(|context| self.poll_item(context)).await.transpose()
    }

    /// All items at once, or the first error; who wants to keep what came before it takes them
    /// [one by one](Self::try_next).
    pub async fn all(mut self) -> Result<Vec<P::Item>, Error> {
        let mut all = Vec::new();
        while let Some(item) = self.try_next().await? {
            all.push(item);
        }
        Ok(all)
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<P::Item, Error>>> {
        loop {
            if let Some(item) = self.page.pop_front() {
                if self.page.len() <= self.ask_at {
                    // An error here comes out when the page is taken.
                    let _ = self.pages.ask();
                }
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(self.pages.poll_page(context)) {
                Some(Ok(page)) => {
                    self.ask_at = page.len() / 2;
                    self.page = page.into();
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<P: Paged> Stream for Items<P> {
    type Item = Result<P::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(context)
    }
}

impl<P: Paged + fmt::Debug> fmt::Debug for Items<P> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Items").field(&self.pages.request).finish()
    }
}
