//! `help`: the commands for people, for scripts, and as pages.

mod manifest;
mod markdown;

use clap::{Args, ValueEnum};

use crate::output::Record;
use crate::{Context, Failure, output, program};

/// The schema of the output of --json; a test holds it against the types that are written.
const SCHEMA: &str = include_str!("../../output.schema.json");

/// Tell about the commands; with --json about every command, flag, exit code and failure
#[derive(Debug, Args)]
pub struct Help {
    /// A command
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,
    /// All of it in another form
    #[arg(long = "as", value_enum, value_name = "FORM", conflicts_with = "command")]
    form: Option<Form>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// The JSON Schema of what --json prints
    Schema,
    /// A page of Markdown
    Markdown,
    /// A page of the manual, for `man`
    Man,
}

pub fn run(arguments: &Help, context: &Context) -> Result<(), Failure> {
    let mut program = program::command();
    program.build();
    match arguments.form {
        _ if context.output.json => {
            let manifest = manifest::of(&program, &arguments.command)?;
            context.output.record(&Record::Manifest(manifest), String::new)
        }
        Some(Form::Schema) => output::print(SCHEMA),
        Some(Form::Markdown) => output::print(&markdown::of(&program)),
        Some(Form::Man) => output::print(&man(program)?),
        None => page(&program, &arguments.command),
    }
}

fn page(program: &clap::Command, path: &[String]) -> Result<(), Failure> {
    let mut command = find(program, path)?.clone();
    output::print(&command.render_long_help().to_string())
}

/// The command of a path.
fn find<'a>(program: &'a clap::Command, path: &[String]) -> Result<&'a clap::Command, Failure> {
    path.iter().try_fold(program, |command, name| {
        command.get_subcommands().find(|command| command.get_name() == name).ok_or_else(|| {
            Failure::usage(format!("there is no command {:?}", path.join(" ")))
                .hint("`dingtalk-storage help` lists them")
        })
    })
}

/// Every command on one page of the manual.
fn man(program: clap::Command) -> Result<String, Failure> {
    let failed = |error: std::io::Error| Failure::local("the page cannot be made", &error);
    let mut page = Vec::new();
    clap_mangen::Man::new(program.clone()).render(&mut page).map_err(failed)?;
    for command in program.get_subcommands() {
        let man = clap_mangen::Man::new(command.clone());
        man.render_name_section(&mut page).map_err(failed)?;
        man.render_synopsis_section(&mut page).map_err(failed)?;
        man.render_description_section(&mut page).map_err(failed)?;
        man.render_options_section(&mut page).map_err(failed)?;
    }
    String::from_utf8(page).map_err(|_| Failure::usage("the page is no text"))
}
