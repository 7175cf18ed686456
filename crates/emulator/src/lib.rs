//! DingTalk Storage in one process: stateful, strict, and able to fail on command.
//!
//! ```no_run
//! # async fn example() -> Result<(), dingtalk_storage_emulator::Error> {
//! let emulator = dingtalk_storage_emulator::Emulator::start().await?;
//! println!("{} {}", emulator.api_url(), emulator.credentials().app_key);
//! # Ok(())
//! # }
//! ```
//!
//! # How it is built
//!
//! A request goes through these modules, each about one thing:
//!
//! | module | what it does |
//! |---|---|
//! | `start` | addresses, and what there is to begin with |
//! | `server` | two listeners: the API with the admin API, and the object storage; connections that can be broken |
//! | `cors` | web pages of other origins, on wish |
//! | `exchange` | one request and its answer: faults before, during and after, and the line in the journal |
//! | `api` | route, gateway, check, handler, check of the answer: all under one lock of the `World` |
//! | `routes`, `contract` | the spec: which operation a path is, and what it takes and gives |
//! | `auth`, `limits` | the gateway: tokens, scopes, throttling, quota, banned addresses |
//! | `request_check`, `answer_check` | requests and answers against the spec |
//! | `operations` | one handler for each operation, and the one table of them |
//! | `drive` | the rules that handlers share: names, room, uploads, trees, how things look on the wire |
//! | `state` | everything that is remembered, as tables of plain data with indexes |
//! | `storage` | the object storage behind signed URLs: signatures, ranges, blobs |
//! | `planting`, `reset`, `persist`, `dump` | what is there to begin with, the way back to it, the state on disk, the state as a folder |
//! | `admin`, `pages`, `program` | the admin API, the same for people in a browser, and the command |
//! | `faults`, `journal` | what goes wrong on command, and what happened |
//! | `suggest` | what a name that nothing has was meant to be |
//! | `delivery` | news about files on its way: over HTTP, as it is or encrypted, and over streams |
//!
//! # How to add an operation
//!
//! A handler is a function `fn(&mut Call) -> Result<Value, Refusal>` in a module of `operations`, and a line in
//! `operations::handler`. When it is called, everything that the spec can say about the request has been checked:
//! required parameters are there, types, ranges, enums and list sizes are right, defaults are filled in (so
//! `call.input.text("option.conflictStrategy")` is never empty), the token is valid, and the operator is a person of
//! the organization. What is left is the drive:
//!
//! - `call.entry("spaceId", "dentryId")?`, `call.entry_by_uuid(..)?` and `call.space(..)?` find things or refuse.
//! - `call.world.require(&call.operator, entry, Role::Editor)?` refuses who may not.
//! - `Refusal::new("dentryAlreadyExist").because("..")`: only the code is named; its HTTP status comes from the spec.
//! - State is changed through `call.world`: `Table`s note their changes, so persistence, dump and load need nothing.
//!   A new table is a field of `World` and a line in `World::tables`.
//! - `call.effect("entry.moved", uuid)` writes the ledger: once for each thing that was changed.
//! - `call.page_start()?`, `call.page_size(..)` and `call.page_token(..)` do the paging that the spec describes.
//! - Files of a form are in `call.files`; a handler takes those that it keeps, the others are dropped.
//! - Blobs that nothing needs any more go into `call.dropped_blobs`; `drive::erase` returns them.
//! - Work on a tree is a task: `drive::start_task`; `drive::check_idle` refuses what would come in its way. Operations
//!   that have no code for that find all tasks ended when they are called.
//! - `call.tell(EventKind::Update, entry)` tells subscribers.
//! - A refusal gets the code that the operation documents: `operations::codes` knows what each family calls a thing.
//! - Ids come from `call.world.ids` and time from `call.now()`, so that equal seeds give equal transcripts.

mod admin;
mod answer_check;
mod api;
mod auth;
mod call;
mod clock;
mod contract;
mod cors;
mod delivery;
mod drive;
mod dump;
mod emulator;
mod error;
mod exchange;
mod faults;
mod form;
mod http;
mod journal;
mod limits;
mod operations;
mod options;
mod pages;
mod paging;
mod persist;
mod planting;
#[cfg(feature = "program")]
pub mod program;
mod query;
mod refusal;
mod refusal_check;
mod request_check;
mod reset;
mod routes;
mod server;
mod shared;
mod start;
mod state;
mod storage;
mod suggest;

pub use clock::Time;
pub use delivery::{Encryption, Subscriber};
pub use emulator::{Emulator, EmulatorBuilder};
pub use error::Error;
pub use faults::{Fault, FaultKind, FaultReport};
pub use journal::{Counts, Effect, LedgerLine, Record};
pub use limits::{Limits, Window};
pub use options::Options;
pub use planting::{
    Changed, Credentials, Meeting, Person, Plan, PlannedApp, PlannedFile, PlannedSpace, PlannedUser, Planted,
};
