//! Results as scripts read them. What is here is documented by the schema, which is made from it.

use dingtalk_storage::runtime::Time;
use dingtalk_storage_transfer::{Entry, Integrity};
use serde::Serialize;

/// A result.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "kind", content = "data", rename_all = "camelCase")]
pub enum Record {
    /// A file or folder.
    Entry(EntryRecord),
    /// A space, "My documents" or a knowledge base.
    Space(SpaceRecord),
    /// A file was uploaded.
    Uploaded(UploadedRecord),
    /// A file was downloaded.
    Downloaded(DownloadedRecord),
    /// A folder was made, or was there.
    Folder(EntryRecord),
    /// Something was deleted.
    Removed(RemovedRecord),
    /// Something was moved or renamed.
    Moved(PlacedRecord),
    /// Something was copied.
    Copied(PlacedRecord),
    /// Something was left alone on purpose.
    Skipped(SkippedRecord),
    /// What would be done without `--dry-run`.
    Planned(PlannedRecord),
    /// How far a transfer has come, on standard error.
    Progress(ProgressRecord),
    /// What a folder takes.
    Usage(UsageRecord),
    /// A version of a file.
    Version(VersionRecord),
    /// Something in the recycle bin.
    Trash(TrashRecord),
    /// Something that was in the recycle bin is lost for good.
    Purged(TrashRecord),
    /// Something is back.
    Restored(EntryRecord),
    /// A link that shows a file.
    Link(LinkRecord),
    /// A task of the server.
    Task(TaskRecord),
    /// Something that a search found.
    Found(FoundRecord),
    /// A transfer that was interrupted.
    Transfer(TransferRecord),
    /// A transfer that was interrupted is done.
    Finished(TransferRecord),
    /// A transfer that was interrupted is forgotten.
    Forgotten(TransferRecord),
    /// A value of the settings.
    Setting(SettingRecord),
    /// A profile.
    Profile(ProfileRecord),
    /// A permission that commands need.
    Scope(ScopeRecord),
    /// Something that was looked at.
    Check(CheckRecord),
    /// What became of an entry.
    Change(Box<ChangeRecord>),
    /// A role that is granted.
    Permission(PermissionRecord),
    /// A role that was given.
    Shared(GrantRecord),
    /// A role that was taken.
    Unshared(GrantRecord),
    /// A role that is in force.
    Access(AccessRecord),
    /// What an operation answered.
    Answer(AnswerRecord),
    /// Something that a sync would do.
    SyncPlanned(SyncedRecord),
    /// Something that a sync has done.
    Synced(SyncedRecord),
    /// What a sync would do in all, and what it would cost.
    Plan(PlanRecord),
    /// A file that is not the same in two folders.
    Difference(DifferenceRecord),
}

/// A file or folder.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct EntryRecord {
    /// Where it is, as the commands take it.
    pub path: String,
    /// Its name.
    pub name: String,
    /// Whether it is a file or a folder.
    #[serde(rename = "type")]
    pub entry_type: EntryType,
    /// Bytes of a file, 0 for a folder.
    pub size: u64,
    /// When it was changed last, in RFC 3339, UTC.
    pub modified: Option<String>,
    /// Version of the content of a file.
    pub version: Option<i64>,
    /// Space that holds it.
    pub space: String,
    /// Id within the space.
    pub id: String,
    /// Id that survives moves.
    pub uuid: String,
    /// Id of the folder that holds it.
    pub parent: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum EntryType {
    File,
    Folder,
}

impl EntryRecord {
    pub fn new(path: &str, entry: &Entry) -> Self {
        Self {
            path: path.to_owned(),
            name: entry.name.clone(),
            entry_type: if entry.is_folder() { EntryType::Folder } else { EntryType::File },
            size: entry.size,
            modified: entry.modified.as_ref().map(rfc3339),
            version: entry.version,
            space: entry.space.to_string(),
            id: entry.id.to_string(),
            uuid: entry.uuid.to_string(),
            parent: entry.parent.to_string(),
        }
    }
}

