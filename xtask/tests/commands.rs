//! The commands on a copy of the frozen spec: what they print, what they write, and how they end.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const COMMIT: &str = "api/storage_v2/commit_file.yaml";
const LIST: &str = "api/storage_v1/list_dentries.yaml";
const TRANSFER: &str = "types/transfer.yaml";

/// A mistake in a file: what takes the place of what, and where in the new text the caret stands.
struct Mistake {
    code: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static str,
    caret: &'static str,
}

const MISTAKES: [Mistake; 10] = [
    Mistake { code: "DS020", file: COMMIT, from: "status: current", to: "statsu: current", caret: "statsu" },
    Mistake {
        code: "DS101",
        file: COMMIT,
        from: "summary: Finishes an upload by turning the stored bytes into a file of a folder.",
        to: "summary: Finishes an upload by turning the stored bytes into a file of a folder",
        caret: "Finishes",
    },
    Mistake {
        code: "DS051",
        file: COMMIT,
        from: "404: [spaceNotExist]",
        to: "404: [spaceNotExit]",
        caret: "spaceNotExit",
    },
    Mistake {
        code: "DS050",
        file: COMMIT,
        from: "uploadKey: {type: UploadKey,",
        to: "uploadKey: {type: UplodKey,",
        caret: "UplodKey",
    },
    Mistake {
        code: "DS022",
        file: COMMIT,
        from: "[AppProperty], max: 3,",
        to: "[AppProperty], max: three,",
        caret: "three",
    },
    Mistake { code: "DS070", file: LIST, from: "size: maxResults", to: "size: pageSize", caret: "pageSize" },
    Mistake {
        code: "DS081",
        file: LIST,
        from: "default: MODIFIED_TIME",
        to: "default: MODIFIED_TIMES",
        caret: "MODIFIED_TIMES",
    },
    Mistake {
        code: "DS100",
        file: LIST,
        from: "nextToken: {type: PageToken, doc: Where the next page starts; empty on the last.}",
        to: "nextToken: {type: PageToken}",
        caret: "nextToken",
    },
    Mistake {
        code: "DS034",
        file: TRANSFER,
        from: "SHENZHEN: Shenzhen., ",
        to: "SHENZHEN: Shenzhen., ZHANGJIAKOU: Again., ",
        caret: "ZHANGJIAKOU: Again",
    },
    Mistake { code: "DS082", file: TRANSFER, from: "example: 900", to: "example: soon", caret: "soon" },
];

/// A spec in a folder of its own.
struct Spec(tempfile::TempDir);

impl Spec {
    fn copy() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, content) in files_below(&repository().join("tests/fixtures/frozen")) {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        Self(folder)
    }

    fn with_mistakes() -> Self {
        let spec = Self::copy();
        for mistake in &MISTAKES {
            spec.edit(mistake.file, mistake.from, mistake.to);
        }
        spec
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.0.path().join(file)).unwrap()
    }

    /// Replaces a text, which has to stand in the file exactly once.
    fn edit(&self, file: &str, from: &str, to: &str) {
        let text = self.read(file);
        assert_eq!(text.matches(from).count(), 1, "{from:?} in {file}");
        fs::write(self.0.path().join(file), text.replace(from, to)).unwrap();
    }

    /// The `file:line:column` that the finding of a mistake must have.
    fn place(&self, mistake: &Mistake) -> String {
        let text = self.read(mistake.file);
        let offset = text.find(mistake.to).unwrap() + mistake.to.find(mistake.caret).unwrap();
        let before = &text[..offset];
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        format!("{}:{}:{column}", mistake.file, before.matches('\n').count() + 1)
    }
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// All files below a folder, by their paths within it.
fn files_below(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            files.extend(files_below(&path).into_iter().map(|(below, content)| (format!("{name}/{below}"), content)));
        } else {
            files.insert(name.to_owned(), fs::read(&path).unwrap());
        }
    }
    files
}

fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).env("NO_COLOR", "1").output().unwrap()
}

fn generate(spec: &Spec, out: &Path, more: &[&str]) -> Output {
    let (spec, out) = (spec.0.path().to_str().unwrap(), out.to_str().unwrap());
    xtask(&[&["generate", "--spec", spec, "--out", out], more].concat())
}

