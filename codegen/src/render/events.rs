//! What the server pushes to subscribers.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::doc::Doc;
use super::imports::imports;
use super::layout::RustFile;
use crate::error::Error;
use crate::ir::{Api, Event, Type};
use crate::names::ident;
use crate::output::Output;

/// Renders `events.rs`, if there are events.
pub fn render(api: &Api, output: &mut Output) -> Result<(), Error> {
    if api.events.is_empty() {
        return Ok(());
    }
    let items = vec![events(&api.events).into(), implementation(&api.events).into()];
    let data: Vec<_> = api.events.iter().map(|event| Type::Object(event.data.clone())).collect();
    RustFile {
        path: "generated/src/events.rs",
        source: "events.yaml",
        doc: "What the server pushes to subscribers.",
        head: imports(&items, data.iter(), &BTreeSet::new()),
        items,
    }
    .add_to(output)
}

fn events(events: &[Event]) -> TokenStream {
    let variants = events.iter().map(|event| {
        let mut doc = Doc::of(&event.summary);
        if let Some(details) = &event.details {
            doc.paragraph(details);
        }
        doc.paragraph(&format!("[Documentation]({})", event.documentation));
        let (doc, name, data) = (doc.tokens(), ident(&event.rust), ident(&event.data));
        quote!(#doc #name(#data),)
    });
    quote! {
        /// An event of the drive.
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum Event {
            #(#variants)*
            /// An event that this version does not know: its name, and what it carries.
            Unknown(String, serde_json::Value),
        }
    }
}

fn implementation(events: &[Event]) -> TokenStream {
    let names = events.iter().map(|event| ident(&event.rust));
    let wires: Vec<_> = events.iter().map(|event| &event.wire).collect();
    let numbers = events.iter().map(|event| proc_macro2::Literal::u32_unsuffixed(event.biz_type));
    quote! {
        impl runtime::events::Payload for Event {
            fn name_of(biz_type: u32) -> Option<&'static str> {
                match biz_type {
                    #(#numbers => Some(#wires),)*
                    _ => None,
                }
            }

            fn decode(name: &str, data: serde_json::Value) -> Result<Self, serde_json::Error> {
                match name {
                    #(#wires => serde_json::from_value(data).map(Self::#names),)*
                    _ => Ok(Self::Unknown(name.to_owned(), data)),
                }
            }
        }
    }
}
