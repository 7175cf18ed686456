//! One module for each family: its operations and the handles that call them.

use dingtalk_storage_spec::model::Status;
use proc_macro2::TokenStream;
use quote::quote;

use super::doc::Doc;
use super::layout::{Item, RustFile};
use super::markdown::marked;
use super::operation::variant;
use crate::ir::{Family, Operation};
use crate::names::ident;

/// The module of a family: its operations, what they have in common for their own facts to start from, and the handles.
pub fn file(family: &Family) -> RustFile<'_> {
    let operator = family.has_operator().then(|| quote! { use crate::types::UnionId; });
    let modules = family.operations.iter().map(module);
    let (host, token, envelope) = (variant(family.host), variant(family.token), variant(family.envelope));
    let unused = unused(family, |_| true);
    let doc = Doc::of(&format!("The operations of {}.", family.title)).tokens();
    let operator_handle = family.has_operator().then(|| operator_handle(family));
    let code = quote! {
        #operator
        use dingtalk_runtime as runtime;

        #(#modules)*

        #unused
        const FAMILY: runtime::Operation = runtime::Operation {
            host: runtime::Host::#host,
            token: runtime::Token::#token,
            envelope: runtime::Envelope::#envelope,
            ..runtime::Operation::UNSET
        };

        #doc
        #[derive(Debug, Clone)]
        pub struct Calls {
            #unused
            client: runtime::Client,
        }

        impl Calls {
            pub(crate) fn new(client: &runtime::Client) -> Self {
                Self { client: client.clone() }
            }
        }

        #operator_handle
    };
    RustFile {
        path: format!("generated/src/{}.rs", family.name),
        source: &family.source,
        doc: marked(&format!("{}: {}", family.title, family.doc)),
        items: vec![Item::Code(code)],
    }
}

/// An operation, and the feature that it waits for.
fn module(operation: &Operation) -> TokenStream {
    let name = ident(&operation.module);
    let gate = match operation.status {
        Status::Current => None,
        Status::Legacy => Some(quote!(#[cfg(feature = "legacy")])),
        Status::Undocumented => Some(quote!(#[cfg(feature = "undocumented")])),
    };
    quote! { #gate pub mod #name; }
}

/// Where no operation of a kind is always compiled, nothing may use what all of them have in common.
fn unused(family: &Family, kind: fn(&Operation) -> bool) -> Option<TokenStream> {
    let is_used = family.operations.iter().any(|operation| operation.status == Status::Current && kind(operation));
    (!is_used).then(|| quote!(#[allow(dead_code, reason = "its operations wait for features")]))
}

fn operator_handle(family: &Family) -> TokenStream {
    let doc = format!("The operations of {} that name an operator, by one operator.", family.title);
    let doc = Doc::of(&doc).tokens();
    let unused = unused(family, |operation| operation.operator.is_some());
    quote! {
        #doc
        #[derive(Debug, Clone)]
        pub struct OperatorCalls {
            #unused
            calls: Calls,
            #unused
            operator: UnionId,
        }

        impl OperatorCalls {
            pub(crate) fn new(client: &runtime::Client, operator: &UnionId) -> Self {
                Self { calls: Calls::new(client), operator: operator.clone() }
            }
        }
    }
}
