//! Time for a whole list or bulk call.

use std::num::NonZeroU32;
use std::time::Duration;

use dingtalk_runtime::{
    AppState, Batched, Batches, Call, Client, Error, ErrorKind, Items, Pages, Phase, Request, TimedOut,
};
use tokio::time::Instant;

use crate::support::*;

const SECOND: Duration = Duration::from_secs(1);

/// A request with a list of things.
#[derive(Debug, Clone)]
struct Things(Request);

impl Batched for Things {
    type Element = String;
    type Outcome = Thing;
    type Answer = Thing;
    type Task = Thing;
    const MAX: usize = 2;

    fn part(&self, elements: &[String]) -> Call<Thing> {
        self.0.clone().body("ids", elements).send()
    }

    fn outcomes(answer: Thing, _: usize) -> Vec<Thing> {
        answer.things
    }
}

/// A server that gives five pages of two things each, a second after it was asked for one.
async fn slow_pages() -> Server {
    Server::start(|received| {
        let page: usize = received.query("nextToken").map_or(0, |token| token.parse().unwrap());
        let next = if page < 4 { format!(r#","nextToken":"{}""#, page + 1) } else { String::new() };
        let body = format!(r#"{{"things":[{{"id":"{}"}},{{"id":"{}"}}]{next}}}"#, 2 * page, 2 * page + 1);
        Plan::Answer(vec![Step::Wait(SECOND), Step::Send(bytes(200, "", &body))])
    })
    .await
}

fn list(server: &Server) -> Listed {
    let client: Client = bare(server).build().unwrap();
    Listed(request(&client, &READ))
}

/// Takes items until there are no more, with the error that ended them.
async fn taken(items: &mut Items<Listed>) -> (Vec<String>, Option<Error>) {
    let mut ids = Vec::new();
    loop {
        match items.try_next().await {
            Ok(Some(item)) => ids.push(item.id.unwrap()),
            Ok(None) => return (ids, None),
            Err(error) => return (ids, Some(error)),
        }
    }
}

fn ids(numbers: std::ops::Range<usize>) -> Vec<String> {
    numbers.map(|number| number.to_string()).collect()
}

#[tokio::test(start_paused = true)]
async fn what_a_list_gave_in_its_time_stays_and_the_rest_can_be_had_later() {
    let server = slow_pages().await;
    let mut items = Items::new(list(&server)).timeout(2 * SECOND + SECOND / 2);
    // The time begins when the first page is asked for.
    tokio::time::sleep(100 * SECOND).await;
    let started = Instant::now();
    let (first, error) = taken(&mut items).await;
    let error = error.unwrap();
    assert_eq!((first, started.elapsed()), (ids(0..4), 2 * SECOND + SECOND / 2));
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Timeout, Phase::Unknown));
    assert_eq!((error.timed_out(), error.is_retryable()), (Some(TimedOut::List), true));
    let text = error.to_string();
    assert!(text.contains("test.Read") && text.contains("2.5s for the whole list"), "{text}");
    assert!(items.try_next().await.unwrap().is_none());

    let token = items.next_token().unwrap().clone();
    let mut rest = Items::new(list(&server)).starting_at(token);
    let (rest, error) = taken(&mut rest).await;
    assert_eq!(rest, ids(4..10));
    assert!(error.is_none());
}

#[tokio::test(start_paused = true)]
async fn items_that_have_come_are_given_after_the_time_too_and_nothing_is_sent_then() {
    let server = slow_pages().await;
    let mut items = Items::new(list(&server)).timeout(3 * SECOND);
    let first = items.try_next().await.unwrap().unwrap();
    assert_eq!(first.id.as_deref(), Some("0"));
    // The second page comes while nobody looks.
    tokio::time::sleep(100 * SECOND).await;
    let (more, error) = taken(&mut items).await;
    let error = error.unwrap();
    assert_eq!(more, ids(1..4));
    assert_eq!((error.timed_out(), error.phase(), error.attempts()), (Some(TimedOut::List), Phase::NotSent, 0));
    assert_eq!(error.operation().unwrap().name, "test.Read");
    assert_eq!(items.next_token().map(String::as_str), Some("2"));
    assert_eq!(server.received().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_done_in_time_does_not_notice() {
    let server = slow_pages().await;
    for time in [6 * SECOND, Duration::MAX] {
        let (all, error) = taken(&mut Items::new(list(&server)).timeout(time)).await;
        assert_eq!(all, ids(0..10));
        assert!(error.is_none());
    }
}

#[tokio::test(start_paused = true)]
async fn pages_have_a_time_as_items_do() {
    let server = slow_pages().await;
    let mut pages = Pages::new(list(&server)).timeout(SECOND + SECOND / 2);
    assert_eq!(pages.try_next().await.unwrap().unwrap().len(), 2);
    assert_eq!(pages.try_next().await.unwrap_err().timed_out(), Some(TimedOut::List));
    assert_eq!(pages.next_token().map(String::as_str), Some("1"));
}

#[tokio::test(start_paused = true)]
async fn the_error_says_whose_time_it_was() {
    let server = Server::start(|_| Plan::Answer(vec![Step::Stall])).await;
    let stalling = |call: Duration, attempt: Duration| {
        let builder = bare(&server).timeout(call).attempt_timeout(attempt).retry(dingtalk_runtime::Never);
        let client: Client = builder.build().unwrap();
        async move { Pages::new(Listed(request(&client, &READ))).timeout(2 * SECOND).try_next().await.unwrap_err() }
    };
    assert_eq!(stalling(SECOND, 9 * SECOND).await.timed_out(), Some(TimedOut::Call));
    assert_eq!(stalling(9 * SECOND, SECOND).await.timed_out(), Some(TimedOut::Attempt));
    assert_eq!(stalling(9 * SECOND, 9 * SECOND).await.timed_out(), Some(TimedOut::List));
}

#[tokio::test(start_paused = true)]
async fn a_list_whose_time_runs_out_in_a_queue_of_the_client_was_not_sent() {
    let server = slow_pages().await;
    let builder = bare(&server).app(&AppState::new()).calls_per_second(NonZeroU32::new(1));
    let client: Client = builder.build().unwrap();
    let others: Vec<_> = (0..20).map(|_| tokio::spawn(request(&client, &READ).send::<Thing>())).collect();
    tokio::task::yield_now().await;
    let late = Pages::new(Listed(request(&client, &READ))).timeout(2 * SECOND).try_next().await.unwrap_err();
    assert_eq!((late.timed_out(), late.phase()), (Some(TimedOut::List), Phase::NotSent));
    assert!(late.waited() >= SECOND && late.to_string().contains("limiter"), "{late}");
    others.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test(start_paused = true)]
async fn a_bulk_call_tells_of_each_element_whether_it_may_have_been_sent() {
    // The first call is answered, the second one never; a third one must not be made.
    let server = Server::start(|received| {
        let text = String::from_utf8_lossy(&received.body).into_owned();
        if text.contains(r#""0""#) {
            return json(200, r#"{"things":[{"id":"0"},{"id":"1"}]}"#);
        }
        Plan::Answer(vec![Step::Stall])
    })
    .await;
    let client: Client = bare(&server).build().unwrap();
    let started = Instant::now();
    let outcomes = Batches::new(Things(request(&client, &WRITE)), ids(0..6)).timeout(2 * SECOND).all().await;
    assert_eq!((outcomes.len(), started.elapsed()), (6, 2 * SECOND));
    assert_eq!(server.received().len(), 2);
    for (element, outcome) in outcomes {
        let told = outcome.map_err(|error| (error.kind(), error.phase(), error.timed_out()));
        let expected = match element.as_str() {
            "0" | "1" => None,
            "2" | "3" => Some((ErrorKind::OutcomeUnknown, Phase::Unknown, Some(TimedOut::List))),
            _ => Some((ErrorKind::Timeout, Phase::NotSent, Some(TimedOut::List))),
        };
        assert_eq!(told.err(), expected, "{element}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_stops_in_its_middle_tells_whose_time_ran_out() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{\"things\":[".to_vec();
    let server = Server::start(move |_| Plan::Answer(vec![Step::Send(head.clone()), Step::Stall])).await;
    let client: Client = bare(&server).build().unwrap();
    let call = || request(&client, &READ).send::<Thing>().once();
    assert_eq!(call().stall_timeout(SECOND).await.unwrap_err().timed_out(), Some(TimedOut::Stall));
    assert_eq!(call().attempt_timeout(SECOND).await.unwrap_err().timed_out(), Some(TimedOut::Attempt));
    assert_eq!(call().timeout(SECOND).await.unwrap_err().timed_out(), Some(TimedOut::Call));
    let page = Pages::new(Listed(request(&client, &READ))).timeout(SECOND).try_next().await;
    assert_eq!(page.unwrap_err().timed_out(), Some(TimedOut::List));
}

#[tokio::test(start_paused = true)]
async fn a_list_whose_time_runs_out_while_a_token_is_fetched_says_so() {
    let server = Server::start(|_| Plan::Answer(vec![Step::Stall])).await;
    let client: Client = with_tokens(&server).build().unwrap();
    let late = Pages::new(Listed(request(&client, &READ))).timeout(SECOND).try_next().await.unwrap_err();
    assert_eq!((late.kind(), late.phase()), (ErrorKind::Credentials, Phase::NotSent));
    assert_eq!(late.timed_out(), Some(TimedOut::List));
}

#[tokio::test(start_paused = true)]
async fn each_call_of_a_list_has_the_settings_that_are_asked_for() {
    let server = Server::start(|received| match received.query("nextToken") {
        None => json(200, r#"{"things":[{"id":"0"}],"nextToken":"1"}"#),
        Some(_) => json(200, r#"{"things":[{"id":"1"}]}"#),
    })
    .await;
    let mut items = Items::new(list(&server)).each_call(|call| call.header("x-trace", "list"));
    assert_eq!(taken(&mut items).await.0, ids(0..2));
    let client: Client = bare(&server).build().unwrap();
    let batches = Batches::new(Things(request(&client, &WRITE)), ids(0..3));
    batches.each_call(|call| call.header("x-trace", "bulk")).all().await;
    let traces: Vec<String> =
        server.received().iter().map(|received| received.header("x-trace").unwrap().to_owned()).collect();
    assert_eq!(traces, ["list", "list", "bulk", "bulk"]);
}
