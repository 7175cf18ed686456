//! DingTalk Storage as a service of OpenDAL 0.59: a space of the drive, or a folder of it, behind an `Operator`.
//!
//! It stands on [`dingtalk_storage_transfer`]: its paths, its verified bytes, its commit that is made once. What fails is
//! told as permanent, so that a retry layer sends nothing again that the crates below have sent again already, or must not.
//!
//! ```no_run
//! use dingtalk_storage_opendal::DingtalkStorage;
//! use opendal_core::Operator;
//!
//! # async fn example() -> opendal_core::Result<()> {
//! // DINGTALK_REGION, DINGTALK_APP_KEY, DINGTALK_APP_SECRET, and DINGTALK_OPERATOR, a unionId
//! let operator = Operator::new(DingtalkStorage::from_env().space("2256226585").root("/Reports"))?;
//! operator.write("2026/a.csv", "a,b\n1,2\n").await?;
//! # Ok(()) }
//! ```
//!
//! After [`register`], the scheme `dingtalk` is one that `Operator::from_uri` and `Operator::via_iter` know:
//!
//! ```no_run
//! # fn example() -> opendal_core::Result<()> {
//! dingtalk_storage_opendal::register();
//! let options = [("region", "international"), ("app_key", "key"), ("app_secret", "secret"), ("operator", "unionId")];
//! let options = options.map(|(name, value)| (name.to_owned(), value.to_owned()));
//! let operator = opendal_core::Operator::from_uri(("dingtalk://2256226585/Reports", options))?;
//! # let _ = operator;
//! # Ok(()) }
//! ```

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod builder;
mod config;
mod core;
mod deleting;
mod failure;
mod listing;
mod metadata;
mod reading;
mod service;
mod writing;

pub use builder::DingtalkStorage;
pub use config::DingtalkStorageConfig;

/// Scheme of the service.
pub const SCHEME: &str = "dingtalk";

/// Makes the scheme known to `Operator::from_uri` and `Operator::via_iter`; however often it is called.
pub fn register() {
    opendal_core::OperatorRegistry::get().register::<DingtalkStorage>(SCHEME);
}
