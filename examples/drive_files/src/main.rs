//! Files of the drive: find a folder by its name, upload into it, preview, list the spaces, download.
//!
//! The tutorial "Upload, preview and download files of the drive" (`dingpan-document`) in a few calls. It runs against
//! the emulator; with an app and its operator in the environment, against the real drive, where a folder of the name
//! `测试文件夹` has to be there, once:
//!
//! ```sh
//! cargo run -p drive_files -- report.pdf
//! ```

use std::path::{Path, PathBuf};

use dingtalk_storage::types::{ConflictStrategy, DentryId, DriveSpaceType, OpenType};
use dingtalk_storage_transfer::{Downloaded, Drive, Uploaded};
use playground::{Outcome, Playground};

/// What the tutorial calls the folder.
const FOLDER: &str = "测试文件夹";

#[tokio::main]
async fn main() -> Outcome<()> {
    let playground = Playground::open().await?;
    if playground.is_emulated() {
        prepare(&playground).await?;
    }
    let local = tempfile::tempdir()?;
    let file = match std::env::args_os().nth(1) {
        Some(file) => PathBuf::from(file),
        None => sample(local.path())?,
    };
    let downloaded_to = local.path().join("downloaded");
    walk(&Drive::new(&playground.client), &file, &downloaded_to).await.map(drop)
}

async fn walk(drive: &Drive, file: &Path, to: &Path) -> Outcome<(Uploaded, Downloaded)> {
    // 1. Search for the folder, and take its uuid.
    let mut found = drive.client().storage_v2().search_dentries(FOLDER).items();
    let mut folder = None;
    while let Some(entry) = found.try_next().await? {
        if entry.name == FOLDER && folder.replace(entry.dentry_uuid).is_some() {
            return Err("several folders have the name: name one by its uuid".into());
        }
    }
    let folder = folder.ok_or("there is no folder of the name")?;
    println!("folder       {folder}");

    // 2. Upload: the signed URLs, the bytes, the commit, in one.
    let uploaded = drive.upload(file).to(&folder).send().await?;
    let entry = &uploaded.entry;
    println!("uploaded     {} ({} bytes) into space {}, folder {}", entry.name, entry.size, entry.space, entry.parent);

    // 3. Preview: a page by the uuid, and one that needs no login.
    println!("preview      https://alidocs.dingtalk.com/i/nodes/{}", entry.uuid);
    let preview = drive.client().storage_v1().get_dentry_open_info(&entry.space, &entry.id).kind(OpenType::Preview);
    println!("             and {} characters of link", preview.send().await?.url()?.expose().len());

    // 4. List the spaces, look for the file in its own, and download it.
    let mut spaces = drive.client().drive_v1().list_spaces(DriveSpaceType::Org, 20).items();
    while let Some(space) = spaces.try_next().await? {
        println!("space        {} {}", space.space_id, space.space_name.unwrap_or_default());
        if space.space_id != entry.space {
            continue;
        }
        let path = drive.paths(&entry.space).path_of(entry).await?;
        let downloaded = drive.download((&entry.space, path.as_str())).to_path(to).await?;
        println!("downloaded   {path}: {} bytes, verified: {}", downloaded.size, downloaded.integrity.is_verified());
        return Ok((uploaded, downloaded));
    }
    Err("the space of the file is none of the organization's".into())
}

/// What the tutorial takes for granted: a space with the folder in it.
async fn prepare(playground: &Playground) -> Outcome<()> {
    let space = playground.client.drive_v1().add_space("Tutorial").send().await?.space_id;
    let folder = playground.client.storage_v1().add_folder(&space, &DentryId::root(), FOLDER);
    folder.conflict_strategy(ConflictStrategy::ReturnDentryIfExists).send().await?;
    Ok(())
}

fn sample(folder: &Path) -> Outcome<PathBuf> {
    let file = folder.join("revenue.csv");
    std::fs::write(&file, "quarter,revenue\nQ1,100\nQ2,120\n")?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    #[tokio::test]
    async fn what_is_downloaded_is_what_was_uploaded_into_the_folder() {
        let playground = Playground::emulated().await.unwrap();
        let local = tempfile::tempdir().unwrap();
        let file = sample(local.path()).unwrap();
        let to = local.path().join("downloaded");
        let drive = Drive::builder(&playground.client).state_dir(local.path().join("state")).build();
        walk(&drive, &file, &to).await.unwrap_err();
        prepare(&playground).await.unwrap();
        let (uploaded, downloaded) = walk(&drive, &file, &to).await.unwrap();
        let folder = drive.entry(&uploaded.entry.space, &uploaded.entry.parent).await.unwrap();
        assert_eq!((folder.name.as_str(), uploaded.entry.name.as_str()), (FOLDER, "revenue.csv"));
        assert!(uploaded.integrity.is_verified() && downloaded.integrity.is_verified());
        assert_eq!(std::fs::read(to).unwrap(), std::fs::read(file).unwrap());
    }
}
