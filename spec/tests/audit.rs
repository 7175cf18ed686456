//! What whoever keeps the spec sees of the audit.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod edited;

use std::path::Path;

use dingtalk_storage_spec::SourceTree;
use dingtalk_storage_spec::audit::{Audit, Disagreement, InvalidSource, Sources, audit};
use edited::{compiled, edit, frozen, without};

const EVIDENCE: &str = include_str!("../../tests/fixtures/frozen/evidence/official-sdk-2.2.65.json");
const PAGES: &str = include_str!("../../tests/fixtures/frozen/evidence/pages.json");
const OVERVIEW: &str = include_str!("../../tests/fixtures/frozen/evidence/overview.json");
const DISPUTES: &str = include_str!("../../tests/fixtures/frozen/disputes.yaml");
const FROZEN: Sources<'_> = Sources { evidence: EVIDENCE, pages: PAGES, overview: OVERVIEW, disputes: DISPUTES };

fn run(tree: &SourceTree, sources: Sources<'_>) -> Audit {
    audit(&compiled(tree), tree, sources).unwrap_or_else(|error| panic!("{error}"))
}

/// A disagreement in one line, without its places.
fn line(disagreement: &Disagreement) -> String {
    let Disagreement { operation, field, about, spec, sdk, .. } = disagreement;
    format!("{operation} {field}: {about}: {} / {}", spec.says, sdk.says)
}

fn undisputed(audit: &Audit) -> Vec<String> {
    audit.undisputed().map(line).collect()
}

/// Audits the frozen spec with an edit.
fn planted(path: &str, from: &str, to: &str) -> Audit {
    run(&edit(&frozen(), path, from, to), FROZEN)
}

fn replaced(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from:?}");
    text.replace(from, to)
}

/// The sources of a spec in a folder.
fn sources(folder: &Path) -> [String; 4] {
    [Sources::EVIDENCE, Sources::PAGES, Sources::OVERVIEW, Sources::DISPUTES]
        .map(|name| std::fs::read_to_string(folder.join(name)).unwrap())
}

#[test]
fn the_spec_agrees_with_its_sources_or_says_why_not() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in [here.to_owned(), here.join("../tests/fixtures/frozen")] {
        let [evidence, pages, overview, disputes] = &sources(&folder);
        let tree = SourceTree::read(&folder);
        let audit = run(&tree, Sources { evidence, pages, overview, disputes });
        assert!(audit.passes(), "{}", audit.render(true));
        // Every operation and field of the evidence was looked at, none twice.
        let count = |text: &str| evidence.matches(text).count() + pages.matches(text).count();
        assert_eq!(audit.operations, count("\"method\": "));
        assert_eq!(audit.events, pages.matches("\"bizType\": ").count());
        assert_eq!(audit.fields, count("{\"type\": "));
        // Nothing is without a second source.
        let spec = compiled(&tree);
        assert_eq!(audit.operations, spec.families.iter().map(|family| family.operations.len()).sum::<usize>());
        assert_eq!(audit.events, spec.events.len());
    }
}

#[test]
fn a_wrong_wire_name_is_reported_from_both_sides() {
    let audit = planted("api/storage_v1/add_space.yaml", "      quota: {", "      qouta: {");
    let expected = [
        "storage_v1.AddSpace body.option.qouta: field: present / absent",
        "storage_v1.AddSpace body.option.quota: field: absent / present",
    ];
    assert_eq!(undisputed(&audit), expected);
    assert!(!audit.passes());
}

#[test]
fn a_mistake_in_a_shared_type_is_reported_wherever_it_is_used() {
    let audit = planted("types/space.yaml", "      usedQuota: {", "      quotaUsed: {");
    let found = undisputed(&audit);
    assert!(
        found.contains(&"storage_v1.AddSpace response.space.quotaUsed: field: present / absent".to_owned()),
        "{found:#?}"
    );
    assert!(
        found.contains(&"storage_v1.GetSpace response.space.usedQuota: field: absent / present".to_owned()),
        "{found:#?}"
    );
}