/// A time in RFC 3339; as the server wrote it where that cannot be read.
pub fn rfc3339(time: &Time) -> String {
    time.unix_millis().map_or_else(|| time.as_str().to_owned(), |millis| Time::from_unix_millis(millis).to_string())
}

/// A space.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SpaceRecord {
    /// Its root, as the commands take it.
    pub path: String,
    /// Its name.
    pub name: String,
    /// What it is.
    #[serde(rename = "type")]
    pub space_type: SpaceType,
    /// Id of the space, or of the knowledge base.
    pub id: String,
    /// Bytes that are used, where they are known.
    pub used: Option<u64>,
    /// Most bytes that it may hold; none without a limit of its own.
    pub quota: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum SpaceType {
    Shared,
    MyDocuments,
    Wiki,
}

/// An upload.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UploadedRecord {
    /// Where the bytes came from; `-` is standard input.
    pub source: String,
    /// The file as it is stored.
    pub entry: EntryRecord,
    /// The name that was wished, where it is another one now.
    pub wished_name: Option<String>,
    /// Bytes that an earlier upload had stored already.
    pub resumed: u64,
    /// How the bytes were checked.
    pub integrity: IntegrityRecord,
}

/// A download.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DownloadedRecord {
    /// The file of the drive.
    pub source: String,
    /// The file of this machine.
    pub target: String,
    /// Its bytes.
    pub size: u64,
    /// Bytes that an earlier download had fetched already.
    pub resumed: u64,
    /// How the bytes were checked.
    pub integrity: IntegrityRecord,
}

/// How the bytes of a transfer were checked.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct IntegrityRecord {
    /// Whether the storage's checksum was held against that of the bytes.
    pub verified: bool,
    /// CRC-64/XZ of the bytes, in hexadecimal.
    pub crc64: Option<String>,
}

impl From<Integrity> for IntegrityRecord {
    fn from(integrity: Integrity) -> Self {
        match integrity {
            Integrity::Verified { crc64 } => Self { verified: true, crc64: Some(format!("{crc64:016x}")) },
            Integrity::Unverified { crc64 } => Self { verified: false, crc64: Some(format!("{crc64:016x}")) },
        }
    }
}

/// A deletion.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RemovedRecord {
    /// Where it was.
    pub path: String,
    /// Whether it is lost for good; otherwise it is in the recycle bin.
    pub permanent: bool,
    /// As it was.
    pub entry: EntryRecord,
}

/// Something in a new place.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PlacedRecord {
    /// Where it was.
    pub source: String,
    /// As it is.
    pub entry: EntryRecord,
}

/// Something that was left alone.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SkippedRecord {
    /// What was left alone.
    pub source: String,
    /// What is there already.
    pub target: String,
}

/// Something that would be done.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PlannedRecord {
    /// What would be done.
    pub action: Action,
    /// With what.
    pub source: String,
    /// Where to, if it goes anywhere.
    pub target: Option<String>,
    /// Bytes that would be moved over the network.
    pub bytes: u64,
    /// Calls of the API that it would take at least.
    pub calls: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Action {
    Upload,
    Download,
    Remove,
    Move,
    Copy,
}

/// What a folder takes.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UsageRecord {
    /// The folder.
    pub path: String,
    /// Bytes of all files below it.
    pub size: u64,
    /// Files below it.
    pub files: u64,
    /// Folders below it.
    pub folders: u64,
}

/// A version of a file.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct VersionRecord {
    /// The file.
    pub path: String,
    /// Number of the version.
    pub version: Option<i64>,
    /// Its bytes.
    pub size: Option<u64>,
    /// When it was made, in RFC 3339, UTC.
    pub modified: Option<String>,
    /// Who made it, by the unionId.
    pub modifier: Option<String>,
}

/// Something in the recycle bin.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TrashRecord {
    /// Id of the item, which `restore --id` takes.
    pub id: String,
    /// Name that it had.
    pub name: String,
    /// Path that it had within its space.
    pub original_path: String,
    /// Whether it is a file or a folder.
    #[serde(rename = "type")]
    pub entry_type: EntryType,
    /// Its bytes.
    pub size: u64,
    /// When it was deleted, in RFC 3339, UTC.
    pub deleted: Option<String>,
    /// Who deleted it, by the unionId.
    pub deleted_by: Option<String>,
}

