//! Search by name.

use serde_json::{Value, json};

use crate::call::{Call, Outcome};
use crate::drive::{self, without_absent};
use crate::refusal::Refusal;
use crate::state::{Entry, EntryId, Origin, Space, Workspace};

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
    spaces: Option<Vec<String>>,
}

/// `storage_v2.SearchDentries`: what was made last comes first.
pub fn search_dentries(call: &mut Call<'_>) -> Outcome {
    let wanted = read(call)?;
    let behind: Option<EntryId> = call.page_start()?;
    let size = call.page_size(50);
    let entries = call.world.entries.iter().rev();
    let entries = entries.filter(|entry| behind.is_none_or(|behind| entry.id < behind));
    let mut found: Vec<&Entry> = entries.filter(|entry| fits(call, &wanted, entry)).take(size + 1).collect();
    let more = found.len() > size;
    found.truncate(size);
    let next = found.last().filter(|_| more).map(|entry| call.page_token(&entry.id));
    let items: Vec<Value> = found.into_iter().map(|entry| shown(call, entry)).collect();
    Ok(without_absent(json!({ "items": items, "nextToken": next })))
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
    let shown = |(id, space): (&String, &Space)| json!({ "workspaceId": id, "name": name(space), "url": drive::workspace_url(id) });
    let items: Vec<Value> = found.into_iter().map(shown).collect();
    Ok(without_absent(json!({ "items": items, "nextToken": next })))
}

fn read(call: &Call<'_>) -> Result<Wanted, Refusal> {
    let categories = call.input.texts("option.dentryCategories");
    if let Some(unknown) = categories.iter().find(|each| !CATEGORIES.contains(&each.as_str())) {
        return Err(Refusal::new("paramError.dentryCategories").because(unknown.clone()));
    }
    let spaces = call.input.list("option.spaceIds");
    let spaces: Vec<String> = spaces.iter().map(ToString::to_string).collect();
    for id in &spaces {
        let root = call.world.spaces.find(id).map(|space| space.root);
        if root.and_then(|root| call.world.role(&call.operator, root)).is_none() {
            return Err(Refusal::new("spaceNotAccessible").because(id.clone()));
        }
    }
    Ok(Wanted {
        keyword: call.input.text("keyword").to_lowercase(),
        categories,
        creators: call.input.texts("option.creatorIds"),
        modifiers: call.input.texts("option.modifierIds"),
        created: range(call, "option.createTimeRange", "paramError.createTimeRange")?,
        visited: range(call, "option.visitTimeRange", "paramError.visitTimeRange")?,
        spaces: (!spaces.is_empty()).then_some(spaces),
    })
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

/// Whether an entry is looked for and may be found. Spaces that apps make are searched only where that is switched on.
fn fits(call: &Call<'_>, wanted: &Wanted, entry: &Entry) -> bool {
    let world = &call.world;
    let Some(space) = world.spaces.get(entry.space) else { return false };
    let within = |range: Option<(i64, i64)>, time: Option<i64>| {
        range.is_none_or(|(start, end)| time.is_some_and(|time| (start..=end).contains(&time)))
    };
    // No source says which id of a person it is, so either is taken.
    let is_one = |people: &[String], union_id: &str| {
        let user_id = drive::user_id(world, union_id).unwrap_or_default();
        people.is_empty() || people.iter().any(|each| each == union_id || each == user_id)
    };
    let visit = || world.visits.get(&(call.operator.clone(), entry.id)).map(|time| time.0);
    let category = drive::category(entry.extension().unwrap_or_default());
    entry.parent.is_some()
        && !entry.deleted
        && entry.name.to_lowercase().contains(&wanted.keyword)
        && wanted.spaces.as_ref().is_none_or(|spaces| spaces.contains(&entry.space.to_string()))
        && (space.can_search || space.origin != Origin::Storage)
        && (wanted.categories.is_empty() || wanted.categories.iter().any(|each| each == category))
        && is_one(&wanted.creators, &entry.creator)
        && is_one(&wanted.modifiers, &entry.modifier)
        && within(wanted.created, Some(entry.created.0))
        && (wanted.visited.is_none() || within(wanted.visited, visit()))
        && world.role(&call.operator, entry.id).is_some()
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
        "path": { "path": folders.replace('/', ":"), "longPath": folders, "url": drive::node_url(&entry.uuid) },
    }))
}