fn stdout(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", stderr(output));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Code and place of each finding of a report.
fn findings(report: &str) -> BTreeSet<(String, String)> {
    let mut lines = report.lines();
    let mut findings = BTreeSet::new();
    while let Some(line) = lines.next() {
        if let Some((code, _)) = line.strip_prefix("error[").and_then(|rest| rest.split_once(']')) {
            let place = lines.next().unwrap().split_once("--> ").unwrap().1;
            assert!(findings.insert((code.to_owned(), place.to_owned())), "told twice: {line}");
        }
    }
    findings
}

/// Number of files that a run says it has written.
fn written(output: &Output) -> usize {
    let said = stdout(output);
    let count = said.split(": ").nth(1).and_then(|rest| rest.split(' ').next());
    count.unwrap().parse().unwrap_or_else(|error| panic!("{error}: {said}"))
}

#[test]
fn check_counts_what_it_accepts() {
    let spec = Spec::copy();
    let said = stdout(&xtask(&["check", "--spec", spec.0.path().to_str().unwrap()]));
    let operations = files_below(spec.0.path()).keys().filter(|path| path.starts_with("api/")).count();
    let families = fs::read_dir(spec.0.path().join("api")).unwrap().count();
    assert!(said.starts_with(&format!("{} operations, ", operations - families)), "{said}");
    assert!(said.ends_with(", 3 events: no findings\n"), "{said}");
}

#[test]
fn check_tells_ten_mistakes_in_three_files_at_their_places() {
    let spec = Spec::with_mistakes();
    let output = xtask(&["check", "--spec", spec.0.path().to_str().unwrap()]);

    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let report = stderr(&output);
    let expected: BTreeSet<_> = MISTAKES.iter().map(|mistake| (mistake.code.to_owned(), spec.place(mistake))).collect();
    assert_eq!(findings(&report), expected, "{report}");
    let last = report.trim_end().lines().last().unwrap();
    assert_eq!(last, "error: 10 findings in 3 files; `cargo xtask explain CODE` tells more about a code");
}

#[test]
fn a_second_generate_writes_nothing() {
    let (spec, out) = (Spec::copy(), tempfile::tempdir().unwrap());

    let first = generate(&spec, out.path(), &[]);
    let files = files_below(out.path());
    assert_eq!(written(&first), files.len());
    assert!(stdout(&first).contains(" 0 unchanged, 0 removed "), "{}", stdout(&first));

    let second = stdout(&generate(&spec, out.path(), &[]));
    assert!(second.contains(&format!(": 0 files written, {} unchanged, 0 removed ", files.len())), "{second}");
    assert!(files_below(out.path()) == files, "the second run changed a file");
    stdout(&generate(&spec, out.path(), &["--check"]));
}

#[test]
fn generate_writes_the_files_of_the_repository() {
    let out = tempfile::tempdir().unwrap();
    stdout(&xtask(&["generate", "--out", out.path().to_str().unwrap()]));
    for (path, content) in files_below(out.path()) {
        assert!(fs::read(repository().join(&path)).ok() == Some(content), "{path} is not the one in the repository");
    }
}

#[test]
fn generate_with_findings_changes_nothing() {
    let out = tempfile::tempdir().unwrap();
    stdout(&generate(&Spec::copy(), out.path(), &[]));
    let files = files_below(out.path());

    let output = generate(&Spec::with_mistakes(), out.path(), &[]);

    assert_eq!(output.status.code(), Some(1));
    assert_eq!(findings(&stderr(&output)).len(), MISTAKES.len());
    assert!(files_below(out.path()) == files, "a spec with findings changed a file");
}

#[test]
fn generate_check_names_a_changed_a_missing_and_a_left_over_file() {
    let (spec, out) = (Spec::copy(), tempfile::tempdir().unwrap());
    stdout(&generate(&spec, out.path(), &[]));
    let path = |name: &str| out.path().join(name);
    let mut events = fs::read_to_string(path("generated/src/events.rs")).unwrap();
    events.push_str("// changed\n");
    fs::write(path("generated/src/events.rs"), events).unwrap();
    fs::remove_file(path("generated/src/operations.rs")).unwrap();
    fs::copy(path("generated/src/storage_v2/commit_file.rs"), path("generated/src/storage_v2/gone.rs")).unwrap();
    let add_space = path("tests/examples/storage_v1/add_space.json");
    fs::copy(add_space, path("tests/examples/storage_v1/gone.json")).unwrap();
    let files = files_below(out.path());

    let output = generate(&spec, out.path(), &["--check"]);

    assert_eq!(output.status.code(), Some(1));
    let expected = [
        "missing: generated/src/operations.rs",
        "out of date: generated/src/events.rs",
        "left over: generated/src/storage_v2/gone.rs",
        "left over: tests/examples/storage_v1/gone.json",
        "error: 4 generated files not as the spec says; run `cargo xtask generate` and commit the result",
    ];
    assert_eq!(stderr(&output).lines().collect::<Vec<_>>(), expected);
    assert!(files_below(out.path()) == files, "--check changed a file");

    let mended = stdout(&generate(&spec, out.path(), &[]));
    assert!(mended.contains(": 2 files written, ") && mended.contains(", 2 removed "), "{mended}");
    stdout(&generate(&spec, out.path(), &["--check"]));
}

/// Chapters and rows are those of the overview pages beside the spec, not of another one.
#[test]
fn the_map_of_the_documentation_reads_the_overview_beside_the_spec() {
    let (spec, out) = (Spec::copy(), tempfile::tempdir().unwrap());
    let overview = "evidence/overview.json";
    spec.edit(overview, "\"title\": \"Add a space\"", "\"title\": \"Add a planted space\"");
    stdout(&generate(&spec, out.path(), &[]));
    let map = || fs::read_to_string(out.path().join("spec/COVERAGE.md")).unwrap();
    assert!(map().contains("| 1 | Add a planted space |"), "{}", map());

    fs::remove_file(spec.0.path().join(overview)).unwrap();
    stdout(&generate(&spec, out.path(), &[]));
    assert!(!map().contains("\n| 1 |") && map().contains("[storage_v1.AddSpace]"), "{}", map());

    fs::write(spec.0.path().join(overview), "[]").unwrap();
    let refused = generate(&spec, out.path(), &[]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).starts_with("error: evidence/overview.json:1: "), "{}", stderr(&refused));
}

