//! Generated code without its documentation.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Expr, Item};

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
                Item::Const(mut constant) if constant.ident == "OPERATION" => {
                    if let Expr::Struct(facts) = constant.expr.as_mut() {
                        let is_fact = |name: &str| FACTS.contains(&name);
                        facts.fields = facts
                            .fields
                            .clone()
                            .into_iter()
                            .filter(|field| !is_fact(&field.member.to_token_stream().to_string()))
                            .collect();
                    }
                    add(constant.into_token_stream(), &mut tokens);
                }
                item => add(item.into_token_stream(), &mut tokens),
            }
        }
    }
    tokens.sort_unstable();
    tokens
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
