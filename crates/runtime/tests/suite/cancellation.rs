//! Every public future can be dropped wherever it waits.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use dingtalk_runtime::credentials::{AccessToken, Credentials, Fetch, TokenServer};
use dingtalk_runtime::{Batched, Batches, Call, Client, Items, Lasting, Pages, TaskState, Wait};

use crate::support::*;

/// A source of tokens that takes its time. As long as a client lives, or a task of one, it lives too.
#[derive(Debug)]
struct Slow(#[allow(dead_code, reason = "it is counted")] Arc<()>);

impl Credentials for Slow {
    fn fetch<'a>(&'a self, _: &'a TokenServer) -> Fetch<'a> {
        Box::pin(async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            AccessToken::new("token", None)
        })
    }
}

impl Lasting for Listed {
    type Answer = Thing;
    type Task = Thing;

    fn start(&self) -> Call<Thing> {
        self.0.clone().send()
    }

    fn task_ids(answer: &Thing) -> Vec<String> {
        answer.id.iter().cloned().collect()
    }

    fn task(&self, _: &str) -> Call<Thing> {
        self.0.clone().send()
    }

    fn state(_: &Thing) -> TaskState {
        TaskState::Succeeded
    }
}

impl Batched for Listed {
    type Element = String;
    type Outcome = Thing;
    type Answer = Thing;
    type Task = Thing;
    const MAX: usize = 1;

    fn part(&self, elements: &[String]) -> Call<Thing> {
        self.0.clone().body("ids", elements).send()
    }

    fn outcomes(answer: Thing, _: usize) -> Vec<Thing> {
        answer.things
    }
}

type Work = Pin<Box<dyn Future<Output = ()>>>;
type Begin = fn(Listed) -> Work;

/// All futures that users wait for.
fn works() -> Vec<(&'static str, Begin)> {
    vec![
        ("call", |any| Box::pin(async move { drop(any.0.send::<Thing>().await) })),
        ("call with a deadline", |any| {
            Box::pin(async move { drop(any.0.send::<Thing>().timeout(Duration::from_secs(40)).await) })
        }),
        ("pages", |any| {
            Box::pin(async move {
                let mut pages = Pages::new(any);
                while pages.try_next().await.unwrap().is_some() {}
            })
        }),
        ("items", |any| {
            Box::pin(async move {
                let mut items = Items::new(any);
                while items.try_next().await.unwrap().is_some() {}
            })
        }),
        ("wait", |any| Box::pin(async move { drop(Wait::new(any).await) })),
        ("batches", |any| {
            Box::pin(async move { drop(Batches::new(any, ["a".to_owned(), "b".to_owned()]).all().await) })
        }),
    ]
}

/// Polls so many times; true if it ended.
async fn polled(mut work: Work, times: usize) -> bool {
    let mut left = times;
    std::future::poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(false);
        }
        left -= 1;
        match work.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(true),
            Poll::Pending if left == 0 => Poll::Ready(false),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// A server that throttles and fails now and then, and answers slowly, piece by piece.
async fn awkward() -> Server {
    let count = AtomicUsize::new(0);
    Server::start(move |received| {
        let number = count.fetch_add(1, Ordering::SeqCst);
        if number % 5 == 1 {
            return json(403, THROTTLED);
        }
        if number % 5 == 3 {
            return Plan::Answer(vec![Step::Close]);
        }
        let next = if received.query("nextToken").is_none() { r#","nextToken":"a""# } else { "" };
        let body = format!(r#"{{"id":"task","things":[{{}},{{}}]{next}}}"#);
        let whole = bytes(200, "", &body);
        let (start, end) = whole.split_at(whole.len() - 9);
        let pause = Step::Wait(Duration::from_millis(5));
        Plan::Answer(vec![pause.clone(), Step::Send(start.to_vec()), pause, Step::Send(end.to_vec())])
    })
    .await
}

/// How far a future gets before it is dropped.
#[derive(Debug, Clone, Copy)]
enum End {
    Polls(usize),
    Millis(u64),
}

/// Drops a future at some point, and sees that nothing is left of it; true if it had ended.
async fn check(server: &Server, name: &str, work: Begin, end: End) -> bool {
    let alive = Arc::new(());
    let limit = std::num::NonZeroU32::new(2);
    let client: Client = bare(server).credentials(Slow(Arc::clone(&alive))).calls_per_second(limit).build().unwrap();
    let before = server.received().len();
    let work = work(Listed(request(&client, &READ)));
    let ended = match end {
        End::Polls(polls) => polled(work, polls).await,
        End::Millis(millis) => tokio::time::timeout(Duration::from_millis(millis), work).await.is_ok(),
    };
    let started = tokio::time::Instant::now();
    request(&client, &READ).send::<Thing>().await.unwrap_or_else(|error| panic!("{name} to {end:?}: {error}"));
    let took = started.elapsed();
    assert!(took < Duration::from_secs(6), "{name} to {end:?}: the next call took {took:?}");
    tokio::time::sleep(Duration::from_secs(60)).await;
    let sent = server.received().len() - before;
    let counted = usize::try_from(client.counter().count()).unwrap();
    // A call that is dropped before its request is on the wire counts as well.
    assert!((sent..=sent + 1).contains(&counted), "{name} to {end:?}: {sent} sent, {counted} counted");
    drop(client);
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(Arc::strong_count(&alive), 1, "{name} to {end:?}: something lives on");
    ended
}

#[tokio::test(start_paused = true)]
async fn dropped_at_any_poll_nothing_leaks_and_the_next_call_works() {
    let server = awkward().await;
    for (name, work) in works() {
        let mut polls = 0;
        while !check(&server, name, work, End::Polls(polls)).await {
            polls += 1;
        }
        assert!(polls >= 2, "{name} ended after {polls} polls already");
    }
}

#[tokio::test(start_paused = true)]
async fn dropped_at_any_time_nothing_leaks_and_the_next_call_works() {
    let server = awkward().await;
    for (name, work) in works() {
        let mut millis = 0;
        while !check(&server, name, work, End::Millis(millis)).await {
            // Close steps where an answer comes in, wide ones where calls wait for their turn.
            millis += if millis % 500 < 350 { 3 } else { 50 };
        }
        assert!(millis >= 300, "{name} ended after {millis} ms already");
    }
}
