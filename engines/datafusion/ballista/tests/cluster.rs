//! A scheduler and two executors, each a process of its own, with a table in the drive: queries say the same as on local
//! files, both executors take their part, and what goes over the wire is counted.
#![allow(clippy::unwrap_used, reason = "what is missing is a failed test")]

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use datafusion::prelude::{SessionConfig, SessionContext};
use dingtalk_storage_ballista::{config, connect};
use dingtalk_storage_datafusion::Stores;
use dingtalk_storage_datafusion_stage::{FIRST_OF_2026, FOOTER, Stage, YEARS, declare_as, names, run, settings};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// After so long, what has not begun or ended never will.
const PATIENCE: Duration = Duration::from_mins(2);
/// Processes that look for files by themselves: this one, the scheduler, and both executors.
const PROCESSES: usize = 4;

/// Columns of the table, named: the type that is inferred for a partition is a dictionary, of which Ballista 55.0 makes plain
/// text on the way, so that queries fail.
const COLUMNS: &str = "(id BIGINT, note VARCHAR, amount BIGINT, year VARCHAR)";
const FEW: &str = "(id BIGINT, amount BIGINT, year VARCHAR)";

/// A process, which ends when it is dropped.
struct Program {
    _process: Child,
    /// Open for as long as the process may write.
    _output: BufReader<ChildStdout>,
    /// The port that the system has chosen.
    port: u16,
}

impl Program {
    /// Starts a program, and waits until it says that it is ready.
    async fn start(stage: &Stage, program: &str, arguments: &[&str]) -> Self {
        let mut command = Command::new(program);
        // Nothing of the environment of the test, which may name a real drive.
        command.args(arguments).env_clear().envs(stage.environment());
        command.env("TMPDIR", stage.scratch("tmp")).env("RUST_BACKTRACE", "1").env("RUST_MIN_STACK", "33554432");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn().unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        let ready = timeout(PATIENCE, output.read_line(&mut line)).await;
        ready.unwrap_or_else(|_| panic!("{program} does not get ready")).unwrap();
        let port = line.trim_end().strip_prefix("listening on 127.0.0.1:").and_then(|port| port.parse().ok());
        let port = port.unwrap_or_else(|| panic!("{program} said {line:?} at its end; its errors are above"));
        Self { _process: process, _output: output, port }
    }
}

/// A scheduler and two executors. Each executor takes one task at a time, so that two tasks that are there at once go to
/// both.
struct Cluster {
    scheduler: Program,
    _executors: [Program; 2],
    folders: [PathBuf; 2],
}

impl Cluster {
    async fn start(stage: &Stage) -> Self {
        let scheduler =
            Program::start(stage, env!("CARGO_BIN_EXE_dingtalk-ballista-scheduler"), &["--bind", "127.0.0.1:0"]).await;
        let port = scheduler.port.to_string();
        let folders = [stage.scratch("executor-1"), stage.scratch("executor-2")];
        let executor = async |folder: &PathBuf| {
            let folder = folder.to_str().unwrap();
            let fixed = ["--port", "0", "--grpc-port", "0", "--vcores", "1"];
            let arguments = [&["--scheduler-port", port.as_str(), "--work-dir", folder][..], &fixed[..]].concat();
            Program::start(stage, env!("CARGO_BIN_EXE_dingtalk-ballista-executor"), &arguments).await
        };
        let [one, other] = &folders;
        let executors = [executor(one).await, executor(other).await];
        Self { scheduler, _executors: executors, folders }
    }

    /// A session whose queries run there, with the table `sales` in the drive.
    async fn session(&self, stage: &Stage) -> SessionContext {
        let stores = Arc::new(Stores::new(stage.settings()));
        let address = format!("127.0.0.1:{}", self.scheduler.port);
        let session = connect(&address, settings(config()), stores).await.unwrap();
        declare_as(&session, "sales", COLUMNS, &stage.table()).await;
        session
    }

    /// How many jobs have left something with each executor.
    fn jobs(&self) -> [usize; 2] {
        let spills = |name: &String| name.starts_with("datafusion-");
        self.folders.each_ref().map(|folder| names(folder).iter().filter(|name| !spills(name)).count())
    }
}

/// A session of this process, with the same files on the disk.
async fn local(stage: &Stage) -> SessionContext {
    let session = SessionContext::new_with_config(settings(SessionConfig::new()));
    declare_as(&session, "sales", COLUMNS, &stage.local_table()).await;
    session
}

