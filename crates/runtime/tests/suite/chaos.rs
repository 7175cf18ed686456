//! Random schedules of answers that are cut, broken, late or honest: no write is ever applied twice, and no error
//! says less or more than is so.
//!
//! A million of them: `DINGTALK_SCHEDULES=1000000 cargo test --profile bench -p dingtalk-runtime --test suite chaos`. A
//! failure prints its seed; `DINGTALK_SEED` begins with it.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dingtalk_runtime::credentials::{AccessToken, Credentials, Fetch, TokenServer};
use dingtalk_runtime::{Client, ClientBuilder, Effect, Error, ErrorKind, Operation, Phase};

use crate::support::*;

const SCHEDULES: u64 = 20_000;
/// A new client so often; until then connections and tokens live on.
const PER_CLIENT: u64 = 100;
/// Attempts of the usual policy.
const ATTEMPTS: usize = 4;

const STATUSES: [u16; 26] = [
    200, 200, 201, 202, 204, 101, 301, 302, 303, 304, 307, 400, 400, 401, 403, 403, 404, 408, 409, 423, 429, 500, 502,
    503, 504, 600,
];

/// What a body says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Text {
    Good,
    Nothing,
    /// An error that the server itself does not know the end of.
    Trouble(&'static str),
    Refusal(&'static str),
    Token,
    Ban,
    Page,
    Words,
}

const TEXTS: [Text; 13] = [
    Text::Good,
    Text::Good,
    Text::Nothing,
    Text::Trouble("systemError"),
    Text::Trouble("operationTimeout"),
    Text::Refusal("Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"),
    Text::Refusal("Forbidden.AccessDenied.QpmLimitForAppkeyAndApi"),
    Text::Refusal("operationConcurrentControl"),
    Text::Refusal("permissionDenied"),
    Text::Token,
    Text::Ban,
    Text::Page,
    Text::Words,
];

/// What spoils a text without changing what it says.
const FLAWS: [&[u8]; 7] = [b"", b"", b"\\ud83d", b"\t", b"\xce\xde\xd5\\", b"\xff", b"C:\\Users"];

#[derive(Debug, Clone)]
struct Fault {
    name: String,
    /// It may reject the token.
    is_token: bool,
    /// What the server sends, one piece after the other, and how it ends.
    steps: Vec<Step>,
    /// It breaks off before it has read the request.
    early: Option<Early>,
    is_applied: bool,
}

impl Text {
    /// The body, and where it shows what it says.
    fn bytes(self, flaw: &[u8]) -> (Vec<u8>, usize) {
        let coded = |code: &str| {
            let said = format!(r#"{{"code":"{code}""#);
            let rest = [br#","requestid":"R","message":"it "#.as_slice(), flaw, b" is\"}"].concat();
            (said.clone().into_bytes().into_iter().chain(rest).collect::<Vec<u8>>(), said.len())
        };
        let whole = |text: &[u8]| (text.to_vec(), text.len());
        match self {
            Self::Good => whole(&[br#"{"id":"1"#.as_slice(), flaw, b"\",\"size\":2}"].concat()),
            Self::Nothing => whole(b""),
            Self::Trouble(code) | Self::Refusal(code) => coded(code),
            Self::Token => coded("InvalidAuthentication"),
            Self::Ban => {
                let ban = br#"{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"u"}"#;
                (ban.to_vec(), br#"{"status":1111,"#.len())
            }
            Self::Page => (b"<html><body>Something went wrong</body></html>".to_vec(), b"<html".len()),
            Self::Words => whole(b"upstream connect error"),
        }
    }

    /// Whether an honest server that answers so, whole, has applied the call; none if that may be either way.
    fn is_applied(self, status: u16) -> Option<bool> {
        match (status, self) {
            (300..=399, _) => Some(false),
            (200..=299, Self::Good | Self::Nothing | Self::Words) => Some(true),
            (_, Self::Trouble(_))
            | (408 | 500..=599, Self::Nothing | Self::Good | Self::Page | Self::Words)
            | (101 | 600.., _) => None,
            _ => Some(false),
        }
    }
}

impl Fault {
    fn random(random: &mut fastrand::Rng) -> Self {
        let status = random.choice(STATUSES).unwrap();
        let text = random.choice(TEXTS).unwrap();
        // Nobody sees what comes with it.
        let text = if status == 204 { Text::Nothing } else { text };
        let (body, shown) = text.bytes(random.choice(FLAWS).unwrap());
        let head = match random.u8(..5) {
            0 | 1 => format!("HTTP/1.1 {status} -\r\nContent-Length: {}\r\n\r\n", body.len()),
            2 => format!("HTTP/1.1 {status} -\r\nTransfer-Encoding: chunked\r\n\r\n"),
            3 => format!("HTTP/1.1 {status} -\r\nTransfer-Encoding: identity\r\nConnection: close\r\n\r\n"),
            _ => format!("HTTP/1.{} {status} -\r\nConnection: close\r\n\r\n", random.u8(..2)),
        };
        let (body, shown) = if head.contains("chunked") { chunked(&body, shown, random) } else { (body, shown) };
        let all = [head.as_bytes(), &body].concat();
        // Half of them are whole.
        let end = if random.bool() { all.len() } else { random.usize(..all.len()) };
        let is_whole = end == all.len();
        let may_tell = end >= head.len() + shown;
        let honest = text.is_applied(status);
        let is_applied = match (honest, is_whole, may_tell) {
            (Some(is_applied), true, _) | (Some(is_applied), _, true) => is_applied,
            // A redirect and a success are that before they say anything.
            _ if (300..400).contains(&status) && end >= head.len() => false,
            _ if (200..300).contains(&status) && end >= head.len() => true,
            _ => random.bool(),
        };
        let mut steps: Vec<Step> = pieces(&all[..end], random).into_iter().map(Step::Send).collect();
        if random.u8(..8) == 0 {
            steps.insert(random.usize(..=steps.len()), Step::Wait(Duration::from_secs(random.u64(..9))));
        }
        if !is_whole || head.contains("close") {
            // Without a body an answer ends with its head: then it would be the next request that is stalled.
            let can_stall = !head.contains("close") && !matches!(status, 101 | 204 | 304);
            steps.push(if random.u8(..4) == 0 && can_stall { Step::Stall } else { Step::Close });
        }
        if random.u8(..8) == 0 {
            let part = random.choice([Early::First, Early::Head, Early::Body]).unwrap();
            let end = if random.bool() { Step::Close } else { Step::Reset };
            let name = format!("{end:?} at {part:?}");
            return Self { name, is_token: false, steps: vec![end], early: Some(part), is_applied: false };
        }
        let name = format!("{text:?}, {end} bytes of {:?}, then {:?}", String::from_utf8_lossy(&all), steps.last());
        let is_token = text == Text::Token || status == 401;
        Self { name, is_token, steps, early: None, is_applied }
    }
}

/// A body in chunks, and where these show its first bytes.
fn chunked(body: &[u8], shown: usize, random: &mut fastrand::Rng) -> (Vec<u8>, usize) {
    let (mut all, mut read, mut shown_at) = (Vec::new(), 0, 0);
    for piece in pieces(body, random) {
        all.extend(format!("{:x}\r\n", piece.len()).into_bytes());
        if (read..read + piece.len()).contains(&shown.saturating_sub(1)) {
            shown_at = all.len() + shown - read;
        }
        read += piece.len();
        all.extend(piece);
        all.extend(b"\r\n");
    }
    all.extend(b"0\r\n\r\n");
    (all, shown_at)
}

/// Bytes in some pieces, none of them empty.
fn pieces(mut bytes: &[u8], random: &mut fastrand::Rng) -> Vec<Vec<u8>> {
    let mut pieces = Vec::new();
    while !bytes.is_empty() {
        let length = if random.bool() { bytes.len() } else { random.usize(1..=bytes.len()) };
        let (piece, rest) = bytes.split_at(length);
        pieces.push(piece.to_vec());
        bytes = rest;
    }
    pieces
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
        self.applied += usize::from(fault.as_ref().is_none_or(|fault| fault.is_applied));
        fault
    }
}

async fn server(state: &Arc<Mutex<State>>) -> Server {
    let (opening, script) = (Arc::clone(state), Arc::clone(state));
    let opening = move || {
        let mut state = opening.lock().unwrap();
        let early = state.schedule.front()?.early?;
        state.next().map(|fault| Plan::Break(early, fault.steps))
    };
    let script = move |_: &Received| {
        script.lock().unwrap().next().map_or_else(|| json(200, GOOD), |fault| Plan::Answer(fault.steps))
    };
    Server::start_with(opening, script).await
}

fn client(server: &Server) -> Client {
    let builder = server.reach(ClientBuilder::new()).credentials(LocalTokens::default());
    let builder = builder.calls_per_second(None).retry_budget(u32::MAX).stop_when_banned(false);
    builder.timeout(Duration::from_secs(3600)).build().unwrap()
}

/// What must hold for one call, whatever happened to it.
fn check(
    effect: Effect,
    schedule: &[Fault],
    state: &State,
    result: &Result<Thing, Error>,
    context: &dyn Fn() -> String,
) {
    let is_write = effect == Effect::Write;
    if is_write {
        assert!(state.applied <= 1, "applied {} times: {}", state.applied, context());
    }
    let Err(error) = result else {
        assert!(state.applied >= 1, "a success that is none: {}", context());
        return;
    };
    // A request may meet a connection that the server is just closing. Nobody reads it, and the error knows no more.
    if error.attempts() as usize > state.attempts {
        assert!(matches!(error.phase(), Phase::NotSent | Phase::Unknown), "{}", context());
        return;
    }
    assert_eq!(error.attempts() as usize, state.attempts, "{}", context());
    // What the last answer said, said about the last attempt alone.
    let last = schedule.get(state.attempts - 1).unwrap_or_else(|| panic!("it gave up a good answer: {}", context()));
    match error.phase() {
        Phase::NotSent | Phase::Refused => assert!(!last.is_applied, "not refused: {}", context()),
        Phase::Applied => assert!(last.is_applied, "not applied: {}", context()),
        Phase::Unknown => {}
    }
    assert_eq!(is_write && error.phase() == Phase::Unknown, error.kind() == ErrorKind::OutcomeUnknown, "{}", context());
    // Nothing is given up that could go on: more attempts were not allowed.
    let replays = usize::from(schedule.iter().take(state.attempts).any(|fault| fault.is_token));
    let is_hopeless = error.kind() == ErrorKind::Banned;
    assert!(!error.is_retryable() || is_hopeless || state.attempts >= ATTEMPTS, "{}", context());
    assert!(state.attempts <= ATTEMPTS + replays, "{}", context());
    if error.follows_unknown_attempt() {
        assert!(effect == Effect::Idempotent && state.attempts > 1, "{}", context());
    }
}

const OPERATIONS: [&Operation; 4] = [&READ, &IDEMPOTENT, &WRITE, &WRITE];

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[tokio::test(start_paused = true)]
async fn no_schedule_applies_a_write_twice() {
    let count = number("DINGTALK_SCHEDULES").unwrap_or(SCHEDULES);
    let first = number("DINGTALK_SEED").unwrap_or(0);
    let state: Arc<Mutex<State>> = Arc::default();
    let mut reached = None;
    for seed in first..first + count {
        if reached.is_none() || seed.is_multiple_of(PER_CLIENT) {
            let server = server(&state).await;
            let client = client(&server);
            reached = Some((server, client));
        }
        let Some((_, client)) = &reached else { unreachable!("there is a client") };
        let mut random = fastrand::Rng::with_seed(seed);
        let operation = random.choice(OPERATIONS).unwrap();
        let schedule: Vec<Fault> = (0..random.usize(..6)).map(|_| Fault::random(&mut random)).collect();
        *state.lock().unwrap() = State { schedule: schedule.iter().cloned().collect(), ..State::default() };
        let result = request(client, operation).send::<Thing>().await;
        let names: Vec<&str> = schedule.iter().map(|fault| fault.name.as_str()).collect();
        let context = || format!("seed {seed}, {:?}: {result:?} after {names:#?}", operation.effect);
        check(operation.effect, &schedule, &state.lock().unwrap(), &result, &context);
        // Tokens that were rejected long ago are no pattern.
        tokio::time::sleep(Duration::from_secs(3 * 60)).await;
    }
}
