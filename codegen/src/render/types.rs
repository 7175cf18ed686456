//! Files of shared types.

use quote::quote;

use super::imports::imports;
use super::layout::{Item, RustFile};
use super::links::Links;
use super::{enums, ids, objects};
use crate::ir::{Api, TypeFile, TypeItem};
use crate::names::ident;

/// `types.rs`, which declares the files.
pub fn root(api: &Api) -> RustFile<'static> {
    let modules: Vec<_> = api.type_files.iter().map(|file| ident(&file.module)).collect();
    RustFile {
        path: "generated/src/types.rs".to_owned(),
        source: "types",
        doc: "Objects, enums and ids that operations share.".to_owned(),
        items: vec![Item::Code(quote! { #(mod #modules;)* #(pub use #modules::*;)* })],
    }
}

/// The file for one of the spec.
pub fn file<'a>(api: &Api, file: &'a TypeFile) -> RustFile<'a> {
    let defined: Vec<_> = file.types.iter().map(TypeItem::name).collect();
    let fields = file.types.iter().filter_map(TypeItem::object).flat_map(|object| &object.fields);
    let mut parts = vec![Item::Code(imports(fields.map(|field| &field.ty), &defined))];
    parts.extend(file.types.iter().flat_map(|item| match item {
        TypeItem::Object(object) => objects::items(api, object, &Links::default()),
        TypeItem::Enum(item) => vec![Item::Table(enums::table(item))],
        TypeItem::Id(item) => ids::items(item),
    }));
    RustFile {
        path: format!("generated/src/types/{}.rs", file.module),
        source: &file.source,
        doc: String::new(),
        items: parts,
    }
}
