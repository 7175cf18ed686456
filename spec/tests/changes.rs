//! What a person reads when the documentation changed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod edited;

use dingtalk_storage_spec::SourceTree;
use dingtalk_storage_spec::changes::{Changes, Verdict, changes};
use edited::{compiled, edit, real, without};

/// An edit of a file of the real spec: path, text, text in its place.
type Edit = (&'static str, &'static str, &'static str);

const COMMIT: &str = "api/storage_v2/commit_file.yaml";
const SPACE: &str = "api/storage_v1/add_space.yaml";
const BATCH: &str = "api/storage_v1/get_dentries.yaml";
const FAMILY: &str = "api/storage_v1/family.yaml";

fn with(edits: &[Edit]) -> SourceTree {
    edits.iter().fold(real(), |tree, (path, from, to)| edit(&tree, path, from, to))
}

fn between(old: &SourceTree, new: &SourceTree) -> Changes {
    changes(&compiled(old), &compiled(new))
}

/// The changes in one line each.
fn lines(changes: &Changes) -> Vec<String> {
    let line = |change: &dingtalk_storage_spec::changes::Change| {
        let place = if change.place.is_empty() { String::new() } else { format!(" {}", change.place) };
        format!("{} {}{place}: {}", change.verdict, change.subject, change.what)
    };
    changes.all.iter().map(line).collect()
}

/// Ten changes as they happen, and what users of the crate have to expect of each.
const PLANTED: [(&[Edit], &[&str]); 10] = [
    (
        &[(
            COMMIT,
            "      size: {",
            "      origin: {type: string, doc: Where it came from., example: mail}\n      size: {",
        )],
        &["minor storage_v2.CommitFile body.option.origin: added, optional"],
    ),
    (
        &[(
            COMMIT,
            "  uploadKey: {",
            "  crc: {type: string, required: true, doc: Checksum., example: \"17\"}\n  uploadKey: {",
        )],
        &["major storage_v2.CommitFile body.crc: added, required"],
    ),
    (
        &[(
            "types/dentry.yaml",
            "      extension: {type: string, doc: Extension of the name; folders have none., example: pdf}\n",
            "",
        )],
        &["major type Dentry extension: removed"],
    ),
    (
        &[("types/space.yaml", "usedQuota: {type: int64, doc", "usedQuota: {type: any, doc")],
        &["major type Space usedQuota: type any, was int64"],
    ),
    (
        &[("types/dentry.yaml", "WORKBOOK: Spreadsheet., ", "WORKBOOK: Spreadsheet., MIND_MAP: Mind map., ")],
        &["minor type OnlineDocumentType MIND_MAP: value added"],
    ),
    (
        &[(COMMIT, "effect: write", "effect: idempotent")],
        &["minor storage_v2.CommitFile effect: idempotent, was write"],
    ),
    (&[(SPACE, "status: current", "status: legacy")], &["major storage_v1.AddSpace status: legacy, was current"]),
    (
        &[(COMMIT, "appProperties: {type: [AppProperty], max: 3,", "appProperties: {type: [AppProperty], max: 5,")],
        &["patch storage_v2.CommitFile body.option.appProperties.max: 5, was 3"],
    ),
    (
        &[(COMMIT, "summary: Finishes an upload", "summary: Ends an upload")],
        &["patch storage_v2.CommitFile: documentation of summary"],
    ),
    (
        &[(COMMIT, "  403: [permissionDenied]", "  403: [permissionDenied, operationNotSupported]")],
        &["patch storage_v2.CommitFile errors.403: added operationNotSupported"],
    ),
];

#[test]
fn each_of_ten_planted_changes_is_named_with_its_verdict() {
    for (edits, expected) in PLANTED {
        assert_eq!(lines(&between(&real(), &with(edits))), expected);
    }
}

#[test]
fn all_ten_are_named_when_they_come_together() {
    let edits: Vec<Edit> = PLANTED.iter().flat_map(|(edits, _)| edits.iter().copied()).collect();
    let changes = between(&real(), &with(&edits));
    let mut found = lines(&changes);
    found.sort();
    let mut expected: Vec<_> = PLANTED.iter().flat_map(|(_, lines)| lines.iter().copied()).collect();
    expected.sort_unstable();
    assert_eq!(found, expected);
    assert_eq!(changes.overall(), Some(Verdict::Major));
    insta::assert_snapshot!("text", changes.text());
    insta::assert_snapshot!("markdown", changes.markdown());
}

#[test]
fn parameters_and_their_order() {
    let cases: [(&[Edit], &[&str]); 8] = [
        (
            &[(COMMIT, "unionId: {type: UnionId, required: true,", "unionId: {type: UserId, required: true,")],
            &["major storage_v2.CommitFile query.unionId: type UserId, was UnionId"],
        ),
        (
            &[(COMMIT, "name: {type: string, required: true,", "name: {type: string,")],
            &["major storage_v2.CommitFile body.name: optional now"],
        ),
        // A member of an object that may be left out is no argument, whatever the object demands of it.
        (&[(COMMIT, "size: {type: int64,", "size: {type: int64, required: true,")], &[]),
        (
            &[(COMMIT, "size: {type: int64,", "size: {type: int64, rust: bytes,")],
            &["major storage_v2.CommitFile body.option.size: `bytes` in Rust, was `size`"],
        ),
        (
            &[(
                COMMIT,
                "uploadKey: {type: UploadKey, required: true,",
                "uploadKey: {type: UploadKey, rust: key, required: true,",
            )],
            &["patch storage_v2.CommitFile body.uploadKey: `key` in Rust, was `upload_key`"],
        ),
        (
            &[
                (
                    COMMIT,
                    "body:\n  uploadKey: {type: UploadKey, required: true, doc: Key that came with the upload information.}\n",
                    "body:\n",
                ),
                (
                    COMMIT,
                    "  option:\n    flatten: true\n",
                    "  uploadKey: {type: UploadKey, required: true, doc: Key that came with the upload information.}\n  option:\n    flatten: true\n",
                ),
            ],
            &["major storage_v2.CommitFile: required parameters come in another order"],
        ),
        (
            &[(
                SPACE,
                "query:\n  unionId: {type: UnionId, required: true, doc: The operator.}\nbody:\n",
                "body:\n  unionId: {type: UnionId, required: true, doc: The operator.}\n",
            )],
            &["minor storage_v1.AddSpace body.unionId: sent in body, was in query"],
        ),
        (
            &[(SPACE, "default: USER", "default: APP"), (SPACE, "default: \"0\", ", "")],
            &[
                "patch storage_v1.AddSpace body.option.sceneId.default: not set any more, was '0'",
                "patch storage_v1.AddSpace body.option.ownerType.default: APP, was USER",
            ],
        ),
    ];
    for (edits, expected) in cases {
        assert_eq!(lines(&between(&real(), &with(edits))), expected);
    }
}

#[test]
fn operations_and_what_they_offer() {
    let batch = "batch: {items: dentryIds, max: 30, results: resultItems, key: dentryId}";
    let cases: [(&[Edit], &[&str]); 10] = [
        (
            &[(BATCH, batch, "batch: {items: dentryIds, max: 30, results: resultItems}")],
            &["minor storage_v1.GetDentries batch.key: not set any more, was dentryId"],
        ),
        (
            &[
                (BATCH, batch, "batch: {items: dentryIds, max: 30, results: resultItems, key: other}"),
                (BATCH, "      dentryId: {", "      other: {type: DentryId, doc: Another one.}\n      dentryId: {"),
            ],
            &[
                "minor storage_v1.GetDentries response.resultItems.other: added, optional",
                "minor storage_v1.GetDentries batch.key: other, was dentryId",
            ],
        ),
        (&[(SPACE, "http: POST", "http: PUT")], &["minor storage_v1.AddSpace method: PUT, was POST"]),
        (
            &[(SPACE, "scope: Storage.Space.Write", "scope: Storage.Space.Manage")],
            &["minor storage_v1.AddSpace scope: Storage.Space.Manage, was Storage.Space.Write"],
        ),
        (
            &[(SPACE, "apps: [internal, third-party]", "apps: [internal]")],
            &["minor storage_v1.AddSpace apps: internal, was internal and third-party"],
        ),
        (
            &[("api/storage_v2/clean_file.yaml", "token: none\n", "")],
            &["minor storage_v2.CleanFile token: that of the family, was none"],
        ),
        (
            &[("api/storage_v1/get_file_upload_info.yaml", "status: legacy", "status: current")],
            &["minor storage_v1.GetFileUploadInfo status: current, was legacy"],
        ),
        (
            &[(
                "api/storage_v1/list_all_dentries.yaml",
                "page: {token: nextToken, size: maxResults, items: dentries}\n",
                "",
            )],
            &["major storage_v1.ListAllDentries page.items: not set any more, was dentries"],
        ),
        (
            &[
                (
                    "api/storage_v1/get_dentries.yaml",
                    "batch: {items: dentryIds, max: 30",
                    "batch: {items: dentryIds, max: 20",
                ),
                ("api/storage_v1/get_dentries.yaml", "required: true, max: 30,", "required: true, max: 20,"),
            ],
            &[
                "minor storage_v1.GetDentries batch.max: 20, was 30",
                "patch storage_v1.GetDentries body.dentryIds.max: 20, was 30",
            ],
        ),
        (&[(SPACE, "operator: unionId\n", "")], &["major storage_v1.AddSpace operator: not set any more, was unionId"]),
    ];
    for (edits, expected) in cases {
        assert_eq!(lines(&between(&real(), &with(edits))), expected);
    }
}

#[test]
fn an_operation_comes_and_goes() {
    let without = without(&real(), "api/storage_v2/clean_file.yaml");
    assert_eq!(lines(&between(&without, &real())), ["minor storage_v2.CleanFile: added, undocumented"]);
    assert_eq!(lines(&between(&real(), &without)), ["major storage_v2.CleanFile: removed"]);
}

#[test]
fn answers_and_shared_types() {
    let drive = "types/drive.yaml";
    let promised = "usedQuota: {type: int64, always: true, evidence: Required in the official SDK., doc: Bytes in use., example: 512}\n      permissionMode";
    let open = "usedQuota: {type: int64, doc: Bytes in use., example: 512}\n      permissionMode";
    let cases: [(&[Edit], &[&str]); 7] = [
        (
            &[(drive, promised, open)],
            &[
                "major type DriveSpace usedQuota: no longer always there; an `Option` now",
                "patch type DriveSpace: documentation of usedQuota",
            ],
        ),
        (
            &[(
                "api/drive_v1/list_files.yaml",
                "files: {type: [DriveFile], always: true, evidence: Required in the official SDK.,",
                "files: {type: [DriveFile],",
            )],
            // A list that is absent is empty, so users see no difference.
            &[
                "patch drive_v1.ListFiles response.files: no longer always there",
                "patch drive_v1.ListFiles: documentation of response.files",
            ],
        ),
        (
            &[("types/dentry.yaml", "value: {type: string, required: true,", "value: {type: string,")],
            &["major type AppProperty value: optional now"],
        ),
        (
            &[("types/dentry.yaml", "FILE: A file., FOLDER: A folder.", "FILE: One file.")],
            &["major type DentryType FOLDER: value removed", "patch type DentryType: documentation of FILE"],
        ),
        (
            &[("types/ids.yaml", "constants: {root: {value: \"0\"", "constants: {top: {value: \"0\"")],
            &["major type DentryId constants.root: removed", "minor type DentryId constants.top: added"],
        ),
        (
            &[(
                "types/ids.yaml",
                "UploadKey: {doc: Key of an upload that was started and not yet committed., id: {secret: true, ",
                "UploadKey: {doc: Key of an upload that was started and not yet committed., id: {",
            )],
            &["major type UploadKey: no longer secret; it is shown"],
        ),
        (
            &[(
                SPACE,
                "  space: {type: Space, doc",
                "  created: {type: bool, doc: Whether it is new.}\n  space: {type: Space, doc",
            )],
            &["minor storage_v1.AddSpace response.created: added, optional"],
        ),
    ];
    for (edits, expected) in cases {
        assert_eq!(lines(&between(&real(), &with(edits))), expected);
    }
}

#[test]
fn a_type_that_requests_hold_no_longer() {
    let types = "types/space.yaml";
    let edits: &[Edit] = &[
        (SPACE, "      capabilities: {type: SpaceCapabilities,", "      capabilities: {type: any, example: 1,"),
        (types, "canSearch: {type: bool, default: false,", "canSearch: {type: bool,"),
        (types, "canRename: {type: bool, default: false,", "canRename: {type: bool,"),
        (types, "canRecordRecentFile: {type: bool, default: false,", "canRecordRecentFile: {type: bool,"),
    ];
    let expected = [
        "major storage_v1.AddSpace body.option.capabilities: type any, was SpaceCapabilities",
        "patch storage_v1.AddSpace: documentation of body.option.capabilities",
        "major type SpaceCapabilities: requests hold it no longer, so it is made for them no longer",
        "patch type SpaceCapabilities canSearch.default: not set any more, was false",
        "patch type SpaceCapabilities canRename.default: not set any more, was false",
        "patch type SpaceCapabilities canRecordRecentFile.default: not set any more, was false",
    ];
    assert_eq!(lines(&between(&real(), &with(edits))), expected);
}

#[test]
fn error_codes_events_families_and_groups() {
    let text = |path: &str| real().files().find(|(known, _)| *known == path).unwrap().1.to_owned();
    let codes = text("errors.yaml");
    let line = codes.lines().find(|line| line.starts_with("  appNotExist: ")).expect("a code in one line").to_owned();
    let throttled = line.replace("class: missing", "class: throttled");
    assert_ne!(line, throttled);
    let tree = real().with_file("errors.yaml", codes.replace(&line, &throttled).into_bytes());
    assert_eq!(lines(&between(&real(), &tree)), ["minor error code appNotExist class: throttled, was missing"]);

    let renamed = line.replace("{class:", "{rust: NoSuchApp, class:");
    let tree = real().with_file("errors.yaml", codes.replace(&line, &renamed).into_bytes());
    assert_eq!(
        lines(&between(&real(), &tree)),
        ["major error code appNotExist: `NoSuchApp` in Rust, was `AppNotExist`"]
    );

    let cases: [(&[Edit], &[&str]); 3] = [
        (
            &[("api/wiki_v2/family.yaml", "family: wiki_v2\n", "family: wiki_v2\nhost: oapi\n")],
            &["minor family wiki_v2 host: oapi, was api"],
        ),
        (
            &[("groups.yaml", "title: Search,", "title: Searching,")],
            &["patch group search title: Searching, was Search"],
        ),
        (
            &[("groups.yaml", "doc: \"Spaces, the roots of all files.\"", "doc: Where all files are.")],
            &["patch group space: documentation of doc"],
        ),
    ];
    for (edits, expected) in cases {
        assert_eq!(lines(&between(&real(), &with(edits))), expected);
    }
}

#[test]
fn how_tasks_are_asked_for() {
    let tasks = "tasks: {operation: GetTask, id: taskId, task: task, status: status}\n";
    let without = with(&[(FAMILY, tasks, "")]);
    let gone = between(&real(), &without);
    assert_eq!(lines(&gone), ["major family storage_v1 tasks: removed"]);
    assert_eq!(gone.all[0].note.as_deref(), Some("operations with a `task` lose `wait`"));
    assert_eq!(lines(&between(&without, &real())), ["minor family storage_v1 tasks: added"]);

    let reader = "api/storage_v1/get_task.yaml";
    let tree = real();
    let text = tree.files().find(|(path, _)| *path == reader).unwrap().1;
    let other = text.replace("operation: GetTask", "operation: ReadTask").replace("/tasks/{", "/tasks/read/{");
    let tree =
        edit(&tree.with_file("api/storage_v1/read_task.yaml", other.into_bytes()), FAMILY, "GetTask", "ReadTask");
    let expected =
        ["minor storage_v1.ReadTask: added, current", "major family storage_v1 tasks.operation: ReadTask, was GetTask"];
    assert_eq!(lines(&between(&real(), &tree)), expected);

    let cases: [(&[Edit], &[&str]); 2] = [
        (
            &[
                (FAMILY, "operation: GetTask, id: taskId", "operation: GetTask, id: id"),
                (reader, "{taskId}", "{id}"),
                (reader, "path:\n  taskId:", "path:\n  id:"),
            ],
            &["minor family storage_v1 tasks.id: id, was taskId"],
        ),
        (
            &[
                (FAMILY, "task: task, status: status", "task: task, status: state"),
                (
                    "types/task.yaml",
                    "      status: {",
                    "      state: {type: string, doc: How far it is., example: SUCCESS}\n      status: {",
                ),
            ],
            &["minor family storage_v1 tasks.status: state, was status"],
        ),
    ];
    for (edits, expected) in cases {
        let lines = lines(&between(&real(), &with(edits)));
        let family: Vec<_> = lines.iter().filter(|line| line.contains(" family ")).collect();
        assert_eq!(family, expected);
    }
}

#[test]
fn what_means_the_same_is_no_change() {
    let same = with(&[
        (COMMIT, "operation: CommitFile\n", "# A remark.\noperation:   \"CommitFile\"\n"),
        (
            COMMIT,
            "  uploadKey: {type: UploadKey, required: true, doc: Key that came with the upload information.}",
            "  uploadKey:\n    type: UploadKey\n    required: true\n    doc: Key that came with the upload information.",
        ),
        ("types/dentry.yaml", "DOC: Text., WORKBOOK: Spreadsheet.,", "WORKBOOK: Spreadsheet., DOC: Text.,"),
    ]);
    let changes = between(&real(), &same);
    assert_eq!((lines(&changes), changes.overall()), (Vec::new(), None));
    assert_eq!(changes.text(), "No changes\n");
}
