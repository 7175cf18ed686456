//! Generated code without its documentation.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Item;

/// What an operation says of itself and nothing depends on.
const FACTS: [&str; 5] = ["summary", "group", "page", "language", "errors"];

/// All tokens of the code, sorted: the order of fields and methods is that of the documentation. In which file a thing
/// stands does not matter either, so that modules and imports are left out.
pub fn without_documentation(files: &BTreeMap<String, String>) -> Vec<String> {
    let mut tokens = Vec::new();
    for (path, text) in files {
        let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        for item in file.items {
            match item {
                Item::Use(_) | Item::Mod(_) => {}
                Item::Macro(table) if table.mac.path.segments.last().is_some_and(|name| name.ident == "operation") => {
                    add(without_facts(table.mac.tokens), &mut tokens);
                }
                item => add(item.into_token_stream(), &mut tokens),
            }
        }
    }
    tokens.sort_unstable();
    tokens
}

/// The table of an operation without the lines about what nothing depends on.
fn without_facts(table: TokenStream) -> TokenStream {
    let mut kept = Vec::new();
    let mut is_fact = false;
    for token in table {
        let is_end = matches!(&token, TokenTree::Punct(mark) if mark.as_char() == ',');
        is_fact |= matches!(&token, TokenTree::Ident(name) if FACTS.iter().any(|fact| name == fact));
        if !is_fact {
            kept.push(token);
        }
        is_fact &= !is_end;
    }
    kept.into_iter().collect()
}

fn add(stream: TokenStream, tokens: &mut Vec<String>) {
    let mut stream = stream.into_iter().peekable();
    while let Some(token) = stream.next() {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == '#' && stream.peek().is_some_and(is_documentation) => {
                stream.next();
            }
            TokenTree::Group(group) => add(group.stream(), tokens),
            // Commas stand between things that may come in another order.
            TokenTree::Punct(mark) if mark.as_char() == ',' => {}
            TokenTree::Literal(literal) if is_sentence(&literal.to_string()) => {}
            other => tokens.push(other.to_string()),
        }
    }
}

fn is_documentation(token: &TokenTree) -> bool {
    let TokenTree::Group(group) = token else { return false };
    let first = group.stream().into_iter().next();
    group.delimiter() == Delimiter::Bracket && first.is_some_and(|first| first.to_string() == "doc")
}

/// Names and values on the wire have neither.
fn is_sentence(literal: &str) -> bool {
    literal.contains(' ') || literal.ends_with(".\"")
}
