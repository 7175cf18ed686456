//! A small call by the runtime and by plain reqwest, to one server that runs in another thread.

use std::io::{Read, Write};
use std::time::Instant;

use dingtalk_runtime::credentials::FixedToken;
use dingtalk_runtime::{Client, ClientBuilder, Effect, Operation};

use crate::{median, processor_nanos};

const OPERATION: Operation = Operation {
    name: "bench.Read",
    path: "/v1.0/storage/spaces/{spaceId}/dentries/{dentryId}/query",
    effect: Effect::Read,
    body: true,
    ..Operation::UNSET
};
const ANSWER: &str = r#"{"id":"222892787485","size":2048}"#;
const CALLS: u32 = 500;

/// A small answer.
#[derive(Debug, Clone, PartialEq, Default)]
struct Small {
    id: Option<String>,
    size: Option<i64>,
}

dingtalk_runtime::__private::answer_object!(Small { "id" => id: text, "size" => size: integer, });

/// Both sides, and where they are run.
struct Sides {
    runtime: tokio::runtime::Runtime,
    address: String,
    client: Client,
    plain: reqwest::Client,
}

impl Sides {
    fn new() -> Self {
        let address = serve();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let token = FixedToken::new("a-token-of-the-usual-length-0123456").unwrap();
        let builder = ClientBuilder::new()
            .base_url(&address)
            .credentials(token)
            .calls_per_second(std::num::NonZeroU32::new(1_000_000));
        let client: Client = builder.build().unwrap();
        let plain = dingtalk_runtime::http::builder().unwrap().no_proxy().build().unwrap();
        Self { runtime, address, client, plain }
    }

    fn ours(&self) {
        self.runtime.block_on(call(&self.client));
    }

    fn raw(&self) {
        self.runtime.block_on(raw_call(&self.plain, &self.address));
    }
}

/// One side alone, for tools that count what a program does.
pub fn repeat(side: &str, calls: usize) {
    let sides = Sides::new();
    (0..calls).for_each(|_| if side == "reqwest" { sides.raw() } else { sides.ours() });
}

pub fn compare(rounds: usize) {
    let sides = Sides::new();
    let (ours, raw) = (|| sides.ours(), || sides.raw());
    for _ in 0..50 {
        ours();
        raw();
    }
    let mut costs = [const { Vec::new() }; 6];
    for _ in 0..rounds {
        let ((ours, ours_wall), (raw, raw_wall)) = (cost(ours), cost(raw));
        for (costs, cost) in costs.iter_mut().zip([ours, ours_wall, raw, raw_wall, ours / raw, ours_wall / raw_wall]) {
            costs.push(cost);
        }
    }
    let [ours_processor, ours_wall, raw_processor, raw_wall, ratio, wall_ratio] = costs.map(median);
    let allocations = |run: &dyn Fn()| allocation_counter::measure(run).count_total;
    let (ours_allocations, raw_allocations) = (allocations(&ours), allocations(&raw));
    println!("one small call over loopback, {CALLS} calls a round, medians of {rounds} rounds:");
    println!(
        "  this runtime   {ours_processor:6.1} µs processor, {ours_wall:6.1} µs wall, {ours_allocations} allocations"
    );
    println!(
        "  plain reqwest  {raw_processor:6.1} µs processor, {raw_wall:6.1} µs wall, {raw_allocations} allocations"
    );
    println!(
        "  ratio          {ratio:6.3} of the processor time (goal 1.08), {wall_ratio:.3} of the wall time, {} allocations more (goal 5)",
        ours_allocations.saturating_sub(raw_allocations)
    );
}

/// The whole of a call: path, query and body are encoded, the answer is decoded.
async fn call(client: &Client) {
    let request = client.request(&OPERATION).path("spaceId", "2256226585").path("dentryId", "222892787485");
    let request = request.query("unionId", "nQ1iSvVzJDVDk7xiSWeSivCwiEiE").body_in("option", "withThumbnail", &true);
    let small: Small = request.send().await.unwrap();
    assert_eq!(small.size, Some(2048));
}

/// The same bytes with nothing encoded, decoded or looked at.
async fn raw_call(client: &reqwest::Client, address: &str) {
    let path = "/v1.0/storage/spaces/2256226585/dentries/222892787485/query?unionId=nQ1iSvVzJDVDk7xiSWeSivCwiEiE";
    let request = client.post(format!("{address}{path}")).header("accept", "application/json");
    let request = request
        .header("content-type", "application/json; charset=utf-8")
        .header("x-acs-dingtalk-access-token", "a-token-of-the-usual-length-0123456");
    let body = request.body(r#"{"option":{"withThumbnail":true}}"#).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(body.len(), ANSWER.len());
}

/// Processor time of this thread and wall time of one call, in microseconds.
fn cost(call: impl Fn()) -> (f64, f64) {
    let (wall, processor) = (Instant::now(), processor_nanos());
    (0..CALLS).for_each(|_| call());
    let calls = f64::from(CALLS);
    ((processor_nanos() - processor) / 1e3 / calls, wall.elapsed().as_secs_f64() * 1e6 / calls)
}

/// A server that answers whatever comes with the same bytes.
fn serve() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream.set_nodelay(true).unwrap();
            std::thread::spawn(move || {
                let answer = format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json;charset=utf-8\r\nContent-Length: {}\r\n\r\n{ANSWER}",
                    ANSWER.len()
                );
                let mut seen = Vec::new();
                let mut buffer = [0; 4096];
                while let Ok(count @ 1..) = stream.read(&mut buffer) {
                    seen.extend_from_slice(&buffer[..count]);
                    // The body ends with the only such bytes.
                    if seen.ends_with(b"}}") {
                        seen.clear();
                        stream.write_all(answer.as_bytes()).unwrap();
                    }
                }
            });
        }
    });
    address
}
