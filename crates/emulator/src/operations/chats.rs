//! Files in chats.

use serde_json::{Value, json};

use crate::call::{Call, Outcome};
use crate::drive::{self, without_absent};
use crate::refusal::Refusal;
use crate::state::{Chat, Entry, EntryId, EntryKind, Role};

/// `conv_file_v1.GetSpace`
pub fn get_space(call: &mut Call<'_>) -> Outcome {
    let chat = drive::chat(call, "openConversationId")?;
    let id = drive::chat_space(call, &chat);
    let space = call.world.spaces.get(id).ok_or_else(|| Refusal::new("systemError"))?;
    Ok(json!({ "space": {
        "spaceId": id.to_string(),
        "corpId": chat.corp_id,
        "createTime": space.created.text(),
        "modifiedTime": space.modified.text(),
    } }))
}

/// `conv_file_v1.Send`: copies the file into the space of the chat.
pub fn send(call: &mut Call<'_>) -> Outcome {
    let chat = drive::chat(call, "openConversationId")?;
    let file = file(call, "folderNotSupport")?;
    put(call, &chat, &file)
}

/// `conv_file_v1.SendLink`: a link is a file of its own in the space of the chat. It is kept with the bytes of what it
/// leads to, so that everybody in the chat can open it.
pub fn send_link(call: &mut Call<'_>) -> Outcome {
    let chat = drive::chat(call, "openConversationId")?;
    let file = file(call, "paramError.dentryId")?;
    put(call, &chat, &file)
}

/// `conv_file_v1.SendByApp`: the app sends a file of one of its own spaces to a person.
pub fn send_by_app(call: &mut Call<'_>) -> Outcome {
    let receiver = call.input.text("unionId").to_owned();
    if !call.world.organisation.users.contains(&receiver) {
        return Err(Refusal::new("paramError").because(format!("unionId {receiver} is nobody of the organization")));
    }
    let entry = call.entry("spaceId", "dentryId")?.clone();
    let own = call.world.spaces.get(entry.space).is_some_and(|space| space.app_id == call.app_id());
    if !own {
        return Err(Refusal::new("permissionDenied").because("the app did not make the space of the file"));
    }
    check_file(&entry, "paramError.dentryId")?;
    let chat = drive::chat_with_app(call, &receiver);
    let sent = drive::put_into_chat(call, &chat, &entry, &receiver)?;
    let mut shown = shown(call, sent, &chat)?;
    if let Some(file) = shown.as_object_mut() {
        file.remove("uuid");
    }
    Ok(json!({ "file": shown }))
}

fn put(call: &mut Call<'_>, chat: &Chat, file: &Entry) -> Outcome {
    let operator = call.operator.clone();
    let sent = drive::put_into_chat(call, chat, file, &operator)?;
    Ok(json!({ "file": shown(call, sent, chat)? }))
}

fn file(call: &Call<'_>, no_file: &'static str) -> Result<Entry, Refusal> {
    let entry = call.entry("spaceId", "dentryId")?;
    call.world.require(&call.operator, entry, Role::Downloader)?;
    check_file(entry, no_file)?;
    Ok(entry.clone())
}

fn check_file(entry: &Entry, code: &'static str) -> Result<(), Refusal> {
    if entry.kind == EntryKind::File { Ok(()) } else { Err(Refusal::new(code).because("it is a folder")) }
}

fn shown(call: &Call<'_>, id: EntryId, chat: &Chat) -> Result<Value, Refusal> {
    let entry = call.stored(id)?;
    Ok(without_absent(json!({
        "id": entry.wire_id(),
        "conversationId": chat.id,
        "spaceId": entry.space.to_string(),
        "parentId": "0",
        "type": "FILE",
        "name": entry.name,
        "size": entry.size,
        "path": call.world.entries.path(id),
        "version": entry.version,
        "status": "NORMAL",
        "extension": entry.extension(),
        "creatorId": entry.creator,
        "modifierId": entry.modifier,
        "createTime": entry.created.text(),
        "modifiedTime": entry.modified.text(),
        "uuid": entry.uuid,
    })))
}
