//! Knowledge bases and their nodes.

use serde_json::{Value, json};

use crate::call::{Call, Outcome};
use crate::clock::Time;
use crate::drive::{self, without_absent};
use crate::refusal::Refusal;
use crate::state::{Entry, EntryId, Origin, Position, Role, SortField, Workspace};

/// `wiki_v2.AddWorkspace`: everybody of the organization may read it.
pub fn add_workspace(call: &mut Call<'_>) -> Outcome {
    let name = drive::check_name(call.input.text("name"), "paramError.name")?;
    let mut workspace = drive::create_workspace(call.world, &call.operator, &name, false);
    call.input.text("option.description").clone_into(&mut workspace.description);
    call.input.text("option.teamId").clone_into(&mut workspace.team);
    call.world.workspaces.insert(workspace.id.clone(), workspace.clone());
    call.effect("workspace.created", workspace.id.clone());
    Ok(json!({ "workspace": drive::shown_workspace(call.world, &workspace, Some(&call.operator)) }))
}

/// `wiki_v2.GetMineWorkspace`: it is there as soon as it is asked for.
#[allow(clippy::unnecessary_wraps, reason = "all handlers have the same signature")]
pub fn get_mine_workspace(call: &mut Call<'_>) -> Outcome {
    let is_mine = |workspace: &&Workspace| workspace.person.as_ref() == Some(&call.operator);
    let mine = call.world.workspaces.iter().map(|(_, workspace)| workspace).find(is_mine).cloned();
    let workspace = if let Some(workspace) = mine {
        workspace
    } else {
        let workspace = drive::create_workspace(call.world, &call.operator, "My Docs", true);
        call.effect("workspace.created", workspace.id.clone());
        workspace
    };
    Ok(json!({ "workspace": drive::shown_workspace(call.world, &workspace, Some(&call.operator)) }))
}

/// `wiki_v2.GetWorkspace`
pub fn get_workspace(call: &mut Call<'_>) -> Outcome {
    let workspace = find(call, call.input.text("workspaceId"))?.clone();
    if let Some(root) = root(call, &workspace) {
        let (operator, now) = (call.operator.clone(), call.now());
        call.world.visits.insert((operator, root), now);
    }
    Ok(json!({ "workspace": drive::shown_workspace(call.world, &workspace, asker(call, "withPermissionRole")) }))
}

/// `wiki_v2.GetWorkspaces`: all of them, or a refusal.
pub fn get_workspaces(call: &mut Call<'_>) -> Outcome {
    let asker = asker(call, "option.withPermissionRole");
    let shown = |id: &String| Ok(drive::shown_workspace(call.world, find(call, id)?, asker));
    let workspaces: Vec<Value> = call.input.texts("workspaceIds").iter().map(shown).collect::<Result<_, Refusal>>()?;
    Ok(json!({ "workspaces": workspaces }))
}

/// `wiki_v2.ListWorkspaces`: those of teams that the operator may read. A group is known by its knowledge bases.
pub fn list_workspaces(call: &mut Call<'_>) -> Outcome {
    let team = call.input.text("teamId");
    if !team.is_empty() && call.world.workspaces.iter().all(|(_, workspace)| workspace.team != team) {
        return Err(Refusal::new("teamNotExist").because(team.to_owned()));
    }
    let order = call.input.text("orderBy");
    let key = |workspace: &Workspace| -> (Time, String) {
        let space = call.world.spaces.get(workspace.space);
        let time = match order {
            "VIEW_TIME_DESC" => root(call, workspace)
                .and_then(|root| call.world.visits.get(&(call.operator.clone(), root)).copied())
                .unwrap_or_default(),
            "MODIFIED_TIME_DESC" => space.map(|space| space.modified).unwrap_or_default(),
            _ => space.map(|space| space.created).unwrap_or_default(),
        };
        (time, workspace.id.clone())
    };
    let all = call.world.workspaces.iter().map(|(_, workspace)| workspace);
    let all = all.filter(|workspace| team.is_empty() || workspace.team == team);
    let teams = all.filter(|workspace| workspace.person.is_none() && role(call, workspace).is_some());
    let mut teams: Vec<((Time, String), &Workspace)> = teams.map(|workspace| (key(workspace), workspace)).collect();
    teams.sort_by(|(a, _), (b, _)| b.cmp(a));
    let behind: Option<(Time, String)> = call.page_start()?;
    let size = call.page_size(30);
    teams.retain(|(key, _)| behind.as_ref().is_none_or(|behind| key < behind));
    let more = teams.len() > size;
    teams.truncate(size);
    let next = teams.last().filter(|_| more).map(|(key, _)| call.page_token(key));
    let asker = asker(call, "withPermissionRole");
    let shown = teams.iter().map(|(_, workspace)| drive::shown_workspace(call.world, workspace, asker));
    Ok(without_absent(json!({ "workspaces": shown.collect::<Vec<Value>>(), "nextToken": next })))
}

