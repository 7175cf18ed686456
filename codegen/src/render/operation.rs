//! One file for each operation: its facts, its methods, its request, its answer.

mod documentation;
mod facts;
mod named;
mod series;

use std::collections::BTreeSet;

use dingtalk_storage_spec::model::ListStyle;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::doc::{Doc, sentence};
use super::imports::imports;
use super::layout::{Item, RustFile};
use super::{objects, ty};
use crate::error::Error;
use crate::ir::{Api, Family, Operation, Parameter, Place};
use crate::names::ident;
use crate::output::Output;

pub use facts::variant;

/// Renders the files of all operations.
pub fn render(api: &Api, output: &mut Output) -> Result<(), Error> {
    for family in &api.families {
        for operation in &family.operations {
            render_file(api, family, operation, output)?;
        }
    }
    Ok(())
}

fn render_file(api: &Api, family: &Family, operation: &Operation, output: &mut Output) -> Result<(), Error> {
    let code = [
        Some(facts::constant(family, operation)),
        Some(method(api, family, operation)),
        operator_method(operation),
        Some(request(operation)),
        Some(setters_and_send(operation)),
        series::paged(operation),
        series::batched(operation),
        series::lasting(operation),
    ];
    let mut items: Vec<_> = code.into_iter().flatten().map(Item::Code).collect();
    items.push(Item::Table(named::table(operation)));
    items.extend(operation.response.iter().chain(&operation.objects).flat_map(objects::items));
    let objects = operation.response.iter().chain(&operation.objects);
    let fields = objects.flat_map(|object| &object.fields);
    let fields = fields.chain(operation.parameters.iter().map(|parameter| &parameter.field));
    let handles = if operation.operator.is_some() {
        quote! { {Calls, OperatorCalls} }
    } else {
        quote!(Calls)
    };
    let imports = imports(&items, fields.map(|field| &field.ty), &BTreeSet::new());
    RustFile {
        path: &format!("generated/src/{}/{}.rs", family.name, operation.module),
        source: &operation.source,
        doc: &format!("`{}`: {}", operation.full_name, super::doc::marked(&operation.summary)),
        head: quote!(use super::#handles; #imports),
        items,
    }
    .add_to(output)
}

/// The method of the handle that makes the request.
fn method(api: &Api, family: &Family, operation: &Operation) -> TokenStream {
    let method = ident(&operation.module);
    let request = ident(&operation.name);
    let doc = documentation::of(api, family, operation).tokens();
    let required = || required(operation).map(|(_, parameter)| (ident(&parameter.field.rust), parameter));
    let arguments = required().map(|(name, parameter)| argument(&name, parameter));
    let stores = required().map(|(name, parameter)| store(&name, parameter));
    quote! {
        impl Calls {
            #doc
            pub fn #method(&self, #(#arguments),*) -> #request {
                let request = self.client.request(&OPERATION);
                #request(request #(#stores)*)
            }
        }
    }
}

/// The same method of the handle that knows the operator.
fn operator_method(operation: &Operation) -> Option<TokenStream> {
    let operator = operation.operator?;
    let method = ident(&operation.module);
    let request = ident(&operation.name);
    let own = required(operation).filter(|(index, _)| *index != operator);
    let arguments = own.map(|(_, parameter)| argument(&ident(&parameter.field.rust), parameter));
    let passed = required(operation).map(|(index, parameter)| {
        let name = ident(&parameter.field.rust);
        if index == operator { quote!(&self.operator) } else { quote!(#name) }
    });
    // An operator that may be left out is no argument, but a setter.
    let is_setter = !operation.parameters.get(operator).is_some_and(|parameter| parameter.field.required);
    let set = is_setter.then(|| quote!(.operator(&self.operator)));
    let doc = format!(" [`Calls::{}`] by the operator of this handle.", operation.module);
    Some(quote! {
        impl OperatorCalls {
            #[doc = #doc]
            pub fn #method(&self, #(#arguments),*) -> #request {
                self.calls.#method(#(#passed),*) #set
            }
        }
    })
}

fn required(operation: &Operation) -> impl Iterator<Item = (usize, &Parameter)> {
    operation.parameters.iter().enumerate().filter(|(_, parameter)| parameter.field.required)
}

fn argument(name: &Ident, parameter: &Parameter) -> TokenStream {
    let ty = ty::argument(&parameter.field.ty);
    quote!(#name: #ty)
}

/// The call that puts an argument into the request.
fn store(name: &Ident, parameter: &Parameter) -> TokenStream {
    let wire = &parameter.field.wire;
    let is_value = ty::is_passed_by_value(&parameter.field.ty);
    let value = if is_value { quote!(&#name) } else { quote!(#name) };
    match &parameter.place {
        Place::Path => quote!(.path(#wire, #value)),
        Place::Query(None) => quote!(.query(#wire, #value)),
        Place::Query(Some(ListStyle::Indexed)) => quote!(.query_indexed(#wire, #value)),
        Place::Query(Some(ListStyle::Json)) => quote!(.query_json(#wire, #value)),
        Place::Body(None) => quote!(.body(#wire, #value)),
        Place::Body(Some(object)) => quote!(.body_in(#object, #wire, #value)),
    }
}

fn request(operation: &Operation) -> TokenStream {
    let name = ident(&operation.name);
    let doc = format!(" Request of [`Calls::{}`].", operation.module);
    quote! {
        #[doc = #doc]
        #[derive(Debug, Clone)]
        #[must_use = "a request does nothing until it is sent"]
        pub struct #name(runtime::Request);
    }
}

fn setters_and_send(operation: &Operation) -> TokenStream {
    let name = ident(&operation.name);
    let setters = operation.parameters.iter().filter(|parameter| !parameter.field.required).map(setter);
    let answer = answer(operation);
    let pages = operation.page.is_some().then(series::page_methods);
    let batches = operation.batch.is_some().then(series::batch_method);
    let wait = operation.task.is_some().then(series::wait_method);
    quote! {
        impl #name {
            #(#setters)*

            /// Sends the request when it is awaited.
            pub fn send(self) -> runtime::Call<#answer> {
                self.0.send()
            }

            #pages
            #batches
            #wait
        }
    }
}

/// The type of the answer.
fn answer(operation: &Operation) -> TokenStream {
    let name = operation.response.as_ref().map(|response| ident(&response.name));
    name.map_or_else(|| quote!(()), |name| quote!(#name))
}

fn setter(parameter: &Parameter) -> TokenStream {
    let name = ident(&parameter.field.rust);
    let doc = Doc::of(&sentence(&parameter.field)).tokens();
    let argument = argument(&ident("value"), parameter);
    let store = store(&ident("value"), parameter);
    quote! {
        #doc
        pub fn #name(self, #argument) -> Self {
            Self(self.0 #store)
        }
    }
}
