//! The real spec, with every file broken in turn: what is wrong in one file is no finding in another.

use std::path::Path;
use std::thread;

use dingtalk_storage_spec::{Code, SourceTree, compile};

/// Each file is lost in one of the ways, and one in so many of its keys is broken; which, depends on its number.
const KEYS: usize = 19;

#[test]
fn a_broken_file_makes_no_findings_in_others() {
    let real = SourceTree::read(Path::new(env!("CARGO_MANIFEST_DIR")));
    if let Err(report) = compile(&real) {
        panic!("{report}");
    }
    let mut broken: Vec<(String, String, Vec<u8>)> = Vec::new();
    for (number, (path, text)) in real.files().enumerate() {
        let keys = broken_keys(text).into_iter().skip(number % KEYS).step_by(KEYS);
        let files = broken_files(text);
        let ways = files.len();
        let files = files.into_iter().skip(number % ways).take(1);
        broken.extend(files.chain(keys).map(|(way, bytes)| (path.to_owned(), way, bytes)));
    }
    assert!(broken.len() > 500, "{}", broken.len());
    let wrong = of_all(&broken, |path, way, bytes| consequences(&real.with_file(path, bytes.clone()), path, way));
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

/// One in so many of the edits is tried; which, depends on the number of the file.
const EDITS: usize = 37;

/// A line that is lost or moved leaves YAML that means something else. Where the file itself has findings for it, no other
/// file has any; where it has none, what the file no longer says may be missed elsewhere.
#[test]
fn a_line_that_is_lost_or_moved_makes_no_findings_in_other_files() {
    let real = SourceTree::read(Path::new(env!("CARGO_MANIFEST_DIR")));
    let every = std::env::var("DINGTALK_TEST_EDITS").ok().and_then(|text| text.parse().ok()).unwrap_or(EDITS);
    let mut edited = Vec::new();
    for (number, (path, text)) in real.files().enumerate() {
        let edits = edited_lines(text).into_iter().skip(number % every).step_by(every);
        edited.extend(edits.map(|(way, bytes)| (path.to_owned(), way, bytes)));
    }
    assert!(edited.len() > 300, "{}", edited.len());
    let wrong = of_all(&edited, |path, way, bytes| {
        let Err(report) = compile(&real.with_file(path, bytes.clone())) else { return Vec::new() };
        let (own, elsewhere): (Vec<_>, Vec<_>) =
            report.findings().iter().partition(|finding| finding.primary().path() == path);
        let of = |finding: &dingtalk_storage_spec::Finding| {
            format!("{path}, {way}: {} in {}: {}", finding.code(), finding.primary().path(), finding.message())
        };
        // A name that is no longer used may be the only sign of a line that was a whole field: then nothing is amiss here.
        let is_unused = |code| matches!(code, Code::UnusedType | Code::UnusedName);
        if own.iter().all(|finding| is_unused(finding.code())) {
            Vec::new()
        } else {
            elsewhere.into_iter().map(of).collect()
        }
    });
    assert!(wrong.is_empty(), "{} findings:\n{}", wrong.len(), wrong.join("\n"));
}

/// Each line but the first is deleted, and moved by one step to either side.
fn edited_lines(text: &str) -> Vec<(String, Vec<u8>)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut ways = Vec::new();
    for (number, line) in lines.iter().enumerate().skip(1) {
        let with = |line: Option<String>| {
            let before = lines.iter().take(number).map(|line| (*line).to_owned());
            let after = lines.iter().skip(number + 1).map(|line| (*line).to_owned());
            before.chain(line).chain(after).flat_map(|line| [line, "\n".to_owned()]).collect::<String>().into_bytes()
        };
        ways.push((format!("line {} deleted", number + 1), with(None)));
        ways.push((format!("line {} further in", number + 1), with(Some(format!("  {line}")))));
        if let Some(line) = line.strip_prefix("  ") {
            ways.push((format!("line {} further out", number + 1), with(Some(line.to_owned()))));
        }
    }
    ways
}

