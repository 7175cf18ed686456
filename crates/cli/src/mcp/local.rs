//! Files between this machine and the drive, beneath the root of the server.

use dingtalk_storage::types::ConflictStrategy;
use dingtalk_storage_transfer::{Integrity, LocalFolder, Source, StoredName};
use serde_json::{Value, json};

use super::Server;
use super::tool::Arguments;
use crate::Failure;
use crate::exit::Code;
use crate::remote::Remote;

pub async fn upload(server: &Server, arguments: &Arguments) -> Result<Value, Failure> {
    let (folder, name) = local(server, arguments, false)?;
    let file = folder.open_file(name)?;
    let place = Remote::parse(arguments.text("place"))?;
    let (above, stored) = match (place.find(&server.drive).await?, place.split()) {
        (Some(found), _) if found.entry.is_folder() => (found, name.to_owned()),
        (_, Some((above, stored))) if !place.is_folder => (above.resolve(&server.drive).await?, stored.to_owned()),
        _ => return Err(Failure::no_folder(place.text())),
    };
    let overwrite = arguments.flag("overwrite");
    let conflict = if overwrite { ConflictStrategy::Overwrite } else { ConflictStrategy::ReturnErrorIfExists };
    let source = Source::Opened { file, path: folder.path().join(name) };
    let upload = server.drive.upload(source).to(&above.entry).name(&stored).on_conflict(conflict);
    let uploaded = Box::pin(upload.send()).await?;
    let entry = &uploaded.entry;
    let wished = match &uploaded.name {
        StoredName::AsWished => None,
        StoredName::Changed { wished } => Some(wished),
    };
    Ok(json!({
        "place": above.place.join(&entry.name).text(),
        "uuid": entry.uuid.as_str(),
        "version": entry.version,
        "size": entry.size,
        "crc64": crc64(uploaded.integrity),
        "verified": uploaded.integrity.is_verified(),
        "wished_name": wished,
    }))
}

pub async fn download(server: &Server, arguments: &Arguments) -> Result<Value, Failure> {
    let found = Remote::parse(arguments.text("place"))?.resolve(&server.drive).await?;
    if found.entry.is_folder() {
        return Err(Failure::usage(format!("{} is a folder, and a file is needed", found.path())));
    }
    let (folder, name) = local(server, arguments, true)?;
    if folder.has(name)? && !arguments.flag("overwrite") {
        let message = format!("{} is there already", arguments.text("local"));
        return Err(Failure::new(Code::Exists, message).hint("overwrite replaces it"));
    }
    let downloaded = Box::pin(server.drive.download(&found.entry).to_folder(&folder, name)).await?;
    Ok(json!({
        "local": arguments.text("local"),
        "size": downloaded.size,
        "crc64": crc64(downloaded.integrity),
        "verified": downloaded.integrity.is_verified(),
    }))
}

fn crc64(integrity: Integrity) -> String {
    format!("{:016x}", integrity.crc64())
}

/// The folder of a path below the root, and the name in it. Nothing leads out: each folder is opened by its handle in the
/// one above it, and no link is followed.
fn local<'a>(server: &Server, arguments: &'a Arguments, make: bool) -> Result<(LocalFolder, &'a str), Failure> {
    let path = arguments.text("local");
    let refused = |why: &str| {
        let message = format!("{path:?} {why}");
        Err(Failure::usage(message).hint("write a path below the root, with slashes between names"))
    };
    let Some(root) = &server.root else { return refused("cannot be reached: there is no root") };
    if path.starts_with('/') || path.contains(['\\', '\0']) || path.get(1..2) == Some(":") {
        return refused("is no path below the root");
    }
    if path.split('/').any(|name| matches!(name, "" | "." | "..")) {
        return refused("has a name that is empty, . or ..");
    }
    let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
    Ok((root.descend(above, make)?, name))
}
