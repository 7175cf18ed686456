//! An emulator, a client of it, and the steps that many scenarios begin with.

use std::collections::BTreeSet;
use std::time::Duration;

use dingtalk_storage::credentials::InternalApp;
use dingtalk_storage::runtime::Backoff;
use dingtalk_storage::types::{
    AppKey, AppSecret, Dentry, DentryId, DentryUuid, HeaderSignatureInfo, SpaceId, TaskId, TaskStatus,
    TransferProtocol, UnionId, UploadKey, UserId,
};
use dingtalk_storage::{Client, ClientBuilder, OperatorClient};
use dingtalk_storage_emulator::{Emulator, EmulatorBuilder};

/// An emulator and what talks to it. Ada is the administrator and the operator of most calls.
pub struct Stage {
    pub emulator: Emulator,
    pub client: Client,
    pub ada: OperatorClient,
    pub http: reqwest::Client,
}

impl Stage {
    pub async fn start() -> Self {
        Self::of(Emulator::builder()).await
    }

    pub async fn of(builder: EmulatorBuilder) -> Self {
        let emulator = builder.check_refusals().start().await.unwrap();
        let client = client_of(&emulator).build().unwrap();
        let ada = client.operator(&union_id(&emulator, 0));
        let http = dingtalk_storage::runtime::http::builder().unwrap();
        let http = http.no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { emulator, client, ada, http }
    }

    pub fn union_id(&self, person: usize) -> UnionId {
        union_id(&self.emulator, person)
    }

    pub fn user_id(&self, person: usize) -> UserId {
        UserId::new(&self.emulator.credentials().users[person].user_id)
    }

    /// The client in the hands of another person.
    pub fn person(&self, person: usize) -> OperatorClient {
        self.client.operator(&self.union_id(person))
    }

    /// A space of its own scene, and the uuid of its root.
    pub async fn space(&self, scene: &str) -> (SpaceId, DentryUuid) {
        let space = self.ada.storage_v1().add_space().scene(scene).name(scene).send().await.unwrap().space;
        self.root_of(space.id).await
    }

    /// A space of Drive, which is the only kind with a recycle bin, and the uuid of its root.
    pub async fn drive_space(&self, name: &str) -> (SpaceId, DentryUuid) {
        self.root_of(self.ada.drive_v1().add_space(name).send().await.unwrap().space_id).await
    }

    async fn root_of(&self, space: SpaceId) -> (SpaceId, DentryUuid) {
        let root = self.dentry(&space, &DentryId::root()).await;
        (space, root.uuid.unwrap())
    }

    pub async fn dentry(&self, space: &SpaceId, id: &DentryId) -> Dentry {
        self.ada.storage_v1().get_dentry(space, id).send().await.unwrap().dentry
    }

    pub async fn folder(&self, space: &SpaceId, parent: &DentryId, name: &str) -> Dentry {
        self.ada.storage_v1().add_folder(space, parent, name).send().await.unwrap().dentry
    }

    /// A folder with a folder with a file: what takes a task to copy, move, delete or restore. The outer folder.
    pub async fn tree(&self, space: &SpaceId, name: &str) -> Dentry {
        let top = self.folder(space, &DentryId::root(), name).await;
        let inner = self.folder(space, &id(&top), "inner").await;
        self.upload(&uuid(&inner), "leaf.txt", b"leaf").await;
        top
    }

    /// Where to put bytes, and the key to commit them with.
    pub async fn upload_info(&self, folder: &DentryUuid) -> (UploadKey, HeaderSignatureInfo) {
        let request = self.ada.storage_v2().get_file_upload_info(folder, TransferProtocol::HeaderSignature);
        let info = request.send().await.unwrap();
        (info.upload_key, info.header_signature_info.unwrap())
    }

    /// Uploads a file in its three steps.
    pub async fn upload(&self, folder: &DentryUuid, name: &str, bytes: &[u8]) -> Dentry {
        let key = self.uploaded(folder, bytes).await;
        self.ada.storage_v2().commit_file(folder, &key, name).send().await.unwrap().dentry
    }

