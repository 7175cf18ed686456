//! Carries a plan out.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use tokio::io::AsyncReadExt;

use super::meeting::meet_anew;
use super::plan::{Plan, PlannedFile, PlannedSpace};
use super::planted::{Changed, Planted};
use crate::call::{Call, Input};
use crate::contract::contract;
use crate::drive::{self, NewSpace, Strategy};
use crate::error::Error;
use crate::refusal::Refusal;
use crate::shared::Shared;
use crate::state::{App, EntryId, EntryKind, Origin, OwnerType, Piece, SpaceId, Upload, User, World};

/// Bytes that are read from a file at once.
const READ: usize = 1 << 20;

/// What a plan meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beginning {
    /// What every emulator begins with, of which people and apps make room for those of the plan.
    Seeded,
    /// What was made since.
    Standing,
}

/// Makes what a plan wants.
///
/// # Errors
///
/// What is wrong with it; nothing is made then. Or what cannot be made; what came before it stays.
pub async fn plant(shared: &Shared, plan: &Plan, beginning: Beginning) -> Result<Planted, Error> {
    let replace = plan.replace || beginning == Beginning::Seeded;
    let mut planted = Planted::default();
    {
        let mut world = shared.world();
        plan.check(&world, replace)?;
        plant_organisation(&mut world, plan, replace, &mut planted);
    }
    let losses = shared.losses();
    let outcome = plant_spaces(shared, plan, &mut planted).await;
    let settlement = shared.settle(&mut shared.world());
    settlement.stored().await.map_err(|error| shared.unwritten(error))?;
    if shared.losses() != losses {
        return Err(shared.unwritten(io::Error::other("not everything could be written, and a part was undone")));
    }
    outcome.map(|()| planted)
}

async fn plant_spaces(shared: &Shared, plan: &Plan, planted: &mut Planted) -> Result<(), Error> {
    for space in &plan.spaces {
        let owner = owner(shared, space)?;
        let id = plant_space(shared, space, &owner, planted)?;
        let mut files = match &space.folder {
            Some(folder) => files_of(folder).map_err(|error| Error::Plan(format!("{}: {error}", folder.display())))?,
            None => Vec::new(),
        };
        files.extend(space.files.iter().cloned());
        for file in &files {
            let done = plant_file(shared, id, &owner, file).await;
            match done.map_err(|reason| Error::Plan(format!("{}: {reason}", file.path)))? {
                New::Yes => planted.files_added += 1,
                New::Version => planted.files_changed += 1,
                New::No => {}
            }
        }
    }
    Ok(())
}

/// Whether something that was planted was not there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum New {
    Yes,
    Version,
    No,
}

fn plant_organisation(world: &mut World, plan: &Plan, replace: bool, planted: &mut Planted) {
    let before = world.organisation.corp_id.clone();
    if let Some(corp_id) = &plan.corp_id {
        world.organisation.corp_id.clone_from(corp_id);
    }
    world.organisation.capacity = plan.capacity.unwrap_or(world.organisation.capacity);
    plant_users(world, plan, replace, &mut planted.users);
    if plan.corp_id.is_some() || !plan.users.is_empty() {
        meet_anew(world, &before);
    }
    plant_apps(world, plan, replace, &mut planted.apps);
}

fn plant_users(world: &mut World, plan: &Plan, replace: bool, changed: &mut Changed) {
    let named = |id: &String| plan.users.iter().any(|user| user.union_id == *id);
    if replace && !plan.users.is_empty() {
        let users = world.organisation.users.iter().map(|(id, _)| id.clone());
        changed.removed = users.filter(|id| !named(id)).collect();
        world.organisation.users.retain(|user| named(&user.union_id));
    }
    for user in plan.users.clone() {
        let row = User {
            union_id: user.union_id.clone(),
            user_id: user.user_id,
            name: user.name,
            departments: user.departments,
            tags: user.tags,
            admin: user.admin,
        };
        let was_there = world.organisation.users.insert(user.union_id.clone(), row).is_some();
        changed.note(user.union_id, was_there);
    }
}

