//! For generated code and the macros of this crate; no part of its interface. The macros stand at the crate's root, as
//! all exported ones do, under names that no application has: whoever imports everything there loses none of his own.

pub use serde;

pub use crate::{
    __dt_answer_object as answer_object, __dt_batched as batched, __dt_id as id, __dt_lasting as lasting,
    __dt_named as named, __dt_open_enum as open_enum, __dt_operation as operation, __dt_operations as operations,
    __dt_paged as paged, __dt_request_object as request_object, __dt_same_id as same_id, __dt_secret as secret,
    __dt_shared_object as shared_object, __dt_signed as signed, __dt_task_reader as task_reader,
};

/// A line of documentation without the blank that stands before it in the source.
#[must_use]
pub const fn without_margin(line: &'static str) -> &'static str {
    match line.as_bytes() {
        [b' ', ..] => line.split_at(1).1,
        _ => line,
    }
}
