//! Where everything is, and how much there was.

use maud::{Markup, html};

use super::table::table;
use super::{Page, operation_name};
use crate::planting::{Credentials, credentials};
use crate::shared::Shared;

pub fn page(shared: &Shared) -> Page {
    let (credentials, now) = {
        let world = shared.world();
        (credentials(&world), world.now())
    };
    let counts = shared.journal().counts().clone();
    let missed = shared.faults().missed().len();
    let calls: Vec<Markup> = counts
        .calls
        .iter()
        .map(|(name, count)| html! { tr { td { (operation_name(name)) } td.number { (count) } } })
        .collect();
    let effects: Vec<Markup> = counts
        .effects
        .iter()
        .map(|(what, count)| html! { tr { td { code { (what) } } td.number { (count) } } })
        .collect();
    let main = html! {
        dl.facts {
            dt { "API" } dd { code { (shared.api_url()) } }
            dt { "Object storage" } dd { code { (shared.storage_url()) } }
            dt { "Clock" } dd { (now.text()) }
            (keys(&credentials))
            dt { "Calls" } dd { a href="/_emulator/journal" { (counts.calls.values().sum::<usize>()) } }
            dt { "Effects" } dd { a href="/_emulator/effects" { (counts.effects.values().sum::<usize>()) } }
            dt { "Faults that changed nothing" } dd { a href="/_emulator/faults" { (missed) } }
        }
        h2 { "People" }
        (people(&credentials))
        h2 { "Calls by operation" }
        (table("Calls by operation", &["Operation", "Calls"], &calls, "Nothing was asked yet."))
        h2 { "Effects by what happened" }
        (table("Effects by what happened", &["What", "How often"], &effects, "Nothing was changed yet."))
    };
    Page { title: "Emulator".to_owned(), main }
}

/// The keys are the emulator's own, made to be used in tests.
fn keys(credentials: &Credentials) -> Markup {
    html! {
        dt { "Organization" } dd { code { (credentials.corp_id) } }
        dt { "App key" } dd { code { (credentials.app_key) } }
        dt { "App secret" } dd { code { (credentials.app_secret) } }
    }
}

fn people(credentials: &Credentials) -> Markup {
    let rows: Vec<Markup> = credentials
        .users
        .iter()
        .map(|person| {
            html! { tr { td { (person.name) } td { code { (person.union_id) } } td { code { (person.user_id) } } } }
        })
        .collect();
    table("People", &["Name", "unionId", "userId"], &rows, "There is nobody.")
}
