//! What the operations do: scenarios that prove an effect by another call, and refusals for the right reason.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is missing is a failed test")]

#[path = "../support/mod.rs"]
mod support;

mod asking;
mod chats;
mod deleting;
mod drive;
mod events;
mod files;
mod knowledge;
mod lasting;
mod permissions;
mod placing;
mod waiting;
