//! One module for each kind of page.

mod call;
mod chapter;
mod error;
mod event;
mod evidence;
mod fields;
mod index;
mod lists;
mod operation;
mod scope;
mod types;

pub use chapter::{chapter, family};
pub use error::{error, errors};
pub use event::{event, events};
pub use index::index;
pub use lists::operations;
pub use operation::operation;
pub use scope::{scope, scopes};
pub use types::{shared_type, types};