    /// The first two steps of an upload.
    pub async fn uploaded(&self, folder: &DentryUuid, bytes: &[u8]) -> UploadKey {
        let (key, info) = self.upload_info(folder).await;
        let answer = self.signed("PUT", &info).body(bytes.to_vec()).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        key
    }

    /// A request to the storage with exactly the headers that were signed.
    pub fn signed(&self, method: &str, info: &HeaderSignatureInfo) -> reqwest::RequestBuilder {
        self.signed_to(method, info.resource_urls[0].expose(), info)
    }

    /// The same to another of the signed URLs.
    pub fn signed_to(&self, method: &str, url: &str, info: &HeaderSignatureInfo) -> reqwest::RequestBuilder {
        let request = self.http.request(method.parse().unwrap(), url);
        info.headers.iter().fold(request, |request, (name, value)| request.header(name, value.expose()))
    }

    pub async fn download_info(&self, space: &SpaceId, id: &DentryId) -> HeaderSignatureInfo {
        let request = self.ada.storage_v1().get_file_download_info(space, id);
        request.send().await.unwrap().header_signature_info.unwrap()
    }

    pub async fn download(&self, space: &SpaceId, id: &DentryId) -> Vec<u8> {
        let info = self.download_info(space, id).await;
        let answer = self.signed("GET", &info).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.bytes().await.unwrap().to_vec()
    }

    /// The names in a folder, sorted.
    pub async fn names(&self, space: &SpaceId, folder: &DentryId) -> Vec<String> {
        let mut items = self.ada.storage_v1().list_dentries(space, folder).items();
        let mut names = Vec::new();
        while let Some(dentry) = items.try_next().await.unwrap() {
            names.push(dentry.name);
        }
        names.sort();
        names
    }

    pub async fn used(&self, space: &SpaceId) -> u64 {
        self.ada.storage_v1().get_space(space).send().await.unwrap().space.used_quota.unwrap()
    }

    /// Asks until a task is over, without the pauses that a real one would need; the states that it went through.
    pub async fn finish(&self, task: &TaskId) -> Vec<TaskStatus> {
        let mut seen = Vec::new();
        loop {
            let task = self.ada.storage_v1().get_task(task).send().await.unwrap().task;
            let status = task.status;
            if !seen.contains(&status) {
                seen.push(status.clone());
            }
            match status {
                TaskStatus::Success => return seen,
                TaskStatus::Init | TaskStatus::InProgress => {}
                other => panic!("the task ended as {other}: {:?}", task.fail_message),
            }
        }
    }

    /// A token of the app, for calls that no client makes.
    pub async fn token(&self) -> String {
        let credentials = self.emulator.credentials();
        let (key, secret) = (AppKey::new(credentials.app_key), AppSecret::new(credentials.app_secret));
        let answer = self.client.oauth2_v1().get_access_token(&key, &secret).send().await.unwrap();
        answer.access_token.unwrap().expose().to_owned()
    }

    /// The operations that were called here and did what they were asked to.
    pub fn done(&self) -> BTreeSet<String> {
        let done = self.emulator.journal().into_iter().filter(|record| record.status == 200 && record.code.is_none());
        done.map(|record| record.operation).collect()
    }
}

/// A client that does not make tests wait.
pub fn client_of(emulator: &Emulator) -> ClientBuilder {
    let credentials = emulator.credentials();
    Client::builder()
        .base_url(emulator.api_url())
        .credentials(InternalApp::new(credentials.app_key, credentials.app_secret))
        .retry(Backoff::attempts(3).pauses(Duration::from_millis(1), Duration::from_millis(5)))
        .calls_per_second(None)
}

fn union_id(emulator: &Emulator, person: usize) -> UnionId {
    UnionId::new(&emulator.credentials().users[person].union_id)
}

pub fn id(dentry: &Dentry) -> DentryId {
    dentry.id.clone()
}

pub fn uuid(dentry: &Dentry) -> DentryUuid {
    dentry.uuid.clone().unwrap()
}

pub fn name(dentry: &Dentry) -> &str {
    &dentry.name
}
