//! The root of the crate and its client.

use std::collections::BTreeMap;

use dingtalk_storage_spec::features::FEATURES;
use proc_macro2::TokenStream;
use quote::quote;

use super::doc::Doc;
use super::layout::{Item, RustFile};
use super::markdown::marked;
use crate::ir::{Api, Family};
use crate::names::ident;

const CRATE_DOC: &str = "\
A client for DingTalk Storage, the cloud drive of DingTalk: spaces, files, uploads, downloads, permissions, \
recycle bin, tasks, events, chat files and the older Drive API.";

/// `lib.rs` and `client.rs`.
pub fn files(api: &Api) -> [RustFile<'static>; 2] {
    let has_operator = api.families.iter().any(Family::has_operator);
    [
        ("lib", CRATE_DOC, vec![head(api), root(api, has_operator)]),
        ("client", "The client.", vec![client(api, has_operator)]),
    ]
    .map(|(name, doc, items)| RustFile {
        path: format!("generated/src/{name}.rs"),
        source: "api",
        doc: doc.to_owned(),
        items: items.into_iter().map(Item::Code).collect(),
    })
}

/// The guide, which is written by hand, and after it the features.
fn head(api: &Api) -> TokenStream {
    let features = features(api);
    let features = features.spaced();
    quote! {
        #![doc = include_str!("../GUIDE.md")]
        #(#![doc = #features])*
        #![cfg_attr(docsrs, feature(doc_cfg))]
        // `rustfmt::skip` itself may not stand here.
        #![cfg_attr(rustfmt, rustfmt_skip)]
    }
}

fn features(api: &Api) -> Doc {
    let family =
        |family: &Family| format!("`{}`: {}", family.name, marked(&format!("{}. {}", family.title, family.doc)));
    Doc::default()
        .markdown_paragraph("# Features")
        .markdown_paragraph("Each family of operations is a feature; all are on by default:")
        .markdown_entries(api.families.iter().map(family))
        .markdown_paragraph("The others are off by default:")
        .markdown_entries(FEATURES.iter().map(|(feature, what)| format!("`{feature}`: {what}")))
}

fn root(api: &Api, has_operator: bool) -> TokenStream {
    let families = api.families.iter().map(|Family { name, .. }| {
        let module = ident(name);
        (name.as_str(), quote! { #[cfg(feature = #name)] pub mod #module; })
    });
    let mut modules = BTreeMap::from([
        ("client", quote! { mod client; }),
        ("operations", quote! { mod operations; }),
        ("types", quote! { pub mod types; }),
    ]);
    modules.extend(families.chain((!api.events.is_empty()).then(|| ("events", quote! { pub mod events; }))));
    let modules = modules.values();
    let operator_client = has_operator.then(|| quote!(, OperatorClient));
    quote! {
        #(#[rustfmt::skip] #modules)*

        pub use client::{Client, ClientBuilder #operator_client};
        pub use dingtalk_runtime as runtime;
        pub use dingtalk_runtime::{
            Backoff, Error, ErrorClass, ErrorCode, ErrorKind, Operation, Region, RetryPolicy, Time, credentials,
        };
        pub use operations::OPERATIONS;
        #[cfg(feature = "blocking")]
        pub use dingtalk_runtime::blocking;
        #[cfg(feature = "by-name")]
        pub use {dingtalk_runtime::by_name, operations::NAMED};
    }
}

fn client(api: &Api, has_operator: bool) -> TokenStream {
    let handles = api.families.iter().map(|family| handle(family, &quote!(Calls), &quote!(&self.runtime)));
    let union_id = has_operator.then(|| quote! { use crate::types::UnionId; });
    let operator = has_operator.then(operator);
    let operator_client = has_operator.then(|| operator_client(api));
    let as_runtime = as_runtime(&quote!(Client));
    quote! {
        #union_id
        use dingtalk_runtime as runtime;

        /// A client of the API. Cloning it is cheap; clones share credentials, connections and limits.
        #[derive(Debug, Clone)]
        pub struct Client {
            runtime: runtime::Client,
        }

        /// Sets up a [`Client`].
        pub type ClientBuilder = runtime::ClientBuilder<Client>;

        impl Client {
            /// A client to set up.
            #[must_use]
            pub fn builder() -> ClientBuilder {
                ClientBuilder::new()
            }

            /// A client as the environment says; see [`ClientBuilder::from_env`].
            pub fn from_env() -> Result<Self, runtime::Error> {
                ClientBuilder::from_env()?.build()
            }

            /// The client below: credentials, connections, limits.
            #[must_use]
            pub fn runtime(&self) -> &runtime::Client {
                &self.runtime
            }

            #operator

            /// A request to the operation of this name. The parameters are one flat object with what goes into path,
            /// query and body under its wire name; what is wrong with them is told at once and nothing is sent.
            #[cfg(feature = "by-name")]
            pub fn by_name(
                &self,
                operation: &str,
                parameters: &serde_json::Map<String, serde_json::Value>,
            ) -> Result<runtime::by_name::Request, runtime::by_name::Error> {
                runtime::by_name::request(&self.runtime, crate::NAMED, operation, parameters)
            }

            #(#handles)*
        }

        impl From<runtime::Client> for Client {
            fn from(runtime: runtime::Client) -> Self {
                Self { runtime }
            }
        }

        #as_runtime
        #operator_client
    }
}

/// The way from the client to the one of an operator.
fn operator() -> TokenStream {
    quote! {
        /// The same client for one operator, who need not be named in each call.
        #[must_use]
        pub fn operator(&self, operator: &UnionId) -> OperatorClient {
            OperatorClient { runtime: self.runtime.clone(), operator: operator.clone() }
        }

        /// The same client for the person whose unionId the environment has in `DINGTALK_OPERATOR` or
        /// `DINGTALK_UNION_ID`.
        pub fn operator_from_env(&self) -> Result<OperatorClient, runtime::Error> {
            runtime::credentials::operator_from_env().map(|operator| self.operator(&UnionId::new(operator)))
        }
    }
}

/// Either client is what the runtime takes one for.
fn as_runtime(client: &TokenStream) -> TokenStream {
    quote! {
        impl AsRef<runtime::Client> for #client {
            fn as_ref(&self) -> &runtime::Client {
                &self.runtime
            }
        }
    }
}

fn operator_client(api: &Api) -> TokenStream {
    let families = api.families.iter().filter(|family| family.has_operator());
    let handles = families.map(|family| handle(family, &quote!(OperatorCalls), &quote!(&self.runtime, &self.operator)));
    let as_runtime = as_runtime(&quote!(OperatorClient));
    quote! {
        /// A client whose calls are made by one operator.
        #[derive(Debug, Clone)]
        pub struct OperatorClient {
            runtime: runtime::Client,
            operator: UnionId,
        }

        impl OperatorClient {
            /// The client below: credentials, connections, limits.
            #[must_use]
            pub fn runtime(&self) -> &runtime::Client {
                &self.runtime
            }

            /// Who makes the calls.
            #[must_use]
            pub fn operator(&self) -> &UnionId {
                &self.operator
            }

            #(#handles)*
        }

        #as_runtime
    }
}

fn handle(family: &Family, handle: &TokenStream, arguments: &TokenStream) -> TokenStream {
    let (name, feature) = (ident(&family.name), &family.name);
    let doc = Doc::of(&format!("{}: {}", family.title, family.doc)).tokens();
    quote! {
        #doc
        #[cfg(feature = #feature)]
        #[must_use]
        pub fn #name(&self) -> crate::#name::#handle {
            crate::#name::#handle::new(#arguments)
        }
    }
}
