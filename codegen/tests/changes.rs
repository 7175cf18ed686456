//! What a person reads when the documentation changed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "../../spec/tests/edited/mod.rs"]
mod edited;

use dingtalk_storage_codegen::changes::{Change, Changes, Verdict, compare};
use dingtalk_storage_codegen::lower;
use dingtalk_storage_spec::SourceTree;
use edited::{compiled, edit, frozen, without};

/// An edit of a file of the frozen spec: path, text, text in its place.
type Edit = (&'static str, &'static str, &'static str);

const COMMIT: &str = "api/storage_v2/commit_file.yaml";
const SPACE: &str = "api/storage_v1/add_space.yaml";
const BATCH: &str = "api/storage_v1/get_dentries.yaml";
const FAMILY: &str = "api/storage_v1/family.yaml";

fn with(edits: &[Edit]) -> SourceTree {
    edits.iter().fold(frozen(), |tree, (path, from, to)| edit(&tree, path, from, to))
}

fn between(old: &SourceTree, new: &SourceTree) -> Changes {
    let [old, new] = [old, new].map(|tree| lower(&compiled(tree)).unwrap());
    compare(&old, &new)
}

/// The changes in one line each.
fn lines(changes: &Changes) -> Vec<String> {
    let line = |change: &Change| {
        let place = if change.place.is_empty() { String::new() } else { format!(" {}", change.place) };
        format!("{} {}{place}: {}", change.kind.verdict(), change.subject, change.what)
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
        &["major type Space usedQuota: type `Option<serde_json::Value>`, was `Option<i64>`"],
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
        assert_eq!(lines(&between(&frozen(), &with(edits))), expected);
    }
}

#[test]
fn all_ten_are_named_when_they_come_together() {
    let edits: Vec<Edit> = PLANTED.iter().flat_map(|(edits, _)| edits.iter().copied()).collect();
    let changes = between(&frozen(), &with(&edits));
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
            &[(COMMIT, "uploadKey: {type: UploadKey, required: true,", "uploadKey: {type: UserId, required: true,")],
            &["major storage_v2.CommitFile body.uploadKey: type `&UserId`, was `&UploadKey`"],
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
            &[
                "patch storage_v2.CommitFile body.uploadKey: `key` in Rust, was `upload_key`",
                "patch storage_v2.CommitFile: documentation of example",
            ],
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
                "patch storage_v1.AddSpace body.option.sceneId.default: not set any more, was 0",
                "patch storage_v1.AddSpace body.option.ownerType.default: APP, was USER",
            ],
        ),
    ];
    for (edits, expected) in cases {
        assert_eq!(lines(&between(&frozen(), &with(edits))), expected);
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
                "minor storage_v1.GetDentries DentryResult.other: added, optional",
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
            &["minor storage_v2.CleanFile token: header, was none"],
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
        (
            &[(SPACE, "operator: unionId\n", "")],
            &[
                "major storage_v1.AddSpace operator: not set any more, was unionId",
                "patch storage_v1.AddSpace query.unionId: `union_id` in Rust, was `operator`",
            ],
        ),
    ];
    for (edits, expected) in cases {
        assert_eq!(lines(&between(&frozen(), &with(edits))), expected);
    }
}

#[test]
fn an_operation_comes_and_goes() {
    let without = without(&frozen(), "api/storage_v2/clean_file.yaml");
    assert_eq!(lines(&between(&without, &frozen())), ["minor storage_v2.CleanFile: added"]);
    assert_eq!(lines(&between(&frozen(), &without)), ["major storage_v2.CleanFile: removed"]);
}

