//! All commands as a page of Markdown.

use std::fmt::Write;

use clap::{Arg, Command};

use crate::exit::{Code, Exit};

pub fn of(program: &Command) -> String {
    let mut page = String::from("# dingtalk-storage: all commands\n");
    // A text takes whatever is written to it.
    let _ = write(&mut page, program);
    page
}

fn write(page: &mut String, program: &Command) -> std::fmt::Result {
    writeln!(page, "\nMade by `dingtalk-storage help --as markdown`.\n\n## Flags of all commands\n")?;
    program.get_arguments().filter(|arg| arg.is_global_set()).try_for_each(|arg| argument(page, arg))?;
    for command in program.get_subcommands() {
        section(page, command, "dingtalk-storage", 2)?;
    }
    writeln!(page, "\n## Exit codes\n\n| exit code | |\n|---|---|")?;
    for (exit, meaning) in Exit::ALL {
        writeln!(page, "| {} | {meaning} |", exit.number())?;
    }
    writeln!(page, "\n## Codes of failures\n\n| code | exit code | |\n|---|---|---|")?;
    for code in Code::ALL.iter().filter(|code| **code != Code::Closed) {
        writeln!(page, "| `{}` | {} | {} |", code.as_str(), code.exit().number(), code.meaning())?;
    }
    Ok(())
}

fn section(page: &mut String, command: &Command, above: &str, level: usize) -> std::fmt::Result {
    let name = format!("{above} {}", command.get_name());
    writeln!(page, "\n{} {name}\n", "#".repeat(level))?;
    let about = command.get_long_about().or(command.get_about()).map(ToString::to_string).unwrap_or_default();
    writeln!(page, "{}\n", escaped(&about))?;
    let usage = command.clone().render_usage().to_string();
    writeln!(page, "```text\n{}\n```\n", usage.trim_start_matches("Usage: "))?;
    let own =
        command.get_arguments().filter(|arg| !arg.is_global_set() && arg.get_id() != "help" && !arg.is_hide_set());
    own.into_iter().try_for_each(|arg| argument(page, arg))?;
    let below = command.get_subcommands().filter(|below| below.get_name() != "help");
    below.into_iter().try_for_each(|below| section(page, below, &name, level + 1))
}

fn argument(page: &mut String, arg: &Arg) -> std::fmt::Result {
    let value = arg.get_value_names().map(|names| names.join(" ")).filter(|_| arg.get_action().takes_values());
    let name = match (arg.get_short(), arg.get_long()) {
        (Some(short), Some(long)) => format!("-{short}, --{long}"),
        (None, Some(long)) => format!("--{long}"),
        (Some(short), None) => format!("-{short}"),
        (None, None) => String::new(),
    };
    let shown = match (name.is_empty(), value) {
        (true, value) => value.unwrap_or_else(|| arg.get_id().to_string()),
        (false, Some(value)) => format!("{name} {value}"),
        (false, None) => name,
    };
    let about = arg.get_help().map(ToString::to_string).unwrap_or_default();
    writeln!(page, "- `{shown}`: {}", escaped(&about))?;
    for value in arg.get_possible_values().iter().filter(|_| arg.get_action().takes_values()) {
        if let Some(help) = value.get_help() {
            writeln!(page, "  - `{}`: {}", value.get_name(), escaped(&help.to_string()))?;
        }
    }
    Ok(())
}

/// A text in which nothing means anything to Markdown but code.
fn escaped(text: &str) -> String {
    let mut is_code = false;
    let mut escaped = String::new();
    for character in text.chars() {
        is_code ^= character == '`';
        if !is_code && matches!(character, '*' | '_' | '<' | '[') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}
