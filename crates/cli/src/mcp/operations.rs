//! Operations of the API: found, described, called.

use dingtalk_storage::by_name::{self, Named, Shape};
use dingtalk_storage::runtime::Effect;
use dingtalk_storage::{NAMED, OPERATIONS, Operation};
use serde_json::{Value, json};

use super::Server;
use super::tool::Arguments;
use crate::exit::Code;
use crate::{Failure, api};

/// Most operations that a search gives.
const MOST: usize = 40;

pub fn search(arguments: &Arguments) -> Value {
    let (query, group) = (arguments.text("query").to_lowercase(), arguments.text("group"));
    let words: Vec<&str> = query.split_whitespace().collect();
    let is_wanted = |operation: &&Operation| {
        let text = format!("{} {} {}", operation.name, operation.summary, operation.group).to_lowercase();
        (group.is_empty() || operation.group == group) && words.iter().all(|word| text.contains(word))
    };
    let found: Vec<&Operation> = OPERATIONS.iter().filter(is_wanted).collect();
    let shown = found.iter().take(MOST).map(|operation| {
        let Operation { name, summary, group, .. } = operation;
        json!({ "operation": name, "summary": summary, "group": group, "tool": tool_of(operation) })
    });
    json!({ "total": found.len(), "operations": shown.collect::<Value>() })
}

pub fn describe(arguments: &Arguments) -> Result<Value, Failure> {
    let named = by_name::find(NAMED, arguments.text("operation"))?;
    Ok(json!({ "tool": tool_of(named.operation()), "description": api::description(named) }))
}

/// The tool that calls an operation.
fn tool_of(operation: &Operation) -> &'static str {
    match operation.effect {
        Effect::Read => "call_read",
        _ if deletes(operation) => "call_delete",
        _ => "call_write",
    }
}

/// Whether an operation that changes something deletes. The names are those of the official SDKs, which say what is done.
fn deletes(operation: &Operation) -> bool {
    let name = operation.name.rsplit('.').next().unwrap_or_default();
    ["Delete", "Clear", "Clean"].iter().any(|verb| name.starts_with(verb))
}

pub async fn call(server: &Server, tool: &str, arguments: &Arguments) -> Result<Value, Failure> {
    let named = by_name::find(NAMED, arguments.text("operation"))?;
    let (operation, right) = (named.operation(), tool_of(named.operation()));
    if right != tool {
        return Err(Failure::usage(format!("{} is called with {right}, not with {tool}", operation.name)));
    }
    check(named)?;
    let mut parameters = api::nested(arguments.object("parameters"))?;
    if let Some(parameter) = api::operator_parameter(named, &parameters) {
        parameters.insert(parameter.to_owned(), json!(server.drive.client().operator().as_str()));
    }
    let request = named.request(server.client.runtime(), &parameters)?;
    let doubts: Vec<String> = request.doubts().iter().map(ToString::to_string).collect();
    let answer = request.send_without_secrets().await?;
    if answer.get("success") == Some(&Value::Bool(false)) {
        return Err(Failure::new(Code::Failed, format!("{} says that it did not succeed: {answer}", operation.name)));
    }
    Ok(if doubts.is_empty() { answer } else { json!({ "answer": answer, "doubts": doubts }) })
}

/// Refuses what would take content of files, or secrets, through the model.
fn check(named: &Named) -> Result<(), Failure> {
    let name = named.operation().name;
    for parameter in named.parameters() {
        match parameter.shape() {
            Shape::File => {
                let message = format!("{name} takes the content of a file, which does not go through agents");
                return Err(Failure::usage(message).hint("upload takes a file of this machine"));
            }
            Shape::Id { is_secret: true, .. } if parameter.is_required => {
                let message = format!("{name} takes a secret, {}, and agents are told none", parameter.name());
                return Err(Failure::usage(message).hint("upload and download make the calls that transfers need"));
            }
            _ => {}
        }
    }
    Ok(())
}
