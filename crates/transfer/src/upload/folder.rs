//! Folders of targets, and what is known about them.

use std::collections::HashMap;

use dingtalk_storage::Client;
use dingtalk_storage::types::{DentryId, DentryUuid, OpenConversationId, SpaceId, UserId, WorkspaceId};
use tokio::sync::Mutex;

use super::target::Target;
use crate::{Drive, Entry, Error};

/// A folder that receives files.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    pub(super) uuid: DentryUuid,
}

/// A folder as older operations know it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) space: SpaceId,
    pub(super) folder: DentryId,
}

impl From<&Entry> for Place {
    fn from(folder: &Entry) -> Self {
        Self { space: folder.space.clone(), folder: folder.id.clone() }
    }
}

/// What takes calls to find.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Wanted {
    Id(SpaceId, DentryId),
    MyDocuments,
    Workspace(WorkspaceId),
    Chat(OpenConversationId),
    ApprovalAttachments(UserId),
}

/// What the uploads of a drive have learned about folders.
#[derive(Debug, Default)]
pub(crate) struct Folders {
    places: Mutex<HashMap<DentryUuid, Place>>,
    /// Held while a folder is asked for or made, so that uploads that begin together ask and make it once.
    wanted: Mutex<HashMap<Wanted, DentryUuid>>,
}

impl Folder {
    /// The folder of a target.
    pub(super) async fn of(drive: &Drive, target: &Target, make: bool) -> Result<Self, Error> {
        let folders = drive.folders();
        let wanted = match target {
            Target::Folder(uuid) => return Ok(Self { uuid: uuid.clone() }),
            Target::Entry(entry) => return Ok(folders.keep(entry).await),
            Target::Path { space, path } => {
                let paths = drive.paths(space);
                let entry = if make { paths.make_folders(path).await? } else { paths.folder(path).await? };
                return Ok(folders.keep(&entry).await);
            }
            Target::Id { space, folder } => Wanted::Id(space.clone(), folder.clone()),
            Target::MyDocuments => Wanted::MyDocuments,
            Target::Workspace(id) => Wanted::Workspace(id.clone()),
            Target::Chat(id) => Wanted::Chat(id.clone()),
            Target::ApprovalAttachments(person) => Wanted::ApprovalAttachments(person.clone()),
        };
        let mut known = folders.wanted.lock().await;
        if let Some(uuid) = known.get(&wanted) {
            return Ok(Self { uuid: uuid.clone() });
        }
        let folder = ask(drive, &wanted).await?;
        known.insert(wanted, folder.uuid.clone());
        Ok(folder)
    }

    /// Forgets how it was found, because it is not there: the next upload asks again.
    pub(super) async fn forget(&self, drive: &Drive, target: &Target) {
        let folders = drive.folders();
        folders.places.lock().await.remove(&self.uuid);
        folders.wanted.lock().await.retain(|_, uuid| *uuid != self.uuid);
        if let Target::Path { space, path } = target {
            drive.paths(space).forget_path(path);
        }
    }

    /// What older operations know it by; asks for it once.
    pub(super) async fn place(&self, drive: &Drive) -> Result<Place, Error> {
        let mut places = drive.folders().places.lock().await;
        if let Some(place) = places.get(&self.uuid) {
            return Ok(place.clone());
        }
        let (space, folder) = drive.ids_of(&self.uuid).await?;
        let place = Place { space, folder };
        places.insert(self.uuid.clone(), place.clone());
        Ok(place)
    }

    /// Whether [`place`](Self::place) takes no call.
    pub(super) async fn place_is_known(&self, drive: &Drive) -> bool {
        drive.folders().places.lock().await.contains_key(&self.uuid)
    }
}

impl Folders {
    async fn keep(&self, folder: &Entry) -> Folder {
        self.places.lock().await.insert(folder.uuid.clone(), folder.into());
        Folder { uuid: folder.uuid.clone() }
    }
}

async fn ask(drive: &Drive, wanted: &Wanted) -> Result<Folder, Error> {
    let client = drive.client();
    match wanted {
        Wanted::Id(space, folder) => by_id(drive, space, folder).await,
        Wanted::MyDocuments => {
            let mine = client.wiki_v2().get_mine_workspace().send().await?;
            Ok(Folder { uuid: mine.workspace.root_node_id()?.clone() })
        }
        Wanted::Workspace(id) => {
            let answer = client.wiki_v2().get_workspace(id).send().await?;
            Ok(Folder { uuid: answer.workspace.root_node_id()?.clone() })
        }
        Wanted::Chat(id) => {
            let space = client.conv_file_v1().get_space(id).send().await?.space.space_id()?.clone();
            by_id(drive, &space, &DentryId::root()).await
        }
        Wanted::ApprovalAttachments(person) => {
            // It names no operator.
            let client = Client::from(client.runtime().clone());
            let answer = client.workflow_v1().get_attachment_space(person).send().await?;
            by_id(drive, answer.result()?.space_id()?, &DentryId::root()).await
        }
    }
}

async fn by_id(drive: &Drive, space: &SpaceId, folder: &DentryId) -> Result<Folder, Error> {
    let entry =
        if *folder == DentryId::root() { drive.paths(space).root().await? } else { drive.entry(space, folder).await? };
    if !entry.is_folder() {
        return Err(Error::NotAFolder(entry.name));
    }
    Ok(drive.folders().keep(&entry).await)
}