fn plant_apps(world: &mut World, plan: &Plan, replace: bool, changed: &mut Changed) {
    let now = world.now();
    let named = |id: &String| plan.apps.iter().any(|app| app.key == *id);
    if replace && !plan.apps.is_empty() {
        let apps = world.organisation.apps.iter().map(|(key, _)| key.clone());
        changed.removed = apps.filter(|key| !named(key)).collect();
        world.organisation.apps.retain(|app| named(&app.key));
    }
    for app in plan.apps.clone() {
        // An app that was there keeps its id, and with it its spaces and properties.
        let before = world.organisation.apps.get(&app.key).map(|app| (app.app_id.clone(), app.created));
        let was_there = before.is_some();
        let (app_id, created) = before.unwrap_or_else(|| (world.ids.request().to_lowercase(), now));
        let row = App {
            app_id,
            key: app.key.clone(),
            secret: app.secret,
            suite_ticket: app.suite_ticket,
            name: app.name,
            scopes: app.scopes,
            created,
        };
        world.organisation.apps.insert(app.key.clone(), row);
        changed.note(app.key, was_there);
    }
}

fn owner(shared: &Shared, space: &PlannedSpace) -> Result<String, Error> {
    let world = shared.world();
    let users = &world.organisation.users;
    let found = match &space.owner {
        Some(owner) => users.get(owner),
        None => users.iter().map(|(_, user)| user).find(|user| user.admin),
    };
    let missing = || Error::Plan("a space needs an owner: a person of the plan, or an administrator".to_owned());
    found.map(|user| user.union_id.clone()).ok_or_else(missing)
}

/// The internal app, in whose name everything is made.
fn app(world: &World) -> Option<App> {
    world.organisation.apps.iter().map(|(_, app)| app).find(|app| !app.is_third_party()).cloned()
}

fn plant_space(shared: &Shared, space: &PlannedSpace, owner: &str, planted: &mut Planted) -> Result<SpaceId, Error> {
    let mut world = shared.world();
    let app = app(&world).ok_or_else(|| Error::Plan("a space needs an internal app".to_owned()))?;
    let scene = space.scene.clone().unwrap_or_else(|| "default".to_owned());
    let scene_id = space.scene_id.clone().unwrap_or_else(|| "0".to_owned());
    if let Some(found) = world.spaces.of_scene(&app.app_id, &scene, &scene_id) {
        let (id, current) = (found.id, found.owner.clone());
        if space.owner.as_ref().is_some_and(|owner| *owner != current) {
            return Err(Error::Plan(format!("the space {scene} {scene_id} is there already, and {current} owns it")));
        }
        world.spaces.change(id, |found| {
            found.name = space.name.clone().or(found.name.take());
            found.quota = space.quota.or(found.quota);
        });
        planted.spaces.note(id.to_string(), true);
        return Ok(id);
    }
    let new = NewSpace {
        origin: Origin::Storage,
        name: space.name.clone(),
        creator: owner.to_owned(),
        owner_type: OwnerType::User,
        app_id: app.app_id,
        scene: (scene, scene_id),
        quota: space.quota,
        capabilities: [true, true, true],
    };
    let id = drive::create_space(&mut world, new);
    planted.spaces.note(id.to_string(), false);
    Ok(id)
}