#[test]
fn single_mistakes_are_reported() {
    let cases = [
        // path, text, planted text, what is reported
        (
            "api/storage_v1/add_space.yaml",
            "      quota: {type: int64,",
            "      quota: {type: int32,",
            "storage_v1.AddSpace body.option.quota: type: int32 / int64",
        ),
        (
            "types/dentry.yaml",
            "size: {type: int64, doc: Bytes; folders have none., example: 512}",
            "size: {type: string, doc: Bytes; folders have none., example: many}",
            "storage_v1.AddFolder response.dentry.size: type: string / int64",
        ),
        (
            "api/storage_v1/get_dentry.yaml",
            "appIdsForAppProperties: {type: [OwnerId],",
            "appIdsForAppProperties: {type: {string: OwnerId},",
            "storage_v1.GetDentry body.option.appIdsForAppProperties: type: {string: string} / [string]",
        ),
        (
            "api/storage_v1/add_space.yaml",
            "unionId: {type: UnionId, required: true,",
            "unionId: {type: UnionId,",
            "storage_v1.AddSpace query.unionId: required: optional / required",
        ),
        (
            "api/storage_v1/add_space.yaml",
            "      quota: {type: int64,",
            "      quota: {type: int64, required: true,",
            "storage_v1.AddSpace body.option.quota: required: required / optional",
        ),
        (
            "api/storage_v1/add_space.yaml",
            "  space: {type: Space,",
            "  space: {type: Space, always: true, evidence: Seen.,",
            "storage_v1.AddSpace response.space: always: always / optional",
        ),
        (
            "types/drive.yaml",
            "usedQuota: {type: int64, always: true, evidence: Required in the official SDK., doc: Bytes in use., example: 512}\n      permissionMode",
            "usedQuota: {type: int64, doc: Bytes in use., example: 512}\n      permissionMode",
            "drive_v1.ListSpaces response.spaces.usedQuota: always: optional / always",
        ),
        (
            "api/storage_v1/add_space.yaml",
            "      sceneId: {",
            "      colour: {type: string, doc: A colour., example: red}\n      sceneId: {",
            "storage_v1.AddSpace body.option.colour: field: present / absent",
        ),
        ("api/storage_v1/add_space.yaml", "http: POST ", "http: PUT ", "storage_v1.AddSpace : method: PUT / POST"),
        (
            "api/storage_v1/add_space.yaml",
            "/v1.0/storage/spaces",
            "/v1.0/storage/space",
            "storage_v1.AddSpace : path: /v1.0/storage/space / /v1.0/storage/spaces",
        ),
        ("api/storage_v2/clean_file.yaml", "token: none\n", "", "storage_v2.CleanFile : token: header / none"),
    ];
    for (path, from, to, expected) in cases {
        let found = undisputed(&planted(path, from, to));
        assert!(found.contains(&expected.to_owned()), "{expected} is not in {found:#?}");
        // A shared type is wrong in each of its uses, but in nothing else.
        let same = found.iter().filter(|line| line.split_once(": ").unwrap().1 == expected.split_once(": ").unwrap().1);
        assert_eq!(same.count(), found.len(), "{found:#?}");
    }
}

#[test]
fn a_field_of_the_sdk_that_the_spec_lacks_is_reported() {
    let audit = planted(
        "types/dentry.yaml",
        "      extension: {type: string, doc: Extension of the name; folders have none., example: pdf}\n",
        "",
    );
    let found = undisputed(&audit);
    assert!(
        found.len() > 5 && found.iter().all(|line| line.ends_with(".extension: field: absent / present")),
        "{found:#?}"
    );
}

#[test]
fn an_operation_that_only_one_side_has_is_reported() {
    let audit = run(&without(&frozen(), "api/storage_v2/clean_file.yaml"), FROZEN);
    assert_eq!(undisputed(&audit), ["storage_v2.CleanFile : operation: absent / present"]);

    let other_name = replaced(EVIDENCE, "\"storage_v2.CleanFile\": {", "\"storage_v2.CleanFiles\": {");
    let audit = run(&frozen(), Sources { evidence: &other_name, ..FROZEN });
    let expected =
        ["storage_v2.CleanFile : operation: present / absent", "storage_v2.CleanFiles : operation: absent / present"];
    assert_eq!(undisputed(&audit), expected);
}

