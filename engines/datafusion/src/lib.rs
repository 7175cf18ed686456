//! DataFusion with tables that lie in the drive: `dingtalk://SPACE/folder/of/the/table/`.
//!
//! A session that finds spaces by their URL, with the connection that the environment names:
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use datafusion::execution::runtime_env::RuntimeEnvBuilder;
//! use datafusion::prelude::{SessionConfig, SessionContext};
//! use dingtalk_storage_datafusion::Stores;
//!
//! # async fn example() -> datafusion::error::Result<()> {
//! // DINGTALK_REGION, DINGTALK_APP_KEY, DINGTALK_APP_SECRET, DINGTALK_OPERATOR
//! let runtime = RuntimeEnvBuilder::new().with_object_store_registry(Arc::new(Stores::from_env())).build_arc()?;
//! let session = SessionContext::new_with_config_rt(SessionConfig::new(), runtime);
//! session.sql("CREATE EXTERNAL TABLE sales STORED AS PARQUET LOCATION 'dingtalk://2256226585/sales/'").await?;
//! session.sql("SELECT count(*) FROM sales WHERE year = '2026'").await?.show().await?;
//! # Ok(()) }
//! ```
//!
//! Who has a session and a store already gives one to the other: [`register`].

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod stores;

use std::sync::Arc;

use datafusion::error::{DataFusionError, Result};
use datafusion::execution::context::SessionContext;
use dingtalk_storage_object_store::DingtalkStore;
use url::Url;

pub use stores::Stores;

/// Lets a session read and write what lies in a space: `dingtalk://SPACE/folder/of/the/table/`.
///
/// The store is one of the whole space; in one of a folder, paths begin at that folder.
///
/// # Errors
///
/// [`DataFusionError::External`] if the id of the space cannot be part of a URL.
pub fn register(session: &SessionContext, space: &str, store: DingtalkStore) -> Result<()> {
    let url = Url::parse(&format!("dingtalk://{space}")).map_err(|error| DataFusionError::External(Box::new(error)))?;
    session.register_object_store(&url, Arc::new(store));
    Ok(())
}
