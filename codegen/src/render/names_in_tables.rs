//! Whether a table is Rust: macros take almost anything, so its names are looked at one by one.

use std::str::FromStr as _;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The first thing in a table that is no Rust: a literal or bracket that does not end, or no name where one has to stand.
pub fn check(table: &str) -> Result<(), String> {
    let tokens = TokenStream::from_str(table).map_err(|error| error.to_string())?;
    check_tokens(tokens)
}

fn check_tokens(tokens: TokenStream) -> Result<(), String> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        let ahead = (tokens.get(index + 1), tokens.get(index + 2));
        match token {
            TokenTree::Group(group) => check_tokens(group.stream())?,
            TokenTree::Ident(word) if word == "fn" || word == "struct" || word == "enum" => {
                // Behind the colon stands what else the type can do.
                check_name(ahead.0, ahead.1.is_some_and(|next| matches!(next, TokenTree::Group(_)) || is_colon(next)))?;
            }
            TokenTree::Punct(arrow) if arrow.as_char() == '>' && follows_equals(&tokens, index) => {
                check_name(ahead.0, ahead.1.is_some_and(ends_name))?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn is_colon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':')
}

fn follows_equals(tokens: &[TokenTree], index: usize) -> bool {
    let before = index.checked_sub(1).and_then(|index| tokens.get(index));
    matches!(before, Some(TokenTree::Punct(punct)) if punct.as_char() == '=')
}

/// A name stands before its type, at the end of a row, or is that of a generic type.
fn ends_name(token: &TokenTree) -> bool {
    match token {
        TokenTree::Punct(punct) => matches!(punct.as_char(), ':' | ',' | '<' | '?'),
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Ident(_) | TokenTree::Literal(_) => false,
    }
}

fn check_name(token: Option<&TokenTree>, is_whole: bool) -> Result<(), String> {
    let text = token.map(ToString::to_string).unwrap_or_default();
    match syn::parse_str::<syn::Ident>(&text) {
        Ok(_) if is_whole => Ok(()),
        _ => Err(format!("there is no name at `{text}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn names_are_names() {
        for good in [
            r#"m! { pub fn get(path "id" => id: &Id,) -> Get {} -> (); name: "a", }"#,
            r#"m! { pub enum Kind { "" => Empty, "=>" => Arrow, } }"#,
            r#"m! { pub struct Node: Hash { "" => empty, } }"#,
            r#"m!(A -> B { elements: body "x" => Vec<String>, max: 3, });"#,
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in [
            r#"m! { "a" => , }"#,
            r#"m! { "a" => 3d, }"#,
            r#"m! { "a" => a-b, }"#,
            r#"m! { "a" => type: i64, }"#,
            "m! { pub fn mod() }",
            "m! { pub struct A-B {} }",
            r#"m! { "a"#,
            "m! { (",
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }
}
