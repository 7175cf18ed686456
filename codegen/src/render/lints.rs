//! Lints of clippy about numbers and names that the API decides: allowed at the very items that they are about.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Field, Type};

/// More arguments, with `self`, than clippy likes.
const MANY_ARGUMENTS: usize = 7;
/// More flags than clippy likes.
const MANY_FLAGS: usize = 3;
/// More names of one letter than clippy likes.
const MANY_LETTERS: usize = 4;

/// What has to be allowed for a function with these arguments besides `receivers` of them.
pub fn of_arguments<'a>(fields: impl Iterator<Item = &'a Field>, receivers: usize) -> Option<TokenStream> {
    let fields: Vec<&Field> = fields.collect();
    let flags = fields.iter().filter(|field| field.ty == Type::Bool && !field.nullable).count();
    let letters = fields.iter().filter(|field| field.rust.len() == 1).count();
    let others = (1..).map(|next| fields.iter().skip(next));
    let similar =
        fields.iter().zip(others).any(|(one, mut others)| others.any(|other| are_similar(&one.rust, &other.rust)));
    let lints = [
        (fields.len() + receivers > MANY_ARGUMENTS, quote!(clippy::too_many_arguments)),
        (flags > MANY_FLAGS, quote!(clippy::fn_params_excessive_bools)),
        (letters > MANY_LETTERS, quote!(clippy::many_single_char_names)),
        (similar, quote!(clippy::similar_names)),
    ];
    let lints: Vec<_> = lints.into_iter().filter(|(applies, _)| *applies).map(|(_, lint)| lint).collect();
    (!lints.is_empty()).then(|| quote!(#[allow(#(#lints,)* reason = "it is what the API asks for")]))
}

/// Whether two names differ in two places at most, which is more than clippy minds.
fn are_similar(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let start = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let end = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    let longer = one.len().max(other.len());
    longer > 1 && longer <= start.max(end).max((start + end).min(longer)) + 2 && one.len().abs_diff(other.len()) < 2
}
