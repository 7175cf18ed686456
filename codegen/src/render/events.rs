//! What the server pushes to subscribers.

use dingtalk_storage_spec::naming::{is_identifier, is_keyword};
use indexmap::IndexMap;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::doc::{Doc, documentation_link};
use super::examples;
use super::imports::imports;
use super::layout::{Item, RustFile};
use crate::ir::{Api, Event, Type, TypeItem};
use crate::names::{ident, number, snake};

/// `events.rs`, if there are events.
pub fn file(api: &Api) -> Option<RustFile<'static>> {
    let first = api.events.first()?;
    let data = api.events.iter().map(|event| Type::Object(event.data.clone()));
    let used: Vec<_> = data.chain(corp_id(api)).collect();
    let imports = imports(used.iter(), &[]);
    let by_data = by_data(&api.events);
    let (events, payloads, implementations) = (events(&api.events), payloads(&by_data), implementations(api, &by_data));
    let code = quote! {
        #imports
        // All of it, whatever features the runtime has.
        pub use runtime::events::*;
        #events
        #payloads
        #implementations
    };
    Some(RustFile {
        path: "generated/src/events.rs".to_owned(),
        source: "events.yaml",
        doc: documentation(api, first),
        items: vec![Item::Code(code)],
    })
}

/// The id of an organization, where the spec has a type of that name.
fn corp_id(api: &Api) -> Option<Type> {
    match api.shared_type("CorpId") {
        Some(TypeItem::Id(id)) if !id.secret => Some(Type::Id(id.name.clone())),
        _ => None,
    }
}

/// How to get at an event, by the example of one.
fn documentation(api: &Api, event: &Event) -> String {
    let (wire, variant, data) = (&event.wire, &event.rust, examples::least(api, &event.data));
    let data = serde_json::Value::String(data.to_string());
    let push = format!(r#"{{"headers": {{"eventId": "c7c7120f", "eventType": "{wire}"}}, "data": {data}}}"#);
    let fence = "#".repeat(
        1 + push.split('"').map(|rest| rest.len() - rest.trim_start_matches('#').len()).max().unwrap_or_default(),
    );
    format!(
        r#"What the server pushes to subscribers.

Hand the decrypted body of a push to the reader of its kind: [`Envelope::from_stream`] for the Stream push, [`Envelope::from_http`] for the HTTP push, [`Envelope::from_sync`] for one entry of the synchronous push, over HTTP or from the RDS tables. An event that comes twice has the same id. With the feature `callback`, `Callback` decrypts pushes over HTTP and answers them; with `stream`, `Stream` keeps a connection open and hands out what comes.

```
use dingtalk_storage::events::{{Envelope, Event}};

let push = r{fence}"{push}"{fence};
let envelope = Envelope::<Event>::from_stream(push.as_bytes())?;

assert_eq!(envelope.id.as_deref(), Some("c7c7120f"));
match envelope.event {{
    Event::{variant}(news) => println!("{{news:?}}"),
    Event::Unknown(name, data) => println!("{{name}} is newer than this version: {{data}}"),
    other => println!("{{other:?}}"),
}}
# Ok::<(), dingtalk_storage::events::EventError>(())
```"#
    )
}

fn events(events: &[Event]) -> TokenStream {
    let variants = events.iter().map(|event| {
        let doc = Doc::of(&event.summary)
            .paragraph(event.details.as_deref().unwrap_or_default())
            .markdown_paragraph(&documentation_link(&event.documentation));
        let (doc, name, data) = (doc.tokens(), ident(&event.rust), ident(&event.data));
        quote!(#doc #name(#data),)
    });
    quote! {
        /// An event of the drive.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant, reason = "an event is not kept")]
        pub enum Event {
            #(#variants)*
            /// An event that this version does not know: its name, and what it carries.
            Unknown(String, serde_json::Value),
        }
    }
}

/// Names of events by what they carry.
type ByData<'a> = IndexMap<&'a str, Vec<Ident>>;

fn by_data(events: &[Event]) -> ByData<'_> {
    let mut names = ByData::new();
    for event in events {
        names.entry(&event.data).or_default().push(ident(&event.rust));
    }
    names
}

/// Methods of traits that events have; one of their own would be called in their place.
const METHODS_OF_TRAITS: [&str; 7] = ["as_ref", "borrow", "clone", "eq", "fmt", "serialize", "to_owned"];

/// What a type is called where an event is asked for it: `dentry` for `DentryEvent`.
fn accessor(data: &str) -> String {
    let (long, short) = (snake(data), snake(data.strip_suffix("Event").unwrap_or(data)));
    let is_free = is_identifier(&short) && !is_keyword(&short) && !METHODS_OF_TRAITS.contains(&short.as_str());
    if is_free { short } else { long }
}

/// What an event carries, for programs to which it is all the same which of several it is.
fn payloads(names: &ByData<'_>) -> TokenStream {
    let called: Vec<_> = names.keys().map(|data| accessor(data)).collect();
    // Where two would be called the same, neither is.
    let is_clear = |name: &String| called.iter().filter(|other| *other == name).count() == 1;
    let methods = names.iter().zip(&called).filter(|(_, name)| is_clear(name));
    let methods = methods.map(|((data, variants), name)| {
        let all = names.len() == 1;
        let which = if all { "an event that is known" } else { "an event that carries one" };
        let doc = Doc::of(&format!("What {which} tells: its `{data}`; `None` for every other event."));
        let others = names.iter().filter(|(other, _)| *other != data).flat_map(|(_, variants)| variants);
        let (doc, name, data) = (doc.tokens(), ident(name), ident(data));
        quote! {
            #doc
            #[must_use]
            pub fn #name(&self) -> Option<&#data> {
                match self {
                    #(Self::#variants(data))|* => Some(data),
                    #(Self::#others(_) |)* Self::Unknown(..) => None,
                }
            }
        }
    });
    quote!(impl Event { #(#methods)* })
}

/// How an event is read, and written: as its payload alone, for its name stands beside it in the envelope.
fn implementations(api: &Api, by_data: &ByData<'_>) -> TokenStream {
    let events = &api.events;
    // An organization has an id of its own, where the spec has one.
    let corp_id = corp_id(api).map_or_else(|| quote!(String), |_| quote!(CorpId));
    let names = events.iter().map(|event| ident(&event.rust));
    let wires: Vec<_> = events.iter().map(|event| &event.wire).collect();
    let numbers = events.iter().map(|event| number(event.biz_type));
    // One arm for all that carry the same, as clippy wants it.
    let serialize = quote!(runtime::__private::serde::Serialize::serialize(data, serializer));
    let arms = by_data.values().map(|names| quote!(#(Self::#names(data))|* => #serialize,));
    quote! {
        impl runtime::events::Payload for Event {
            type CorpId = #corp_id;

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

        impl runtime::__private::serde::Serialize for Event {
            fn serialize<S: runtime::__private::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    #(#arms)*
                    Self::Unknown(_, data) => #serialize,
                }
            }
        }
    }
}
