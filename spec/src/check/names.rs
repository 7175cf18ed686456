//! Names that Rust has to take.

use std::collections::HashMap;

use crate::codes::Code;
use crate::document::Document;
use crate::finding::{Finding, Place};
use crate::lookalike;
use crate::naming;

use super::workspace::{Definition, FieldSite, Section};
use super::{Workspace, reserved};

/// The variant that keeps a value or code that the spec does not know.
const UNKNOWN_VALUE: &str = "UnknownValue";
/// The variant that keeps an event that the spec does not know.
const UNKNOWN_EVENT: &str = "Unknown";

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    let mut names = Names { workspace, findings };
    for file in &workspace.families {
        names.family(&file.family.family, || file.document.value(&["family"]));
    }
    for file in &workspace.operations {
        names.operation(file.folder, &file.operation.operation, || file.document.value(&["operation"]));
    }
    for path in &workspace.paths {
        names.type_file(path);
    }
    for definition in &workspace.definitions {
        names.shared_type(definition);
    }
    for site in workspace.fields() {
        if let Some(name) = &site.field.type_name {
            names.type_name(name, || site.at("as"), "the type");
        }
    }
    for file in &workspace.operations {
        names.fields(&file.fields);
    }
    if let Some((document, errors)) = workspace.errors {
        let codes = errors.codes.iter().map(|(code, error)| (code.as_str(), error.rust.as_deref()));
        names.variants(document, &["codes"], codes, UNKNOWN_VALUE, Some("add `rust:` with another name"));
    }
    if let Some((document, events)) = workspace.events {
        let events = events.events.keys().map(|event| (event.as_str(), None));
        names.variants(document, &["events"], events, UNKNOWN_EVENT, None);
    }
}

struct Names<'w, 'a> {
    workspace: &'w Workspace<'a>,
    findings: &'w mut Vec<Finding>,
}

impl Names<'_, '_> {
    fn family(&mut self, name: &str, place: impl FnOnce() -> Place) {
        match reserved::family(name) {
            Some(why) => self.reserved(name, place(), why, None),
            None => self.snake(name, place, "the family", written_in_snake(name).as_deref()),
        }
    }

    fn operation(&mut self, family: &str, name: &str, place: impl FnOnce() -> Place) {
        let module = naming::operation(name);
        match reserved::operation(family, name) {
            Some(why) => self.reserved(name, place(), why, None),
            None if naming::is_keyword(&module) => self.keyword(&module, place(), None),
            None => self.camel(name, place, "the operation"),
        }
    }

    /// A file of shared types becomes a module of its name, whatever is in it.
    fn type_file(&mut self, path: &str) {
        let Some(name) = path.strip_prefix("types/").and_then(|name| name.strip_suffix(".yaml")) else { return };
        let help = Some("rename the file, for example to `thing.yaml`");
        match reserved::type_file(name) {
            Some(why) => self.reserved(name, Place::file(path), why, help),
            None => self.snake(name, || Place::file(path), "the module of this file", help),
        }
    }

    fn shared_type(&mut self, definition: &Definition<'_>) {
        let (document, name) = (definition.document, definition.name);
        self.type_name(name, || document.key(&["types", name]), "the type");
        self.fields(&definition.fields);
        if let Some(values) = &definition.def.values {
            let values = values.iter().map(|(wire, value)| (wire.as_str(), value.rust.as_deref()));
            self.variants(document, &["types", name, "values"], values, UNKNOWN_VALUE, Some(RENAME_VALUE));
        }
        for constant in definition.def.id.iter().flat_map(|id| id.constants.keys()) {
            let place = || document.key(&["types", name, "id", "constants", constant]);
            match reserved::constant(name, constant) {
                Some(why) => self.reserved(constant, place(), why, None),
                None => self.snake(constant, place, "the constant", written_in_snake(constant).as_deref()),
            }
        }
    }

    fn type_name(&mut self, name: &str, place: impl FnOnce() -> Place, what: &str) {
        match reserved::type_name(name) {
            Some(why) => self.reserved(name, place(), why, None),
            None => self.camel(name, place, what),
        }
    }