#[test]
fn answers_and_shared_types() {
    let drive = "types/drive.yaml";
    let promised = "usedQuota: {type: int64, always: true, evidence: Required in the official SDK., doc: Bytes in use., example: 512}\n      permissionMode";
    let open = "usedQuota: {type: int64, doc: Bytes in use., example: 512}\n      permissionMode";
    let cases: [(&[Edit], &[&str]); 7] = [
        (&[(drive, promised, open)], &["major type DriveSpace usedQuota: type `Option<i64>`, was `i64`"]),
        (
            &[(
                "api/drive_v1/list_files.yaml",
                "files: {type: [DriveFile], always: true, evidence: Required in the official SDK.,",
                "files: {type: [DriveFile],",
            )],
            // A list that is absent is empty: the type is the same, but no answer is refused any more.
            &["minor drive_v1.ListFiles response.files: no longer always there"],
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
            &["major type UploadKey: no longer secret"],
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
        assert_eq!(lines(&between(&frozen(), &with(edits))), expected);
    }
}

#[test]
fn values_that_are_ranked() {
    let values = "    values: {FILE: A file., FOLDER: A folder.}\n";
    let of_files = "    values: {FILE: A file., FOLDER: A folder.}\n    ranked: a file is greater.\n";
    let ranked = with(&[("types/dentry.yaml", values, of_files)]);
    let turned = "    values: {FOLDER: A folder., FILE: A file.}\n    ranked: a folder is greater.\n";
    let turned = with(&[("types/dentry.yaml", values, turned)]);
    assert_eq!(lines(&between(&frozen(), &ranked)), ["minor type DentryType ranked: ranked now"]);
    assert_eq!(lines(&between(&ranked, &frozen())), ["major type DentryType ranked: no longer ranked"]);
    assert_eq!(
        lines(&between(&ranked, &turned)),
        ["major type DentryType: ranked in another order", "patch type DentryType: documentation of ranked"]
    );
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
        "major storage_v1.AddSpace body.option.capabilities: type `&serde_json::Value`, was `&SpaceCapabilities`",
        "major type SpaceCapabilities: requests hold it no longer",
        "patch type SpaceCapabilities canSearch.default: not set any more, was false",
        "patch type SpaceCapabilities canRename.default: not set any more, was false",
        "patch type SpaceCapabilities canRecordRecentFile.default: not set any more, was false",
    ];
    assert_eq!(lines(&between(&frozen(), &with(edits))), expected);
}

#[test]
fn error_codes_events_families_and_groups() {
    let text = |path: &str| frozen().files().find(|(known, _)| *known == path).unwrap().1.to_owned();
    let codes = text("errors.yaml");
    let line = codes.lines().find(|line| line.starts_with("  spaceNotExist: ")).expect("a code in one line").to_owned();
    let throttled = line.replace("class: missing", "class: throttled");
    assert_ne!(line, throttled);
    let tree = frozen().with_file("errors.yaml", codes.replace(&line, &throttled).into_bytes());
    assert_eq!(lines(&between(&frozen(), &tree)), ["minor error code spaceNotExist class: throttled, was missing"]);

    let renamed = line.replace("{class:", "{rust: NoSuchSpace, class:");
    let tree = frozen().with_file("errors.yaml", codes.replace(&line, &renamed).into_bytes());
    assert_eq!(
        lines(&between(&frozen(), &tree)),
        ["major error code spaceNotExist: `NoSuchSpace` in Rust, was `SpaceNotExist`"]
    );

    let cases: [(&[Edit], &[&str]); 3] = [
        (
            &[("api/wiki_v2/family.yaml", "family: wiki_v2\n", "family: wiki_v2\nhost: oapi\n")],
            &["minor family wiki_v2 host: oapi, was api"],
        ),
        // Chapters order the map of the documentation alone.
        (&[("groups.yaml", "title: Space management,", "title: Spaces,")], &[]),
        (&[("groups.yaml", "doc: \"Spaces, the roots of all files.\"", "doc: Where all files are.")], &[]),
    ];
    for (edits, expected) in cases {
        assert_eq!(lines(&between(&frozen(), &with(edits))), expected);
    }
}

#[test]
fn how_tasks_are_asked_for() {
    let tasks = "tasks: {operation: GetTask, id: taskId, task: task, status: status}\n";
    let without = with(&[(FAMILY, tasks, "")]);
    let gone = between(&frozen(), &without);
    let expected = [
        "major storage_v1.DeleteDentry task: not set any more, was taskId",
        "major storage_v1.GetTask taskReader: not set any more, was wait",
    ];
    assert_eq!(lines(&gone), expected);
    let expected = ["minor storage_v1.DeleteDentry task: taskId", "minor storage_v1.GetTask taskReader: wait"];
    assert_eq!(lines(&between(&without, &frozen())), expected);

    let reader = "api/storage_v1/get_task.yaml";
    let tree = frozen();
    let text = tree.files().find(|(path, _)| *path == reader).unwrap().1;
    let other = text.replace("operation: GetTask", "operation: ReadTask").replace("/tasks/{", "/tasks/read/{");
    let tree =
        edit(&tree.with_file("api/storage_v1/read_task.yaml", other.into_bytes()), FAMILY, "GetTask", "ReadTask");
    let expected = [
        "major storage_v1.DeleteDentry task.operation: ReadTask, was GetTask",
        "major storage_v1.GetTask taskReader: not set any more, was wait",
        "minor storage_v1.ReadTask: added",
    ];
    assert_eq!(lines(&between(&frozen(), &tree)), expected);

    let cases: [(&[Edit], &[&str]); 2] = [
        (
            &[
                (FAMILY, "operation: GetTask, id: taskId", "operation: GetTask, id: id"),
                (reader, "{taskId}", "{id}"),
                (reader, "path:\n  taskId:", "path:\n  id:"),
            ],
            &["minor storage_v1.DeleteDentry task.parameter: id, was taskId"],
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
            &["minor storage_v1.DeleteDentry task.status: task.state, was task.status"],
        ),
    ];
    for (edits, expected) in cases {
        let lines = lines(&between(&frozen(), &with(edits)));
        let waiting: Vec<_> = lines.iter().filter(|line| line.contains(".DeleteDentry ")).collect();
        assert_eq!(waiting, expected);
    }
}