#[test]
fn what_the_sdk_does_not_have_is_held_against_its_pages() {
    let cases = [
        (
            "\"parentNodeId\": {",
            "\"parentId\": {",
            &[
                "wiki_v2.ListNodes query.parentId: field: absent / present",
                "wiki_v2.ListNodes query.parentNodeId: field: present / absent",
            ][..],
        ),
        (
            "\"path\": \"/topapi/v2/user/get\"",
            "\"path\": \"/topapi/v2/user/read\"",
            &["contact.GetUser : path: /topapi/v2/user/get / /topapi/v2/user/read"],
        ),
        ("\"bizType\": 234", "\"bizType\": 236", &["event storage_dentry_update : number: 234 / 236"]),
        (
            "\"storage_dentry_delete\": {",
            "\"storage_dentry_remove\": {",
            &[
                "event storage_dentry_delete : event: present / absent",
                "event storage_dentry_remove : event: absent / present",
            ],
        ),
    ];
    for (from, to, expected) in cases {
        let pages = replaced(PAGES, from, to);
        let audit = run(&frozen(), Sources { pages: &pages, ..FROZEN });
        assert!(!audit.passes());
        assert_eq!(undisputed(&audit), expected);
    }
}

#[test]
fn a_mistake_in_what_events_carry_is_reported_for_each() {
    let audit = planted("types/event.yaml", "      eventScopeId: {", "      scopeId: {");
    let found = undisputed(&audit);
    for event in ["create", "update", "delete"].map(|kind| format!("event storage_dentry_{kind}")) {
        assert!(found.contains(&format!("{event} data.scopeId: field: present / absent")), "{found:#?}");
        assert!(found.contains(&format!("{event} data.eventScopeId: field: absent / present")), "{found:#?}");
    }
    let disagreement = audit.undisputed().find(|each| each.field == "data.eventScopeId").unwrap();
    let (path, line) = disagreement.sdk.at.rsplit_once(':').unwrap();
    assert_eq!(path, "evidence/pages.json");
    let line = PAGES.lines().nth(line.parse::<usize>().unwrap() - 1).unwrap();
    assert_eq!(line.trim().trim_end_matches(','), "\"eventScopeId\": {\"type\": \"string\"}");
    assert!(disagreement.spec.at.starts_with("types/event.yaml:"), "{}", disagreement.spec.at);
}

#[test]
fn disagreements_tell_where_both_positions_stand() {
    let audit = planted("api/storage_v1/add_space.yaml", "      quota: {type: int64,", "      quota: {type: int32,");
    let found = audit.undisputed().next().unwrap();
    let (path, spec_line) = found.spec.at.rsplit_once(':').unwrap();
    assert_eq!(path, "api/storage_v1/add_space.yaml");
    let tree = frozen();
    let text = tree.files().find(|(known, _)| *known == path).unwrap().1;
    assert!(text.lines().nth(spec_line.parse::<usize>().unwrap() - 1).unwrap().contains("quota: {type: int64"));
    let (path, evidence_line) = found.sdk.at.rsplit_once(':').unwrap();
    assert_eq!(path, "evidence/official-sdk-2.2.65.json");
    let line = EVIDENCE.lines().nth(evidence_line.parse::<usize>().unwrap() - 1).unwrap();
    assert_eq!(line.trim().trim_end_matches(','), "\"quota\": {\"type\": \"int64\"}");
}

/// The disputes with an edit, against the frozen spec.
fn disputed(from: &str, to: &str) -> Audit {
    let disputes = replaced(DISPUTES, from, to);
    run(&frozen(), Sources { disputes: &disputes, ..FROZEN })
}

