//! Results as scripts read them. What is here is documented by the schema, which is made from it.

mod entry;
mod listing;
mod roles;
mod setup;
mod sync;
mod transfer;

use serde::Serialize;

pub use entry::*;
pub use listing::*;
pub use roles::*;
pub use setup::*;
pub use sync::*;
pub use transfer::*;

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
    /// What a command takes in all, at the end of a dry run.
    Estimate(EstimateRecord),
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
    /// An operation of the API.
    Operation(OperationRecord),
    /// What an operation takes.
    Description(Box<DescriptionRecord>),
    /// A request that would be sent.
    Request(RequestRecord),
    /// What an audit would cost.
    AuditPlan(AuditPlanRecord),
    /// Something that a sync would do.
    SyncPlanned(SyncedRecord),
    /// Something that a sync has done.
    Synced(SyncedRecord),
    /// Something that a sync is not about, such as a link or an online document.
    LeftAlone(LeftAloneRecord),
    /// What a sync would do in all, and what it would cost.
    Plan(PlanRecord),
    /// What became of a sync that several machines shared, in all.
    SyncReport(SyncReportRecord),
    /// A file that is not the same in two folders.
    Difference(DifferenceRecord),
    /// What the command has cost, on standard error.
    Cost(CostRecord),
    /// Every command, flag, exit code and failure.
    Manifest(serde_json::Value),
}
