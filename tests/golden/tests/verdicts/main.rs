//! The verdicts of `changes`, held against the compiler: after a major change the program of a user no longer compiles,
//! after any other it does.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod compiler;

use std::path::Path;
use std::thread;

use compiler::Compiler;
use dingtalk_storage_codegen::changes::{Verdict, compare};
use dingtalk_storage_codegen::ir::Api;
use dingtalk_storage_codegen::lower;
use dingtalk_storage_spec::{SourceTree, compile};

/// A text of a file, and the text in its place.
type Edit = (&'static str, &'static str, &'static str);

const FLAT: &str = "api/features_v1/flattened_option.yaml";
const QUERY: &str = "api/features_v1/query_parameters.yaml";
const INLINE: &str = "api/features_v1/inline_objects.yaml";
const PAGED: &str = "api/features_v1/paged.yaml";
const BATCHED: &str = "api/features_v1/batched.yaml";
const CONTINUED: &str = "api/features_v1/continued.yaml";
const FAMILY: &str = "api/features_v1/family.yaml";
const EMPTY: &str = "api/features_v1/empty_answer.yaml";
const THING: &str = "types/thing.yaml";
const IDS: &str = "types/ids.yaml";

/// What is changed, and what it means.
const CASES: &[(&[Edit], Verdict)] = &[
    // Arguments and setters.
    (
        &[(FLAT, "      size: {type: int64,", "      more: {type: bool, doc: More.}\n      size: {type: int64,")],
        Verdict::Minor,
    ),
    (&[(FLAT, "body:\n", "body:\n  more: {type: bool, required: true, doc: More.}\n")], Verdict::Major),
    (&[(FLAT, "      size: {type: int64, doc: Expected size in bytes., example: 512}\n", "")], Verdict::Major),
    (&[(FLAT, "name: {type: string, required: true,", "name: {type: string,")], Verdict::Major),
    (&[(QUERY, "name: {type: string, max: 80,", "name: {type: string, required: true, max: 80,")], Verdict::Major),
    (&[(QUERY, "name: {type: string, max: 80,", "title: {type: string, max: 80,")], Verdict::Major),
    (&[(QUERY, "name: {type: string, max: 80,", "title: {type: string, rust: name, max: 80,")], Verdict::Minor),
    (&[(FLAT, "  name: {type: string,", "  title: {type: string,")], Verdict::Minor),
    (&[(FLAT, "  name: {type: string,", "  name: {type: string, rust: title,")], Verdict::Patch),
    (&[(QUERY, "level: {type: int32,", "level: {type: int64,")], Verdict::Major),
    (&[(PAGED, "page: {token: nextToken, size: maxResults, items: things}\n", "")], Verdict::Major),
    (
        &[
            (PAGED, "page: {token: nextToken,", "page: {token: nextToken, next: other,"),
            (
                PAGED,
                "  things: {type: [Thing],",
                "  other: {type: PageToken, doc: Where to go on.}\n  things: {type: [Thing],",
            ),
        ],
        Verdict::Minor,
    ),
    (&[(BATCHED, "results: results, key: id}", "results: results}")], Verdict::Minor),
    (&[(BATCHED, ", results: results, key: id}", "}")], Verdict::Major),
    (&[(CONTINUED, "task: taskId\n", "")], Verdict::Major),
    (&[(FAMILY, "tasks: {operation: ReadTask, id: taskId, task: task, status: status}\n", "")], Verdict::Major),
    // What is offered and how it is called.
    (&[(FLAT, "status: current", "status: legacy")], Verdict::Major),
    (&[("api/features_v1/legacy.yaml", "status: legacy", "status: current")], Verdict::Minor),
    (&[(FLAT, "effect: write", "effect: idempotent")], Verdict::Minor),
    (&[(FLAT, "apps: [internal, third-party]", "apps: [internal]")], Verdict::Minor),
    (&[(FLAT, "http: POST", "http: PUT")], Verdict::Minor),
    (&[(FLAT, "summary: Turns", "summary: Makes")], Verdict::Patch),
    // Answers and objects.
    (
        &[(FLAT, "  thing: {type: Thing, doc: The new thing.}", "  thing: {type: [Thing], doc: The new thing.}")],
        Verdict::Major,
    ),
    (&[(FLAT, "response:\n", "response:\n  more: {type: bool, doc: More.}\n")], Verdict::Minor),
    (
        &[(
            EMPTY,
            "  thingId: {type: ThingId, doc: What to delete.}\n",
            "  thingId: {type: ThingId, doc: What to delete.}\nresponse:\n  more: {type: bool, doc: More.}\n",
        )],
        Verdict::Major,
    ),
    (&[(INLINE, "as: FilterResult", "as: Found")], Verdict::Major),
    (&[(INLINE, "name: {type: string, required: true,", "name: {type: string,")], Verdict::Major),
    (&[(THING, "size: {type: int64, min: 0,", "size: {type: int32, min: 0,")], Verdict::Major),
    (
        &[(THING, "count: {type: int64, always: true, evidence: Seen in a sample.,", "count: {type: int64,")],
        Verdict::Major,
    ),
    (&[(THING, "parts: {type: [Thing],", "parts: {type: [Thing], always: true, evidence: Seen.,")], Verdict::Minor),
    (&[(THING, "rust: kind,", "rust: sort,")], Verdict::Major),
    // What holds a secret is no key of a map.
    (
        &[(
            THING,
            "      size: {type: int64, min: 0,",
            "      url: {type: SignedUrl, doc: A URL.}\n      size: {type: int64, min: 0,",
        )],
        Verdict::Major,
    ),
    // Enums and ids.
    (&[(THING, "values: {FILE: A file., ", "values: {FOLDER: A folder., FILE: A file., ")], Verdict::Minor),
    (&[(THING, "toRecycle: A value in two words., ", "")], Verdict::Major),
    (&[(IDS, "constants: {root:", "constants: {top:")], Verdict::Major),
    (&[(IDS, "root: {value: \"0\"", "root: {value: \"1\"")], Verdict::Minor),
    (&[("events.yaml", "data: Thing", "data: Property")], Verdict::Major),
];

fn fixtures() -> SourceTree {
    SourceTree::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/spec"))
}

fn edited(edits: &[Edit]) -> Result<Api, String> {
    let mut tree = fixtures();
    for (path, from, to) in edits {
        let text = tree.files().find(|(known, _)| known == path).unwrap().1;
        assert_eq!(text.matches(from).count(), 1, "{from:?} in {path}");
        tree = tree.with_file(path, text.replace(from, to).into_bytes());
    }
    let spec = compile(&tree).map_err(|report| report.render(false))?;
    lower(&spec).map_err(|error| error.to_string())
}

/// Versions of the crate, and the program of a user of the first.
struct Trial {
    before: Api,
    compiler: Compiler,
    scratch: tempfile::TempDir,
}

impl Trial {
    fn of(&self, name: &str, edits: &[Edit], verdict: Option<Verdict>) -> Result<(), String> {
        let after = edited(edits)?;
        let changes = compare(&self.before, &after);
        if changes.overall() != verdict {
            return Err(format!("not {verdict:?}:\n{}", changes.text()));
        }
        let folder = self.scratch.path().join(name);
        self.compiler.library(&after, &folder)?;
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verdicts/user.rs");
        match (self.compiler.program(&program, &folder), verdict) {
            (Ok(()), Some(Verdict::Major)) => Err(format!("the program compiles:\n{}", changes.text())),
            (Err(message), verdict) if verdict != Some(Verdict::Major) => Err(format!("{}{message}", changes.text())),
            _ => Ok(()),
        }
    }
}

#[test]
fn after_a_major_change_a_program_no_longer_compiles_and_after_another_it_does() {
    let scratch = tempfile::tempdir().unwrap();
    let compiler = Compiler::new(scratch.path());
    let trial = Trial { before: edited(&[]).unwrap(), compiler, scratch };
    trial.of("nothing", &[], None).unwrap_or_else(|problem| panic!("{problem}"));
    let workers = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let run = |worker: usize| {
        let own = CASES.iter().enumerate().skip(worker).step_by(workers);
        let tried = own.map(|(index, (edits, verdict))| (edits, trial.of(&index.to_string(), edits, Some(*verdict))));
        let problem = |(edits, result): (_, Result<(), String>)| Some(format!("{edits:?}: {}", result.err()?));
        tried.filter_map(problem).collect::<Vec<_>>()
    };
    let problems: Vec<String> = thread::scope(|scope| {
        let run = &run;
        let handles: Vec<_> = (0..workers).map(|worker| scope.spawn(move || run(worker))).collect();
        handles.into_iter().flat_map(|handle| handle.join().unwrap()).collect()
    });
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
