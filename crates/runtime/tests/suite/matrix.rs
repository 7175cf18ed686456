//! Every effect with every fault: nothing is done twice that must not be, and nothing is given up that could go on.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dingtalk_runtime::credentials::{AccessToken, Credentials, Fetch, TokenServer};
use dingtalk_runtime::{Client, ClientBuilder, Effect, ErrorKind, Operation, Phase};

use crate::support::*;

/// Attempts of the usual policy.
const ATTEMPTS: usize = 4;
const SCHEDULES: u64 = 3_000;

/// What a fault lets a client do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leave {
    /// The call was refused and may be sent again, whatever it does.
    Refused,
    /// The token was rejected: one replay.
    Token,
    /// Nothing is known: only what may be done twice may be sent again.
    Unknown,
    /// It was applied and the answer is lost: only what may be done twice may be sent again.
    Applied,
    /// Sending again makes nothing better.
    Final,
    /// Nor here, and nothing is known.
    FinalUnknown,
}

/// A way for a call to go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Fault {
    name: &'static str,
    leave: Leave,
    /// The server did what it was asked before things went wrong.
    is_applied: bool,
}

const fn fault(name: &'static str, leave: Leave, is_applied: bool) -> Fault {
    Fault { name, leave, is_applied }
}

const FAULTS: [Fault; 36] = [
    fault("reset at the first byte", Leave::Unknown, false),
    fault("close at the first byte", Leave::Unknown, false),
    fault("reset after the head", Leave::Unknown, false),
    fault("reset within the body", Leave::Unknown, false),
    fault("close within the body", Leave::Unknown, false),
    fault("reset instead of an answer", Leave::Unknown, false),
    fault("apply, then reset", Leave::Unknown, true),
    fault("apply, then close", Leave::Unknown, true),
    fault("apply, then cut the status line", Leave::Unknown, true),
    fault("apply, then cut the head", Leave::Unknown, true),
    fault("apply, then cut before the body", Leave::Unknown, true),
    fault("apply, then cut the body", Leave::Unknown, true),
    fault("apply, then reset in the body", Leave::Unknown, true),
    fault("apply, then cut a chunk", Leave::Unknown, true),
    fault("apply, then cut what has no length", Leave::Unknown, true),
    fault("apply, then say nothing", Leave::Unknown, true),
    fault("apply, then stall in the head", Leave::Unknown, true),
    fault("apply, then stall in the body", Leave::Unknown, true),
    fault("apply, then drip", Leave::Unknown, true),
    fault("apply, then 200 without a body", Leave::Applied, true),
    fault("apply, then broken JSON", Leave::Applied, true),
    fault("apply, then 500", Leave::Unknown, true),
    fault("500", Leave::Unknown, false),
    fault("apply, then 503 operationTimeout", Leave::Unknown, true),
    fault("502 page", Leave::Unknown, false),
    fault("504", Leave::Unknown, false),
    fault("403 throttled by the second", Leave::Refused, false),
    fault("403 throttled by the minute", Leave::Refused, false),
    fault("400 operationConcurrentControl", Leave::Refused, false),
    fault("400 token", Leave::Token, false),
    fault("403 permissionDenied", Leave::Final, false),
    fault("403 month used up", Leave::Final, false),
    fault("403 ban page", Leave::Final, false),
    fault("301", Leave::Final, false),
    fault("apply, then another shape", Leave::Final, true),
    fault("apply, then too much", Leave::FinalUnknown, true),
];

/// The head of an answer whose body is that of a good one.
const LONG: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 18\r\n\r\n";

impl Fault {
    /// What the server does before it has read the request.
    fn opening(self) -> Option<Plan> {
        Some(match self.name {
            "reset at the first byte" => Plan::Break(Early::First, vec![Step::Reset]),
            "close at the first byte" => Plan::Break(Early::First, vec![Step::Close]),
            "reset after the head" => Plan::Break(Early::Head, vec![Step::Reset]),
            "reset within the body" => Plan::Break(Early::Body, vec![Step::Reset]),
            "close within the body" => Plan::Break(Early::Body, vec![Step::Close]),
            "reset instead of an answer" | "apply, then reset" => Plan::Break(Early::Last, vec![Step::Reset]),
            "apply, then reset in the body" => {
                Plan::Break(Early::Last, vec![Step::Send(format!("{LONG}{{\"id").into_bytes()), Step::Reset])
            }
            _ => return None,
        })
    }

