//! A first walk through the drive, against the emulator in the same process: no account, no network.
//!
//! With credentials of a real app and its own operator, `walk` does the same on the real drive.

use std::error::Error;

use bytes::Bytes;
use dingtalk_storage::credentials::InternalApp;
use dingtalk_storage::runtime::object_storage::Signed;
use dingtalk_storage::types::{
    Dentry, DentryId, HeaderSignatureInfo, RecycleBinScope, SignedUrl, SpaceId, TransferProtocol, UnionId,
};
use dingtalk_storage::{Client, OperatorClient};
use dingtalk_storage_emulator::Emulator;

type Outcome<T> = Result<T, Box<dyn Error>>;

const CONTENT: &[u8] = b"quarter,revenue\nQ1,100\nQ2,120\n";

#[tokio::main]
async fn main() -> Outcome<()> {
    against_emulator().await
}

async fn against_emulator() -> Outcome<()> {
    let emulator = Emulator::start().await?;
    let credentials = emulator.credentials();
    let operator = credentials.users.first().ok_or("the emulator has no people")?;
    let app = InternalApp::new(credentials.app_key.as_str(), credentials.app_secret.as_str());
    let client = Client::builder().credentials(app).base_url(emulator.api_url()).build()?;
    let drive = client.operator(&UnionId::new(operator.union_id.as_str()));
    walk(&drive, credentials.corp_id.as_str()).await
}

async fn walk(drive: &OperatorClient, organization: &str) -> Outcome<()> {
    // A space of the organization's drive: unlike those of an app, it has a recycle bin.
    let space = drive.drive_v1().add_space("Reports").send().await?.space_id;
    println!("space        {space}");

    let folder = drive.storage_v1().add_folder(&space, &DentryId::root(), "2026").send().await?;
    let folder = folder.dentry;
    println!("folder       {}", folder.path.clone().unwrap_or_default());

    let file = upload(drive, &folder, "revenue.csv").await?;
    let file_id = file.id;
    println!("uploaded     {} ({} bytes)", file.name, file.size.unwrap_or_default());

    let mut entries = drive.storage_v1().list_dentries(&space, &folder.id).items();
    while let Some(entry) = entries.try_next().await? {
        println!("listed       {}", entry.name);
    }

    let preview = drive.storage_v1().get_dentry_open_info(&space, &file_id).send().await?;
    println!("preview      {} characters of link", preview.url()?.expose().len());

    if download(drive, &space, &file_id).await? != CONTENT {
        return Err("the bytes that came back are not those that were sent".into());
    }
    println!("downloaded   the same {} bytes", CONTENT.len());

    drive.storage_v1().delete_dentry(&space, &file_id).to_recycle_bin(true).send().await?;
    println!("deleted      into the recycle bin");
    restore(drive, organization).await?;
    let found = drive.storage_v1().get_dentry(&space, &file_id).send().await?.dentry;
    println!("restored     {}", found.path()?);
    Ok(())
}

/// The three steps of an upload: signed URLs, the bytes, the commit.
async fn upload(drive: &OperatorClient, folder: &Dentry, name: &str) -> Outcome<Dentry> {
    let parent = folder.uuid()?;
    let info = drive.storage_v2().get_file_upload_info(parent, TransferProtocol::HeaderSignature).send().await?;
    let content = Bytes::from_static(CONTENT);
    drive.runtime().signed(&signed(info.header_signature_info()?)?).put(content.into()).await?;
    let size = i64::try_from(CONTENT.len())?;
    let answer = drive.storage_v2().commit_file(parent, &info.upload_key, name).size(size).send().await?;
    Ok(answer.dentry)
}

async fn download(drive: &OperatorClient, space: &SpaceId, file: &DentryId) -> Outcome<Vec<u8>> {
    let info = drive.storage_v1().get_file_download_info(space, file).send().await?;
    let urls = signed(info.header_signature_info()?)?;
    let mut pieces = drive.runtime().signed(&urls).get().await?;
    let mut content = Vec::new();
    while let Some(piece) = pieces.next().await? {
        content.extend_from_slice(&piece);
    }
    Ok(content)
}

/// The URLs with exactly the headers that came with them: the signature covers those, and one more breaks it.
fn signed(info: &HeaderSignatureInfo) -> Result<Signed, dingtalk_storage::Error> {
    let headers = info.headers.iter().map(|(name, value)| (name.as_str(), value.expose()));
    Signed::new(info.resource_urls.iter().map(SignedUrl::expose), headers)
}

async fn restore(drive: &OperatorClient, organization: &str) -> Outcome<()> {
    let bin = drive.storage_v1().get_recycle_bin(RecycleBinScope::Org, &organization.into()).send().await?;
    let bin = bin.recycle_bin.id;
    let item = drive.storage_v1().list_recycle_items(&bin).items().try_next().await?;
    let item = item.ok_or("the recycle bin is empty")?;
    drive.storage_v1().restore_recycle_item(&bin, &item.id).send().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    /// Every step of the walk fails when its effect is not there.
    #[tokio::test]
    async fn the_walk_comes_to_its_end() {
        super::against_emulator().await.unwrap();
    }
}
