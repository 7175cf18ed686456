//! A first walk through the drive, against the emulator in the same process: no account, no network.
//!
//! With an app, its organization and its operator in the environment it does the same on the real drive.

use dingtalk_storage::OperatorClient;
use dingtalk_storage::types::{DentryId, RecycleBinScope};
use dingtalk_storage_transfer::{Drive, Entry};
use playground::{Outcome, Playground};

const CONTENT: &[u8] = b"quarter,revenue\nQ1,100\nQ2,120\n";

#[tokio::main]
async fn main() -> Outcome<()> {
    walk(&Playground::open().await?).await
}

async fn walk(playground: &Playground) -> Outcome<()> {
    let client = &playground.client;
    let drive = Drive::new(client);
    // A space of the organization's drive: unlike those of an app, it has a recycle bin.
    let space = client.drive_v1().add_space("Reports").send().await?.space_id;
    println!("space        {space}");

    let folder = client.storage_v1().add_folder(&space, &DentryId::root(), "2026").send().await?;
    let folder = folder.dentry;
    println!("folder       {}", folder.path.clone().unwrap_or_default());

    let uploaded = drive.upload(CONTENT).to(folder.uuid()?).name("revenue.csv").send().await?;
    let file = uploaded.entry;
    println!("uploaded     {} ({} bytes)", file.name, file.size);

    let mut entries = client.storage_v1().list_dentries(&space, &folder.id).items();
    while let Some(entry) = entries.try_next().await? {
        println!("listed       {}", entry.name);
    }

    let preview = client.storage_v1().get_dentry_open_info(&space, &file.id).send().await?;
    println!("preview      {} characters of link", preview.url()?.expose().len());

    let mut content = Vec::new();
    drive.download(&file).to_writer(&mut content).await?;
    if content != CONTENT {
        return Err("the bytes that came back are not those that were sent".into());
    }
    println!("downloaded   the same {} bytes", CONTENT.len());

    client.storage_v1().delete_dentry(&space, &file.id).to_recycle_bin(true).send().await?;
    println!("deleted      into the recycle bin");
    let organization = playground.organization.as_deref().ok_or("name the organization: DINGTALK_CORP_ID")?;
    restore(client, organization, &file).await?;
    let found = client.storage_v1().get_dentry(&space, &file.id).send().await?.dentry;
    println!("restored     {}", found.path()?);
    Ok(())
}

async fn restore(client: &OperatorClient, organization: &str, file: &Entry) -> Outcome<()> {
    let bin = client.storage_v1().get_recycle_bin(RecycleBinScope::Org, &organization.into()).send().await?;
    let bin = bin.recycle_bin.id;
    let mut items = client.storage_v1().list_recycle_items(&bin).items();
    while let Some(item) = items.try_next().await? {
        if item.dentry_id.as_ref() == Some(&file.id) {
            client.storage_v1().restore_recycle_item(&bin, &item.id).send().await?;
            return Ok(());
        }
    }
    Err("the file is not in the recycle bin".into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    /// Every step of the walk fails when its effect is not there.
    #[tokio::test]
    async fn the_walk_comes_to_its_end() {
        super::walk(&super::Playground::emulated().await.unwrap()).await.unwrap();
    }
}
