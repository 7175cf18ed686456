//! One file for each operation: its table, the call by a known operator, its answer.

mod documentation;
mod facts;
mod series;
mod table;

use proc_macro2::TokenStream;
use quote::quote;

use super::imports::imports;
use super::layout::{Item, RustFile};
use super::links::Links;
use super::{lints, objects, ty};
use crate::ir::{Api, Family, Operation};
use crate::names::ident;

pub use facts::variant;

/// The file of an operation.
pub fn file<'a>(api: &Api, family: &Family, operation: &'a Operation) -> RustFile<'a> {
    let Operation { full_name, module, .. } = operation;
    let links = Links::of_operation(family, operation);
    let objects = || operation.response.iter().chain(&operation.objects);
    let fields = objects().flat_map(|object| &object.fields);
    let fields = fields.chain(operation.parameters.iter().map(|parameter| &parameter.field));
    let imports = imports(fields.map(|field| &field.ty), &[]);
    let handles = if operation.operator.is_some() { quote!({Calls, OperatorCalls}) } else { quote!(Calls) };
    let mut items = vec![Item::Code(quote! { use super::#handles; #imports })];
    items.push(Item::Table(table::operation(api, family, operation, &links)));
    items.extend(operator_method(operation).map(Item::Code));
    items.extend(series::tables(family, operation).map(Item::Table));
    items.extend(objects().flat_map(|object| objects::items(api, object, &links)));
    RustFile {
        path: format!("generated/src/{}/{module}.rs", family.name),
        source: &operation.source,
        doc: format!("`{full_name}`, called by [`{module}`](Calls::{module})."),
        items,
    }
}

/// The same call by the handle that knows the operator.
fn operator_method(operation: &Operation) -> Option<TokenStream> {
    let operator = operation.operator?;
    let method = ident(&operation.module);
    let request = ident(&operation.name);
    let own = operation.required().filter(|(index, _)| *index != operator);
    let own: Vec<_> = own.map(|(_, parameter)| &parameter.field).collect();
    let allowed = lints::of_arguments(own.iter().copied(), 1);
    let arguments = own.into_iter().map(|field| ty::named_argument(&ident(&field.rust), field));
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