#[test]
fn a_dispute_that_explains_nothing_is_reported() {
    // The field does not exist, the type does not, the operation is in the SDK, and the positions are others.
    let cases = [
        (
            "fields: [body.appSecret]",
            "fields: [body.appSecret, body.appKey]",
            "oauth2_v1.GetAccessToken body.appKey: required",
        ),
        (
            "- types: [Dentry]\n    fields: [category]",
            "- types: [Dentry, Space]\n    fields: [category]",
            "the shared type Space, field category: field",
        ),
        (
            "\ndisputes:\n",
            "\nnotInSdk:\n  - {operations: [storage_v1.GetTask], reason: Too new.}\ndisputes:\n",
            "storage_v1.GetTask: operation",
        ),
    ];
    for (from, to, expected) in cases {
        let audit = disputed(from, to);
        assert!(!audit.passes());
        assert_eq!(undisputed(&audit), Vec::<String>::new());
        let [stale] = audit.stale.as_slice() else { panic!("{:#?}", audit.stale) };
        assert!(stale.contains(&format!("a dispute that no longer applies: {expected}")), "{stale}");
    }
}

#[test]
fn a_dispute_covers_only_the_positions_that_it_names() {
    // Were the spec changed to another wrong type, the reason for the first would not excuse it.
    let audit = planted(
        "api/storage_v1/revert_dentry_version.yaml",
        "version: {type: int64, min: 0,",
        "version: {type: int32, min: 0,",
    );
    assert_eq!(undisputed(&audit), ["storage_v1.RevertDentryVersion path.version: type: int32 / string"]);
    assert_eq!(audit.stale.len(), 1);
}

#[test]
fn a_dispute_is_left_over_when_the_spec_gives_in() {
    let audit = planted(
        "api/storage_v1/revert_dentry_version.yaml",
        "{type: int64, min: 0, doc: Version to bring back., example: 1}",
        "{type: string, doc: Version to bring back., example: \"1\"}",
    );
    assert_eq!(undisputed(&audit), Vec::<String>::new());
    let [stale] = audit.stale.as_slice() else { panic!("{:#?}", audit.stale) };
    assert!(stale.starts_with("disputes.yaml:") && stale.ends_with("(spec: int64, SDK: string)"), "{stale}");
}

#[test]
fn two_disputes_about_the_same_are_one_too_many() {
    let twice = format!(
        "{DISPUTES}  - operations: [oauth2_v1.GetAccessToken]\n    fields: [body.appSecret]\n    about: required\n    \
         spec: required\n    sdk: optional\n    reason: Again.\n"
    );
    assert_eq!(run(&frozen(), Sources { disputes: &twice, ..FROZEN }).stale.len(), 1);
}

#[test]
fn a_union_may_not_hold_what_the_sdk_has_nowhere() {
    // `elsewhere` excuses a field only while the SDK has it in another place of the same shared type.
    let evidence = EVIDENCE.replace("\"category\": {\"type\": \"string\"}", "\"kind\": {\"type\": \"string\"}");
    let audit = run(&frozen(), Sources { evidence: &evidence, ..FROZEN });
    let found = undisputed(&audit);
    assert!(
        found.contains(&"storage_v1.AddFolder response.dentry.category: field: present / absent".to_owned()),
        "{found:#?}"
    );
}

#[test]
fn every_row_of_the_overviews_is_a_current_operation_of_its_chapter() {
    let gap = |tree: &SourceTree, sources: Sources<'_>| run(tree, sources).gaps;
    let legacy = edit(&frozen(), "api/storage_v1/add_space.yaml", "status: current", "status: legacy");
    assert_eq!(
        gap(&legacy, FROZEN),
        ["no current operation is documented by `add-space` (Space management: Add a space)"]
    );

    let moved = edit(&frozen(), "api/storage_v1/add_space.yaml", "group: space", "group: file");
    assert_eq!(
        gap(&moved, FROZEN),
        [
            "api/storage_v1/add_space.yaml: the group is `File management`, but the overview lists it in `Space management`"
        ],
    );

    let current = edit(&frozen(), "api/storage_v1/get_file_upload_info.yaml", "status: legacy", "status: current");
    assert_eq!(
        gap(&current, FROZEN),
        [
            "api/storage_v1/get_file_upload_info.yaml: the operation is current, but `File transfer` of the overview does not list its page"
        ],
    );

    let twice = replaced(OVERVIEW, "\"page\": \"get-space-information\"", "\"page\": \"add-space\"");
    let gaps = gap(&frozen(), Sources { overview: &twice, ..FROZEN });
    assert_eq!(
        gaps,
        [
            "the overview lists the page `add-space` in `Space management` and in `Space management`",
            "api/storage_v1/get_space.yaml: the operation is current, but `Space management` of the overview does not list its page",
        ],
    );
}