/// What was told wrongly before the intermediate form was compared.
#[test]
fn one_difference_has_one_line() {
    let list = "api/storage_v1/list_all_dentries.yaml";
    let cases: [(&[Edit], &[&str]); 6] = [
        (
            &[(SPACE, "space: {type: Space,", "space: {type: [Space],")],
            &["major storage_v1.AddSpace response.space: type `Vec<Space>`, was `Option<Space>`"],
        ),
        (
            &[
                (list, "page: {token: nextToken,", "page: {token: nextToken, next: other,"),
                (
                    list,
                    "response:\n",
                    "response:\n  other: {type: PageToken, doc: Where the page after the next starts.}\n",
                ),
            ],
            &[
                "minor storage_v1.ListAllDentries page.next: other, was nextToken",
                "minor storage_v1.ListAllDentries response.other: added, optional",
            ],
        ),
        (
            &[("types/dentry.yaml", "DOC: Text., WORKBOOK: Spreadsheet.,", "WORKBOOK: Spreadsheet., DOC: Text.,")],
            &["patch type OnlineDocumentType: listed in another order"],
        ),
        // The second argument is the same to callers.
        (
            &[("api/storage_v1/rename_dentry.yaml", "  newName: {type", "  newTitle: {type")],
            &[
                "minor storage_v1.RenameDentry body.newTitle: `newTitle` on the wire, was `newName`",
                "patch storage_v1.RenameDentry body.newTitle: `new_title` in Rust, was `new_name`",
            ],
        ),
        (
            &[(SPACE, "      scene: {", "      scenery: {")],
            &[
                "major storage_v1.AddSpace body.option.scene: removed",
                "minor storage_v1.AddSpace body.option.scenery: added, optional",
            ],
        ),
        (
            &[(SPACE, "      scene: {", "      scenery: {rust: scene, ")],
            &["minor storage_v1.AddSpace body.option.scenery: `scenery` on the wire, was `scene`"],
        ),
    ];
    for (edits, expected) in cases {
        let mut found = lines(&between(&frozen(), &with(edits)));
        found.sort();
        assert_eq!(found, expected);
    }
}

/// The handle that knows the operator has one method more; its argument is called otherwise, which nobody sees.
#[test]
fn an_operator_that_is_named_where_it_is_required() {
    let without = with(&[(SPACE, "operator: unionId\n", "")]);
    let expected = [
        "minor storage_v1.AddSpace operator: unionId",
        "patch storage_v1.AddSpace query.unionId: `operator` in Rust, was `union_id`",
    ];
    assert_eq!(lines(&between(&without, &frozen())), expected);
}

/// An object of a shared type is a shared type of its own, wherever it is described.
#[test]
fn an_inline_object_that_moves_into_a_type_of_its_own() {
    let inline = "      extra: {doc: More., as: Extra, fields: {size: {type: int64, doc: Bytes., example: 3}}}\n";
    let named = "      extra: {type: Extra, doc: More.}\n";
    let with_field = |field: &str, more: &str| {
        let tree = edit(&frozen(), "types/dentry.yaml", "      extension: {", &format!("{field}      extension: {{"));
        let text = tree.files().find(|(path, _)| *path == "types/dentry.yaml").unwrap().1;
        tree.with_file("types/dentry.yaml", format!("{}\n{more}", text.trim_end()).into_bytes())
    };
    let definition = "  Extra: {doc: More., fields: {size: {type: int64, doc: Bytes., example: 3}}}\n";
    assert_eq!(lines(&between(&with_field(inline, ""), &with_field(named, definition))), Vec::<String>::new());
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
        // A family's token, an app named twice or last, and a page size that no code depends on.
        (COMMIT, "status: current\n", "status: current\ntoken: header\n"),
        (SPACE, "apps: [internal, third-party]", "apps: [third-party, internal]"),
        (
            "api/storage_v1/list_all_dentries.yaml",
            "page: {token: nextToken, size: maxResults,",
            "page: {token: nextToken,",
        ),
    ]);
    let changes = between(&frozen(), &same);
    assert_eq!((lines(&changes), changes.overall()), (Vec::new(), None));
    assert_eq!(changes.text(), "No changes for users\n");
}
