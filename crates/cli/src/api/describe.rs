//! `api describe`: what an operation takes and what to know about it.

mod types;

use std::fmt::{self, Write};

use clap::Args;
use dingtalk_storage::by_name::{self, Named, Parameter, Place};
use dingtalk_storage::runtime::{App, Effect, Status};
use dingtalk_storage::{NAMED, Operation};

use super::mark;
use crate::output::{DescriptionRecord, ParameterRecord, Record};
use crate::{Context, Failure};
use types::Types;

/// Describe an operation: parameters, types, limits, scope, errors, page
#[derive(Debug, Args)]
pub struct Describe {
    /// Name of the operation, such as `storage_v2.CommitFile`; `api list` shows all
    operation: String,
}

/// Prints the description.
pub fn run(arguments: &Describe, context: &Context) -> Result<(), Failure> {
    let named = by_name::find(NAMED, &arguments.operation)?;
    let parameters = named.parameters().iter().map(|parameter| ParameterRecord {
        name: parameter.name(),
        required: parameter.is_required,
        place: place(parameter.place).to_owned(),
        shape: parameter.shape().to_string(),
        about: parameter.doc(),
    });
    let record = DescriptionRecord {
        operation: super::list::facts(named.operation()),
        parameters: parameters.collect(),
        types: Types::of(named.parameters()).to_string(),
    };
    context.output.record(&Record::Description(Box::new(record)), || description(named))
}

/// An operation as a page of text.
pub fn description(named: &Named) -> String {
    Description(named).to_string()
}

/// An operation as a page of text.
struct Description<'a>(&'a Named);

impl fmt::Display for Description<'_> {
    fn fmt(&self, page: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = self.0.operation();
        writeln!(page, "{}{}\n{}\n", operation.name, mark(operation.status), operation.summary)?;
        facts(page, operation)?;
        parameters(page, self.0.parameters())?;
        errors(page, operation)
    }
}

fn facts(page: &mut impl Write, operation: &Operation) -> fmt::Result {
    let apps: Vec<_> = operation.apps.iter().map(|app| app_name(*app)).collect();
    let facts = [
        ("request", format!("{} {}", operation.method.as_str(), operation.path)),
        ("status", status(operation.status).to_owned()),
        ("effect", effect(operation.effect).to_owned()),
        ("scope", operation.scope.unwrap_or("not known").to_owned()),
        ("apps", if apps.is_empty() { "not known".to_owned() } else { apps.join(", ") }),
        ("group", operation.group.to_owned()),
        ("page", operation.documentation().unwrap_or_else(|| "none".to_owned())),
    ];
    facts.iter().try_for_each(|(name, value)| writeln!(page, "  {name:7}  {value}"))
}

fn parameters(page: &mut impl Write, parameters: &[Parameter]) -> fmt::Result {
    if parameters.is_empty() {
        return writeln!(page, "\nNo parameters.");
    }
    writeln!(page, "\nParameters (* is required)")?;
    for parameter in parameters {
        let star = if parameter.is_required { '*' } else { ' ' };
        writeln!(page, "{star} {}: {}, in the {}", parameter.name(), parameter.shape(), place(parameter.place))?;
        writeln!(page, "      {}", parameter.doc())?;
    }
    let types = Types::of(parameters);
    if types.is_empty() { Ok(()) } else { write!(page, "\nTypes\n{types}") }
}

/// Where a parameter goes, in words.
fn place(place: Place) -> &'static str {
    match place {
        Place::Token => "header of the access token",
        Place::Path => "path",
        Place::Query => "query",
        Place::Body => "body",
    }
}

fn errors(page: &mut impl Write, operation: &Operation) -> fmt::Result {
    let errors: Vec<_> = operation.error_codes().collect();
    if errors.is_empty() {
        return Ok(());
    }
    writeln!(page, "\nErrors")?;
    errors
        .iter()
        .try_for_each(|(status, code)| writeln!(page, "  {status} {code}: {}", code.meaning().unwrap_or_default()))
}

/// The effect in a word.
pub fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Read => "read",
        Effect::Idempotent => "idempotent",
        Effect::Write => "write",
    }
}

/// The status in a word.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Current => "current",
        Status::Legacy => "legacy",
        Status::Undocumented => "undocumented",
    }
}

/// The kind of app in a word.
pub fn app_name(app: App) -> &'static str {
    match app {
        App::Internal => "internal",
        App::ThirdParty => "third-party",
    }
}
