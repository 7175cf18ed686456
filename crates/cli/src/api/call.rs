//! `api OPERATION`: makes a call, or shows the request that it would send.

use std::time::Duration;

use clap::{Args, ValueEnum};
use dingtalk_storage::NAMED;
use dingtalk_storage::by_name::{self, Named, Request};
use serde_json::{Map, Value, json};

use super::{parameters, unknown};
use crate::exit::Code;
use crate::output::{AnswerRecord, Record, RequestRecord};
use crate::{Context, Failure, connection, output};

/// Name of the parameter and of the field by which lists go on.
const NEXT: &str = "nextToken";

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Call {
    /// Name of the operation, such as `storage_v2.CommitFile`; `api list` shows all
    operation: String,
    /// Its parameters under their wire names, as one flat JSON object, where `option.size` is the field size of option;
    /// @FILE reads a file, - standard input. A file to send is "@PATH", or an object with its name and its bytes in base64
    #[arg(long, value_name = "JSON", default_value = "{}", hide_default_value = true, allow_hyphen_values = true)]
    params: String,
    /// Print the request, without its secrets, and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Fetch all pages of a list
    #[arg(long)]
    paginate: bool,
    /// Wait for the task that goes on after the answer, and print how it ended
    #[arg(long, conflicts_with = "paginate")]
    wait: bool,
    /// Print the answer as it came, byte for byte
    #[arg(long, conflicts_with_all = ["paginate", "wait", "output"])]
    raw: bool,
    /// Form of the answer
    #[arg(short, long = "output", value_enum, default_value_t = Form::Json, value_name = "FORM")]
    output: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// One document, indented
    Json,
    /// One line for each element of a list, or for the answer
    Jsonl,
}

/// Prints the typed answer as JSON.
pub async fn run(arguments: &Call, context: &Context) -> Result<(), Failure> {
    let named = by_name::find(NAMED, &arguments.operation)?;
    if arguments.raw && context.output.json {
        return Err(Failure::usage(
            "--raw prints the answer as it came, and --json in lines of its own: give one of both",
        ));
    }
    let mut parameters = parameters::with_files(parameters::read(&arguments.params)?, named)?;
    if let Some(operator) = operator(named, &parameters, context).await? {
        parameters.extend([operator]);
    }
    let request = named.request(context.client().await?.runtime(), &parameters)?;
    for doubt in request.doubts() {
        output::complain(&format!("warning: {doubt}"));
    }
    if arguments.dry_run {
        let request = request.preview()?.to_string();
        let record = RequestRecord { operation: arguments.operation.clone(), request: request.clone() };
        return context.output.record(&Record::Request(record), || request);
    }
    connection::check_credentials(named.operation(), &context.settings)?;
    if arguments.paginate {
        return pages(arguments, named, parameters, context).await;
    }
    if arguments.raw {
        let (answer, meta) = request.send().with_meta().await?;
        output::print_bytes(meta.body.as_bytes())?;
        return succeeded(arguments, &answer);
    }
    let answer = send(request, named).await?;
    tell(arguments, &answer, context)?;
    succeeded(arguments, &answer)?;
    if arguments.wait { wait(arguments, &answer, &parameters, context).await } else { Ok(()) }
}

/// The operator of the settings, where the operation wants one and none was given.
async fn operator(
    named: &Named,
    parameters: &Map<String, Value>,
    context: &Context,
) -> Result<Option<(String, Value)>, Failure> {
    let settings = &context.settings;
    let is_set = settings.union_id.is_some() || settings.user_id.is_some();
    let Some(parameter) = parameters::operator_parameter(named, parameters).filter(|_| is_set) else {
        return Ok(None);
    };
    let operator = connection::operator(settings, context.client().await?).await?;
    Ok(Some((parameter.to_owned(), json!(operator.as_str()))))
}

/// Makes the call. What the answer has that this version does not know is part of it.
async fn send(request: Request, named: &Named) -> Result<Value, Failure> {
    let (mut answer, meta) = request.send().with_meta().await?;
    // It was read as the answer of its type already; what was mended for that stays away.
    if let Ok(raw) = serde_json::from_slice(meta.body.as_bytes()) {
        unknown::add(&mut answer, &unknown::unwrapped(raw, named.operation().envelope));
    }
    Ok(answer)
}

/// Fails where the answer says that it is one of a failure.
fn succeeded(arguments: &Call, answer: &Value) -> Result<(), Failure> {
    if answer.get("success") == Some(&Value::Bool(false)) {
        return Err(Failure::new(Code::Failed, format!("{} says that it did not succeed", arguments.operation)));
    }
    Ok(())
}

