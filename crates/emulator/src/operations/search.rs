//! Search by name.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Value, json};

use crate::call::{Call, Outcome};
use crate::clock::Time;
use crate::drive::{self, without_absent};
use crate::refusal::Refusal;
use crate::state::{Entry, EntryId, Origin, Space, SpaceId, Workspace};

/// Broad kinds of content that can be looked for.
const CATEGORIES: [&str; 8] = ["IMAGE", "VIDEO", "AUDIO", "ARCHIVE", "SHORTCUT", "DOCUMENT", "ALI_DOC", "OTHER"];

/// What a search for entries asks for.
struct Wanted {
    keyword: String,
    categories: Vec<String>,
    creators: Vec<String>,
    modifiers: Vec<String>,
    created: Option<(i64, i64)>,
    visited: Option<(i64, i64)>,
    /// Spaces where anything may be found, for this operator.
    spaces: BTreeSet<SpaceId>,
}

/// `storage_v2.SearchDentries`: what was made last comes first.
pub fn search_dentries(call: &mut Call<'_>) -> Outcome {
    let wanted = read(call)?;
    let behind: Option<EntryId> = call.page_start()?;
    let size = call.page_size(50);
    let mut roles = Roles { call, known: HashMap::new() };
    let entries = candidates(call, &wanted, behind).filter_map(|id| call.world.entries.get(id));
    let found = entries.filter(|entry| fits(call, &wanted, entry) && roles.may_see(entry));
    let mut found: Vec<&Entry> = found.take(size + 1).collect();
    let more = found.len() > size;
    found.truncate(size);
    let next = found.last().filter(|_| more).map(|entry| call.page_token(&entry.id));
    let items: Vec<Value> = found.into_iter().map(|entry| shown(call, entry)).collect();
    Ok(without_absent(json!({ "items": items, "nextToken": next })))
}

/// Entries that may be what is wanted, the newest first: as few as the indexes allow.
fn candidates<'a>(
    call: &'a Call<'_>,
    wanted: &Wanted,
    behind: Option<EntryId>,
) -> Box<dyn Iterator<Item = EntryId> + 'a> {
    let mut search = call.world.entries.search().named(&wanted.keyword).within(wanted.spaces.iter().copied());
    if !wanted.categories.is_empty() {
        let known = |name: &String| CATEGORIES.into_iter().find(|known| known == name);
        search = search.of(wanted.categories.iter().filter_map(known));
    }
    if !wanted.creators.is_empty() {
        search = search.made_by(wanted.creators.iter().cloned());
    }
    if !wanted.modifiers.is_empty() {
        search = search.changed_by(wanted.modifiers.iter().cloned());
    }
    let few = search.most();
    let fewer = |ids: &mut dyn Iterator<Item = EntryId>| {
        let mut ids: Vec<EntryId> = ids.take(few).collect();
        ids.retain(|id| behind.is_none_or(|behind| *id < behind));
        ids.sort_unstable_by(|a, b| b.cmp(a));
        (ids.len() < few).then_some(ids)
    };
    let visited = wanted.visited.and_then(|_| {
        let visits = call.world.visits.range((call.operator.clone(), EntryId(0))..);
        fewer(&mut visits.take_while(|((person, _), _)| *person == call.operator).map(|((_, id), _)| *id))
    });
    let created = || {
        let (from, to) = wanted.created?;
        fewer(&mut call.world.entries.created(Time(from), Time(to)))
    };
    match visited.or_else(created) {
        Some(ids) => Box::new(ids.into_iter()),
        None => Box::new(search.candidates(behind)),
    }
}

/// `storage_v2.SearchWorkspaces`
pub fn search_workspaces(call: &mut Call<'_>) -> Outcome {
    let keyword = call.input.text("keyword").to_lowercase();
    let behind: Option<String> = call.page_start()?;
    let size = call.page_size(20);
    let space = |workspace: &Workspace| call.world.spaces.get(workspace.space);
    let name = |space: &Space| space.name.clone().unwrap_or_default();
    let all = call.world.workspaces.iter().filter(|(id, _)| behind.as_ref().is_none_or(|behind| *id > behind));
    let all = all.filter_map(|(id, workspace)| Some((id, space(workspace)?)));
    let visible = all.filter(|(_, space)| call.world.role(&call.operator, space.root).is_some());
    let named = visible.filter(|(_, space)| name(space).to_lowercase().contains(&keyword));
    let mut found: Vec<(&String, &Space)> = named.take(size + 1).collect();
    let more = found.len() > size;
    found.truncate(size);
    let next = found.last().filter(|_| more).map(|(id, _)| call.page_token(id));
    let shown = |(id, space): (&String, &Space)| json!({ "workspaceId": id, "name": name(space), "url": drive::page_here(call, &drive::workspace_url(id)) });
    let items: Vec<Value> = found.into_iter().map(shown).collect();
    Ok(without_absent(json!({ "items": items, "nextToken": next })))
}

