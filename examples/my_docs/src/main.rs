//! A file of this machine into *My documents*.
//!
//! The tutorial "Upload a local file to My documents" (`upload-files-dingtalk-documents-documents`) in one call: the
//! root of *My documents* is asked for, then come the signed URLs, the bytes and the commit. It runs against the
//! emulator; with an app and its operator in the environment, against the real drive:
//!
//! ```sh
//! cargo run -p my_docs -- report.pdf
//! ```

use std::path::{Path, PathBuf};

use dingtalk_storage_transfer::{Drive, StoredName, Target, Uploaded};
use playground::{Outcome, Playground};

#[tokio::main]
async fn main() -> Outcome<()> {
    let playground = Playground::open().await?;
    let local = tempfile::tempdir()?;
    let file = match std::env::args_os().nth(1) {
        Some(file) => PathBuf::from(file),
        None => sample(local.path())?,
    };
    let uploaded = upload(&Drive::new(&playground.client), &file).await?;
    println!("uploaded     {} ({} bytes)", uploaded.entry.name, uploaded.entry.size);
    if let StoredName::Changed { wished } = &uploaded.name {
        println!("             {wished} was taken");
    }
    println!("to be seen   https://alidocs.dingtalk.com/i/nodes/{}", uploaded.entry.uuid);
    Ok(())
}

async fn upload(drive: &Drive, file: &Path) -> Outcome<Uploaded> {
    let upload =
        drive.upload(file).to(Target::MyDocuments).on_progress(|progress| println!("sent         {}", progress.done));
    Ok(upload.send().await?)
}

fn sample(folder: &Path) -> Outcome<PathBuf> {
    let file = folder.join("notes.txt");
    std::fs::write(&file, "What I want to remember.\n")?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    use super::*;

    #[tokio::test]
    async fn the_file_is_in_the_root_of_my_documents() {
        let playground = Playground::emulated().await.unwrap();
        let local = tempfile::tempdir().unwrap();
        let file = sample(local.path()).unwrap();
        let drive = Drive::builder(&playground.client).state_dir(local.path().join("state")).build();
        let uploaded = upload(&drive, &file).await.unwrap();
        let mine = playground.client.wiki_v2().get_mine_workspace().send().await.unwrap().workspace;
        let root = drive.entry_of_uuid(mine.root_node_id().unwrap()).await.unwrap();
        assert_eq!((&uploaded.entry.space, uploaded.entry.name.as_str()), (&root.space, "notes.txt"));
        assert!([root.id.as_str(), "0"].contains(&uploaded.entry.parent.as_str()));
        let mut content = Vec::new();
        drive.download(&uploaded.entry).to_writer(&mut content).await.unwrap();
        assert_eq!(content, std::fs::read(file).unwrap());
        let again = upload(&drive, &local.path().join("notes.txt")).await.unwrap();
        assert_eq!(again.name, StoredName::Changed { wished: "notes.txt".into() });
    }
}
