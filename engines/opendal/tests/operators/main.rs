//! The service on the emulator in the same process.
//!
//! `OpenDAL` runs its own behaviour tests from its repository only: they are in no published crate, and what is published,
//! `opendal-testkit`, is the checkers and the way to an operator. So the behaviours that a service is asked for are listed
//! here by hand, each with the capability that selects it there.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

mod listing;
mod objects;
mod registry;
mod stage;
mod writing;
