//! Where people meet to begin with: chats, and a knowledge base. The API can make neither.

use serde::{Deserialize, Serialize};

use crate::drive;
use crate::state::{Chat, User, World};

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
    let mut people: Vec<User> = world.organisation.users.iter().map(|(_, user)| user.clone()).collect();
    people.sort_by(|a, b| a.name.cmp(&b.name));
    let people: Vec<String> = people.into_iter().map(|user| user.union_id).collect();
    let corp_id = world.organisation.corp_id.clone();
    let other = format!("ding{}", world.ids.letters(16).to_lowercase());
    let first_two = people.iter().take(2).cloned().collect();
    let owner = people.first().cloned();
    let chats = [("Everybody", &corp_id, people.clone()), ("Lunch", &corp_id, first_two), ("Partners", &other, people)];
    for (name, corp_id, members) in chats {
        let id = drive::new_chat_id(world);
        let (name, corp_id) = (name.to_owned(), corp_id.clone());
        world.chats.insert(id.clone(), Chat { id, name, corp_id, members, app_id: None, space: None });
    }
    if let Some(owner) = owner {
        drive::create_workspace(world, &owner, "Handbook", false);
    }
}

/// The chats that people have, by name.
pub fn meetings(world: &World) -> Vec<Meeting> {
    let chats = world.chats.iter().map(|(_, chat)| chat).filter(|chat| chat.app_id.is_none());
    let mut chats: Vec<Meeting> =
        chats.map(|chat| Meeting { open_conversation_id: chat.id.clone(), name: chat.name.clone() }).collect();
    chats.sort_by(|a, b| a.name.cmp(&b.name));
    chats
}
