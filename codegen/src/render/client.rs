//! The root of the crate and its client.

use std::collections::BTreeMap;

use dingtalk_storage_spec::features::FEATURES;
use proc_macro2::TokenStream;
use quote::quote;

use super::doc::Doc;
use super::layout::{RustFile, unformatted};
use super::markdown::marked;
use crate::error::Error;
use crate::ir::{Api, Family};
use crate::names::ident;
use crate::output::Output;

const CRATE_DOC: &str = "\
A client for DingTalk Storage, the cloud drive of DingTalk: spaces, files, uploads, downloads, permissions, \
recycle bin, tasks, events, chat files and the older Drive API.";

/// Renders `lib.rs` and `client.rs`.
pub fn render(api: &Api, output: &mut Output) -> Result<(), Error> {
    RustFile {
        path: "generated/src/lib.rs",
        source: "api",
        doc: CRATE_DOC,
        head: head(api),
        items: root(api).map(Into::into).into(),
    }
    .add_to(output)?;
    let has_operator = api.families.iter().any(Family::has_operator);
    let union_id = has_operator.then(|| {
        quote!(
            use crate::types::UnionId;
        )
    });
    let mut items = client(api, has_operator);
    if has_operator {
        items.extend(operator_client(api));
    }
    RustFile {
        path: "generated/src/client.rs",
        source: "api",
        doc: "The client.",
        head: quote!(#union_id use dingtalk_runtime as runtime;),
        items: items.into_iter().map(Into::into).collect(),
    }
    .add_to(output)
}

/// The guide, which is written by hand, and after it the features.
fn head(api: &Api) -> TokenStream {
    let unformatted = unformatted();
    let features = features(api).inner_tokens();
    quote! {
        #![doc = include_str!("../GUIDE.md")]
        #features
        #![cfg_attr(docsrs, feature(doc_cfg))]
        #unformatted
    }
}

fn features(api: &Api) -> Doc {
    let mut doc = Doc::of_markdown("# Features");
    doc.markdown_paragraph("Each family of operations is a feature; all are on by default:");
    for family in &api.families {
        doc.markdown_entry(&format!("`{}`: {}", family.name, marked(&format!("{}. {}", family.title, family.doc))));
    }
    doc.markdown_paragraph("The others are off by default:");
    for (feature, what) in FEATURES {
        doc.markdown_entry(&format!("`{feature}`: {what}"));
    }
    doc
}

fn root(api: &Api) -> [TokenStream; 2] {
    let operator_client = api.families.iter().any(Family::has_operator).then(|| quote!(, OperatorClient));
    let plain = |name: &str, code: TokenStream| (name.to_owned(), code);
    let events = (!api.events.is_empty()).then(|| {
        plain(
            "events",
            quote!(
                pub mod events;
            ),
        )
    });
    let families = api.families.iter().map(|family| {
        let (name, feature) = (ident(&family.name), &family.name);
        (feature.clone(), quote!(#[cfg(feature = #feature)] pub mod #name;))
    });
    let mut modules = BTreeMap::from([
        plain(
            "client",
            quote!(
                mod client;
            ),
        ),
        plain(
            "operations",
            quote!(
                mod operations;
            ),
        ),
        plain(
            "types",
            quote!(
                pub mod types;
            ),
        ),
    ]);
    modules.extend(families.chain(events));
    let modules = modules.values();
    [
        quote!(#(#[rustfmt::skip] #modules)*),
        quote! {
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
        },
    ]
}

fn client(api: &Api, has_operator: bool) -> Vec<TokenStream> {
    let by_name = by_name();
    let handles = api.families.iter().map(|family| handle(family, &quote!(Calls), &quote!(&self.runtime)));
    let operator = has_operator.then(|| {
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
    });
    vec![
        quote! {
            /// A client of the API. Cloning it is cheap; clones share credentials, connections and limits.
            #[derive(Debug, Clone)]
            pub struct Client {
                runtime: runtime::Client,
            }
        },
        quote! {
            /// Sets up a [`Client`].
            pub type ClientBuilder = runtime::ClientBuilder<Client>;
        },
        quote! {
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
                #by_name
                #(#handles)*
            }
        },
        quote! {
            impl From<runtime::Client> for Client {
                fn from(runtime: runtime::Client) -> Self {
                    Self { runtime }
                }
            }
        },
        as_runtime(&quote!(Client)),
    ]
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

fn operator_client(api: &Api) -> [TokenStream; 3] {
    let families = api.families.iter().filter(|family| family.has_operator());
    let handles = families.map(|family| handle(family, &quote!(OperatorCalls), &quote!(&self.runtime, &self.operator)));
    [
        quote! {
            /// A client whose calls are made by one operator.
            #[derive(Debug, Clone)]
            pub struct OperatorClient {
                runtime: runtime::Client,
                operator: UnionId,
            }
        },
        quote! {
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
        },
        as_runtime(&quote!(OperatorClient)),
    ]
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

/// The method that calls any operation.
fn by_name() -> TokenStream {
    quote! {
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
    }
}
