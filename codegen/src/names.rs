//! Identifiers. Which name becomes which is decided in [`dingtalk_storage_spec::naming`], where the checks see it too.

pub use dingtalk_storage_spec::naming::{field as snake, operation as module, variant as camel};
use proc_macro2::{Ident, Span};

/// An identifier. The spec compiler has refused names that cannot be one.
pub fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}