    /// What the server does once it has read it.
    fn plan(self) -> Plan {
        let steps = |steps: Vec<Step>| Plan::Answer(steps);
        let send = |text: &str| Step::Send(text.as_bytes().to_vec());
        let cut = |text: &str| steps(vec![send(text), Step::Close]);
        let code =
            |status: u16, code: &str| json(status, &format!(r#"{{"code":"{code}","requestid":"R","message":"m"}}"#));
        match self.name {
            "apply, then close" => steps(vec![Step::Close]),
            "apply, then cut the status line" => cut("HTTP/1.1 20"),
            "apply, then cut the head" => cut("HTTP/1.1 200 OK\r\nContent-Ty"),
            "apply, then cut before the body" => cut(LONG),
            "apply, then cut the body" => cut(&format!("{LONG}{{\"id\":\"1\"")),
            "apply, then cut a chunk" => cut("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{\"id\":\"1\""),
            "apply, then cut what has no length" => cut("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"id\":\"1\""),
            "apply, then say nothing" => steps(vec![Step::Stall]),
            "apply, then stall in the head" => steps(vec![send("HTTP/1.1 200 OK\r\nContent-"), Step::Stall]),
            "apply, then stall in the body" => steps(vec![send(&format!("{LONG}{{\"id")), Step::Stall]),
            "apply, then drip" => {
                let drops = GOOD.chars().flat_map(|drop| [send(&drop.to_string()), Step::Wait(Duration::from_secs(9))]);
                steps([send(LONG)].into_iter().chain(drops).collect())
            }
            "apply, then 200 without a body" => json(200, ""),
            "apply, then broken JSON" => json(200, r#"{"id":"1",]"#),
            "apply, then 500" | "500" => code(500, "systemError"),
            "apply, then 503 operationTimeout" => code(503, "operationTimeout"),
            "502 page" => answer(502, "Content-Type: text/html\r\n", "<html>Bad Gateway</html>"),
            "504" => answer(504, "", ""),
            "403 throttled by the second" => code(403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"),
            "403 throttled by the minute" => code(403, "Forbidden.AccessDenied.QpmLimitForAppkeyAndApi"),
            "400 operationConcurrentControl" => code(400, "operationConcurrentControl"),
            "400 token" => code(400, "InvalidAuthentication"),
            "403 permissionDenied" => code(403, "permissionDenied"),
            "403 month used up" => code(403, "Forbidden.AccessDenied.ApiCountLimitForOrg"),
            "403 ban page" => answer(403, "Content-Type: text/html\r\n", "<html>Go away</html>"),
            "301" => answer(301, "Location: http://127.0.0.1:1/\r\n", ""),
            "apply, then another shape" => json(200, r#"{"id":["1"]}"#),
            "apply, then too much" => json(200, &format!(r#"{{"id":"{}"}}"#, "x".repeat(5000))),
            other => panic!("no plan for {other}"),
        }
    }
}

/// What must come out of a schedule.
#[derive(Debug, PartialEq, Eq)]
struct Expected {
    attempts: usize,
    is_ok: bool,
    /// The fault that ended it.
    last: Option<&'static str>,
}

fn expected(effect: Effect, schedule: &[Fault]) -> Expected {
    let mut tokens = 0;
    for attempt in 0..ATTEMPTS {
        let Some(fault) = schedule.get(attempt) else {
            return Expected { attempts: attempt + 1, is_ok: true, last: None };
        };
        tokens += usize::from(fault.leave == Leave::Token);
        let goes_on = match fault.leave {
            Leave::Refused => attempt + 1 < ATTEMPTS,
            // The replay needs no leave of the policy.
            Leave::Token => tokens == 1,
            Leave::Unknown | Leave::Applied => effect != Effect::Write && attempt + 1 < ATTEMPTS,
            Leave::Final | Leave::FinalUnknown => false,
        };
        if !goes_on {
            return Expected { attempts: attempt + 1, is_ok: false, last: Some(fault.name) };
        }
    }
    let is_ok = schedule.len() == ATTEMPTS;
    Expected { attempts: ATTEMPTS + 1, is_ok, last: (!is_ok).then(|| schedule[ATTEMPTS].name) }
}

/// A source that needs no server.
#[derive(Debug, Default)]
struct LocalTokens(AtomicUsize);

impl Credentials for LocalTokens {
    fn fetch<'a>(&'a self, _: &'a TokenServer) -> Fetch<'a> {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(std::future::ready(AccessToken::new(format!("token-{number}"), None)))
    }
}

/// What the server still has to do wrong, and what it has done.
#[derive(Default)]
struct State {
    schedule: VecDeque<Fault>,
    attempts: usize,
    applied: usize,
}

impl State {
    fn next(&mut self) -> Option<Fault> {
        self.attempts += 1;
        let fault = self.schedule.pop_front();
        self.applied += usize::from(fault.is_none_or(|fault| fault.is_applied));
        fault
    }
}

async fn server(state: &Arc<Mutex<State>>) -> Server {
    let (opening, script) = (Arc::clone(state), Arc::clone(state));
    let opening = move || {
        let mut state = opening.lock().unwrap();
        let plan = state.schedule.front().and_then(|fault| fault.opening());
        if plan.is_some() {
            state.next();
        }
        plan
    };
    let script = move |_: &Received| script.lock().unwrap().next().map_or_else(|| json(200, GOOD), Fault::plan);
    Server::start_with(opening, script).await
}

fn client(server: &Server) -> Client {
    let builder = server.reach(ClientBuilder::new()).credentials(LocalTokens::default());
    builder.calls_per_second(None).largest_answer(4096).timeout(Duration::from_secs(3600)).build().unwrap()
}

async fn check(server: &Server, state: &Mutex<State>, operation: &'static Operation, schedule: &[Fault], seed: u64) {
    *state.lock().unwrap() = State { schedule: schedule.iter().copied().collect(), ..State::default() };
    let result = request(&client(server), operation).send::<Thing>().await;
    let expected = expected(operation.effect, schedule);
    let names: Vec<_> = schedule.iter().map(|fault| fault.name).collect();
    let context = format!("seed {seed}, {:?}, {names:?}: {result:?}", operation.effect);
    let state = state.lock().unwrap();
    assert_eq!((state.attempts, result.is_ok()), (expected.attempts, expected.is_ok), "{context}");
    if operation.effect == Effect::Write {
        assert!(state.applied <= 1, "applied {} times: {context}", state.applied);
    }
    let Err(error) = result else {
        assert!(state.applied >= 1, "{context}");
        return;
    };
    let last = FAULTS.iter().find(|fault| Some(fault.name) == expected.last).unwrap();
    let is_write = operation.effect == Effect::Write;
    match (last.leave, error.phase()) {
        (Leave::Unknown | Leave::FinalUnknown, Phase::Unknown) => {
            assert_eq!(error.kind() == ErrorKind::OutcomeUnknown, is_write, "{context}");
        }
        (Leave::Applied, Phase::Applied) => assert!(!is_write || error.kind() == ErrorKind::Answer, "{context}"),
        (Leave::Final, phase) => assert_eq!(phase == Phase::Applied, last.is_applied, "{context}"),
        (Leave::Refused | Leave::Token, Phase::Refused) => {}
        _ => panic!("wrong phase: {context}"),
    }
    if is_write && matches!(error.phase(), Phase::NotSent | Phase::Refused) {
        assert_eq!(state.applied, 0, "{context}");
    }
}

const OPERATIONS: [&Operation; 3] = [&READ, &IDEMPOTENT, &WRITE];

#[tokio::test(start_paused = true)]
async fn each_fault_alone() {
    let state = Arc::default();
    let server = server(&state).await;
    for operation in OPERATIONS {
        for fault in FAULTS {
            check(&server, &state, operation, &[fault], 0).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn each_fault_for_ever() {
    let state = Arc::default();
    let server = server(&state).await;
    for operation in OPERATIONS {
        for fault in FAULTS {
            check(&server, &state, operation, &[fault; 9], 0).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn faults_in_any_order() {
    let state = Arc::default();
    let server = server(&state).await;
    for seed in 0..SCHEDULES {
        let mut random = fastrand::Rng::with_seed(seed);
        let operation = OPERATIONS[random.usize(..OPERATIONS.len())];
        let schedule: Vec<Fault> = (0..random.usize(..6)).map(|_| FAULTS[random.usize(..FAULTS.len())]).collect();
        check(&server, &state, operation, &schedule, seed).await;
    }
}
