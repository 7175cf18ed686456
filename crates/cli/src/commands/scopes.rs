//! `scopes`: which permissions commands need.

use std::collections::BTreeMap;

use clap::Args;
use dingtalk_storage::OPERATIONS;
use dingtalk_storage::runtime::Operation;

use crate::exit::Code;
use crate::output::{Record, ScopeRecord};
use crate::{Context, Failure};

/// Where permissions are applied for.
const CONSOLE: &str = "https://open-dev.dingtalk.com/";

/// How places are found.
const PLACES: &[&str] = &["drive_v1.ListSpaces", "storage_v1.GetDentry", "storage_v1.ListDentries"];
const UPLOAD: &[&str] = &[
    "storage_v2.GetFileUploadInfo",
    "storage_v2.CommitFile",
    "storage_v1.InitMultipartFileUpload",
    "storage_v1.GetMultipartFileUploadInfos",
];
const DOWNLOAD: &[&str] = &["storage_v1.GetFileDownloadInfo"];
/// The tree of a space.
const TREE: &[&str] = &["storage_v1.ListAllDentries"];
/// What the recycle bin of a space has.
const BIN: &[&str] = &["storage_v1.GetSpace", "storage_v1.GetRecycleBin", "storage_v1.ListRecycleItems"];

/// Which operations each command calls besides those of places.
const COMMANDS: &[(&str, &[&[&str]])] = &[
    ("spaces", &[&["wiki_v2.GetMineWorkspace", "wiki_v2.ListWorkspaces"]]),
    ("ls", &[]),
    ("stat", &[]),
    ("tree", &[TREE]),
    ("du", &[TREE]),
    ("find", &[TREE]),
    ("cat", &[DOWNLOAD]),
    ("get", &[DOWNLOAD]),
    ("put", &[UPLOAD, &["storage_v1.AddFolder"]]),
    (
        "sync",
        &[
            UPLOAD,
            DOWNLOAD,
            &["storage_v1.AddFolder", "storage_v1.MoveDentry", "storage_v1.RenameDentry", "storage_v1.DeleteDentries"],
        ],
    ),
    ("check", &[TREE, DOWNLOAD]),
    ("mkdir", &[&["storage_v1.AddFolder"]]),
    ("mv", &[&["storage_v1.MoveDentry", "storage_v1.RenameDentry", "storage_v1.GetTask"]]),
    ("cp", &[&["storage_v1.CopyDentry", "storage_v1.RenameDentry", "storage_v1.GetTask"]]),
    ("rm", &[&["storage_v1.DeleteDentry", "storage_v1.GetTask"]]),
    ("versions", &[&["storage_v1.ListDentryVersions"]]),
    ("restore", &[&["storage_v1.RevertDentryVersion"], BIN, &["storage_v1.RestoreRecycleItem", "storage_v1.GetTask"]]),
    ("trash", &[BIN, &["storage_v1.DeleteRecycleItem"]]),
    ("link", &[&["storage_v1.GetDentryOpenInfo"]]),
    ("task", &[&["storage_v1.GetTask"]]),
    ("share", &[&["storage_v2.AddPermission"]]),
    ("unshare", &[&["storage_v2.DeletePermission"]]),
    ("permissions", &[&["storage_v2.ListPermissions"]]),
    ("audit", &[TREE, &["storage_v1.GetSpace", "storage_v2.ListPermissions", "storage_v2.GetPermissionInheritance"]]),
    ("search", &[&["storage_v2.SearchDentries"]]),
    ("watch", &[TREE, &["storage_v1.GetDentries"]]),
    ("transfers", &[UPLOAD, DOWNLOAD]),
    (
        "serve",
        &[
            UPLOAD,
            DOWNLOAD,
            &[
                "storage_v1.AddFolder",
                "storage_v1.MoveDentry",
                "storage_v1.RenameDentry",
                "storage_v1.CopyDentry",
                "storage_v1.DeleteDentry",
                "storage_v1.GetSpace",
                "storage_v1.GetTask",
            ],
        ],
    ),
    (
        "doctor",
        &[
            &["storage_v1.GetCurrentApp", "storage_v2.GetFileUploadInfo", "storage_v2.CommitFile"],
            DOWNLOAD,
            &["storage_v1.DeleteDentry"],
        ],
    ),
];

/// Those that call nothing, or whatever they are told to.
#[cfg(test)]
const OTHERS: [&str; 8] = ["login", "profiles", "whoami", "scopes", "api", "completions", "help", "mcp"];

/// Tell which permissions the app needs for commands, to apply for them in the developer console
#[derive(Debug, Args)]
pub struct Scopes {
    /// The commands; without one, all
    #[arg(value_name = "COMMAND")]
    commands: Vec<String>,
}

pub fn run(arguments: &Scopes, context: &Context) -> Result<(), Failure> {
    let is_wanted =
        |name: &str| arguments.commands.is_empty() || arguments.commands.iter().any(|wanted| wanted == name);
    if let Some(unknown) = arguments.commands.iter().find(|name| !COMMANDS.iter().any(|(known, _)| known == name)) {
        let known: Vec<_> = COMMANDS.iter().map(|(name, _)| *name).collect();
        return Err(Failure::new(Code::Usage, format!("no permissions are known of {unknown:?}"))
            .hint(format!("there are {}", known.join(", "))));
    }
    let mut scopes: BTreeMap<Option<&str>, ScopeRecord> = BTreeMap::new();
    for (command, operations) in COMMANDS.iter().filter(|(name, _)| is_wanted(name)) {
        let places = PLACES.iter().filter(|_| *command != "task");
        for operation in places.chain(operations.iter().copied().flatten()).filter_map(|name| find(name)) {
            let scope = scopes.entry(operation.scope).or_insert_with(|| ScopeRecord {
                scope: operation.scope.map(str::to_owned),
                operations: Vec::new(),
                commands: Vec::new(),
            });
            for (list, name) in [(&mut scope.operations, operation.name), (&mut scope.commands, *command)] {
                if !list.iter().any(|known| known == name) {
                    list.push(name.to_owned());
                }
            }
        }
    }
    for record in scopes.into_values() {
        let line = format!(
            "{:<28}  for {}",
            record.scope.as_deref().unwrap_or("(no source names it)"),
            record.commands.join(", ")
        );
        context.output.record(&Record::Scope(record), || line)?;
    }
    context.output.note(&format!("Apply for them in the developer console: {CONSOLE}"));
    Ok(())
}

fn find(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_of_a_command_exists() {
        for name in COMMANDS.iter().flat_map(|(_, operations)| operations.iter().copied().flatten()).chain(PLACES) {
            assert!(find(name).is_some(), "{name}");
        }
    }

    #[test]
    fn every_command_that_makes_calls_says_which() {
        let program = crate::program::command();
        let commands = program.get_subcommands().map(clap::Command::get_name).filter(|name| *name != "emulator");
        let (known, unknown): (Vec<_>, Vec<_>) = commands
            .filter(|name| !OTHERS.contains(name))
            .partition(|name| COMMANDS.iter().any(|(known, _)| known == name));
        assert_eq!((known.len(), unknown), (COMMANDS.len(), vec![]));
    }
}
