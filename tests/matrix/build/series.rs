//! Pages, batches and tasks in all their forms.

use crate::families::family;
use crate::yaml::{file, operation};

pub fn files() -> Vec<(String, Vec<u8>)> {
    let (family_path, family_text) = family("series_v1");
    let tasks = b"tasks: {operation: GetWork, id: workId, task: work, status: state}\n";
    let mut files = vec![
        (family_path, [family_text, tasks.to_vec()].concat()),
        file("types/work.yaml", WORK),
        operation("series_v1", "GetWork", "GET /v1.0/work/{workId}", READER),
    ];
    for (index, kind) in ["string", "int32", "int64", "PageToken"].into_iter().enumerate() {
        for (need, mark) in [("", "Open"), ("always: true, evidence: The page., ", "Sure")] {
            for place in ["query", "body"] {
                let rest = format!(
                    "page: {{token: token, next: next, items: entries}}\n{place}:\n  token: {{type: {kind}, doc: Where.}}\n\
                     response:\n  next: {{type: {kind}, {need}doc: Next.}}\n  entries: {{type: [[Work]], {need}doc: Items.}}\n"
                );
                let name = format!("Pages{mark}{}{index}", if place == "body" { "Body" } else { "Query" });
                files.push(operation("series_v1", &name, &format!("POST /v1.0/pages/{name}"), &rest));
            }
        }
    }
    for (index, kind) in ["string", "int64", "bool", "time", "any", "UnionId", "State", "Work"].into_iter().enumerate()
    {
        for (need, mark) in [("", "Open"), ("always: true, evidence: The page., ", "Sure")] {
            let list = format!("body:\n  entries: {{type: [{kind}], required: true, doc: Items.}}\n");
            let name = format!("Batch{mark}{index}");
            let results = format!(
                "response:\n  results:\n    type: [object]\n    as: {name}Result\n    doc: Results.\n    fields:\n      \
                 key: {{type: {kind}, {need}doc: Which.}}\n      task: {{type: string, {need}doc: Work.}}\n"
            );
            let batch = "batch: {items: entries, max: 100000, results: results, key: key}\ntask: results.task\n";
            let http = |name: &str| format!("POST /v1.0/batches/{name}");
            files.push(operation("series_v1", &name, &http(&name), &format!("{batch}{list}{results}")));
            let name = format!("{name}Bare");
            let task = format!("response:\n  task: {{type: string, {need}doc: Work.}}\n");
            let rest = format!("task: task\nbatch: {{items: entries, max: 1}}\n{list}{task}");
            files.push(operation("series_v1", &name, &http(&name), &rest));
        }
    }
    files.extend(operators());
    files.extend(chain());
    let empty = "batch: {items: entries, max: 7}\nbody:\n  entries: {type: [string], required: true, doc: Items.}\n";
    files.push(operation("series_v1", "BatchEmpty", "POST /v1.0/batches/empty", empty));
    files
}

/// Operators at every place, and the token of a person in place of that of the app.
fn operators() -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for token in ["", "token: user\n"] {
        for (index, place) in
            ["path:\n", "query:\n", "body:\n", "body:\n  option:\n    flatten: true\n    required: true\n    fields:\n"]
                .into_iter()
                .enumerate()
        {
            for need in ["", "required: true, "] {
                if place == "path:\n" && !need.is_empty() {
                    continue;
                }
                let name = format!(
                    "Operator{index}{}{}",
                    if need.is_empty() { "Open" } else { "Sure" },
                    if token.is_empty() { "" } else { "Person" }
                );
                let indent = if place.ends_with("fields:\n") { "      " } else { "  " };
                let path = if place == "path:\n" { "/{unionId}" } else { "" };
                let rest =
                    format!("operator: unionId\n{token}{place}{indent}unionId: {{type: UnionId, {need}doc: Who.}}\n");
                files.push(operation("series_v1", &name, &format!("POST /v1.0/operators/{name}{path}"), &rest));
            }
        }
    }
    files
}

/// As many objects within each other as there may be, each by way of a list, a map and a pointer.
fn chain() -> Vec<(String, Vec<u8>)> {
    let link = |number: usize| {
        let next = number + 1;
        let inner = match number {
            15 => "any".to_owned(),
            _ => format!("Link{next}"),
        };
        let pointer = if number == 15 { "" } else { ", indirect: true" };
        format!(
            "  Link{number}:\n    doc: A link.\n    fields:\n      one: {{type: {inner}, required: true{pointer}, doc: One.}}\n      \
             list: {{type: [[{inner}]], doc: Several.}}\n      map: {{type: {{string: [{inner}]}}, doc: By name.}}\n"
        )
    };
    let types: String = (0..16).map(link).collect();
    let uses =
        "body:\n  link: {type: Link0, required: true, doc: A link.}\nresponse:\n  link: {type: Link0, doc: A link.}\n";
    vec![
        file("types/links.yaml", &format!("types:\n{types}")),
        operation("series_v1", "UseLinks", "POST /v1.0/links", uses),
    ]
}

const WORK: &str = "\
types:
  State: {doc: A state., values: {SUCCESS: Done., FAIL: Failed.}}
  Work:
    doc: Work.
    fields:
      state: {type: State, rust: how_far, doc: How far it is.}
      parts: {type: [Work], doc: Its parts.}
";

const READER: &str = "\
path:
  workId: {type: string, doc: The work.}
response:
  work: {type: Work, rust: the_work, always: true, evidence: The page., doc: The work.}
";
