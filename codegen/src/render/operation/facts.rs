//! The static facts of an operation.

use dingtalk_storage_spec::model;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::ir::{Family, Operation};
use crate::names::{camel, ident};

/// The constant with the facts; what is as in most operations is left to the family.
pub fn constant(family: &Family, operation: &Operation) -> TokenStream {
    let Operation { full_name, summary, path, group, .. } = operation;
    let method = ident(&camel(&operation.method.to_lowercase()));
    let effect = variant(operation.effect);
    let body = operation.body.then(|| quote!(body: true,));
    let scope = operation.scope.as_ref().map(|scope| quote!(scope: Some(#scope),));
    let page = page(operation);
    let unusual = unusual(family, operation);
    let errors = errors(operation);
    let doc = format!(" Static facts of `{full_name}`.");
    quote! {
        #[doc = #doc]
        pub const OPERATION: runtime::Operation = runtime::Operation {
            name: #full_name,
            summary: #summary,
            method: runtime::Method::#method,
            path: #path,
            #body
            group: #group,
            effect: runtime::Effect::#effect,
            #scope
            #page
            #unusual
            #errors
            ..super::FAMILY
        };
    }
}

fn page(operation: &Operation) -> Option<TokenStream> {
    let (slug, language) = operation.page_slug.as_ref()?;
    let chinese = (*language == model::Language::Zh).then(|| quote!(language: runtime::Language::Zh,));
    Some(quote!(page: Some(#slug), #chinese))
}

/// What most operations have in common, where this one differs.
fn unusual(family: &Family, operation: &Operation) -> TokenStream {
    let status = (operation.status != model::Status::Current).then(|| {
        let status = variant(operation.status);
        quote!(status: runtime::Status::#status,)
    });
    let apps = (operation.apps.len() != 2).then(|| {
        let apps = operation.apps.iter().map(|app| variant(*app));
        quote!(apps: &[#(runtime::App::#apps),*],)
    });
    let token = (operation.token != family.token).then(|| {
        let token = variant(operation.token);
        quote!(token: runtime::Token::#token,)
    });
    quote!(#status #apps #token)
}

/// `400 paramError paramError.name 403 permissionDenied`: one line instead of one for each code.
fn errors(operation: &Operation) -> Option<TokenStream> {
    let statuses = operation.errors.iter().map(|(status, codes)| format!("{status} {}", codes.join(" ")));
    let list = statuses.collect::<Vec<_>>().join(" ");
    (!list.is_empty()).then(|| quote!(errors: #list,))
}

/// Name of a variant; those of the model and of the runtime are the same.
pub fn variant(value: impl std::fmt::Debug) -> Ident {
    ident(&format!("{value:?}"))
}