async fn told(session: &SessionContext, query: &str) -> String {
    timeout(PATIENCE, run(session, query)).await.unwrap_or_else(|_| panic!("there is no answer to {query}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_of_processes_says_the_same_as_local_files() {
    let stage = Stage::new().await;
    let cluster = Cluster::start(&stage).await;
    assert_eq!(cluster.jobs(), [0, 0]);
    let local = local(&stage).await;
    stage.traffic();
    let remote = cluster.session(&stage).await;

    // Two tasks of two files each, which go to both executors.
    let query = "SELECT year, count(*), sum(id), sum(amount) FROM sales GROUP BY year ORDER BY year";
    let answer = told(&remote, query).await;
    let traffic = stage.traffic();
    println!("{traffic}: declared, and {query}");
    assert_eq!(answer, told(&local, query).await);
    let jobs = cluster.jobs();
    assert!(jobs.iter().all(|jobs| *jobs > 0), "an executor had nothing to do: {jobs:?}");
    // Each process asks for itself: for the root, the folders on the way and those of the years, and the URLs of files.
    assert!(traffic.count("GetFileDownloadInfo") <= PROCESSES * YEARS.len(), "{traffic}");
    assert!(traffic.calls.len() <= PROCESSES * (4 + 2 * YEARS.len()), "{traffic}");
    // The ends of files, and two columns of three: not the wide one.
    let narrow =
        stage.files.iter().flat_map(|file| file.chunks(0).chain(file.chunks(2)).map(move |chunk| (file, chunk)));
    let narrow: Vec<_> = narrow.collect();
    for read in &traffic.reads {
        let is_asked_for = narrow.iter().any(|(file, chunk)| read.is_of(file) && read.is_within(chunk));
        assert!(is_asked_for || read.is_footer(), "{read:?}");
    }
    let most: u64 = narrow.iter().map(|(_, chunk)| chunk.end - chunk.start).sum();
    assert!(traffic.bytes() <= most + (PROCESSES * YEARS.len()) as u64 * FOOTER, "{traffic}");
    assert!(traffic.bytes() * 4 < stage.bytes(), "{traffic} of {}", stage.bytes());

    // One partition, one group of rows.
    let (from, to) = (FIRST_OF_2026 + 20_000, FIRST_OF_2026 + 25_000);
    let query = format!(
        "SELECT amount, count(*) AS n, min(id), max(id) FROM sales WHERE year = '2026' AND id >= {from} AND id < {to} GROUP BY \
         amount ORDER BY n DESC, amount LIMIT 20"
    );
    let answer = told(&remote, &query).await;
    let traffic = stage.traffic();
    println!("{traffic}: {query}");
    assert_eq!(answer, told(&local, &query).await);
    let file = stage.files.last().unwrap();
    let wanted = [file.chunk(1, 0), file.chunk(1, 2)];
    for read in traffic.reads.iter().filter(|read| !read.is_footer()) {
        assert!(read.is_of(file) && wanted.iter().any(|chunk| read.is_within(chunk)), "{read:?} of {file:?}");
    }
    assert!(traffic.bytes() * 10 < stage.bytes(), "{traffic} of {}", stage.bytes());

    // The wide column as well.
    let query = "SELECT year, min(note), max(note), count(DISTINCT amount) FROM sales GROUP BY year ORDER BY year";
    assert_eq!(told(&remote, query).await, told(&local, query).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_of_processes_writes_a_partitioned_table() {
    let stage = Stage::new().await;
    let cluster = Cluster::start(&stage).await;
    let remote = cluster.session(&stage).await;
    let local = local(&stage).await;
    let copy = |to: &str| {
        format!(
            "COPY (SELECT id, amount, year FROM sales WHERE amount < 10) TO '{to}/' STORED AS PARQUET PARTITIONED BY (year)"
        )
    };
    stage.traffic();
    let answer = told(&remote, &copy(&stage.on_drive("written/few"))).await;
    let traffic = stage.traffic();
    println!("{traffic}: COPY of 4 partitions");
    assert_eq!(answer, told(&local, &copy(&stage.on_disk("few"))).await);
    assert!((1..=4).contains(&(traffic.count("CommitFile") / YEARS.len())), "{traffic}");

    declare_as(&remote, "few", FEW, &stage.on_drive("written/few/")).await;
    declare_as(&local, "few", FEW, &format!("{}/", stage.on_disk("few"))).await;
    let query = "SELECT id, amount, year FROM few ORDER BY id";
    let written = told(&remote, query).await;
    assert_eq!(written, told(&local, query).await);
    assert!(written.lines().count() > 1_000, "{written}");
}

/// Who starts an executor without a scheduler is told so.
#[tokio::test]
async fn an_executor_without_a_scheduler_ends_with_an_error() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = nobody.local_addr().unwrap().port().to_string();
    drop(nobody);
    let mut command = Command::new(env!("CARGO_BIN_EXE_dingtalk-ballista-executor"));
    command.args(["--scheduler-port", &port, "--port", "0", "--grpc-port", "0"]).kill_on_drop(true);
    let ended = timeout(PATIENCE, command.output()).await.unwrap().unwrap();
    let told = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(!ended.status.success() && ended.stdout.is_empty() && told.contains("scheduler"), "{told}");
}

/// Who starts a scheduler where another program listens is told where.
#[tokio::test]
async fn a_scheduler_says_which_address_is_taken() {
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_dingtalk-ballista-scheduler"));
    command.args(["--bind", &address]).kill_on_drop(true);
    let ended = timeout(PATIENCE, command.output()).await.unwrap().unwrap();
    let told = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(!ended.status.success() && ended.stdout.is_empty() && told.contains(&address), "{told}");
}