/// A link that shows a file.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct LinkRecord {
    /// The file.
    pub path: String,
    /// The link. Whoever has it may see the file.
    pub url: String,
    /// Whether it opens the file for editing.
    pub edit: bool,
}

/// A task of the server.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TaskRecord {
    /// Its id.
    pub id: String,
    /// How it stands, as the server says it: INIT, `IN_PROGRESS`, SUCCESS, FAIL.
    pub status: String,
    /// Files and folders that it works on.
    pub total: Option<i64>,
    /// Those that are done.
    pub succeeded: Option<i64>,
    /// Those that failed.
    pub failed: Option<i64>,
    /// Why it failed.
    pub message: Option<String>,
}

/// Something that a search found.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct FoundRecord {
    /// As the commands take it.
    pub path: String,
    /// Id that survives moves.
    pub uuid: String,
    /// Its name.
    pub name: String,
    /// Where it is, as the server shows it to people.
    pub long_path: Option<String>,
    /// When it was changed last, in RFC 3339, UTC.
    pub modified: Option<String>,
    /// Page that shows it.
    pub url: Option<String>,
}

/// A transfer that was interrupted.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TransferRecord {
    /// Its id, which `transfers resume` takes.
    pub id: String,
    /// Which way it goes.
    pub direction: TransferDirection,
    /// The file of this machine.
    pub local: String,
    /// What the file of the drive is called.
    pub name: String,
    /// Bytes that are there.
    pub done: u64,
    /// All bytes.
    pub total: u64,
    /// When something was noted last, in RFC 3339, UTC.
    pub noted: String,
    /// Whether it is on its way now.
    pub running: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum TransferDirection {
    Up,
    Down,
}

/// How far a transfer has come, on standard error.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ProgressRecord {
    /// The file.
    pub item: String,
    /// Bytes of it that are done; what has to be sent again is taken back.
    pub done: u64,
    /// All of its bytes, where they are known.
    pub total: Option<u64>,
    /// Files of the command.
    pub files: usize,
    /// Files that are done with.
    pub files_done: usize,
    /// Metered calls of the command so far.
    pub calls: u64,
    /// Metered calls of the month so far, as far as they were made by this program on this machine.
    pub calls_of_month: u64,
}

/// A value of the settings and where it comes from.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SettingRecord {
    /// What it is called.
    pub name: String,
    /// Its value; secrets are not shown.
    pub value: Option<String>,
    /// Where it comes from: a flag, a variable of the environment or a profile.
    pub source: Option<String>,
}

/// A profile.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ProfileRecord {
    /// Its name.
    pub name: String,
    /// Whether it is taken where none is named.
    pub default: bool,
    /// `mainland` or `international`.
    pub region: Option<String>,
    /// Another server.
    pub endpoint: Option<String>,
    /// Key of the app.
    pub app_key: Option<String>,
    /// The operator.
    pub union_id: Option<String>,
    /// Where the secret is: stored, or the file or command that has it.
    pub secret: Option<String>,
}

/// A permission that commands need.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ScopeRecord {
    /// The permission, as the console names it; none where no source names it.
    pub scope: Option<String>,
    /// Operations that need it.
    pub operations: Vec<String>,
    /// Commands that call them.
    pub commands: Vec<String>,
}

/// Something that was looked at.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct CheckRecord {
    /// What was looked at.
    pub check: String,
    /// Whether it is as it should be; none where it could not be looked at.
    pub ok: Option<bool>,
    /// What was found.
    pub found: String,
    /// What to do.
    pub advice: Option<String>,
}

/// What became of an entry.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ChangeRecord {
    /// What became of it.
    pub change: ChangeKind,
    /// As the commands take it, by its uuid.
    pub path: String,
    /// Its name, the last one where it is deleted.
    pub name: String,
    /// As it is; none where it is deleted.
    pub entry: Option<EntryRecord>,
    /// Name that it had when it was seen before.
    pub previous_name: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum ChangeKind {
    Added,
    Changed,
    Moved,
    Deleted,
}

