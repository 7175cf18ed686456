//! One file for each operation: its table, the call by a known operator, its answer.

mod documentation;
mod facts;
mod series;
mod table;

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::imports::imports;
use super::layout::{Item, RustFile};
use super::links::Links;
use super::{lints, objects, ty};
use crate::error::Error;
use crate::ir::{Api, Family, Operation};
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
    let links = Links::of_operation(family, operation);
    let mut items = vec![Item::Table(table::operation(api, family, operation, &links))];
    items.extend(operator_method(operation).map(Item::Code));
    items.extend(series::tables(operation).map(Item::Table));
    let objects = || operation.response.iter().chain(&operation.objects);
    items.extend(objects().flat_map(|object| objects::items(api, object, &links)));
    let fields = objects().flat_map(|object| &object.fields);
    let fields = fields.chain(operation.parameters.iter().map(|parameter| &parameter.field));
    let handles = if operation.operator.is_some() {
        quote! { {Calls, OperatorCalls} }
    } else {
        quote!(Calls)
    };
    let imports = imports(fields.map(|field| &field.ty), &BTreeSet::new());
    let Operation { full_name, module, .. } = operation;
    RustFile {
        path: &format!("generated/src/{}/{module}.rs", family.name),
        source: &operation.source,
        doc: &format!("`{full_name}`, called by [`{module}`](Calls::{module})."),
        head: quote!(use super::#handles; #imports),
        items,
    }
    .add_to(output)
}

/// The same call by the handle that knows the operator.
fn operator_method(operation: &Operation) -> Option<TokenStream> {
    let operator = operation.operator?;
    let method = ident(&operation.module);
    let request = ident(&operation.name);
    let own = operation.required().filter(|(index, _)| *index != operator);
    let own: Vec<_> = own.map(|(_, parameter)| &parameter.field).collect();
    let allowed = lints::of_arguments(own.iter().copied(), 1);
    let arguments = own.into_iter().map(|field| {
        let (name, ty) = (ident(&field.rust), ty::argument(field));
        quote!(#name: #ty)
    });
    let passed = operation.required().map(|(index, parameter)| {
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
            #allowed
            pub fn #method(&self, #(#arguments),*) -> #request {
                self.calls.#method(#(#passed),*) #set
            }
        }
    })
}