#[test]
fn the_overview_has_the_rows_of_both_pages() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(Sources::OVERVIEW)).unwrap();
    let overview = dingtalk_storage_spec::audit::Overview::read(&text).unwrap();
    let drive = overview.rows().filter(|(chapter, _)| chapter.title == "DingTalk Drive").count();
    assert_eq!((overview.rows().count() - drive, drive), (48, 4));
}

#[test]
fn a_source_that_cannot_be_used_is_refused() {
    let refused = |sources: Sources<'_>| -> String {
        let tree = frozen();
        let error: InvalidSource = audit(&compiled(&tree), &tree, sources).map(|audit| audit.render(true)).unwrap_err();
        error.to_string()
    };
    let (name, known) = ("\"storage_v2.CommitFile\": {", "\"wiki_v2.ListNodes\": {");
    let both = replaced(PAGES, known, name);
    let place = both.lines().position(|line| line.contains(name)).unwrap() + 1;
    let entry = "disputes:\n  - about: type\n    spec: int32\n    sdk: int64\n";
    let cases = [
        (Sources { evidence: "{", ..FROZEN }, "error: evidence/official-sdk-2.2.65.json:1: "),
        (
            Sources { evidence: "{\"about\": {}, \"operations\": {}, \"operations\": {}}", ..FROZEN },
            "error: evidence/official-sdk-2.2.65.json:1: ",
        ),
        (Sources { pages: "{", ..FROZEN }, "error: evidence/pages.json:1: "),
        (
            Sources { pages: &both, ..FROZEN },
            &format!(
                "error: evidence/pages.json:{place}: `storage_v2.CommitFile` stands in evidence/official-sdk-2.2.65.json too"
            ),
        ),
        (Sources { overview: "[]", ..FROZEN }, "error: evidence/overview.json:1: "),
        (Sources { disputes: "", ..FROZEN }, "error: disputes.yaml:1: the file is empty"),
        (Sources { disputes: "dispute: []\n", ..FROZEN }, "error: disputes.yaml:1: "),
        (
            Sources { disputes: &format!("{entry}    reason: Because.\n"), ..FROZEN },
            "error: disputes.yaml:2: a dispute names",
        ),
        (
            Sources { disputes: &format!("{entry}    types: [Dentry]\n    reason: Because.\n"), ..FROZEN },
            "error: disputes.yaml:2: a dispute names",
        ),
        (
            Sources { disputes: &format!("{entry}    operations: [a.B]\n    reason: ' '\n"), ..FROZEN },
            "error: disputes.yaml:2: a dispute needs a reason",
        ),
    ];
    for (sources, expected) in cases {
        let message = refused(sources);
        assert!(message.starts_with(expected), "{message}");
    }
}

