//! What the emulator remembers: spaces with their trees, the recycle bin, tasks, uploads.

use maud::{Markup, html};

use super::Page;
use super::table::{MOST, rest, table};
use crate::shared::Shared;
use crate::state::{Entry, EntryId, EntryKind, Space, World};

pub fn page(shared: &Shared) -> Page {
    let world = shared.world();
    let main = html! {
        (spaces(&world))
        h2 { "Recycle bin" }
        (recycle_bin(&world))
        h2 { "Tasks that go on" }
        (tasks(&world))
        h2 { "Uploads that are open" }
        (uploads(&world))
    };
    Page { title: "State".to_owned(), main }
}

/// Each space with its tree, until the page is full.
fn spaces(world: &World) -> Markup {
    let (mut left, mut hidden) = (MOST, 0);
    let mut parts: Vec<Markup> = Vec::new();
    for space in world.spaces.iter() {
        let (rows, all) = tree(world, space.root, left);
        left -= rows.len();
        hidden += all - rows.len();
        parts.push(html! {
            (heading(space))
            (table("Files and folders", &["Name", "dentryId", "uuid", "Size", "Version", "Changed", "Roles"], &rows, "It is empty."))
        });
    }
    html! {
        @if parts.is_empty() { p { "There is no space." } }
        @for part in &parts { (part) }
        @if hidden > 0 { (rest(0, hidden, "files and folders")) }
    }
}

fn heading(space: &Space) -> Markup {
    html! {
        h2 id=(format!("space-{}", space.id)) { @match &space.name { Some(name) => { (name) } None => { "Space " (space.id) } } }
        dl.facts {
            dt { "spaceId" } dd { code { (space.id) } }
            dt { "Made by" } dd { (format!("{:?}", space.origin)) @if !space.scene.is_empty() { ", scene " code { (space.scene) } " " code { (space.scene_id) } } }
            dt { "Owner" } dd { (format!("{:?}", space.owner_type)) " " code { (space.owner) } }
            dt { "In use" } dd { (space.used) " bytes" @if let Some(quota) = space.quota { " of " (quota) } }
        }
    }
}

/// Rows of a tree, folders before what they hold, and how many there would be.
fn tree(world: &World, root: EntryId, most: usize) -> (Vec<Markup>, usize) {
    let mut rows = Vec::new();
    let mut all = 0;
    // What is still to be shown, the next at the end; a tree can be deeper than a stack of calls.
    let mut open: Vec<(&Entry, usize)> = world.entries.get(root).map(|entry| (entry, 0)).into_iter().collect();
    while let Some((entry, depth)) = open.pop() {
        all += 1;
        if rows.len() < most {
            rows.push(row(world, entry, depth));
        }
        let mut children: Vec<&Entry> = world.entries.children(entry.id).collect();
        children.reverse();
        open.extend(children.into_iter().map(|child| (child, depth + 1)));
    }
    (rows, all)
}

fn row(world: &World, entry: &Entry, depth: usize) -> Markup {
    let is_folder = entry.kind == EntryKind::Folder;
    let roles = world.grants_on(entry.id).map(|(member, grant)| {
        let ended = if world.has_ended(grant) { " (ended)" } else { "" };
        format!("{} {} {}{ended}", grant.role.wire(), member.kind, member.id)
    });
    html! {
        tr {
            td {
                // Depth is text, because a style within the page would need a hole in its policy.
                span.c aria-hidden="true" { ("· ".repeat(depth)) }
                @if entry.parent.is_none() { "/" } @else { (entry.name) @if is_folder { "/" } }
                @if entry.breaks_inheritance { " " span.badge { "inherits no roles" } }
            }
            td { code { (entry.wire_id()) } }
            td { code { (entry.uuid) } }
            td.number { @if !is_folder { (entry.size) } }
            td.number { @if !is_folder { (entry.version) } }
            td.narrow { (entry.modified.text()) }
            td { @for role in roles { p { (role) } } }
        }
    }
}

fn recycle_bin(world: &World) -> Markup {
    let rows: Vec<Markup> = world
        .recycle_items
        .iter()
        .take(MOST)
        .map(|(id, item)| {
            html! {
                tr { td { code { (id) } } td { code { (item.space) } } td { (item.path) } td.number { (item.tree.len()) } td.narrow { (item.time.text()) } }
            }
        })
        .collect();
    table("Recycle bin", &["Id", "spaceId", "Path", "Entries", "Deleted"], &rows, "It is empty.")
}

fn tasks(world: &World) -> Markup {
    let rows: Vec<Markup> = world
        .tasks
        .open()
        .take(MOST)
        .map(|task| {
            html! {
                tr {
                    td { code { (task.id) } }
                    td { code { (task.status.wire()) } }
                    td { (world.entries.path(task.top)) }
                    td.number { (task.succeeded) " of " (task.total) }
                    td.narrow { (task.began.text()) }
                }
            }
        })
        .collect();
    table("Tasks", &["Id", "Status", "Tree", "Done", "Began"], &rows, "No task goes on.")
}

fn uploads(world: &World) -> Markup {
    let rows: Vec<Markup> = world
        .uploads
        .iter()
        .filter(|upload| upload.is_open())
        .take(MOST)
        .map(|upload| {
            let bytes: u64 = upload.whole.iter().chain(upload.parts.values()).map(|piece| piece.size).sum();
            html! {
                tr {
                    td { code { (upload.key) } }
                    td { code { (upload.space) } }
                    td { @if upload.multipart.is_some() { (upload.parts.len()) " parts" } @else { "in one piece" } }
                    td.number { (bytes) }
                    td.narrow { (upload.expires.text()) }
                }
            }
        })
        .collect();
    table("Uploads", &["uploadKey", "spaceId", "How", "Bytes so far", "Expires"], &rows, "No upload is open.")
}