#[test]
fn a_renamed_field_changes_its_operation_alone() {
    let (spec, out) = (Spec::copy(), tempfile::tempdir().unwrap());
    stdout(&generate(&spec, out.path(), &[]));
    let before = files_below(out.path());
    spec.edit("api/storage_v1/rename_dentry.yaml", "  newName: {type", "  newTitle: {type");

    let output = generate(&spec, out.path(), &[]);

    let after = files_below(out.path());
    assert!(before.keys().eq(after.keys()), "a file was added or removed");
    let changed: Vec<_> = after.iter().filter(|(path, content)| before.get(*path) != Some(content)).collect();
    let paths: Vec<_> = changed.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["generated/src/storage_v1/rename_dentry.rs", "tests/examples/storage_v1/rename_dentry.json"]);
    assert_eq!(written(&output), 2);
    for (path, content) in changed {
        let text = String::from_utf8_lossy(content);
        assert!(text.contains("newTitle") && !text.contains("\"newName\""), "{path}");
    }
}

#[test]
fn operations_as_json_have_nine_keys_each() {
    let spec = Spec::copy();
    let output = xtask(&["operations", "--json", "--spec", spec.0.path().to_str().unwrap()]);
    let rows: Vec<BTreeMap<String, Value>> = serde_json::from_str(&stdout(&output)).unwrap();
    let files = files_below(spec.0.path());
    let is_operation = |path: &&String| path.starts_with("api/") && !path.ends_with("/family.yaml");
    assert_eq!(rows.len(), files.keys().filter(is_operation).count());
    let keys = ["docs", "effect", "family", "group", "method", "operation", "path", "scope", "status"];
    for row in &rows {
        assert!(row.keys().eq(keys.iter()), "{row:?}");
        let is_text =
            |key: &&str| row.get(*key).is_some_and(|value| value.as_str().is_some_and(|text| !text.is_empty()));
        let always = ["effect", "family", "group", "method", "operation", "path", "status"];
        assert!(always.iter().all(is_text), "{row:?}");
        assert_eq!(row.get("docs").unwrap().is_null(), row.get("status").unwrap() == "undocumented", "{row:?}");
    }
    let commit = rows.iter().rfind(|row| row.get("operation").unwrap() == "CommitFile").unwrap();
    let expected = serde_json::json!({
        "family": "storage_v2",
        "operation": "CommitFile",
        "method": "POST",
        "path": "/v2.0/storage/spaces/files/{parentDentryUuid}/commit",
        "group": "transfer",
        "effect": "write",
        "scope": "Storage.File.Write",
        "status": "current",
        "docs": "submittal-file",
    });
    assert_eq!(serde_json::to_value(commit).unwrap(), expected);
}

#[test]
fn a_wrong_use_ends_with_2() {
    for arguments in [&["check", "--strict"][..], &["generate", "--dry-run"], &["operation"], &[]] {
        let output = xtask(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains("Usage: cargo xtask"), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn explain_tells_the_page_of_a_code_and_lists_all() {
    let page = stdout(&xtask(&["explain", "ds012"]));
    assert!(page.starts_with("# DS012"), "{page}");
    let list = stdout(&xtask(&["explain"]));
    for line in list.lines() {
        let code = line.split(' ').next().unwrap();
        assert_eq!(line.matches(code).count(), 1, "the code stands once: {line}");
    }
    let unknown = xtask(&["explain", "DS999"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert_eq!(stderr(&unknown), "error: there is no code `DS999`; `cargo xtask explain` lists all\n");
}

/// What is reserved, documented and built alone is what there is.
#[test]
fn the_features_of_the_crate_are_the_listed_ones() {
    let manifest = include_str!("../../generated/Cargo.toml");
    let (_, others) = manifest.split_once("# @end\n").unwrap();
    let (others, _) = others.split_once("\n[").unwrap();
    let there: BTreeSet<&str> = others.lines().filter_map(|line| Some(line.split_once(" = [")?.0)).collect();
    let listed = BTreeSet::from(dingtalk_storage_spec::features::FEATURES.map(|(feature, _)| feature));
    assert_eq!(there, listed);
}
