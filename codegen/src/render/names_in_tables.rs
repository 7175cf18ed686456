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
    let end = [String::new(), String::new()];
    let words = [String::new()].into_iter().chain(tokens.iter().map(word)).chain(end);
    for window in words.collect::<Vec<_>>().windows(4) {
        let [before, word, name, next] = window else { continue };
        let ends = match (before.as_str(), word.as_str()) {
            // Behind the colon stands what else the type can do.
            (_, "fn" | "struct" | "enum") => "({[:",
            // A name stands before its type, at the end of a row, or is that of a generic type.
            ("=", ">") => ":,<?{",
            _ => continue,
        };
        if syn::parse_str::<syn::Ident>(name).is_err() || next.is_empty() || !ends.contains(next) {
            return Err(format!("there is no name at `{name}`"));
        }
    }
    tokens.into_iter().try_for_each(|token| match token {
        TokenTree::Group(group) => check_tokens(group.stream()),
        _ => Ok(()),
    })
}

/// A token as it is written; of a group, the bracket.
fn word(token: &TokenTree) -> String {
    match token {
        TokenTree::Group(group) => match group.delimiter() {
            Delimiter::Parenthesis => "(".to_owned(),
            Delimiter::Brace => "{".to_owned(),
            Delimiter::Bracket | Delimiter::None => "[".to_owned(),
        },
        token => token.to_string(),
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