fn read(call: &Call<'_>) -> Result<Wanted, Refusal> {
    let categories = call.input.texts("option.dentryCategories");
    if let Some(unknown) = categories.iter().find(|each| !CATEGORIES.contains(&each.as_str())) {
        return Err(Refusal::new("paramError.dentryCategories").because(unknown.clone()));
    }
    let mut spaces = searched(call);
    let named = call.input.list("option.spaceIds");
    let named: Vec<String> = named.iter().map(ToString::to_string).collect();
    for id in &named {
        let root = call.world.spaces.find(id).map(|space| space.root);
        if root.and_then(|root| call.world.role(&call.operator, root)).is_none() {
            return Err(Refusal::new("spaceNotAccessible").because(id.clone()));
        }
    }
    if !named.is_empty() {
        spaces.retain(|space| named.contains(&space.to_string()));
    }
    Ok(Wanted {
        keyword: call.input.text("keyword").to_lowercase(),
        categories,
        creators: people(call, "option.creatorIds"),
        modifiers: people(call, "option.modifierIds"),
        created: range(call, "option.createTimeRange", "paramError.createTimeRange")?,
        visited: range(call, "option.visitTimeRange", "paramError.visitTimeRange")?,
        spaces,
    })
}

/// Spaces where the operator has a role on anything, and that searches look into: spaces that apps make only where that
/// is switched on.
fn searched(call: &Call<'_>) -> BTreeSet<SpaceId> {
    let world = &call.world;
    let Some(user) = world.organisation.users.get(&call.operator) else { return BTreeSet::new() };
    let granted = world.grants.iter().filter(|((_, member), _)| world.is_member(user, member));
    let spaces = granted.filter_map(|((entry, _), _)| Some(world.entries.get(*entry)?.space));
    let is_searched =
        |id: &SpaceId| world.spaces.get(*id).is_some_and(|space| space.can_search || space.origin != Origin::Storage);
    spaces.filter(is_searched).collect()
}

/// People by unionId. No source says which id of a person it is, so either is taken.
fn people(call: &Call<'_>, name: &str) -> Vec<String> {
    let mut people = call.input.texts(name);
    let users = people.iter().filter_map(|id| call.world.organisation.user_by_user_id(id));
    let more: Vec<String> = users.map(|user| user.union_id.clone()).collect();
    people.extend(more);
    people
}

fn range(call: &Call<'_>, name: &str, code: &'static str) -> Result<Option<(i64, i64)>, Refusal> {
    if call.input.value(name).is_none() {
        return Ok(None);
    }
    let end = |which: &str, open: i64| call.input.integer(&format!("{name}.{which}")).unwrap_or(open);
    let (start, end) = (end("startTime", i64::MIN), end("endTime", i64::MAX));
    if start > end {
        return Err(Refusal::new(code).because(format!("it starts at {start} and ends at {end}")));
    }
    Ok(Some((start, end)))
}

/// Whether an entry is what is looked for. The cheapest questions come first.
fn fits(call: &Call<'_>, wanted: &Wanted, entry: &Entry) -> bool {
    let within = |range: Option<(i64, i64)>, time: Option<i64>| {
        range.is_none_or(|(start, end)| time.is_some_and(|time| (start..=end).contains(&time)))
    };
    let is_one = |people: &[String], union_id: &String| people.is_empty() || people.contains(union_id);
    let visit = || call.world.visits.get(&(call.operator.clone(), entry.id)).map(|time| time.0);
    entry.parent.is_some()
        && !entry.deleted
        && wanted.spaces.contains(&entry.space)
        && within(wanted.created, Some(entry.created.0))
        && is_one(&wanted.creators, &entry.creator)
        && is_one(&wanted.modifiers, &entry.modifier)
        && (wanted.keyword.is_empty() || entry.name.to_lowercase().contains(&wanted.keyword))
        && (wanted.categories.is_empty() || wanted.categories.iter().any(|each| each == entry.category()))
        && (wanted.visited.is_none() || within(wanted.visited, visit()))
}

/// What an operator may see, remembered by folder: most entries have the roles of the folder that they are in.
struct Roles<'a, 'b> {
    call: &'a Call<'b>,
    known: HashMap<EntryId, bool>,
}

impl Roles<'_, '_> {
    fn may_see(&mut self, entry: &Entry) -> bool {
        let world = &self.call.world;
        let alone = entry.breaks_inheritance || world.grants_on(entry.id).next().is_some();
        let place = entry.parent.filter(|_| !alone).unwrap_or(entry.id);
        *self.known.entry(place).or_insert_with(|| world.role(&self.call.operator, place).is_some())
    }
}

fn shown(call: &Call<'_>, entry: &Entry) -> Value {
    let person = |union_id: &str| {
        let user = call.world.organisation.users.get(&union_id.to_owned());
        user.map(|user| json!({ "userId": user.user_id, "name": user.name }))
    };
    let path = call.world.entries.path(entry.id);
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders.trim_start_matches('/'));
    without_absent(json!({
        "dentryUuid": entry.uuid,
        "name": entry.name,
        "creator": person(&entry.creator),
        "modifier": person(&entry.modifier),
        "lastModifyTime": entry.modified.0,
        "path": { "path": folders.replace('/', ":"), "longPath": folders, "url": drive::page_here(call, &drive::node_url(&entry.uuid)) },
    }))
}
