//! What the tables of generated code become where operations cannot be called by name: nothing.

/// The parameters of an operation, for the feature `by-name`.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_named {
    ($($table:tt)*) => {};
}

#[doc(hidden)]
#[macro_export]
macro_rules! __dt_named_operations {
    ($($table:tt)*) => {};
}

#[doc(hidden)]
#[macro_export]
macro_rules! __dt_named_id {
    ($($table:tt)*) => {};
}

#[doc(hidden)]
#[macro_export]
macro_rules! __dt_named_enum {
    ($($table:tt)*) => {};
}

#[doc(hidden)]
#[macro_export]
macro_rules! __dt_named_request_object {
    ($($table:tt)*) => {};
}
