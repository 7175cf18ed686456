//! `cargo fmt --check` holds for what any accepted spec becomes, however long its names are.
#![allow(clippy::unwrap_used, reason = "a test that cannot set up its folder has failed")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use dingtalk_storage_codegen::{Disk, Writer, generate};
use dingtalk_storage_spec::{SourceTree, compile};

const FAMILIES: usize = 40;
const OPERATIONS: usize = 25;

/// The repository, from the folder of this crate.
fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// A name of this length that begins with a letter and differs from the others of its length.
fn name(first: char, length: usize, number: usize) -> String {
    let number = format!("x{number}");
    let filler = "a".repeat(length.saturating_sub(number.len() + 1));
    format!("{first}{filler}{number}")
}

/// One thousand operations whose names, like those of their parameters, types, codes and events, have every length up
/// to some 200.
fn spec() -> SourceTree {
    let mut files =
        vec![("groups.yaml".to_owned(), "groups:\n  things: {title: Things, doc: All about things.}\n".to_owned())];
    let (mut codes, mut types, mut events) = ("codes:\n".to_owned(), "types:\n".to_owned(), "events:\n".to_owned());
    for family in 0..FAMILIES {
        let family_name = name('f', 3 + family * 3, family);
        let text = format!("family: {family_name}\ntitle: Family\ndoc: Things.\n");
        files.push((format!("api/{family_name}/family.yaml"), text));
        for operation in 0..OPERATIONS {
            let number = family * OPERATIONS + operation;
            let length = 3 + number % 200;
            let [operation, ty, code] = ['O', 'T', 'c'].map(|first| name(first, length, number));
            let [first, second, third] = ['p', 'q', 'r'].map(|first| name(first, (number * 7) % 90, number));
            let _ = writeln!(codes, "  {code}: {{class: missing, meaning: It is gone., advice: Look elsewhere.}}");
            let _ = writeln!(
                types,
                "  {ty}:\n    doc: A thing.\n    fields:\n      {first}: {{type: string, doc: Its name.}}"
            );
            if number < 50 {
                let event = name('e', length * 3, number);
                let _ = writeln!(events, "  {event}: {{summary: It came., docs: e, bizType: {number}, data: {ty}}}");
            }
            let text = format!(
                "operation: {operation}\nsummary: Reads a thing.\ndocs: page-{number}\n\
                 http: GET /v1.0/{number}/{{{first}}}\nstatus: current\ngroup: things\napps: [internal]\n\
                 scope: Storage.File.Read\neffect: read\n\
                 path:\n  {first}: {{type: string, doc: Which one.}}\n\
                 query:\n  {second}: {{type: string, required: true, doc: How.}}\n  {third}: {{type: int64, doc: How many.}}\n\
                 response:\n  thing: {{type: {ty}, doc: The thing.}}\n\
                 errors:\n  404: [{code}]\n"
            );
            let file = dingtalk_storage_spec::naming::operation(&operation);
            files.push((format!("api/{family_name}/{file}.yaml"), text));
        }
    }
    let shared = [("errors.yaml", codes), ("types/things.yaml", types), ("events.yaml", events)];
    files.extend(shared.map(|(path, text)| (path.to_owned(), text)));
    SourceTree::from_files(files.into_iter().map(|(path, text)| {
        let schema = format!("{}schema.json", "../".repeat(path.matches('/').count()));
        let text = format!("# yaml-language-server: $schema={schema}\n{text}");
        (path, text.into_bytes())
    }))
}

#[test]
fn the_formatter_leaves_a_thousand_lengths_of_names_as_they_are() {
    let spec = compile(&spec()).unwrap_or_else(|report| panic!("{}", report.render(false)));
    let root = tempfile::tempdir().unwrap();
    Writer { root: root.path(), files: Disk }.write(&generate(&spec).unwrap()).unwrap();
    let written = |path: &str| fs::metadata(root.path().join(path)).is_ok_and(|file| file.len() > 0);
    assert!(written("crates/runtime/src/error_code.rs") && written("tests/examples/main.rs"));

    // The two crates that have generated modules among others, reduced to what they say about those.
    let runtime = fs::read_to_string(repository().join("crates/runtime/src/lib.rs")).unwrap();
    let declared = "#[rustfmt::skip]\nmod error_code;\n";
    assert!(runtime.contains(declared));
    fs::write(root.path().join("crates/runtime/src/lib.rs"), declared).unwrap();
    fs::create_dir_all(root.path().join("tests/tests/examples")).unwrap();
    fs::write(root.path().join("tests/tests/examples/check.rs"), "//! Checks.\n").unwrap();

    let crates = ["generated/src/lib.rs", "crates/runtime/src/lib.rs", "tests/examples/main.rs"];
    let done = Command::new("rustfmt")
        .args(["--check", "--edition", "2024", "--config-path"])
        .arg(repository().join("rustfmt.toml"))
        .args(crates)
        .current_dir(root.path())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{}{}", &told[..told.len().min(2000)], String::from_utf8_lossy(&done.stderr));
}
