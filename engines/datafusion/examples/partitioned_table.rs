//! Writes a table of two partitions into the drive, and asks for a part of it:
//! `DINGTALK_SPACE=.. cargo run --example partitioned_table`, with the connection in the environment as for
//! `dingtalk-storage`. `eval "$(dingtalk-storage emulator --demo --background)"` gives one to try.

use std::error::Error;

use datafusion::prelude::SessionContext;
use dingtalk_storage_object_store::DingtalkStoreBuilder;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let space =
        std::env::var("DINGTALK_SPACE").map_err(|_| "DINGTALK_SPACE is not set: it names the space to write into")?;
    let session = SessionContext::new();
    dingtalk_storage_datafusion::register(&session, &space, DingtalkStoreBuilder::from_env().build()?)?;

    let table = format!("dingtalk://{space}/DataFusion/sales/");
    let rows = "SELECT value AS id, value % 100 AS amount, CASE WHEN value % 2 = 0 THEN '2025' ELSE '2026' END AS year \
                FROM generate_series(1, 10000)";
    session
        .sql(&format!("COPY ({rows}) TO '{table}' STORED AS PARQUET PARTITIONED BY (year)"))
        .await?
        .collect()
        .await?;
    let declared = format!("CREATE EXTERNAL TABLE sales STORED AS PARQUET PARTITIONED BY (year) LOCATION '{table}'");
    session.sql(&declared).await?.collect().await?;
    session.sql("SELECT count(*), sum(amount) FROM sales WHERE year = '2026' AND id > 9000").await?.show().await?;
    Ok(())
}