    /// Fields of one struct, and parameters of one request, have different names.
    fn fields(&mut self, fields: &[FieldSite<'_>]) {
        let mut scopes: HashMap<Vec<&str>, HashMap<String, &FieldSite<'_>>> = HashMap::new();
        for site in fields.iter().filter(|site| !site.field.flatten) {
            let parameter = site.is_parameter();
            let name = self.field(site, parameter);
            let scope = if parameter {
                vec!["request"]
            } else {
                site.path.split_last().map_or_else(Vec::new, |(_, scope)| scope.to_vec())
            };
            let scope = scopes.entry(scope).or_default();
            let usage = self.workspace.usage(site);
            let mut others = vec![name.clone()];
            // What requests and answers contain has a method for each field, and `with_` in front of it sets one.
            if !parameter && usage.request && usage.answer {
                others.push(format!("with_{name}"));
                others.extend(name.strip_prefix("with_").map(str::to_owned));
            }
            match others.iter().find_map(|name| scope.get(name)) {
                // One name on the wire is another mistake, which no other name in Rust mends.
                Some(first) if parameter && first.wire == site.wire => {}
                Some(first) => self.collision(&name, site.key(), first.key(), Some(RENAME_FIELD)),
                None => {
                    scope.insert(name, site);
                }
            }
        }
    }

    /// Checks the Rust name of a field and returns it.
    fn field(&mut self, site: &FieldSite<'_>, parameter: bool) -> String {
        let name = site.field.rust.clone().unwrap_or_else(|| naming::field(site.wire));
        let place = || if site.field.rust.is_some() { site.at("rust") } else { site.key() };
        let taken = if parameter {
            reserved::parameter(&name)
        } else {
            let usage = self.workspace.usage(site);
            let in_request = usage.request.then(|| reserved::field_of_request(&name)).flatten();
            // An object that nothing contains is held to be one of answers.
            let in_answer = usage.answer || !usage.request;
            in_request.or_else(|| in_answer.then(|| reserved::field_of_answer(&name)).flatten())
        };
        if let Some(why) = taken {
            self.reserved(&name, place(), why, Some(RENAME_FIELD));
        } else {
            let help = match site.field.rust {
                Some(_) => written_in_snake(&name),
                None => Some(RENAME_FIELD.to_owned()),
            };
            let what = if site.section == Section::Response || !parameter { "the field" } else { "the parameter" };
            self.snake(&name, place, what, help.as_deref());
        }
        name
    }

    /// Values of an enum, error codes, or events.
    fn variants<'n>(
        &mut self,
        document: &Document,
        path: &[&str],
        names: impl Iterator<Item = (&'n str, Option<&'n str>)>,
        unknown: &str,
        help: Option<&str>,
    ) {
        let place = |wire: &str, rust: Option<&str>| {
            let at: Vec<&str> = path.iter().copied().chain([wire]).collect();
            match rust {
                Some(_) => document.value(&[&at[..], &["rust"]].concat()),
                None => document.key(&at),
            }
        };
        let mut seen: HashMap<String, (&str, Option<&str>)> = HashMap::new();
        for (wire, rust) in names {
            let variant = rust.map_or_else(|| naming::variant(wire), str::to_owned);
            let here = || place(wire, rust);
            match seen.get(&variant) {
                Some((wire, rust)) => self.collision(&variant, here(), place(wire, *rust), help),
                None if variant == unknown => {
                    self.reserved(unknown, here(), "that variant keeps what the spec does not know", help);
                }
                None if naming::is_keyword(&variant) => self.keyword(&variant, here(), help),
                None if !is_camel(&variant) => {
                    let better = rust.and_then(written_in_camel);
                    self.no_identifier(wire, &variant, here(), better.as_deref().or(help));
                }
                None => {
                    seen.insert(variant, (wire, rust));
                }
            }
        }
    }

    /// A name of a field, function or module.
    fn snake(&mut self, name: &str, place: impl FnOnce() -> Place, what: &str, help: Option<&str>) {
        if naming::is_keyword(name) {
            self.keyword(name, place(), help);
        } else if !is_snake(name) {
            let message = format!("{what} cannot be called `{name}` in Rust: that is no name in snake_case");
            self.findings.push(Finding::new(Code::NotAnIdentifier, place(), message).help(help.unwrap_or(OTHER_NAME)));
        }
    }

    /// A name of a type or operation.
    fn camel(&mut self, name: &str, place: impl FnOnce() -> Place, what: &str) {
        if !is_camel(name) {
            let message = format!("{what} `{name}` is not written in UpperCamelCase");
            let finding = Finding::new(Code::TypeNameStyle, place(), message).maybe_help(written_in_camel(name));
            self.findings.push(finding);
        } else if naming::is_keyword(name) {
            self.keyword(name, place(), None);
        }
    }

    fn keyword(&mut self, name: &str, place: Place, help: Option<&str>) {
        let message = format!("`{name}` is a keyword of Rust");
        self.findings.push(Finding::new(Code::RustKeyword, place, message).help(help.unwrap_or(OTHER_NAME)));
    }

    fn reserved(&mut self, name: &str, place: Place, why: &str, help: Option<&str>) {
        let message = format!("`{name}` is taken: {why}");
        self.findings.push(Finding::new(Code::ReservedName, place, message).maybe_help(help.map(str::to_owned)));
    }

    fn collision(&mut self, name: &str, place: Place, first: Place, help: Option<&str>) {
        let finding = Finding::new(
            Code::NameCollision,
            place,
            format!("this becomes `{name}` in Rust, and so does another name"),
        )
        .also(first, "the other name")
        .maybe_help(help.map(str::to_owned));
        self.findings.push(finding);
    }

    fn no_identifier(&mut self, wire: &str, variant: &str, place: Place, help: Option<&str>) {
        let message = format!("`{wire}` becomes `{variant}`, which is no name in Rust");
        self.findings.push(Finding::new(Code::NotAnIdentifier, place, message).maybe_help(help.map(str::to_owned)));
    }
}

/// What to do about a name that cannot be mended.
const OTHER_NAME: &str = "choose another name";

const RENAME_VALUE: &str = "give it another name: `{rust: Name, doc: What it means.}`";
const RENAME_FIELD: &str = "add `rust:` with another name to the field";

/// The name as Rust writes it, for whoever chose another style.
fn written_in_snake(name: &str) -> Option<String> {
    let better = naming::field(&lookalike::folded(name));
    (is_snake(&better) && !naming::is_keyword(&better)).then(|| format!("write `{better}`"))
}

/// The same for types and variants.
fn written_in_camel(name: &str) -> Option<String> {
    let better = naming::variant(&lookalike::folded(name));
    (is_camel(&better) && !naming::is_keyword(&better)).then(|| format!("write `{better}`"))
}

fn is_snake(name: &str) -> bool {
    let capitals = name.contains(|character: char| character.is_ascii_uppercase());
    naming::is_identifier(name) && !capitals && !name.contains("__") && !name.ends_with('_')
}

/// Whether it is written like a type.
pub(super) fn is_camel(name: &str) -> bool {
    naming::is_identifier(name) && name.starts_with(|first: char| first.is_ascii_uppercase()) && !name.contains('_')
}
