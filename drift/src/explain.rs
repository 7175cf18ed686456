//! Why a difference is right, in the words of the spec: quirks and discrepancies name it, or the page contradicts itself.

use dingtalk_storage_spec::Spec;

use crate::compare::{ABSENT, ANOTHER_VALUE, Found, PRESENT};
use crate::difference::About;
use crate::ours::Ours;
use crate::page::Page;
use crate::text::has_word;

/// The reason that the spec or the page itself gives.
pub(crate) fn reason(spec: &Spec, ours: &Ours<'_>, page: &Page, found: &Found) -> Option<String> {
    own_example(ours, page, found).or_else(|| own_table(page, found)).or_else(|| {
        let operation = &ours.item.operation;
        let of_operation = operation.discrepancies.iter().chain(&operation.quirks);
        let of_types = found.types.iter().filter_map(|name| spec.types.get(name));
        let of_types = of_types.flat_map(|item| item.def.discrepancies.iter().chain(&item.def.quirks));
        of_operation.chain(of_types).find(|text| names(text, found)).cloned()
    })
}

/// URLs in tables can be wrong, and the request of the example is what was sent.
fn own_example(ours: &Ours<'_>, page: &Page, found: &Found) -> Option<String> {
    let example = page.request_example.as_ref()?;
    let right = match found.about {
        About::Method => example.method == ours.method(),
        About::Path => crate::compare::fits(ours.url_path(), &example.path),
        _ => false,
    };
    right.then(|| "The request in the example of the page has what the spec has.".to_owned())
}

/// Values of an example can be of another type than the table of the same page says.
fn own_table(page: &Page, found: &Found) -> Option<String> {
    let section = found.field.split('.').next().unwrap_or_default();
    let table = if section == "response" { &page.response } else { &page.body };
    let name = found.field.rsplit('.').next().unwrap_or_default();
    let is_type = found.about == About::Example && found.spec != ABSENT && found.spec != ANOTHER_VALUE;
    let row = table.as_ref().filter(|_| is_type)?.rows.iter().find(|row| row.name == name)?;
    let theirs = crate::kind::read(&row.kind)?;
    let agrees = found.kind.as_ref().is_some_and(|ours| crate::kind::agree(ours, &theirs));
    agrees.then(|| "The table of the same page has the type that the spec has.".to_owned())
}

/// Whether a text is about the difference: it has what the sides say, or the field and a word for the kind.
fn names(text: &str, found: &Found) -> bool {
    let field = found.field.rsplit('.').next().unwrap_or_default();
    let said = |side: &str| side != ABSENT && side != PRESENT && has_word(text, side);
    let lower = text.to_lowercase();
    let has_any = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    match found.about {
        About::Value => said(&found.spec) || said(&found.page),
        About::Max | About::Default => {
            (said(&found.page) || said(&found.spec)) && (has_word(text, field) || found.page == ABSENT)
        }
        About::Error | About::Status => found.field.strip_prefix("errors.").is_some_and(|code| has_word(text, code)),
        About::Field => {
            has_word(text, field)
                && has_any(&["list", "lack", "leave", "left out", "not ", "miss", "absent", "come back", "only", "no "])
        }
        About::Name => has_word(text, &found.page),
        About::Type => {
            has_word(text, field) && has_any(&["type", "map", "list", "text", "number", "long", "integer", "int"])
        }
        About::Required => has_word(text, field) && has_any(&["requir", "optional", "need"]),
        About::Example => has_word(text, field) && has_any(&["example", "sample"]),
        About::Scope | About::Method | About::Path => said(&found.page),
        About::Apps => has_any(&["third-party", "internal app", "kinds of apps"]),
        About::Token => has_any(&["token"]),
    }
}
