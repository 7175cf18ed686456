//! Chats and their spaces.

use crate::call::Call;
use crate::drive::{Landing, NewSpace, Strategy, copy_alone, create_space, forget_grants, land};
use crate::refusal::Refusal;
use crate::state::{Chat, Entry, EntryId, Grant, Member, Origin, OwnerType, Role, SpaceId, World};

/// Letters of a chat's id behind `cid`.
const ID_LENGTH: usize = 22;

/// A chat that a parameter names, and that the operator is in.
///
/// # Errors
///
/// When there is no such chat, it belongs to another organization, or the operator is not in it.
pub fn chat(call: &Call<'_>, parameter: &str) -> Result<Chat, Refusal> {
    let id = call.input.text(parameter);
    if !id.starts_with("cid") {
        return Err(Refusal::new("paramError.conversationId").because(format!("{id} is no id of a chat")));
    }
    let chat = call.world.chats.get(&id.to_owned());
    let chat = chat.ok_or_else(|| Refusal::new("conversationNotExist").because(id.to_owned()))?;
    if chat.corp_id != call.world.organisation.corp_id {
        return Err(Refusal::new("acrossOrgAccessForbidden").because(format!("the chat belongs to {}", chat.corp_id)));
    }
    if !chat.members.contains(&call.operator) {
        return Err(Refusal::new("permissionDenied").because("the operator is not in the chat"));
    }
    Ok(chat.clone())
}

/// The chat in which the calling app talks to a person.
pub fn chat_with_app(call: &mut Call<'_>, union_id: &str) -> Chat {
    let app_id = Some(call.app_id());
    let is_it = |chat: &&Chat| chat.app_id == app_id && chat.members.iter().any(|member| member == union_id);
    let known = call.world.chats.iter().map(|(_, chat)| chat).find(is_it).cloned();
    if let Some(chat) = known {
        return chat;
    }
    let chat = Chat {
        id: new_chat_id(call.world),
        name: call.app.as_ref().map(|app| app.name.clone()).unwrap_or_default(),
        corp_id: call.world.organisation.corp_id.clone(),
        members: vec![union_id.to_owned()],
        app_id,
        space: None,
    };
    call.world.chats.insert(chat.id.clone(), chat.clone());
    chat
}

/// An id for a new chat.
pub fn new_chat_id(world: &mut World) -> String {
    format!("cid{}==", world.ids.letters(ID_LENGTH))
}

/// The space of a chat, which is there as soon as it is asked for. Everybody in the chat may add files.
pub fn chat_space(call: &mut Call<'_>, chat: &Chat) -> SpaceId {
    if let Some(space) = chat.space {
        return space;
    }
    let new = NewSpace {
        origin: Origin::Chat,
        name: Some(chat.name.clone()),
        creator: call.operator.clone(),
        owner_type: OwnerType::User,
        // It is no space of the app, whose files it may send and whose use it counts towards.
        app_id: String::new(),
        scene: (String::new(), String::new()),
        quota: None,
        capabilities: [true, false, true],
    };
    let id = create_space(call.world, new);
    if let Some(root) = call.world.spaces.get(id).map(|space| space.root) {
        // It belongs to the chat, not to who asked for it first.
        forget_grants(call.world, root);
        let now = call.now();
        let member = Member { kind: "CONVERSATION".to_owned(), id: chat.id.clone() };
        let operator = call.operator.clone();
        let grant = Grant { role: Role::Editor, duration: None, until: None, operator, created: now, modified: now };
        call.world.grants.insert((root, member), grant);
    }
    if let Some(chat) = call.world.chats.get_mut(&chat.id) {
        chat.space = Some(id);
    }
    call.effect("space.created", id.to_string());
    id
}

/// Copies a file into the space of a chat.
///
/// # Errors
///
/// When there is no room.
pub fn put_into_chat(call: &mut Call<'_>, chat: &Chat, file: &Entry, sender: &str) -> Result<EntryId, Refusal> {
    let space = chat_space(call, chat);
    let root = call.world.spaces.get(space).map(|space| space.root).ok_or_else(|| Refusal::new("systemError"))?;
    let landing = land(call.world, root, &file.name, file.kind, Strategy::AutoRename, None, "paramError")?;
    let Landing::New(name) = landing else { return Err(Refusal::new("systemError")) };
    let id = copy_alone(call.world, file, root, name, sender)?;
    let uuid = call.stored(id)?.uuid.clone();
    call.effect("file.sent", uuid);
    Ok(id)
}