fn tell(arguments: &Call, answer: &Value, context: &Context) -> Result<(), Failure> {
    if context.output.json {
        let record = AnswerRecord { operation: arguments.operation.clone(), answer: answer.clone() };
        return context.output.record(&Record::Answer(record), String::new);
    }
    match (arguments.output, list(answer)) {
        (Form::Json, _) => output::print(&format!("{answer:#}\n")),
        (Form::Jsonl, Some((_, items))) => items.iter().try_for_each(|item| output::print(&format!("{item}\n"))),
        (Form::Jsonl, None) => output::print(&format!("{answer}\n")),
    }
}

/// The list of an answer that has one.
fn list(answer: &Value) -> Option<(&String, &Vec<Value>)> {
    answer.as_object()?.iter().find_map(|(name, value)| Some((name, value.as_array()?)))
}

/// Fetches page after page, until the answer names no next one.
async fn pages(
    arguments: &Call,
    named: &Named,
    mut parameters: Map<String, Value>,
    context: &Context,
) -> Result<(), Failure> {
    let place = named.parameters().iter().map(|parameter| parameter.path).find(|path| path.last() == Some(&NEXT));
    let place = place.ok_or_else(|| Failure::usage(format!("{} has no pages", arguments.operation)))?;
    let mut all: Option<Value> = None;
    let mut last = String::new();
    loop {
        let page = send(named.request(context.client().await?.runtime(), &parameters)?, named).await?;
        succeeded(arguments, &page)?;
        let next = page.get(NEXT).and_then(Value::as_str).unwrap_or_default().to_owned();
        // Lines come as the pages do; a document has to wait for the last.
        if arguments.output == Form::Jsonl || context.output.json {
            tell(arguments, &page, context)?;
        } else {
            join(&mut all, page);
        }
        if next.is_empty() {
            break;
        }
        if next == last {
            return Err(Failure::new(
                Code::Failed,
                format!("{} gives the same page again and again", arguments.operation),
            ));
        }
        set(&mut parameters, place, &next);
        last = next;
    }
    match all {
        Some(all) => tell(arguments, &all, context),
        None => Ok(()),
    }
}

/// Adds the elements of a page to those before.
fn join(all: &mut Option<Value>, mut page: Value) {
    if let Some(page) = page.as_object_mut() {
        page.remove(NEXT);
    }
    let Some(all) = all else {
        *all = Some(page);
        return;
    };
    let Some((name, items)) = list(&page) else { return };
    match all.get_mut(name).and_then(Value::as_array_mut) {
        Some(known) => known.extend(items.iter().cloned()),
        None => all[name.as_str()] = json!(items),
    }
}

/// Sets a parameter where it belongs.
fn set(parameters: &mut Map<String, Value>, path: &[&str], value: &str) {
    match path {
        [] => {}
        [name] => drop(parameters.insert((*name).to_owned(), json!(value))),
        [name, below @ ..] => {
            let inner = parameters.entry(*name).or_insert_with(|| json!({}));
            if let Some(inner) = inner.as_object_mut() {
                set(inner, below, value);
            }
        }
    }
}

/// Waits for the task of an answer, which the server does after it.
async fn wait(
    arguments: &Call,
    answer: &Value,
    parameters: &Map<String, Value>,
    context: &Context,
) -> Result<(), Failure> {
    let Some(task) = answer.get("taskId").and_then(Value::as_str).filter(|task| !task.is_empty()) else {
        return Ok(());
    };
    let operator = ["unionId", "operatorId"].iter().find_map(|name| parameters.get(*name));
    let asked = json!({ "taskId": task, "unionId": operator });
    let asked = asked.as_object().cloned().unwrap_or_default();
    let named = by_name::find(NAMED, "storage_v1.GetTask")?;
    let mut pause = Duration::from_millis(500);
    loop {
        let answer = send(named.request(context.client().await?.runtime(), &asked)?, named).await?;
        let status = answer.pointer("/task/status").and_then(Value::as_str).unwrap_or_default();
        match status {
            "SUCCESS" => return tell(arguments, &answer, context),
            "FAIL" => {
                tell(arguments, &answer, context)?;
                return Err(Failure::new(Code::Failed, format!("task {task} failed")));
            }
            _ => tokio::time::sleep(pause).await,
        }
        pause = (pause * 2).min(Duration::from_secs(10));
    }
}
