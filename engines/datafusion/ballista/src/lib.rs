//! Ballista with tables that lie in the drive.
//!
//! The programs that Ballista releases know the object stores that they were built with. These here are the same scheduler
//! and executor with [`Stores`], so that each process of the cluster reads and writes `dingtalk://SPACE/folder/` with the
//! connection that its environment names: `dingtalk-ballista-scheduler`, `dingtalk-ballista-executor`, and [`connect`] for
//! whoever asks them.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use dingtalk_storage_datafusion::Stores;
//!
//! # async fn example() -> datafusion::error::Result<()> {
//! let config = dingtalk_storage_ballista::config();
//! let session = dingtalk_storage_ballista::connect("127.0.0.1:50050", config, Arc::new(Stores::from_env())).await?;
//! session.sql("CREATE EXTERNAL TABLE sales STORED AS PARQUET LOCATION 'dingtalk://2256226585/sales/'").await?;
//! session.sql("SELECT count(*) FROM sales").await?.show().await?;
//! # Ok(()) }
//! ```

pub mod executor;
mod program;
pub mod scheduler;

use std::path::Path;
use std::sync::Arc;

use ballista::prelude::{SessionConfigExt, SessionContextExt};
use datafusion::error::Result;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::session_state::SessionStateBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};
use dingtalk_storage_datafusion::Stores;

pub use program::run;

/// The settings of a session as Ballista wants them, to change and to give to [`connect`].
pub fn config() -> SessionConfig {
    SessionConfig::new_with_ballista()
}

/// A session whose queries run on a cluster, with the scheduler at `HOST:PORT`. Tables are declared here: the folders are
/// listed and the ends of the files are read by this process, with its own connection to the drive.
///
/// # Errors
///
/// If the address is none. The scheduler is reached by the first query.
pub async fn connect(scheduler: &str, config: SessionConfig, stores: Arc<Stores>) -> Result<SessionContext> {
    let state = SessionStateBuilder::new()
        .with_config(config)
        .with_runtime_env(runtime(stores, None)?)
        .with_default_features()
        .build();
    SessionContext::remote_with_state(&format!("df://{scheduler}"), state).await
}

/// What sessions run in: with the stores that all of a process share, and a folder for what does not fit in memory.
fn runtime(stores: Arc<Stores>, spill: Option<&Path>) -> Result<Arc<RuntimeEnv>> {
    let runtime = RuntimeEnvBuilder::new().with_object_store_registry(stores);
    match spill {
        Some(folder) => runtime.with_temp_file_path(folder).build_arc(),
        None => runtime.build_arc(),
    }
}
