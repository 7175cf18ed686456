//! Asks a cluster about a table in the drive:
//! `cargo run -p dingtalk-storage-ballista --example query -- 127.0.0.1:50050 dingtalk://SPACE/sales/ "SELECT count(*) FROM t"`,
//! with the connection to the drive in the environment, as for the scheduler and the executors. The table is called `t`.

use std::error::Error;
use std::sync::Arc;

use dingtalk_storage_datafusion::Stores;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [scheduler, table, query] = &arguments[..] else {
        return Err("give the address of the scheduler, the URL of the table, and a query about t".into());
    };
    let stores = Arc::new(Stores::from_env());
    let session = dingtalk_storage_ballista::connect(scheduler, dingtalk_storage_ballista::config(), stores).await?;
    session.sql(&format!("CREATE EXTERNAL TABLE t STORED AS PARQUET LOCATION '{table}'")).await?.collect().await?;
    session.sql(query).await?.show().await?;
    Ok(())
}