/// `wiki_v2.GetNode`
pub fn get_node(call: &mut Call<'_>) -> Outcome {
    let asker = asker(call, "withPermissionRole");
    let node = node(call, call.input.text("nodeId"), "nodeNotExist")?;
    Ok(json!({ "node": drive::shown_node(call.world, node, asker, call.input.flag("withStatisticalInfo")) }))
}

/// `wiki_v2.GetNodeByUrl`: links of search lead to files of all spaces.
pub fn get_node_by_url(call: &mut Call<'_>) -> Outcome {
    let url = call.input.text("url");
    let uuid = drive::node_of_url(url);
    let uuid = uuid.ok_or_else(|| Refusal::new("paramError").because(format!("{url} is no link to a node")))?;
    let node = readable(call, uuid, "nodeNotExist", |_| true)?;
    let asker = asker(call, "option.withPermissionRole");
    Ok(json!({ "node": drive::shown_node(call.world, node, asker, call.input.flag("option.withStatisticalInfo")) }))
}

/// `wiki_v2.GetNodes`: what does not exist is left out.
pub fn get_nodes(call: &mut Call<'_>) -> Outcome {
    let asker = asker(call, "option.withPermissionRole");
    let statistics = call.input.flag("option.withStatisticalInfo");
    let mut nodes = Vec::new();
    for uuid in call.input.texts("nodeIds") {
        match node(call, &uuid, "nodeNotExist") {
            Ok(node) => nodes.push(drive::shown_node(call.world, node, asker, statistics)),
            Err(refusal) if refusal.code == "nodeNotExist" => {}
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(json!({ "nodes": nodes }))
}

/// `wiki_v2.ListNodes`: by name.
pub fn list_nodes(call: &mut Call<'_>) -> Outcome {
    let parent = node(call, call.input.text("parentNodeId"), "parentNodeNotExist")?;
    let behind: Option<Position> = call.page_start()?;
    let size = call.page_size(50);
    let mut rows = call.world.entries.list(parent.id, SortField::Name, false, behind.as_ref(), size + 1);
    let more = rows.len() > size;
    rows.truncate(size);
    let next = rows.last().filter(|_| more).map(|(position, _)| call.page_token(position));
    let asker = asker(call, "withPermissionRole");
    let nodes = rows.iter().map(|(_, entry)| drive::shown_node(call.world, entry, asker, false));
    Ok(without_absent(json!({ "nodes": nodes.collect::<Vec<Value>>(), "nextToken": next })))
}

/// The operator, when the call asks for its role.
fn asker<'a>(call: &'a Call<'_>, flag: &str) -> Option<&'a str> {
    call.input.flag(flag).then_some(call.operator.as_str())
}

/// A knowledge base that the operator may read.
pub(super) fn find<'a>(call: &'a Call<'_>, id: &str) -> Result<&'a Workspace, Refusal> {
    let Some(workspace) = call.world.workspaces.get(&id.to_owned()) else {
        let other = call.world.spaces.find(id).is_some() || call.world.entries.by_uuid(id).is_some();
        let code =
            if other && call.operation.documents("isNotWorkspace") { "isNotWorkspace" } else { "workspaceNotExist" };
        return Err(Refusal::new(code).because(id.to_owned()));
    };
    match role(call, workspace) {
        Some(_) => Ok(workspace),
        None => Err(Refusal::new("permissionDenied").because("the operator has no role in the knowledge base")),
    }
}

fn root(call: &Call<'_>, workspace: &Workspace) -> Option<EntryId> {
    call.world.spaces.get(workspace.space).map(|space| space.root)
}

fn role(call: &Call<'_>, workspace: &Workspace) -> Option<Role> {
    call.world.role(&call.operator, root(call, workspace)?)
}

/// A node that the operator may read: an entry of a knowledge base.
pub(super) fn node<'a>(call: &'a Call<'_>, uuid: &str, missing: &'static str) -> Result<&'a Entry, Refusal> {
    readable(call, uuid, missing, |origin| origin == Origin::Wiki)
}

/// An entry that the operator may read, in a space of some origin.
fn readable<'a>(
    call: &'a Call<'_>,
    uuid: &str,
    missing: &'static str,
    fits: fn(Origin) -> bool,
) -> Result<&'a Entry, Refusal> {
    let within = |entry: &&Entry| call.world.spaces.get(entry.space).is_some_and(|space| fits(space.origin));
    let entry = call.world.entries.by_uuid(uuid).filter(within);
    let entry = entry.ok_or_else(|| Refusal::new(missing).because(uuid.to_owned()))?;
    call.world.require(&call.operator, entry, Role::Reader)?;
    Ok(entry)
}
