//! Pages, batches, tasks and events in all their forms.

use crate::families::family;
use crate::yaml::{file, operation};

pub fn files() -> Vec<(String, Vec<u8>)> {
    let (family_path, family_text) = family("series_v1");
    let tasks = b"tasks: {operation: GetWork, id: workId, task: work, status: state}\n";
    let mut files = vec![
        (family_path, [family_text, tasks.to_vec()].concat()),
        file("types/work.yaml", WORK),
        file("events.yaml", "events:\n  work_done: {summary: It is done., docs: done, bizType: 123456, data: Work}\n"),
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
    let empty = "batch: {items: entries, max: 7}\nbody:\n  entries: {type: [string], required: true, doc: Items.}\n";
    files.push(operation("series_v1", "BatchEmpty", "POST /v1.0/batches/empty", empty));
    files
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
