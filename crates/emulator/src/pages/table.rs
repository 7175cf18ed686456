//! Tables, with a line for what is not shown.

use maud::{Markup, html};

/// Rows of one page; more make a browser slow.
pub const MOST: usize = 1_000;

/// A table, or a sentence where it has no rows.
pub fn table(label: &str, head: &[&str], rows: &[Markup], none: &str) -> Markup {
    html! {
        @if rows.is_empty() {
            p { (none) }
        } @else {
            div.scroll.data tabindex="0" role="region" aria-label=(label) {
                table aria-label=(label) {
                    thead { tr { @for name in head { th scope="col" { (name) } } } }
                    tbody { @for row in rows { (row) } }
                }
            }
        }
    }
}

/// Says how many are not shown.
pub fn rest(shown: usize, all: usize, what: &str) -> Markup {
    html! { @if all > shown { div.note { p { (all - shown) " more " (what) " are not shown; the JSON has all." } } } }
}
