//! What a Rust file defines and imports: no name twice, which a parser does not mind and the compiler does.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Fields, FnArg, ImplItem, Item, ItemImpl, Pat, Signature, UseTree};

/// The first name that a file has twice, in words.
pub fn check(file: &syn::File) -> Result<(), String> {
    let (mut types, mut values) = (Names::default(), Names::default());
    let mut methods: BTreeMap<String, Names> = BTreeMap::new();
    for item in &file.items {
        match item {
            Item::Struct(item) => {
                types.add(&item.ident)?;
                fields(&item.fields)?;
            }
            Item::Enum(item) => {
                types.add(&item.ident)?;
                let mut variants = Names::default();
                item.variants.iter().try_for_each(|variant| variants.add(&variant.ident))?;
            }
            Item::Type(item) => types.add(&item.ident)?,
            Item::Mod(item) => types.add(&item.ident)?,
            Item::Use(item) => imports(&item.tree, &mut types)?,
            Item::Const(item) => values.add(&item.ident)?,
            Item::Fn(item) => values.add(&item.sig.ident)?,
            Item::Impl(item) => functions(item, &mut methods)?,
            Item::Macro(item) => table(item.mac.tokens.clone(), &mut types)?,
            _ => {}
        }
    }
    Ok(())
}

/// Names of one scope.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    fn add(&mut self, name: impl ToString) -> Result<(), String> {
        let name = name.to_string();
        let message = format!("`{name}` stands there twice");
        if self.0.insert(name) { Ok(()) } else { Err(message) }
    }
}

fn fields(fields: &Fields) -> Result<(), String> {
    let mut names = Names::default();
    fields.iter().filter_map(|field| field.ident.as_ref()).try_for_each(|field| names.add(field))
}

fn imports(tree: &UseTree, names: &mut Names) -> Result<(), String> {
    match tree {
        UseTree::Path(path) => imports(&path.tree, names),
        UseTree::Name(name) => names.add(&name.ident),
        UseTree::Rename(rename) => names.add(&rename.rename),
        UseTree::Group(group) => group.items.iter().try_for_each(|tree| imports(tree, names)),
        UseTree::Glob(_) => Ok(()),
    }
}

/// Functions of a type; those of a trait have a scope of their own.
fn functions(item: &ItemImpl, methods: &mut BTreeMap<String, Names>) -> Result<(), String> {
    let mut of_trait = Names::default();
    let names = match &item.trait_ {
        Some(_) => &mut of_trait,
        None => methods.entry(item.self_ty.to_token_stream().to_string()).or_default(),
    };
    for item in &item.items {
        if let ImplItem::Fn(function) = item {
            names.add(&function.sig.ident)?;
            arguments(&function.sig)?;
        }
    }
    Ok(())
}

/// What a table defines: types after `struct` and `enum`, and fields, variants, arguments or setters after `=>`.
fn table(tokens: TokenStream, types: &mut Names) -> Result<(), String> {
    let mut names = Names::default();
    let mut before = [String::new(), String::new()];
    for token in tokens {
        let text = token.to_string();
        match (&before, &token) {
            (_, TokenTree::Group(group)) => table(group.stream(), types)?,
            ([_, word], TokenTree::Ident(name)) if word == "struct" || word == "enum" => types.add(name)?,
            ([equals, arrow], TokenTree::Ident(name)) if equals == "=" && arrow == ">" => names.add(name)?,
            _ => {}
        }
        before = [std::mem::take(&mut before[1]), text];
    }
    Ok(())
}

fn arguments(signature: &Signature) -> Result<(), String> {
    let mut names = Names::default();
    for argument in &signature.inputs {
        if let FnArg::Typed(argument) = argument
            && let Pat::Ident(name) = &*argument.pat
        {
            names.add(&name.ident)?;
        }
    }
    Ok(())
}
