//! The site of the real spec, and of one that means harm.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![allow(clippy::case_sensitive_file_extension_comparisons, reason = "the names are those that the site has made")]

mod contents;
mod hostile;
mod html;
mod links;
mod size;
mod support;
mod written;