/// Findings of all edits, found by as many threads as there are cores.
fn of_all(
    edits: &[(String, String, Vec<u8>)],
    found: impl Fn(&str, &str, &Vec<u8>) -> Vec<String> + Sync,
) -> Vec<String> {
    let workers = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let found = &found;
    let run = |worker: usize| {
        let own = edits.iter().skip(worker).step_by(workers);
        own.flat_map(|(path, way, bytes)| found(path, way, bytes)).collect::<Vec<_>>()
    };
    thread::scope(|scope| {
        let handles: Vec<_> = (0..workers).map(|worker| scope.spawn(move || run(worker))).collect();
        handles.into_iter().flat_map(|handle| handle.join().unwrap()).collect()
    })
}

/// Findings in other files than the broken one; also if there is no finding at all.
fn consequences(tree: &SourceTree, path: &str, way: &str) -> Vec<String> {
    let Err(report) = compile(tree) else { return vec![format!("{path}, {way}: no finding")] };
    let elsewhere = report.findings().iter().filter(|finding| finding.primary().path() != path);
    elsewhere
        .map(|finding| {
            format!("{path}, {way}: {} in {}: {}", finding.code(), finding.primary().path(), finding.message())
        })
        .collect()
}

/// The file as a whole is lost.
fn broken_files(text: &str) -> Vec<(String, Vec<u8>)> {
    let first_line = text.lines().next().unwrap_or_default();
    let mut not_utf8 = text.as_bytes().to_vec();
    not_utf8.push(0xff);
    vec![
        ("not YAML".to_owned(), format!("{text}: ]\n").into_bytes()),
        ("not closed".to_owned(), format!("{text}zzzz: {{a: [b\n").into_bytes()),
        ("empty".to_owned(), Vec::new()),
        ("a list".to_owned(), format!("{first_line}\n- a list\n").into_bytes()),
        ("not UTF-8".to_owned(), not_utf8),
        (
            "a merge conflict".to_owned(),
            format!("{text}<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> other\n").into_bytes(),
        ),
        ("an alias".to_owned(), format!("{text}zzzz: *all\n").into_bytes()),
        ("nested too deeply".to_owned(), format!("{text}zzzz: {}\n", "[".repeat(100)).into_bytes()),
        ("a full-width space".to_owned(), format!("{text}\u{3000}\u{3000}zzzz: 1\n").into_bytes()),
    ]
}

/// One key that begins a line, or one within braces, is misspelt beyond recognition, or has another kind of value. Names
/// of types and the like are left as they are, since others name them.
fn broken_keys(text: &str) -> Vec<(String, Vec<u8>)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut ways = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let Some((key, _)) = line.trim_start().split_once(':') else { continue };
        if line.starts_with('#') || key.contains([' ', '-', '"']) || line.ends_with(['|', '>']) {
            continue;
        }
        let with = |replacement: String, children: bool| {
            let rest = lines.iter().skip(number + 1);
            let rest = rest.skip_while(|line| !children && line.len() - line.trim_start().len() > indent);
            let all = lines.iter().take(number).map(|line| (*line).to_owned()).chain([replacement]);
            all.chain(rest.map(|line| (*line).to_owned())).flat_map(|line| [line, "\n".to_owned()]).collect::<String>()
        };
        let spaces = " ".repeat(indent);
        if indent == 0 {
            ways.push((format!("`{key}` misspelt"), with(line.replacen(key, "zzzzzzzz", 1), true).into_bytes()));
        }
        for inner in ["type", "doc", "values", "as", "fields", "class", "id"] {
            let (from, to) = (format!("{{{inner}: "), "{zzzzzzzz: ".to_owned());
            let (middle, other) = (format!(", {inner}: "), ", zzzzzzzz: ".to_owned());
            for (from, to) in [(from, to), (middle, other)] {
                if line.contains(&from) {
                    let broken = with(line.replacen(&from, &to, 1), true).into_bytes();
                    ways.push((format!("`{inner}` of `{key}` misspelt"), broken));
                }
            }
        }
        ways.push((
            format!("`{key}` with a list of lists"),
            with(format!("{spaces}{key}: [[[]], []]"), false).into_bytes(),
        ));
    }
    ways
}
