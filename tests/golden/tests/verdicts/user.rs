//! A small program that uses every kind of thing of the crate, with the types as they are written out.
#![allow(unused, clippy::all)]

use std::collections::BTreeMap;

use dingtalk_storage::events::Event;
use dingtalk_storage::features_v1::*;
use dingtalk_storage::types::*;
use dingtalk_storage::{Client, Error, ErrorCode, runtime};

async fn arguments_and_setters(client: &Client, operator: &UnionId, thing: &Thing) -> Result<(), Error> {
    let calls = client.features_v1();
    let answer = calls.flattened_option(operator, "a thing").size(512).thing(thing).things(&[]).send().await?;
    let made: Option<Thing> = answer.thing;
    let request = calls.query_parameters(operator).with_parts(true).level(3_i32).kind(ThingKind::File).name("a thing");
    let things: Vec<Thing> = request.send().await?.things;
    let request: query_lists::QueryLists = calls.query_lists(&[1, 2]).thing_ids(&[ThingId::root()]);
    let filter = inline_objects::Filter::new("a thing").range(&inline_objects::Range::new().from(1).to(9));
    let found = calls.inline_objects(&filter).tags(&BTreeMap::new()).send().await?;
    let results: Vec<inline_objects::FilterResult> = found.results;
    let totals: BTreeMap<String, inline_objects::SpaceTotal> = found.by_space;
    let nothing: () = calls.empty_answer(&ThingId::root()).send().await?;
    let starred = calls.optional_operator(ThingKind::File).operator(operator).send().await?;
    Ok(())
}

async fn conveniences(client: &Client, operator: &UnionId) -> Result<(), Error> {
    let calls = client.operator(operator).features_v1();
    let done = calls.continued(&ThingId::root()).wait();
    let task: runtime::Wait<continued::Continued> = done;
    let answer = calls.flattened_option("a thing").send().await?;
    let calls = client.features_v1();
    let mut things = calls.paged().max_results(3).next_token(&PageToken::new("next")).items();
    let thing: Option<Thing> = things.try_next().await?;
    let parts: runtime::Batches<batched::Batched> = calls.batched(&[ThingId::root()]).batches();
    Ok(())
}

fn outcome(outcome: <batched::Batched as runtime::Batched>::Outcome) -> Certain {
    outcome
}

fn fields(thing: Thing, certain: Certain, chain: Chain) {
    let id: Option<ThingId> = thing.id;
    let name: Option<String> = thing.name;
    let kind: Option<ThingKind> = thing.kind;
    let size: Option<i64> = thing.size;
    let parts: Vec<Thing> = thing.parts;
    let count: i64 = certain.count;
    let note: Option<String> = certain.note;
    let next: Option<Box<Chain>> = chain.next;
    let key = std::collections::HashSet::from([Thing::new("a thing")]);
    let made = Thing::new("a thing").with_size(512).with_kind(ThingKind::OnlyViewer);
}

fn names(kind: ThingKind, event: Event, url: SignedUrl, id: ThingId) {
    match kind {
        ThingKind::File | ThingKind::OnlyViewer | ThingKind::ToRecycle => {}
        _ => {}
    }
    match event {
        Event::ThingCreated(thing) => drop::<Thing>(thing),
        _ => {}
    }
    let shown: &str = url.expose();
    let text = id.to_string();
}
