//! Carries a plan out.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use tokio::io::AsyncReadExt;

use super::meeting::meet_anew;
use super::plan::{Plan, PlannedFile, PlannedSpace};
use crate::call::{Call, Input};
use crate::contract::contract;
use crate::drive::{self, NewSpace, Strategy};
use crate::error::Error;
use crate::refusal::Refusal;
use crate::shared::Shared;
use crate::state::{App, EntryId, EntryKind, Origin, OwnerType, Piece, SpaceId, Upload, User, World};

/// Bytes that are read from a file at once.
const READ: usize = 1 << 20;

/// Makes what a plan wants.
///
/// # Errors
///
/// What cannot be made, with its path in the plan. What came before it stays.
pub async fn plant(shared: &Shared, plan: &Plan) -> Result<(), Error> {
    {
        let mut world = shared.world();
        plant_organisation(&mut world, plan);
    }
    for space in &plan.spaces {
        let owner = owner(shared, space)?;
        let id = plant_space(shared, space, &owner)?;
        let mut files = match &space.folder {
            Some(folder) => files_of(folder).map_err(|error| Error::Plan(format!("{}: {error}", folder.display())))?,
            None => Vec::new(),
        };
        files.extend(space.files.iter().cloned());
        for file in &files {
            let planted = plant_file(shared, id, &owner, file).await;
            planted.map_err(|reason| Error::Plan(format!("{}: {reason}", file.path)))?;
        }
    }
    let settlement = shared.settle(&mut shared.world());
    settlement.stored().await.map_err(Error::Folder)
}

fn plant_organisation(world: &mut World, plan: &Plan) {
    let now = world.now();
    let before = world.organisation.corp_id.clone();
    if let Some(corp_id) = &plan.corp_id {
        world.organisation.corp_id.clone_from(corp_id);
    }
    world.organisation.capacity = plan.capacity.unwrap_or(world.organisation.capacity);
    if !plan.users.is_empty() {
        world.organisation.forget_users();
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
        world.organisation.users.insert(user.union_id, row);
    }
    if plan.corp_id.is_some() || !plan.users.is_empty() {
        meet_anew(world, &before);
    }
    if !plan.apps.is_empty() {
        world.organisation.forget_apps();
    }
    for app in plan.apps.clone() {
        let row = App {
            app_id: world.ids.request().to_lowercase(),
            key: app.key.clone(),
            secret: app.secret,
            suite_ticket: app.suite_ticket,
            name: app.name,
            scopes: app.scopes,
            created: now,
        };
        world.organisation.apps.insert(app.key, row);
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

fn plant_space(shared: &Shared, space: &PlannedSpace, owner: &str) -> Result<SpaceId, Error> {
    let mut world = shared.world();
    let app = app(&world).ok_or_else(|| Error::Plan("a space needs an internal app".to_owned()))?;
    let scene = space.scene.clone().unwrap_or_else(|| "default".to_owned());
    let scene_id = space.scene_id.clone().unwrap_or_else(|| "0".to_owned());
    if let Some(found) = world.spaces.of_scene(&app.app_id, &scene, &scene_id) {
        return Ok(found.id);
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
    Ok(drive::create_space(&mut world, new))
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

async fn plant_file(shared: &Shared, space: SpaceId, owner: &str, file: &PlannedFile) -> Result<(), String> {
    let is_folder = file.path.ends_with('/');
    let mut names: Vec<&str> = file.path.split('/').filter(|name| !name.is_empty()).collect();
    let last = if is_folder { None } else { names.pop() };
    let folder = folders(shared, space, owner, &names).map_err(tell)?;
    let Some(name) = last else { return Ok(()) };
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

fn folders(shared: &Shared, space: SpaceId, owner: &str, names: &[&str]) -> Result<EntryId, Refusal> {
    in_call(shared, owner, |call| {
        let mut folder = call.world.spaces.get(space).ok_or_else(|| Refusal::new("spaceNotExist"))?.root;
        for name in names {
            let name = drive::check_name(name, "dentryNameIllegal")?;
            folder =
                drive::create_folder(call, folder, name, Strategy::ReturnExisting, "dentryAlreadyExist", Vec::new())?;
        }
        Ok(folder)
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
) -> Result<(), Refusal> {
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
            committed: None,
        };
        let content = drive::assemble(&upload)?;
        let strategy = Strategy::Overwrite;
        let landing = drive::land(call.world, folder, &name, EntryKind::File, strategy, None, "dentryAlreadyExist")?;
        drive::commit(call, upload, content, folder, landing, Vec::new()).map(drop)
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
        dropped_blobs: Vec::new(),
        token_seconds: shared.options.token_seconds,
    };
    let outcome = work(&mut call);
    let dropped = std::mem::take(&mut call.dropped_blobs);
    drop(world);
    shared.drop_blobs(dropped);
    outcome
}
