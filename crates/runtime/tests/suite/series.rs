//! Pages, tasks and bulk calls.

use std::future::Future;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use dingtalk_runtime::{
    Batched, Batches, Call, Client, ErrorKind, Items, Lasting, Pages, TaskReader, TaskState, Wait, WaitTask,
};
use tokio::time::Instant;

use crate::support::*;

/// A server with pages of these sizes; the last has a token that is missing, or empty.
async fn pages(sizes: &'static [usize], last: &'static str) -> Server {
    Server::start(move |received| {
        let page: usize = received.query("nextToken").map_or(0, |token| token.parse().unwrap());
        let start: usize = sizes[..page].iter().sum();
        let things: Vec<String> = (start..start + sizes[page]).map(|id| format!(r#"{{"id":"{id}"}}"#)).collect();
        let next = if page + 1 < sizes.len() { format!(r#","nextToken":"{}""#, page + 1) } else { last.to_owned() };
        json(200, &format!(r#"{{"things":[{}]{next}}}"#, things.join(",")))
    })
    .await
}

fn list(server: &Server) -> Listed {
    let client: Client = bare(server).build().unwrap();
    Listed(request(&client, &READ))
}

#[tokio::test(start_paused = true)]
async fn items_come_in_order_whatever_the_pages_and_each_page_is_asked_for_once() {
    const SIZES: [&[usize]; 6] = [&[3, 2, 1], &[0, 0, 3, 0, 2, 0], &[0], &[1], &[50, 50, 50], &[2, 0]];
    for sizes in SIZES {
        for last in ["", r#","nextToken":"""#, r#","nextToken":null"#] {
            let server = pages(sizes, last).await;
            let mut items = Items::new(list(&server));
            let mut ids = Vec::new();
            while let Some(item) = items.try_next().await.unwrap() {
                ids.push(item.id.unwrap());
            }
            let expected: Vec<String> = (0..sizes.iter().sum::<usize>()).map(|id| id.to_string()).collect();
            assert_eq!(ids, expected, "{sizes:?}");
            assert_eq!(server.received().len(), sizes.len(), "{sizes:?}");
            assert!(items.try_next().await.unwrap().is_none());
            assert_eq!(Items::new(list(&server)).all().await.unwrap().len(), expected.len());

            let mut pages = Pages::new(list(&server));
            let mut seen = Vec::new();
            while let Some(page) = pages.try_next().await.unwrap() {
                seen.push(page.len());
            }
            assert_eq!(seen, sizes);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_that_comes_again_is_an_error_and_ends_the_list() {
    let server = Server::start(|received| match received.query("nextToken").as_deref() {
        Some("a") => json(200, r#"{"things":[{}],"nextToken":"b"}"#),
        _ => json(200, r#"{"things":[{}],"nextToken":"a"}"#),
    })
    .await;
    let mut items = Items::new(list(&server));
    // The third page has the token of the second one; its items count all the same.
    for _ in 0..3 {
        assert!(items.try_next().await.unwrap().is_some());
    }
    assert_eq!(items.try_next().await.unwrap_err().kind(), ErrorKind::Paging);
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(server.received().len(), 3);

    let mut pages = Pages::new(list(&server)).starting_at("a".to_owned());
    pages.try_next().await.unwrap();
    pages.try_next().await.unwrap();
    assert_eq!(pages.try_next().await.unwrap_err().kind(), ErrorKind::Paging);
    assert!(pages.try_next().await.unwrap().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_list_whose_last_page_promises_more_does_not_end_as_if_it_were_whole() {
    for last in [r#","hasMore":true"#, r#","hasMore":true,"nextToken":null"#, r#","hasMore":true,"nextToken":"""#] {
        let server = pages(&[2, 1], last).await;
        let mut items = Items::new(list(&server));
        for _ in 0..3 {
            assert!(items.try_next().await.unwrap().is_some(), "{last}");
        }
        assert_eq!(items.try_next().await.unwrap_err().kind(), ErrorKind::Paging, "{last}");
        assert!(items.try_next().await.unwrap().is_none());
        assert_eq!(server.received().len(), 2);
        assert_eq!(Items::new(list(&server)).all().await.unwrap_err().kind(), ErrorKind::Paging, "{last}");
    }
    for last in ["", r#","hasMore":false"#, r#","hasMore":null"#] {
        let server = pages(&[2, 1], last).await;
        let mut pages = Pages::new(list(&server));
        while pages.try_next().await.unwrap().is_some() {}
        assert_eq!(server.received().len(), 2, "{last}");
    }
}

/// The token is what leads on, whatever is said beside it.
#[tokio::test(start_paused = true)]
async fn a_token_is_followed_also_where_no_more_pages_are_promised() {
    let server = Server::start(|received| match received.query("nextToken") {
        None => json(200, r#"{"things":[{}],"nextToken":"a","hasMore":false}"#),
        Some(_) => json(200, r#"{"things":[{}],"hasMore":false}"#),
    })
    .await;
    let mut items = Items::new(list(&server));
    for _ in 0..2 {
        assert!(items.try_next().await.unwrap().is_some());
    }
    assert!(items.try_next().await.unwrap().is_none());
}

#[test]
fn pages_outside_of_a_runtime_are_an_error_and_end() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut pages = {
        let _inside = runtime.enter();
        Pages::new(list(&Server::absent()))
    };
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let mut poll = || std::pin::pin!(pages.try_next()).poll(&mut context);
    assert!(matches!(poll(), Poll::Ready(Err(error)) if error.kind() == ErrorKind::Configuration));
    assert!(matches!(poll(), Poll::Ready(Ok(None))));
}

#[tokio::test(start_paused = true)]
async fn the_next_page_is_asked_for_when_half_of_the_items_are_taken() {
    let server = pages(&[10, 10], "").await;
    let mut items = Items::new(list(&server));
    for (taken, asked) in [(1, 1), (3, 1), (1, 2), (5, 2)] {
        for _ in 0..taken {
            items.try_next().await.unwrap().unwrap();
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(server.received().len(), asked);
    }
}

#[tokio::test(start_paused = true)]
async fn the_next_page_is_under_way_while_this_one_is_looked_at() {
    let slow = Duration::from_secs(1);
    let server = Server::start(move |received| {
        let page: usize = received.query("nextToken").map_or(0, |token| token.parse().unwrap());
        let body = format!(r#"{{"things":[{{}},{{}}],"nextToken":"{}"}}"#, page + 1);
        Plan::Answer(vec![Step::Wait(slow), Step::Send(bytes(200, "", &body))])
    })
    .await;
    let mut pages = Pages::new(list(&server));
    pages.try_next().await.unwrap();
    let started = Instant::now();
    for _ in 0..5 {
        tokio::time::sleep(slow).await;
        pages.try_next().await.unwrap();
    }
    // Five pages to fetch and five to look at, side by side.
    assert!(started.elapsed() < slow * 5 + Duration::from_millis(100), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn who_takes_few_items_pays_for_few_pages() {
    let server = pages(&[10, 10], "").await;
    let mut items = Items::new(list(&server));
    for _ in 0..4 {
        items.try_next().await.unwrap().unwrap();
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    drop(items);
    assert_eq!(server.received().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_list_can_go_on_where_it_failed() {
    let fails = Arc::new(Mutex::new(true));
    let failing = Arc::clone(&fails);
    let server = Server::start(move |received| match received.query("nextToken").as_deref() {
        None => json(200, r#"{"things":[{"id":"1"}],"nextToken":"a"}"#),
        Some(_) if *failing.lock().unwrap() => json(403, r#"{"code":"permissionDenied","message":"m"}"#),
        Some(_) => json(200, r#"{"things":[{"id":"2"}]}"#),
    })
    .await;
    let mut pages = Pages::new(list(&server));
    pages.try_next().await.unwrap();
    pages.try_next().await.unwrap_err();
    assert!(pages.try_next().await.unwrap().is_none());
    let token = pages.next_token().unwrap().clone();
    *fails.lock().unwrap() = false;
    let page = Pages::new(list(&server)).starting_at(token).try_next().await.unwrap().unwrap();
    assert_eq!(page[0].id.as_deref(), Some("2"));
}

/// A request whose work goes on as tasks; the answer's `id` has theirs, that of a task has the state.
#[derive(Debug)]
struct Copy(dingtalk_runtime::Request);

impl Lasting for Copy {
    type Answer = Thing;
    type Task = Thing;

    fn start(&self) -> Call<Thing> {
        self.0.clone().send()
    }

    fn task_ids(answer: &Thing) -> Vec<String> {
        answer.id.iter().flat_map(|ids| ids.split(',')).map(str::to_owned).collect()
    }

    fn task(&self, id: &str) -> Call<Thing> {
        self.0.follow_up(&READ).path("id", id).query_from(&self.0, "unionId").send()
    }

    fn state(task: &Thing) -> TaskState {
        TaskState::of(task.id.as_deref(), &["SUCCESS"], &["FAIL"])
    }
}

/// A server whose task ends after so long with this status.
async fn task(after: Duration, status: &'static str) -> Server {
    let start = Instant::now();
    Server::start(move |received| match received.path() {
        "/v1.0/things/7/write" => json(200, r#"{"id":"task-1"}"#),
        _ if start.elapsed() < after => json(200, r#"{"id":"IN_PROGRESS","size":1}"#),
        _ => json(200, &format!(r#"{{"id":"{status}","size":6}}"#)),
    })
    .await
}

fn copy(server: &Server) -> Wait<Copy> {
    let client: Client = bare(server).build().unwrap();
    Wait::new(Copy(request(&client, &WRITE)))
}

#[tokio::test(start_paused = true)]
async fn a_minute_of_work_is_asked_about_a_dozen_times() {
    let work = Duration::from_secs(60);
    let server = task(work, "SUCCESS").await;
    let started = Instant::now();
    let finished = copy(&server).await.unwrap();
    assert_eq!((finished.answer.id.as_deref(), finished.tasks[0].size), (Some("task-1"), Some(6)));
    let polls = server.count("/v1.0/things/task-1/query");
    assert!(polls <= 13, "{polls}");
    assert!(started.elapsed() <= work * 7 / 6, "{:?}", started.elapsed());
    assert_eq!(server.received()[1].query("unionId").as_deref(), Some("operator"));
}

#[tokio::test(start_paused = true)]
async fn a_task_that_fails_in_part_is_a_value() {
    let server = task(Duration::from_secs(1), "FAIL").await;
    let finished = copy(&server).await.unwrap();
    assert_eq!(Copy::state(&finished.tasks[0]), TaskState::Failed);
    assert_eq!(finished.tasks[0].size, Some(6));
}

#[tokio::test(start_paused = true)]
async fn a_task_that_does_not_end_is_left_at_the_deadline_by_name() {
    let server = task(Duration::MAX, "SUCCESS").await;
    let started = Instant::now();
    let error = copy(&server).timeout(Duration::from_secs(30)).await.unwrap_err();
    assert_eq!((error.kind(), error.task()), (ErrorKind::Timeout, Some("task-1")));
    assert!(error.to_string().contains("task-1"), "{error}");
    assert!(started.elapsed() <= Duration::from_millis(30_050), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn the_deadline_counts_for_the_request_as_well() {
    let server = Server::start(|_| Plan::Answer(vec![Step::Stall])).await;
    let started = Instant::now();
    let error = copy(&server).timeout(Duration::from_secs(5)).await.unwrap_err();
    assert!(started.elapsed() <= Duration::from_millis(5050), "{:?}", started.elapsed());
    assert_eq!((error.kind(), error.task::<&str>()), (ErrorKind::OutcomeUnknown, None));
}

#[tokio::test(start_paused = true)]
async fn a_task_that_cannot_be_asked_about_is_named() {
    let server = Server::start(|received| match received.path() {
        "/v1.0/things/7/write" => json(200, r#"{"id":"task-1"}"#),
        _ => json(403, r#"{"code":"permissionDenied","requestid":"R","message":"m"}"#),
    })
    .await;
    let error = copy(&server).await.unwrap_err();
    assert_eq!((error.kind(), error.task()), (ErrorKind::Api, Some("task-1")));
    assert!(error.to_string().contains("task task-1"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn unknown_states_and_lost_questions_do_not_end_the_waiting() {
    let start = Instant::now();
    let server = Server::start(move |received| match (received.path(), start.elapsed().as_secs()) {
        ("/v1.0/things/7/write", _) => json(200, r#"{"id":"task-1"}"#),
        (_, 0..20) => json(200, r#"{"id":"SOMETHING_NEW"}"#),
        (_, 20..40) => json(503, ""),
        _ => json(200, r#"{"id":"SUCCESS"}"#),
    })
    .await;
    assert_eq!(copy(&server).await.unwrap().tasks.len(), 1);
}

/// Each question costs calls, and a server that never answers one says nothing new.
#[tokio::test(start_paused = true)]
async fn a_task_that_nobody_tells_about_is_lost_after_some_questions_and_can_be_waited_for_again() {
    let start = Instant::now();
    let server = Server::start(move |received| match (received.path(), start.elapsed().as_secs()) {
        ("/v1.0/things/7/write", _) => json(200, r#"{"id":"task-1"}"#),
        (_, 0..300) => json(500, r#"{"code":"systemError","message":"m"}"#),
        _ => json(200, r#"{"id":"SUCCESS"}"#),
    })
    .await;
    let unfinished = copy(&server).await.unwrap_err();
    assert!(start.elapsed() < Duration::from_mins(3), "{:?}", start.elapsed());
    assert_eq!((unfinished.kind(), unfinished.task()), (ErrorKind::Api, Some("task-1")));
    let asked = server.count("/v1.0/things/task-1/query");
    assert!(asked <= 40, "{asked}");
    tokio::time::advance(Duration::from_mins(5)).await;
    assert_eq!(unfinished.go_on().unwrap().await.unwrap().tasks.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn work_that_is_done_at_once_is_not_asked_about() {
    let server = Server::start(|_| json(200, r#"{"size":1}"#)).await;
    let finished = copy(&server).await.unwrap();
    assert_eq!((finished.tasks.len(), server.received().len()), (0, 1));
}

/// A server of a bulk copy with these tasks. Each task ends so many seconds after the start of the work, with its
/// status; without, it never does.
async fn tasks(tasks: Vec<(&'static str, Option<(u64, &'static str)>)>) -> Server {
    let start = Instant::now();
    Server::start(move |received| {
        let ids: Vec<&str> = tasks.iter().map(|(id, _)| *id).collect();
        let task = tasks.iter().find(|(id, _)| received.path() == format!("/v1.0/things/{id}/query"));
        match task.map(|(_, end)| end) {
            None => json(200, &format!(r#"{{"id":"{}"}}"#, ids.join(","))),
            Some(Some((_, "DENIED"))) => json(403, r#"{"code":"permissionDenied","message":"m"}"#),
            Some(Some((after, status))) if start.elapsed() >= Duration::from_secs(*after) => {
                json(200, &format!(r#"{{"id":"{status}","size":6}}"#))
            }
            Some(_) => json(200, r#"{"id":"IN_PROGRESS"}"#),
        }
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn a_task_without_an_end_hides_nothing_of_the_others_and_can_be_waited_for_again() {
    let start = Instant::now();
    let server = tasks(vec![
        ("t-1", Some((100, "SUCCESS"))),
        ("t-2", Some((2, "SUCCESS"))),
        ("t-3", Some((40, "SUCCESS"))),
        ("t-4", Some((1, "FAIL"))),
    ])
    .await;
    let unfinished = copy(&server).timeout(Duration::from_secs(30)).await.unwrap_err();
    assert!(start.elapsed() <= Duration::from_millis(30_050), "{:?}", start.elapsed());
    assert_eq!(unfinished.answer().unwrap().id.as_deref(), Some("t-1,t-2,t-3,t-4"));
    assert_eq!(unfinished.done().map(|(id, _)| id).collect::<Vec<_>>(), ["t-2"]);
    assert_eq!(unfinished.failed().map(|(id, task)| (id, task.size)).collect::<Vec<_>>(), [("t-4", Some(6))]);
    assert_eq!(unfinished.open().collect::<Vec<_>>(), ["t-1", "t-3"]);
    assert_eq!((unfinished.kind(), unfinished.task()), (ErrorKind::Timeout, Some("t-1")));
    assert!(unfinished.to_string().contains("2 of 4 tasks"), "{unfinished}");

    let finished = unfinished.go_on().unwrap().await.unwrap();
    assert_eq!(finished.answer.id.as_deref(), Some("t-1,t-2,t-3,t-4"));
    let states: Vec<TaskState> = finished.tasks.iter().map(Copy::state).collect();
    assert_eq!(states, [TaskState::Succeeded, TaskState::Succeeded, TaskState::Succeeded, TaskState::Failed]);
    assert_eq!(server.count("/v1.0/things/7/write"), 1);
    assert!(server.count("/v1.0/things/t-4/query") <= 3, "what has ended is not asked about");
    // Work that has not begun cannot be waited for.
    let unfinished = copy(&server).timeout(Duration::ZERO).await.unwrap_err();
    assert!(unfinished.answer().is_none() && unfinished.open().next().is_none());
    assert_eq!(unfinished.go_on().unwrap_err().phase(), dingtalk_runtime::Phase::NotSent);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_is_lost_does_not_end_the_waiting_for_the_others() {
    let server = tasks(vec![("t-1", Some((0, "DENIED"))), ("t-2", Some((20, "SUCCESS")))]).await;
    let unfinished = copy(&server).await.unwrap_err();
    assert_eq!(unfinished.done().map(|(id, _)| id).collect::<Vec<_>>(), ["t-2"]);
    assert_eq!((unfinished.task(), unfinished.open().count()), (Some("t-1"), 1));
    assert_eq!(server.count("/v1.0/things/t-1/query"), 1);
}

#[tokio::test(start_paused = true)]
async fn many_tasks_are_asked_about_at_once() {
    let names: Vec<&'static str> = (0..20).map(|number| &*Box::leak(format!("t-{number}").into_boxed_str())).collect();
    let server = tasks(names.iter().map(|name| (*name, Some((0, "SUCCESS")))).collect()).await;
    let started = Instant::now();
    assert_eq!(copy(&server).await.unwrap().tasks.len(), 20);
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_was_got_before_is_waited_for() {
    let server = tasks(vec![("t-1", Some((3, "SUCCESS")))]).await;
    let client: Client = bare(&server).build().unwrap();
    let copy = Copy(request(&client, &WRITE));
    let answer = copy.start().await.unwrap();
    assert_eq!(Wait::after(copy, answer).await.unwrap().tasks.len(), 1);
    assert_eq!(server.count("/v1.0/things/7/write"), 1);
}

/// A request that asks about a task.
#[derive(Debug, Clone)]
struct Ask(dingtalk_runtime::Request);

impl TaskReader for Ask {
    type Task = Thing;

    fn ask(&self) -> Call<Thing> {
        self.0.clone().send()
    }

    fn id(&self) -> String {
        "t-1".to_owned()
    }

    fn state(task: &Thing) -> TaskState {
        Copy::state(task)
    }
}

#[tokio::test(start_paused = true)]
async fn a_task_of_which_only_the_id_is_known_can_be_waited_for() {
    let server = tasks(vec![("t-1", Some((20, "SUCCESS")))]).await;
    let client: Client = bare(&server).build().unwrap();
    let ask = Ask(request(&client, &READ).path("id", "t-1"));
    let error = WaitTask::new(ask.clone()).timeout(Duration::from_secs(3)).await.unwrap_err();
    assert_eq!((error.kind(), error.task()), (ErrorKind::Timeout, Some("t-1")));
    assert_eq!(WaitTask::new(ask.clone()).await.unwrap().size, Some(6));
    // It has ended already.
    let started = Instant::now();
    WaitTask::new(ask).await.unwrap();
    assert!(started.elapsed() < Duration::from_millis(50), "{:?}", started.elapsed());
}

/// A bulk request.
#[derive(Debug)]
struct Delete<const BY_ID: bool>(dingtalk_runtime::Request);

impl<const BY_ID: bool> Batched for Delete<BY_ID> {
    type Element = String;
    type Outcome = Thing;
    type Answer = Thing;
    type Task = Thing;
    const MAX: usize = 30;

    fn part(&self, elements: &[String]) -> Call<Thing> {
        self.0.clone().body("ids", elements).send()
    }

    fn outcomes(answer: Thing, _: usize) -> Vec<Thing> {
        answer.things
    }

    fn is_about(outcome: &Thing, element: &String) -> Option<bool> {
        BY_ID.then(|| outcome.id.as_ref() == Some(element))
    }
}

/// A server that answers about each id, the last first when `reversed`, and leaves out those of `missing`.
async fn outcomes(reversed: bool, missing: &'static [&'static str]) -> Server {
    Server::start(move |received| {
        let body: serde_json::Value = serde_json::from_slice(&received.body).unwrap();
        let ids = body["ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned());
        let mut ids: Vec<String> = ids.filter(|id| !missing.contains(&id.as_str())).collect();
        if reversed {
            ids.reverse();
        }
        let things: Vec<String> = ids.iter().map(|id| format!(r#"{{"id":"{id}"}}"#)).collect();
        json(200, &format!(r#"{{"things":[{}]}}"#, things.join(",")))
    })
    .await
}

fn ids(count: usize) -> Vec<String> {
    (0..count).map(|id| id.to_string()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_list_of_any_length_is_split_and_each_element_has_its_outcome() {
    for (count, calls) in [(0, 0), (1, 1), (30, 1), (31, 2), (100, 4)] {
        for reversed in [false, true] {
            let server = outcomes(reversed, &[]).await;
            let client: Client = bare(&server).build().unwrap();
            let outcomes = Batches::new(Delete::<true>(request(&client, &WRITE)), ids(count)).all().await;
            let elements: Vec<&String> = outcomes.iter().map(|(element, _)| element).collect();
            assert_eq!(elements, ids(count).iter().collect::<Vec<_>>());
            for (element, outcome) in &outcomes {
                assert_eq!(outcome.as_ref().unwrap().id.as_ref(), Some(element));
            }
            assert_eq!(server.received().len(), calls);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_element_without_an_outcome_is_told() {
    let server = outcomes(true, &["3", "7"]).await;
    let client: Client = bare(&server).build().unwrap();
    let outcomes = Batches::new(Delete::<true>(request(&client, &WRITE)), ids(10)).all().await;
    let missing: Vec<&str> =
        outcomes.iter().filter(|(_, outcome)| outcome.is_err()).map(|(element, _)| element.as_str()).collect();
    assert_eq!(missing, ["3", "7"]);
    // Without ids, nobody can say whose the outcomes are.
    let outcomes = Batches::new(Delete::<false>(request(&client, &WRITE)), ids(10)).all().await;
    assert!(outcomes.iter().all(|(_, outcome)| outcome.is_err()));
}

#[tokio::test(start_paused = true)]
async fn outcomes_without_ids_belong_to_elements_by_their_order() {
    let server = outcomes(false, &[]).await;
    let client: Client = bare(&server).build().unwrap();
    let outcomes = Batches::new(Delete::<false>(request(&client, &WRITE)), ids(45)).all().await;
    for (element, outcome) in &outcomes {
        assert_eq!(outcome.as_ref().unwrap().id.as_ref(), Some(element));
    }
}

#[tokio::test(start_paused = true)]
async fn a_part_that_fails_spoils_no_other() {
    let server = Server::start(|received| {
        let body: serde_json::Value = serde_json::from_slice(&received.body).unwrap();
        let ids: Vec<&str> = body["ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
        if ids.contains(&"40") {
            return json(403, r#"{"code":"permissionDenied","message":"m"}"#);
        }
        let things: Vec<String> = ids.iter().map(|id| format!(r#"{{"id":"{id}"}}"#)).collect();
        json(200, &format!(r#"{{"things":[{}]}}"#, things.join(",")))
    })
    .await;
    let client: Client = bare(&server).build().unwrap();
    let outcomes = Batches::new(Delete::<true>(request(&client, &WRITE)), ids(90)).all().await;
    let failed: Vec<&str> =
        outcomes.iter().filter(|(_, outcome)| outcome.is_err()).map(|(element, _)| element.as_str()).collect();
    assert_eq!(failed, ids(60)[30..].iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(server.received().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn empty_pages_without_end_end_and_tell_where_to_go_on() {
    let server = Server::start(|received| {
        let page: usize = received.query("nextToken").map_or(0, |token| token.parse().unwrap());
        // An item now and then lets it go on.
        let things = if page == 99 || page == 150 { r#"{"id":"1"}"# } else { "" };
        json(200, &format!(r#"{{"things":[{things}],"nextToken":"{}"}}"#, page + 1))
    })
    .await;
    let mut items = Items::new(list(&server));
    for _ in 0..2 {
        assert!(items.try_next().await.unwrap().is_some());
    }
    assert_eq!(items.try_next().await.unwrap_err().kind(), ErrorKind::Paging);
    assert!(items.try_next().await.unwrap().is_none());
    assert_eq!(server.received().len(), 251);

    let mut pages = Pages::new(list(&server)).starting_at("151".to_owned());
    let mut empty = 0;
    let error = loop {
        match pages.try_next().await {
            Ok(page) => empty += usize::from(page.is_some_and(|page| page.is_empty())),
            Err(error) => break error,
        }
    };
    assert_eq!((error.kind(), empty), (ErrorKind::Paging, 100));
    assert_eq!(pages.next_token().map(String::as_str), Some("251"));
}

#[tokio::test(start_paused = true)]
async fn a_task_that_is_announced_twice_is_asked_about_once() {
    let server =
        tasks(vec![("t-1", Some((0, "SUCCESS"))), ("t-1", Some((0, "SUCCESS"))), ("t-2", Some((0, "FAIL")))]).await;
    assert_eq!(copy(&server).await.unwrap().tasks.len(), 2);
    assert_eq!(server.count("/v1.0/things/t-1/query"), 1);
}

#[tokio::test(start_paused = true)]
async fn none_of_thousands_of_tasks_is_lost_because_its_turn_comes_late() {
    const TASKS: usize = 3000;
    let names: Vec<&'static str> =
        (0..TASKS).map(|number| &*Box::leak(format!("t-{number}").into_boxed_str())).collect();
    let server = tasks(names.iter().map(|name| (*name, Some((0, "SUCCESS")))).collect()).await;
    let limit = std::num::NonZeroU32::new(20);
    let client: Client = bare(&server).calls_per_second(limit).build().unwrap();
    let finished = Wait::new(Copy(request(&client, &WRITE))).await.unwrap();
    assert_eq!((finished.tasks.len(), server.received().len()), (TASKS, TASKS + 1));
}
