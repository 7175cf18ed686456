//! All that can be said to the program, as JSON.

use clap::{Arg, ArgAction, Command};
use serde_json::{Value, json};

use crate::Failure;
use crate::exit::{Code, Exit};

/// Version of the manifest: it grows when something is taken away or means something else.
const VERSION: u32 = 1;

/// Of all commands, or of one and those below it.
pub fn of(program: &Command, path: &[String]) -> Result<Value, Failure> {
    super::find(program, path)?;
    let named: Vec<&str> = path.iter().map(String::as_str).collect();
    let exits = Exit::ALL.iter().map(|(exit, meaning)| json!({ "exit": exit.number(), "meaning": meaning }));
    let codes = Code::ALL
        .iter()
        .filter(|code| **code != Code::Closed)
        .map(|code| json!({ "code": code.as_str(), "exit": code.exit().number(), "meaning": code.meaning() }));
    Ok(json!({
        "version": VERSION,
        "program": program.get_name(),
        "about": text(program.get_about()),
        "globalFlags": program.get_arguments().filter(|arg| arg.is_global_set()).map(argument).collect::<Value>(),
        "commands": commands(program, &[], &named),
        "exitCodes": exits.collect::<Value>(),
        "failureCodes": codes.collect::<Value>(),
    }))
}

fn text(text: Option<&clap::builder::StyledStr>) -> Value {
    text.map_or(Value::Null, |text| json!(text.to_string()))
}

/// The commands below one, each with its own below it; of a path that is wanted, those that lead there.
fn commands(above: &Command, path: &[&str], wanted: &[&str]) -> Value {
    let own = above
        .get_subcommands()
        .filter(|command| !command.is_hide_set() && command.get_name() != "help" || path.is_empty())
        .filter(|command| wanted.get(path.len()).is_none_or(|wanted| *wanted == command.get_name()));
    own.map(|command| {
        let path = [path, &[command.get_name()]].concat();
        json!({
            "command": path.join(" "),
            "about": text(command.get_about()),
            "arguments": command
                .get_arguments()
                .filter(|arg| !arg.is_global_set() && arg.get_id() != "help" && !arg.is_hide_set())
                .map(argument)
                .collect::<Value>(),
            "commands": commands(command, &path, wanted),
        })
    })
    .collect()
}

fn argument(arg: &Arg) -> Value {
    let values: Vec<String> = arg
        .get_possible_values()
        .iter()
        .filter(|_| takes_value(arg))
        .map(|value| value.get_name().to_owned())
        .collect();
    let defaults: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    json!({
        "name": arg.get_long().map_or_else(|| arg.get_id().to_string(), |long| format!("--{long}")),
        "short": arg.get_short().map(|short| format!("-{short}")),
        "positional": arg.is_positional(),
        "required": arg.is_required_set(),
        "takesValue": takes_value(arg),
        "repeats": matches!(arg.get_action(), ArgAction::Append | ArgAction::Count),
        "values": values,
        "default": defaults,
        "about": text(arg.get_help()),
    })
}

fn takes_value(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Set | ArgAction::Append)
}
