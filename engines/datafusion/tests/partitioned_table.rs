//! A hive-partitioned table in the drive: read with projection and filters, written back, and each time the same as on a
//! disk. What goes over the wire is counted by the emulator, and held against where the columns lie in the files.
#![allow(clippy::unwrap_used, reason = "what is missing is a failed test")]

use std::ops::Range;
use std::sync::Arc;

use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};
use dingtalk_storage_datafusion::Stores;
use dingtalk_storage_datafusion_stage::{FIRST_OF_2026, Stage, Traffic, YEARS, declare, run, settings};

/// A session that finds spaces by their URL, with the table in the drive.
async fn session(stage: &Stage) -> SessionContext {
    let stores = Arc::new(Stores::new(stage.settings()));
    let runtime = RuntimeEnvBuilder::new().with_object_store_registry(stores).build_arc().unwrap();
    let session = SessionContext::new_with_config_rt(settings(SessionConfig::new()), runtime);
    declare(&session, "sales", &stage.table()).await;
    session
}

/// A session with the same files on the disk.
async fn local(stage: &Stage) -> SessionContext {
    let session = SessionContext::new_with_config(settings(SessionConfig::new()));
    declare(&session, "sales", &stage.local_table()).await;
    session
}

/// What a query costs, after it has said the same as on the disk.
async fn cost(stage: &Stage, session: &SessionContext, query: &str) -> Traffic {
    stage.traffic();
    let told = run(session, query).await;
    let traffic = stage.traffic();
    println!("{traffic}: {query}");
    assert_eq!(told, run(&local(stage).await, query).await, "{query}");
    assert!(told.lines().count() > 4, "nothing was found: {told}");
    traffic
}

fn length(ranges: &[&Range<u64>]) -> u64 {
    ranges.iter().map(|range| range.end - range.start).sum()
}

/// Nothing is read of the files but their ends.
#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_declared_with_the_ends_of_its_files() {
    let stage = Stage::new().await;
    session(&stage).await;
    let traffic = stage.traffic();
    println!("{traffic}: CREATE EXTERNAL TABLE, of {} bytes", stage.bytes());
    assert_eq!(traffic.count("GetFileDownloadInfo"), YEARS.len(), "{traffic}");
    // The table's folder and each year's, and the way to it.
    assert!(traffic.calls.len() <= 2 * YEARS.len() + 4, "{traffic}");
    assert_eq!(traffic.reads.len(), YEARS.len(), "{traffic}");
    for file in &stage.files {
        assert_eq!(traffic.reads.iter().filter(|read| read.is_of(file) && read.is_footer()).count(), 1, "{file:?}");
    }
}

/// One file of four, one group of three, two columns of three: what does not belong to the answer is not read.
#[tokio::test(flavor = "multi_thread")]
async fn a_filter_and_a_projection_read_their_columns_and_nothing_else() {
    let stage = Stage::new().await;
    let session = session(&stage).await;
    let (from, to) = (FIRST_OF_2026 + 20_000, FIRST_OF_2026 + 25_000);
    let query = format!(
        "SELECT amount, count(*) AS n, min(id), max(id) FROM sales WHERE year = '2026' AND id >= {from} AND id < {to} GROUP BY \
         amount ORDER BY n DESC, amount LIMIT 20"
    );
    let traffic = cost(&stage, &session, &query).await;
    assert!(traffic.calls.is_empty(), "all was known when the table was declared: {traffic}");
    let file = stage.files.last().unwrap();
    let wanted = [file.chunk(1, 0), file.chunk(1, 2)];
    for read in &traffic.reads {
        assert!(read.is_of(file) && wanted.iter().any(|chunk| read.is_within(chunk)), "{read:?} of {file:?}");
    }
    assert!((2..=4).contains(&traffic.reads.len()), "{traffic}");
    assert!(traffic.bytes() <= length(&wanted) && traffic.bytes() * 10 < file.size, "{traffic} of {file:?}");
}

