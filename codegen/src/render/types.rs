//! Files of shared types.

use proc_macro2::TokenStream;
use quote::quote;

use super::imports::imports;
use super::layout::{Item, RustFile};
use super::links::Links;
use super::{enums, ids, objects};
use crate::error::Error;
use crate::ir::{Api, Field, TypeFile, TypeItem};
use crate::names::ident;
use crate::output::Output;

/// Renders `types.rs` and one file for each file of the spec.
pub fn render(api: &Api, output: &mut Output) -> Result<(), Error> {
    let modules: Vec<_> = api.type_files.iter().map(|file| ident(&file.module)).collect();
    let items = vec![quote!(#(mod #modules;)*).into(), quote!(#(pub use #modules::*;)*).into()];
    RustFile {
        path: "generated/src/types.rs",
        source: "types",
        doc: "Objects, enums and ids that operations share.",
        head: TokenStream::new(),
        items,
    }
    .add_to(output)?;
    api.type_files.iter().try_for_each(|file| render_file(api, file, output))
}

fn render_file(api: &Api, file: &TypeFile, output: &mut Output) -> Result<(), Error> {
    let items: Vec<_> = file.types.iter().flat_map(|item| items(api, item)).collect();
    let defined = file.types.iter().map(TypeItem::name).collect();
    let used = file.types.iter().flat_map(fields).map(|field| &field.ty);
    RustFile {
        path: &format!("generated/src/types/{}.rs", file.module),
        source: &file.source,
        doc: "",
        head: imports(used, &defined),
        items,
    }
    .add_to(output)
}

fn fields(item: &TypeItem) -> &[Field] {
    match item {
        TypeItem::Object(object) => &object.fields,
        TypeItem::Enum(_) | TypeItem::Id(_) => &[],
    }
}

fn items(api: &Api, item: &TypeItem) -> Vec<Item> {
    match item {
        TypeItem::Object(object) => objects::items(api, object, &Links::default()),
        TypeItem::Enum(item) => enums::items(item),
        TypeItem::Id(item) => ids::items(item),
    }
}