/// A role that is granted.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PermissionRecord {
    /// On what.
    pub path: String,
    /// The role: OWNER, MANAGER, EDITOR, DOWNLOADER, READER.
    pub role: String,
    /// Kind of member, such as USER, DEPT or ORG.
    pub member_type: String,
    /// Id of the member; that of a person is the userId.
    pub member: Option<String>,
    /// Name of the member.
    pub name: Option<String>,
    /// Organization of the member.
    pub corp_id: Option<String>,
    /// Seconds until it ends; none for good.
    pub seconds: Option<i64>,
}

/// A role that was given or taken.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct GrantRecord {
    /// On what.
    pub path: String,
    /// The role.
    pub role: String,
    /// Whose, as TYPE:ID.
    pub members: Vec<String>,
}

/// A role that is in force.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AccessRecord {
    /// On what.
    pub path: String,
    /// Whether it is a file or a folder.
    #[serde(rename = "type")]
    pub entry_type: EntryType,
    /// The role: OWNER, MANAGER, EDITOR, DOWNLOADER, READER.
    pub role: String,
    /// Kind of member, such as USER, DEPT or ORG.
    pub member_type: String,
    /// Id of the member; that of a person is the userId.
    pub member: Option<String>,
    /// Name of the member.
    pub name: Option<String>,
    /// Organization of the member.
    pub corp_id: Option<String>,
    /// The place above where it is granted; none where it is granted here.
    pub inherited_from: Option<String>,
    /// What is worth a second look: `organization`, `everybody`, `outside`.
    pub flags: Vec<String>,
}

/// What an operation of the API answered.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct AnswerRecord {
    /// Name of the operation.
    pub operation: String,
    /// The answer, under its wire names.
    pub answer: serde_json::Value,
}

/// Something that a sync does.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SyncedRecord {
    /// What is done.
    pub action: SyncAction,
    /// Path below both folders.
    pub path: String,
    /// Bytes, where it is planned.
    pub size: u64,
    /// Whether it is done; otherwise it is planned.
    pub done: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum SyncAction {
    MakeFolder,
    Move,
    Upload,
    Download,
    SetTime,
    Delete,
    DeleteFolder,
    Other,
}

impl SyncAction {
    /// For people.
    pub fn word(self) -> &'static str {
        match self {
            Self::MakeFolder => "make folder  ",
            Self::Move => "move         ",
            Self::Upload => "upload       ",
            Self::Download => "download     ",
            Self::SetTime => "set time     ",
            Self::Delete => "delete       ",
            Self::DeleteFolder => "delete folder",
            Self::Other => "other        ",
        }
    }
}

impl From<dingtalk_storage_transfer::Action> for SyncAction {
    fn from(action: dingtalk_storage_transfer::Action) -> Self {
        use dingtalk_storage_transfer::Action;
        match action {
            Action::MakeFolder => Self::MakeFolder,
            Action::Move => Self::Move,
            Action::Upload => Self::Upload,
            Action::Download => Self::Download,
            Action::SetTime => Self::SetTime,
            Action::Delete => Self::Delete,
            Action::DeleteFolder => Self::DeleteFolder,
            _ => Self::Other,
        }
    }
}

/// What a sync is going to do, in all.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PlanRecord {
    /// Things to do.
    pub items: usize,
    /// Files that are the same on both sides.
    pub same: u64,
    /// Files and folders that are left alone on both sides.
    pub left_alone: usize,
    /// Bytes to be sent or fetched.
    pub bytes: u64,
    /// Calls of the API, if nothing goes wrong.
    pub calls: u64,
    /// The same by operation.
    pub calls_by_operation: std::collections::BTreeMap<String, u64>,
    /// Share of the calls that an organization has in a month without paying.
    pub percent_of_month: f64,
}

/// A file that is not the same in two folders.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct DifferenceRecord {
    /// In what it is not the same.
    pub difference: DifferenceKind,
    /// Path below both folders.
    pub path: String,
    /// Its bytes.
    pub size: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum DifferenceKind {
    OnlySource,
    OnlyTarget,
    Differs,
}
