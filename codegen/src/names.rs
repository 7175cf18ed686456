//! Identifiers. Which name becomes which is decided in [`dingtalk_storage_spec::naming`], where the checks see it too.

pub use dingtalk_storage_spec::naming::{field as snake, operation as module, variant as camel};
use proc_macro2::{Ident, Literal, Span};

/// A keyword that stands for no name, type, pattern or expression.
const NEVER: &str = "else";

/// An identifier. The spec compiler refuses names that cannot be one; should it overlook one, a keyword takes its place,
/// so that the file is no Rust and [`Error::InvalidRust`](crate::Error::InvalidRust) ends the run.
pub fn ident(name: &str) -> Ident {
    syn::parse_str(name).unwrap_or_else(|_| Ident::new(NEVER, Span::call_site()))
}

/// Name of the setter of a field. An object of answers has a method of the field's own name, which gives its value.
pub fn setter(field: &str, in_answer: bool) -> String {
    if in_answer { format!("with_{field}") } else { field.to_owned() }
}

/// The word that the spec has for a value: `undocumented`.
pub fn word(value: impl std::fmt::Debug) -> String {
    format!("{value:?}").to_lowercase()
}

/// A whole number as people read it: `100_000`.
pub fn number(number: impl Into<i64>) -> Literal {
    let number = number.into();
    let digits = number.to_string();
    if digits.len() < 5 {
        return Literal::i64_unsuffixed(number);
    }
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join("_").parse().unwrap_or_else(|_| Literal::i64_unsuffixed(number))
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::{ident, number};

    #[test]
    fn numbers_are_grouped() {
        let groups = [0, 9999, 10_000, 123_456, u32::MAX].map(|each| number(each).to_string());
        assert_eq!(groups, ["0", "9999", "10_000", "123_456", "4_294_967_295"]);
    }

    #[test]
    fn what_is_no_name_makes_no_rust() {
        for name in ["", "5", "open-info", "a b", "mod", "Self", "_", "a\""] {
            let name = ident(name);
            let items = [
                quote!(fn #name() {}),
                quote!(mod #name;),
                quote!(enum Name { #name }),
                quote!(struct Name { #name: String }),
                quote!(struct Name { name: #name }),
                quote!(fn name(#name: &str) {}),
                quote!(use crate::types::#name;),
                quote!(const NAME: String = answer.#name;),
            ];
            assert!(items.into_iter().all(|item| syn::parse2::<syn::Item>(item).is_err()), "{name}");
        }
        assert_eq!(ident("open_info"), "open_info");
    }
}