/// The files of a folder and of the folders in it, by name; empty folders too.
fn files_of(folder: &Path) -> io::Result<Vec<PlannedFile>> {
    let mut found = Vec::new();
    let mut open: Vec<(PathBuf, String)> = vec![(folder.to_owned(), "/".to_owned())];
    while let Some((folder, inside)) = open.pop() {
        let mut entries: Vec<std::fs::DirEntry> = std::fs::read_dir(folder)?.collect::<io::Result<_>>()?;
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            let path = format!("{inside}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                found.push(PlannedFile { path: format!("{path}/"), text: None, from: None, size: None });
                open.push((entry.path(), format!("{path}/")));
            } else {
                found.push(PlannedFile { path, text: None, from: Some(entry.path()), size: None });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

async fn plant_file(shared: &Shared, space: SpaceId, owner: &str, file: &PlannedFile) -> Result<New, String> {
    let is_folder = file.is_folder();
    let mut names: Vec<&str> = file.path.split('/').filter(|name| !name.is_empty()).collect();
    let last = if is_folder { None } else { names.pop() };
    let (folder, new) = folders(shared, space, owner, &names).map_err(tell)?;
    let Some(name) = last else { return Ok(new) };
    let piece = write(shared, file).await.map_err(|error| error.to_string())?;
    let blob = piece.blob.clone();
    let planted = commit(shared, space, owner, folder, name, piece).map_err(tell);
    if planted.is_err() {
        shared.drop_blobs(vec![blob]);
    }
    planted
}

#[allow(clippy::needless_pass_by_value, reason = "it is made for map_err")]
fn tell(refusal: Refusal) -> String {
    format!("{} {}", refusal.code, refusal.reason.unwrap_or_default())
}

fn folders(shared: &Shared, space: SpaceId, owner: &str, names: &[&str]) -> Result<(EntryId, New), Refusal> {
    in_call(shared, owner, |call| {
        let mut folder = call.world.spaces.get(space).ok_or_else(|| Refusal::new("spaceNotExist"))?.root;
        for name in names {
            let name = drive::check_name(name, "dentryNameIllegal")?;
            folder =
                drive::create_folder(call, folder, name, Strategy::ReturnExisting, "dentryAlreadyExist", Vec::new())?;
        }
        Ok((folder, if call.effects.is_empty() { New::No } else { New::Yes }))
    })
}

async fn write(shared: &Shared, file: &PlannedFile) -> io::Result<Piece> {
    let id = shared.world().ids.letters(24);
    let mut writer = shared.blobs.write(id, shared.options.md5_up_to).await?;
    if let Some(text) = &file.text {
        writer.append(Bytes::from(text.clone())).await?;
    }
    let mut zeros = file.size.unwrap_or_default();
    while zeros > 0 {
        let chunk = usize::try_from(zeros).map_or(READ, |zeros| zeros.min(READ));
        writer.append(Bytes::from(vec![0; chunk])).await?;
        zeros -= chunk as u64;
    }
    if let Some(from) = &file.from {
        let mut source = tokio::fs::File::open(from).await?;
        loop {
            let mut chunk = vec![0; READ];
            let length = source.read(&mut chunk).await?;
            if length == 0 {
                break;
            }
            chunk.truncate(length);
            writer.append(chunk.into()).await?;
        }
    }
    writer.finish().await
}

fn commit(
    shared: &Shared,
    space: SpaceId,
    owner: &str,
    folder: EntryId,
    name: &str,
    piece: Piece,
) -> Result<New, Refusal> {
    in_call(shared, owner, |call| {
        let name = drive::check_name(name, "dentryNameIllegal")?;
        let ids = &mut call.world.ids;
        let upload = Upload {
            key: format!("hQ{}", ids.letters(62)),
            object: format!("iA{}.file", ids.letters(40)),
            multipart: None,
            space,
            app: String::new(),
            whole: Some(piece),
            parts: BTreeMap::new(),
            expires: call.world.clock.now(),
            unjoined: false,
            committed: None,
            abandoned: false,
        };
        let content = drive::assemble(&upload)?;
        let strategy = Strategy::Overwrite;
        let landing = drive::land(call.world, folder, &name, EntryKind::File, strategy, None, "dentryAlreadyExist")?;
        let new = if matches!(landing, drive::Landing::New(_)) { New::Yes } else { New::Version };
        drive::commit(call, upload, content, folder, landing, Vec::new()).map(|_| new)
    })
}

/// Does what a handler would do, in the name of the internal app and an operator.
fn in_call<T>(
    shared: &Shared,
    operator: &str,
    work: impl FnOnce(&mut Call<'_>) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let mut world = shared.world();
    let operation = contract().operation("storage_v2.CommitFile").ok_or_else(|| Refusal::new("systemError"))?;
    let mut call = Call {
        operation,
        app: app(&world),
        world: &mut world,
        input: Input::default(),
        operator: operator.to_owned(),
        storage_url: shared.storage_url(),
        effects: Vec::new(),
        files: BTreeMap::new(),
        dropped_blobs: Vec::new(),
        token_seconds: shared.options.token_seconds,
    };
    let outcome = work(&mut call);
    let dropped = std::mem::take(&mut call.dropped_blobs);
    drop(world);
    shared.drop_blobs(dropped);
    outcome
}
