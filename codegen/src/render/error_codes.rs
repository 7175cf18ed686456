//! The error codes of the API, as a part of the runtime, which decides by them.

use dingtalk_storage_spec::model::ErrorClass;
use proc_macro2::TokenStream;
use quote::quote;

use super::doc::Doc;
use super::layout::RustFile;
use crate::error::Error;
use crate::ir::{Api, ErrorCode};
use crate::names::ident;
use crate::output::Output;

/// Classes with what they mean, in the order of the spec.
const CLASSES: [(ErrorClass, &str); 15] = [
    (ErrorClass::Parameter, "A parameter is missing or wrong."),
    (ErrorClass::Token, "The access token is missing, wrong or expired."),
    (ErrorClass::Credentials, "The credentials of the app are wrong or not authorized."),
    (ErrorClass::Scope, "The app lacks a permission, or calls from an address that is not allowed."),
    (ErrorClass::Permission, "The operator lacks a right on the thing."),
    (ErrorClass::Missing, "The thing does not exist."),
    (ErrorClass::Conflict, "The thing exists already, or the name is taken."),
    (ErrorClass::Capacity, "Storage capacity is used up."),
    (ErrorClass::Throttled, "Too many calls in a short time. Not applied, so it may be sent again a little later."),
    (ErrorClass::Exhausted, "The calls of the month or day are used up. Sending again does not help."),
    (ErrorClass::Concurrency, "Something else works on the same thing. Not applied, so it may be sent again."),
    (ErrorClass::Unsupported, "The thing does not support it."),
    (ErrorClass::Content, "The content was refused, or is not in the state that it should be in."),
    (ErrorClass::Server, "The server had a problem. Whether the call was applied is not known."),
    (ErrorClass::Timeout, "The server ran out of time. Whether the call was applied is not known."),
];

/// Renders `error_code.rs`.
pub fn render(api: &Api, output: &mut Output) -> Result<(), Error> {
    RustFile {
        path: "crates/runtime/src/error_code.rs",
        source: "errors.yaml",
        doc: "Error codes of the API: what each means and what to do about it.",
        head: quote!(
            use crate::UnknownValue;
        ),
        items: [
            codes(&api.errors),
            as_str(&api.errors),
            from_string(&api.errors),
            quote!(crate::open_enum!(ErrorCode);),
            facts(&api.errors),
            classes(),
        ]
        .map(Into::into)
        .into(),
    }
    .add_to(output)
}

fn codes(codes: &[ErrorCode]) -> TokenStream {
    let variants = codes.iter().map(|code| {
        let doc = Doc::of(&code.meaning).tokens();
        let name = ident(&code.rust);
        quote!(#doc #name,)
    });
    quote! {
        /// An error code of the API. Codes that this version does not know are kept.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode {
            #(#variants)*
            /// A code that this version does not know.
            UnknownValue(UnknownValue),
        }
    }
}

fn as_str(codes: &[ErrorCode]) -> TokenStream {
    let rust = codes.iter().map(|code| ident(&code.rust));
    let wire = codes.iter().map(|code| &code.wire);
    quote! {
        impl ErrorCode {
            /// The code on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#rust => #wire,)*
                    Self::UnknownValue(code) => code.as_str(),
                }
            }
        }
    }
}

fn from_string(codes: &[ErrorCode]) -> TokenStream {
    let rust = codes.iter().map(|code| ident(&code.rust));
    let wire = codes.iter().map(|code| &code.wire);
    quote! {
        impl From<&str> for ErrorCode {
            fn from(code: &str) -> Self {
                match code {
                    #(#wire => Self::#rust,)*
                    _ => Self::UnknownValue(UnknownValue::new(code)),
                }
            }
        }
    }
}

/// Class, meaning and advice; the last two word for word as in the spec.
fn facts(codes: &[ErrorCode]) -> TokenStream {
    let rust: Vec<_> = codes.iter().map(|code| ident(&code.rust)).collect();
    let meaning = codes.iter().map(|code| &code.meaning);
    let advice = codes.iter().map(|code| &code.advice);
    let classes = CLASSES.iter().filter_map(|(class, _)| {
        let members: Vec<_> = codes.iter().filter(|code| code.class == *class).map(|code| ident(&code.rust)).collect();
        let class = ident(&format!("{class:?}"));
        (!members.is_empty()).then(|| quote!(#(Self::#members)|* => ErrorClass::#class,))
    });
    quote! {
        impl ErrorCode {
            /// What kind of trouble it is.
            #[must_use]
            pub fn class(&self) -> ErrorClass {
                match self {
                    #(#classes)*
                    Self::UnknownValue(code) => ErrorClass::of_unknown(code.as_str()),
                }
            }

            /// What happened; `None` for a code that this version does not know.
            #[must_use]
            pub fn meaning(&self) -> Option<&'static str> {
                Some(match self {
                    #(Self::#rust => #meaning,)*
                    Self::UnknownValue(_) => return None,
                })
            }

            /// What to do about it; `None` for a code that this version does not know.
            #[must_use]
            pub fn advice(&self) -> Option<&'static str> {
                Some(match self {
                    #(Self::#rust => #advice,)*
                    Self::UnknownValue(_) => return None,
                })
            }
        }
    }
}

fn classes() -> TokenStream {
    let names = CLASSES.iter().map(|(class, _)| ident(&format!("{class:?}")));
    let docs = CLASSES.iter().map(|(_, doc)| format!(" {doc}"));
    quote! {
        /// What kind of trouble an error code is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorClass {
            #(#[doc = #docs] #names,)*
            /// A code that this version does not know and cannot place.
            Unknown,
        }
    }
}
