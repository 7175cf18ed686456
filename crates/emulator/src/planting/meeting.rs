//! Where people meet to begin with: chats, and a knowledge base. The API can make neither.

use serde::{Deserialize, Serialize};

use crate::drive;
use crate::state::{Chat, SpaceId, User, World};

/// The chat of all people.
const EVERYBODY: &str = "Everybody";

/// The chat of the first two.
const LUNCH: &str = "Lunch";

/// A chat that belongs to another organization.
const PARTNERS: &str = "Partners";

/// A chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Meeting {
    /// Its id on the open platform.
    pub open_conversation_id: String,
    /// Its name.
    pub name: String,
}

/// Makes three chats and a knowledge base, which the first person owns and everybody reads.
pub fn meet(world: &mut World) {
    let other = format!("ding{}", world.ids.letters(16).to_lowercase());
    let corp_id = world.organisation.corp_id.clone();
    for (name, corp_id) in [(EVERYBODY, &corp_id), (LUNCH, &corp_id), (PARTNERS, &other)] {
        let id = drive::new_chat_id(world);
        let (name, corp_id, members) = (name.to_owned(), corp_id.clone(), members(world, name));
        world.chats.insert(id.clone(), Chat { id, name, corp_id, members, app_id: None, space: None });
    }
    if let Some(owner) = people(world).first() {
        drive::create_workspace(world, owner, "Handbook", false);
    }
}

/// The same chats and knowledge base, for the people who are there now, and for the organization as it is called now
/// that was called `before`.
pub fn meet_anew(world: &mut World, before: &str) {
    let corp_id = world.organisation.corp_id.clone();
    let chats = world.chats.iter().map(|(_, chat)| chat).filter(|chat| chat.app_id.is_none());
    for mut chat in chats.cloned().collect::<Vec<Chat>>() {
        if chat.corp_id == before {
            chat.corp_id.clone_from(&corp_id);
        }
        chat.members = members(world, &chat.name);
        world.chats.insert(chat.id.clone(), chat);
    }
    let teams = world.workspaces.iter().filter(|(_, workspace)| workspace.person.is_none());
    let teams: Vec<SpaceId> = teams.map(|(_, workspace)| workspace.space).collect();
    if let Some(owner) = people(world).first() {
        for space in teams {
            drive::hand_over_workspace(world, space, owner);
        }
    }
}

/// People by their names.
fn people(world: &World) -> Vec<String> {
    let mut people: Vec<&User> = world.organisation.users.iter().map(|(_, user)| user).collect();
    people.sort_by(|a, b| a.name.cmp(&b.name));
    people.into_iter().map(|user| user.union_id.clone()).collect()
}

/// Who is in a chat.
fn members(world: &World, chat: &str) -> Vec<String> {
    let mut people = people(world);
    if chat == LUNCH {
        people.truncate(2);
    }
    people
}

/// The chats that people have, by name.
pub fn meetings(world: &World) -> Vec<Meeting> {
    let chats = world.chats.iter().map(|(_, chat)| chat).filter(|chat| chat.app_id.is_none());
    let mut chats: Vec<Meeting> =
        chats.map(|chat| Meeting { open_conversation_id: chat.id.clone(), name: chat.name.clone() }).collect();
    chats.sort_by(|a, b| a.name.cmp(&b.name));
    chats
}