/// A small spec with a shared type that contains itself, and a few disagreements with it.
#[test]
fn the_audit_for_people() {
    let tree = SourceTree::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compiler/minimal"));
    let evidence = r#"{"about": {}, "operations": {
        "demo_v1.GetThing": {
            "method": "GET", "path": "/v1.0/things/{thingId}", "token": true,
            "pathParameters": {"thingId": {"type": "string"}},
            "query": {"userId": {"type": "string", "required": true}},
            "response": {"thing": {"type": "object", "fields": {
                "id": {"type": "int64"},
                "name": {"type": "string"},
                "parts": {"type": "[object]", "fields": {
                    "id": {"type": "int64"},
                    "name": {"type": "string", "required": true},
                    "weight": {"type": "int32"}
                }}
            }}}
        }
    }}"#;
    let overview = r#"{"about": {}, "chapters": [{"title": "Things", "apis": [
        {"title": "Get a thing", "page": "get-thing"}, {"title": "Paint a thing", "page": "paint-thing"}
    ]}]}"#;
    let disputes = "notInSdk:
  - operations: [demo_v1.ListThings]
    reason: Too new for it.
disputes:
  - types: [Thing]
    fields: [id, name]
    about: type
    spec: string
    sdk: int64
    reason: Ids are texts in all examples.
";
    let pages = r#"{"about": {}, "operations": {}, "events": {
        "thing_gone": {"bizType": 7, "data": {}}
    }}"#;
    let audit = run(&tree, Sources { evidence, pages, overview, disputes });
    insta::assert_snapshot!(audit.render(true));
    let (open, explained) = (audit.render(false), "Too new for it.");
    assert!(audit.render(true).ends_with(&open) && !open.contains(explained), "{open}");
}

/// The evidence with a list of all that the SDK has.
fn listing(modules: &str) -> String {
    replaced(EVIDENCE, "\n  \"operations\": {", &format!("\n  \"modules\": {{{modules}}},\n  \"operations\": {{"))
}

/// The pages once said that the SDK had no knowledge bases, and so hid that it knew a parameter more.
#[test]
fn what_the_sdk_has_cannot_be_said_to_be_missing_from_it() {
    let cases = [
        // The SDK has the operation, or its method and path under another name.
        (r#""wiki_2_0": {"ListNodes": "GET /v2.0/wiki/knots"}"#, "`wiki_v2.ListNodes`", "wiki_2_0.ListNodes"),
        (r#""user_1_0": {"ReadUser": "POST /topapi/v2/user/get"}"#, "`contact.GetUser`", "user_1_0.ReadUser"),
    ];
    for (modules, name, there) in cases {
        let evidence = listing(modules);
        let audit = run(&frozen(), Sources { evidence: &evidence, ..FROZEN });
        let [claim] = audit.false_claims.as_slice() else { panic!("{:#?}", audit.false_claims) };
        let expected =
            format!("evidence/pages.json: {name} is said to be missing from the SDK, which has it: {there}; ");
        assert!(claim.starts_with(&expected), "{claim}");
        assert!(!audit.passes());
    }
    // The same said among the disputes.
    let pages = replaced(PAGES, "    \"wiki_v2.ListNodes\": {", "    \"wiki_v2.ListKnots\": {");
    let disputes = format!("notInSdk:\n  - {{operations: [wiki_v2.ListNodes], reason: None.}}\n{DISPUTES}");
    let evidence = listing(cases[0].0);
    let audit = run(&frozen(), Sources { evidence: &evidence, pages: &pages, disputes: &disputes, ..FROZEN });
    let claim = "disputes.yaml: `wiki_v2.ListNodes` is said to be missing from the SDK";
    assert!(audit.false_claims.iter().any(|found| found.starts_with(claim)), "{:#?}", audit.false_claims);
    // Other operations of the SDK are nobody's business.
    let evidence = listing(r#""wiki_2_0": {"AddTeam": "POST /v2.0/wiki/teams"}"#);
    assert!(run(&frozen(), Sources { evidence: &evidence, ..FROZEN }).passes());
}

#[test]
fn a_family_whose_module_was_not_read_is_reported() {
    let evidence = listing(r#""wiki_2_0": {}, "calendar_1_0": {}"#);
    let audit = run(&frozen(), Sources { evidence: &evidence, ..FROZEN });
    let [claim] = audit.false_claims.as_slice() else { panic!("{:#?}", audit.false_claims) };
    assert!(claim.starts_with("api/wiki_v2/family.yaml: `wiki_v2` is the module wiki_2_0 of the SDK"), "{claim}");
}