/// The wide column between is passed over in every file.
#[tokio::test(flavor = "multi_thread")]
async fn a_projection_reads_one_column_of_each_file() {
    let stage = Stage::new().await;
    let session = session(&stage).await;
    let traffic = cost(&stage, &session, "SELECT sum(amount), count(*) FROM sales").await;
    assert!(traffic.calls.is_empty(), "{traffic}");
    for read in &traffic.reads {
        let file = stage.files.iter().find(|file| read.is_of(file)).unwrap();
        assert!(file.chunks(2).any(|chunk| read.is_within(chunk)), "{read:?} of {file:?}");
    }
    let wanted: Vec<_> = stage.files.iter().flat_map(|file| file.chunks(2)).collect();
    assert!(traffic.reads.len() <= wanted.len() && traffic.bytes() <= length(&wanted), "{traffic}");
    assert!(traffic.bytes() * 20 < stage.bytes(), "{traffic}");
}

/// Who asks for everything gets everything, and each byte once.
#[tokio::test(flavor = "multi_thread")]
async fn all_of_a_table_is_read_once() {
    let stage = Stage::new().await;
    let session = session(&stage).await;
    let query =
        "SELECT year, count(*), sum(id), sum(amount), min(note), max(note) FROM sales GROUP BY year ORDER BY year";
    let traffic = cost(&stage, &session, query).await;
    assert!(traffic.calls.is_empty(), "{traffic}");
    assert!((stage.bytes() * 9 / 10..=stage.bytes()).contains(&traffic.bytes()), "{traffic} of {}", stage.bytes());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partitioned_table_is_written_back() {
    let stage = Stage::new().await;
    let (session, local) = (session(&stage).await, local(&stage).await);
    let query = "SELECT id, amount, note, year FROM sales WHERE amount < 10";
    let copy = |to: &str| format!("COPY ({query}) TO '{to}/' STORED AS PARQUET PARTITIONED BY (year)");
    stage.traffic();
    let told = run(&session, &copy(&stage.on_drive("written/few"))).await;
    let traffic = stage.traffic();
    println!("{traffic}: COPY of 4 partitions");
    assert_eq!(told, run(&local, &copy(&stage.on_disk("few"))).await);
    // A PUT and a commit for each file; two folders, and one for each year.
    assert_eq!((traffic.count("GetFileUploadInfo"), traffic.count("CommitFile")), (4, 4), "{traffic}");
    assert_eq!(traffic.count("AddFolder"), 2 + YEARS.len(), "{traffic}");

    declare(&session, "few", &stage.on_drive("written/few/")).await;
    declare(&local, "few", &format!("{}/", stage.on_disk("few"))).await;
    let all = "SELECT id, amount, note, year FROM few ORDER BY id";
    let written = run(&session, all).await;
    assert_eq!(written, run(&local, all).await);
    assert_eq!(written, run(&local, &format!("{query} ORDER BY id")).await);
    // Ten of each thousand, and a head, a foot and lines.
    let rows = 10 * (120_600 / 1000) + 10 - 1;
    assert_eq!(written.lines().count(), rows + 4);
}

/// More than the writer holds goes up in parts, as one file that is committed once.
#[tokio::test(flavor = "multi_thread")]
async fn a_large_file_is_written_in_parts() {
    let stage = Stage::new().await;
    let session = session(&stage).await;
    let to = stage.on_drive("whole.parquet");
    stage.traffic();
    let copy = format!("COPY (SELECT * FROM sales) TO '{to}' STORED AS PARQUET OPTIONS ('compression' 'uncompressed')");
    run(&session, &copy).await;
    let traffic = stage.traffic();
    println!("{traffic}: COPY into one file");
    assert_eq!((traffic.count("InitMultipartFileUpload"), traffic.count("CommitFile")), (1, 1), "{traffic}");
    run(&session, &format!("CREATE EXTERNAL TABLE whole STORED AS PARQUET LOCATION '{to}'")).await;
    let query = |table: &str| {
        format!(
            "SELECT count(*), sum(t.id), sum(t.amount), min(t.note), max(t.note), min(t.year), max(t.year) FROM {table} AS t"
        )
    };
    assert_eq!(run(&session, &query("whole")).await, run(&local(&stage).await, &query("sales")).await);
}
