//! Files and folders: make folders, read, list.

use serde_json::{Value, json};

use crate::call::{Call, Outcome};
use crate::clock::Time;
use crate::drive::{self, Strategy, Touch, View, read_properties};
use crate::refusal::Refusal;
use crate::state::{EntryId, EntryKind, Position, Role, SortField};

/// `storage_v1.AddFolder`
pub fn add_folder(call: &mut Call<'_>) -> Outcome {
    let parent = call.entry("spaceId", "parentId")?;
    if parent.kind != EntryKind::Folder {
        return Err(Refusal::new("dentryNotExist").because("parentId is no folder"));
    }
    call.world.require(&call.operator, parent, Role::Editor)?;
    let parent = parent.id;
    drive::check_idle(call.world, parent, Touch::Itself)?;
    let name = drive::check_name(call.input.text("name"), "dentryNameIllegal")?;
    let strategy = Strategy::from_wire(call.input.text("option.conflictStrategy"));
    let properties = read_properties(&call.input, "option.appProperties")?;
    let id = drive::create_folder(call, parent, name, strategy, "dentryAlreadyExist", properties)?;
    Ok(json!({ "dentry": drive::dentry_of(call, id, &View::of(call))? }))
}

/// `storage_v1.GetDentry`
pub fn get_dentry(call: &mut Call<'_>) -> Outcome {
    let entry = call.entry("spaceId", "dentryId")?;
    call.world.require(&call.operator, entry, Role::Reader)?;
    Ok(json!({ "dentry": drive::dentry(call.world, entry, &View::asked(call)) }))
}

/// `storage_v1.GetDentries`: an outcome for each id.
pub fn get_dentries(call: &mut Call<'_>) -> Outcome {
    let space = call.space("spaceId")?;
    let view = View::asked(call);
    let result = |id: String| {
        let mut result = json!({ "spaceId": space.id.to_string(), "dentryId": id });
        let found = call.world.entry_of(space, &id).ok_or_else(|| Refusal::new("dentryNotExist"));
        let found = found.and_then(|entry| call.world.require(&call.operator, entry, Role::Reader).map(|()| entry));
        if let Some(result) = result.as_object_mut() {
            result.insert("success".to_owned(), found.is_ok().into());
            match found {
                Ok(entry) => result.insert("dentry".to_owned(), drive::dentry(call.world, entry, &view)),
                Err(refusal) => result.insert("errorCode".to_owned(), Value::from(refusal.code)),
            };
        }
        result
    };
    let results: Vec<Value> = call.input.texts("dentryIds").into_iter().map(result).collect();
    Ok(json!({ "resultItems": results }))
}

/// `storage_v1.ListDentries`
pub fn list_dentries(call: &mut Call<'_>) -> Outcome {
    let folder = call.entry("spaceId", "parentId")?;
    if folder.kind != EntryKind::Folder {
        return Err(Refusal::new("dentryNotExist").because("parentId is no folder"));
    }
    call.world.require(&call.operator, folder, Role::Reader)?;
    let field = match call.input.text("orderBy") {
        "CREATE_TIME" => SortField::Created,
        "NAME" => SortField::Name,
        "SIZE" => SortField::Size,
        _ => SortField::Modified,
    };
    let descending = call.input.text("order") != "ASC";
    let behind: Option<Position> = call.page_start()?;
    let size = call.page_size(50);
    let mut rows = call.world.entries.list(folder.id, field, descending, behind.as_ref(), size + 1);
    let more = rows.len() > size;
    rows.truncate(size);
    let view = View { category: true, ..View::asked(call) };
    let dentries: Vec<Value> = rows.iter().map(|(_, entry)| drive::dentry(call.world, entry, &view)).collect();
    let next = rows.last().filter(|_| more).map(|(position, _)| call.page_token(position));
    Ok(page(dentries, next))
}

/// `storage_v1.ListAllDentries`
pub fn list_all_dentries(call: &mut Call<'_>) -> Outcome {
    let space = call.space("spaceId")?;
    let root = call.stored(space.root)?;
    call.world.require(&call.operator, root, Role::Reader)?;
    let descending = call.input.text("option.order") == "DESC";
    let behind: Option<(Time, EntryId)> = call.page_start()?;
    let size = call.page_size(50);
    let mut rows = call.world.entries.list_all(space.id, descending, behind, size + 1);
    let more = rows.len() > size;
    rows.truncate(size);
    let view = View::asked(call);
    let dentries: Vec<Value> = rows.iter().map(|entry| drive::dentry(call.world, entry, &view)).collect();
    let next = rows.last().filter(|_| more).map(|entry| call.page_token(&(entry.modified, entry.id)));
    Ok(page(dentries, next))
}

fn page(dentries: Vec<Value>, next: Option<String>) -> Value {
    let mut answer = json!({ "dentries": dentries });
    if let (Some(next), Some(answer)) = (next, answer.as_object_mut()) {
        answer.insert("nextToken".to_owned(), next.into());
    }
    answer
}
