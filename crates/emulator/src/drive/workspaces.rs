//! Knowledge bases: making them, and how they and their nodes look on the wire.

use serde_json::{Value, json};

use crate::call::Call;
use crate::clock::Time;
use crate::drive::{NewSpace, category, create_space, forget_grants, without_absent};
use crate::state::{Entry, EntryKind, Grant, Member, Origin, OwnerType, Role, Space, SpaceId, Workspace, World};

/// Letters of an id.
const ID_LENGTH: usize = 16;

/// What pages of knowledge bases and nodes start with.
const PAGES: &str = "https://alidocs.dingtalk.com/i";

/// Makes a knowledge base that a person owns: a team's, which the whole organization may read, or the one of the
/// person's own documents.
pub fn create_workspace(world: &mut World, owner: &str, name: &str, personal: bool) -> Workspace {
    let new = NewSpace {
        origin: Origin::Wiki,
        name: Some(name.to_owned()),
        creator: owner.to_owned(),
        owner_type: OwnerType::User,
        app_id: String::new(),
        scene: (String::new(), String::new()),
        quota: None,
        capabilities: [true, true, true],
    };
    let space = create_space(world, new);
    if !personal {
        open_to_organisation(world, space, owner);
    }
    let workspace = Workspace {
        id: world.ids.letters(ID_LENGTH),
        space,
        person: personal.then(|| owner.to_owned()),
        team: String::new(),
        description: String::new(),
    };
    world.workspaces.insert(workspace.id.clone(), workspace.clone());
    workspace
}

/// Gives the knowledge base of a team to another owner, and to the organization as it is called now. All other roles
/// on it end.
pub fn hand_over_workspace(world: &mut World, space: SpaceId, owner: &str) {
    let Some(root) = world.spaces.get(space).map(|space| space.root) else { return };
    world.spaces.change(space, |space| {
        for name in [&mut space.creator, &mut space.modifier, &mut space.owner] {
            owner.clone_into(name);
        }
    });
    world.entries.change(root, |root| {
        owner.clone_into(&mut root.creator);
        owner.clone_into(&mut root.modifier);
    });
    forget_grants(world, root);
    let own = grant(world, Role::Owner, owner);
    world.grants.insert((root, Member::user(owner)), own);
    open_to_organisation(world, space, owner);
}

/// Everybody of the organization may read.
fn open_to_organisation(world: &mut World, space: SpaceId, owner: &str) {
    let Some(root) = world.spaces.get(space).map(|space| space.root) else { return };
    let member = Member { kind: "ORG".to_owned(), id: world.organisation.corp_id.clone() };
    let read = grant(world, Role::Reader, owner);
    world.grants.insert((root, member), read);
}

fn grant(world: &World, role: Role, operator: &str) -> Grant {
    let now = world.now();
    Grant { role, duration: None, until: None, operator: operator.to_owned(), created: now, modified: now }
}

/// The knowledge base that a space belongs to.
pub fn workspace_of<'a>(world: &'a World, space: &Space) -> Option<&'a Workspace> {
    world.workspaces.iter().map(|(_, workspace)| workspace).find(|workspace| workspace.space == space.id)
}

/// Page of the platform that shows a knowledge base.
pub fn workspace_url(id: &str) -> String {
    format!("{PAGES}/spaces/{id}/overview")
}

/// Page of the platform that shows a node.
pub fn node_url(uuid: &str) -> String {
    format!("{PAGES}/nodes/{uuid}")
}

/// The same page where the emulator has it: beside the object storage.
pub fn page_here(call: &Call<'_>, url: &str) -> String {
    let path = url.strip_prefix(PAGES).unwrap_or_default();
    format!("{}/i{path}", call.storage_url)
}

/// The uuid of the node that a page shows, of this emulator or of the platform.
pub fn node_of_url(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("/i/nodes/")?;
    rest.split(['?', '#', '/']).next().filter(|uuid| !uuid.is_empty())
}

/// A knowledge base. The role of the operator is told when `operator` is given.
pub fn shown_workspace(world: &World, workspace: &Workspace, operator: Option<&str>) -> Value {
    let Some(space) = world.spaces.get(workspace.space) else { return Value::Null };
    let root = world.entries.get(space.root).map(|root| root.uuid.clone());
    without_absent(json!({
        "workspaceId": workspace.id,
        "corpId": world.organisation.corp_id,
        "teamId": workspace.team,
        "rootNodeId": root,
        "name": space.name,
        "type": if workspace.person.is_some() { "PERSONAL" } else { "TEAM" },
        "description": workspace.description,
        "url": workspace_url(&workspace.id),
        "creatorId": user_id(world, &space.creator),
        "modifierId": user_id(world, &space.modifier),
        "createTime": minute(space.created),
        "modifiedTime": minute(space.modified),
        "permissionRole": operator.map(|operator| access(world.role(operator, space.root))),
    }))
}

/// A node. The role of the operator is told when `operator` is given.
pub fn shown_node(world: &World, entry: &Entry, operator: Option<&str>, statistics: bool) -> Value {
    let workspace = world.spaces.get(entry.space).and_then(|space| workspace_of(world, space));
    let file = entry.kind == EntryKind::File;
    let category = file.then(|| match category(entry.extension().unwrap_or_default()) {
        "ALI_DOC" => "ALIDOC",
        "SHORTCUT" => "OTHER",
        other => other,
    });
    // Nobody can write into an online document here, so it has no words; other files have no such figures.
    let statistics = (statistics && category == Some("ALIDOC")).then(|| json!({ "wordCount": 0 }));
    without_absent(json!({
        "nodeId": entry.uuid,
        "workspaceId": workspace.map(|workspace| workspace.id.as_str()),
        "name": entry.name,
        "size": file.then_some(entry.size),
        "type": if file { "FILE" } else { "FOLDER" },
        "category": category,
        "extension": entry.extension(),
        "url": node_url(&entry.uuid),
        "creatorId": user_id(world, &entry.creator),
        "modifierId": user_id(world, &entry.modifier),
        "createTime": minute(entry.created),
        "modifiedTime": minute(entry.modified),
        "hasChildren": world.entries.has_children(entry.id),
        "statisticalInfo": statistics,
        "permissionRole": operator.map(|operator| access(world.role(operator, entry.id))),
        "createTimestamp": entry.created.0,
        "modifiedTimestamp": entry.modified.0,
    }))
}

/// The userId of a person.
pub fn user_id<'a>(world: &'a World, union_id: &str) -> Option<&'a str> {
    world.organisation.users.get(&union_id.to_owned()).map(|user| user.user_id.as_str())
}

fn access(role: Option<Role>) -> &'static str {
    role.map_or("NONE", Role::wire)
}

/// Times of knowledge bases have no seconds.
fn minute(time: Time) -> String {
    let text = time.text();
    text.rsplit_once(':').map_or_else(|| text.clone(), |(minute, _)| format!("{minute}Z"))
}
