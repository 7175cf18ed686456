//! Fields that the `page`, `batch` and `operator` of an operation name, and the data of events.

use crate::codes::Code;
use crate::finding::Finding;
use crate::model::{Token, TypeRef};
use crate::suggest::did_you_mean;

use super::Workspace;
use super::kind::{BUILT_IN, Kind};
use super::workspace::{FieldSite, OperationFile};

/// The type of whoever a call is made for.
const UNION_ID: &str = "UnionId";

/// What a role asks of the field that it names.
struct Wanted {
    words: &'static str,
    fits: fn(&Kind<'_>) -> bool,
}

const NAME: Wanted = Wanted { words: "a string, a number or an id", fits: |kind| kind.is_name() };
const NUMBER: Wanted = Wanted { words: "a number", fits: |kind| kind.is_integer() };
const ANYTHING: Wanted = Wanted { words: "anything", fits: |_| true };
const LIST: Wanted = Wanted { words: "a list", fits: |kind| kind.is_list() };

pub(super) fn check(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    for file in &workspace.operations {
        let mut roles = Roles { workspace, file, findings };
        roles.page();
        roles.batch();
        let operation = file.operation;
        if let Some(operator) = &operation.operator {
            roles.operator(operator);
        }
    }
    union_id(workspace, findings);
    tokens(workspace, findings);
    event_data(workspace, findings);
}

/// Whoever acts is named by an id that may be shown.
fn union_id(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    let is_needed = workspace.operations.iter().any(|file| file.operation.operator.is_some());
    let Some(definition) = workspace.definition(UNION_ID).filter(|_| is_needed) else { return };
    if definition.def.id.as_ref().is_none_or(|id| id.secret) {
        let place = definition.document.key(&["types", definition.name]);
        let message = format!("`{UNION_ID}` is whoever acts, and no id that may be shown");
        findings.push(Finding::new(Code::WrongFieldType, place, message).help("define it as `id: {}`"));
    }
}

/// Where a family has its tokens is said by a place; the token of a person is a secret text.
fn tokens(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    for family in workspace.families.iter().filter(|family| family.family.token == Token::Family) {
        let place = family.document.value(&["token"]);
        let finding = Finding::new(Code::UnknownChoice, place, "a family cannot leave it to the family");
        findings.push(finding.help("write `header`, `user`, `query` or `none`, or delete the key for `header`"));
    }
    let is_used = || workspace.operations.iter().any(|file| workspace.takes_token_of_a_person(file));
    let Some(definition) = workspace.definition(Token::OF_A_PERSON) else { return };
    if !definition.def.id.as_ref().is_some_and(|id| id.secret) && is_used() {
        let place = definition.document.key(&["types", definition.name]);
        let message = format!("`{}` is the token of a person, and no secret id", definition.name);
        findings.push(Finding::new(Code::WrongFieldType, place, message).help("define it as `id: {secret: true}`"));
    }
}

struct Roles<'w, 'a> {
    workspace: &'w Workspace<'a>,
    file: &'w OperationFile<'a>,
    findings: &'w mut Vec<Finding>,
}

impl Roles<'_, '_> {
    fn page(&mut self) {
        let Some(page) = &self.file.operation.page else { return };
        self.request(&["page", "token"], &page.token, &NAME);
        if let Some(size) = &page.size {
            self.request(&["page", "size"], size, &NUMBER);
        }
        match &page.next {
            Some(next) => self.answer(&["page", "next"], next, &NAME),
            None => self.answer(&["page", "token"], &page.token, &NAME),
        }
        self.answer(&["page", "items"], &page.items, &LIST);
    }

    fn batch(&mut self) {
        let Some(batch) = &self.file.operation.batch else { return };
        self.request(&["batch", "items"], &batch.items, &LIST);
        if let Some(results) = &batch.results {
            self.answer(&["batch", "results"], results, &LIST);
        }
        if let Some(key) = &batch.key {
            self.batch_key(&batch.items, batch.results.as_deref(), key);
        }
        let list = self.file.parameters().find(|site| site.wire == batch.items);
        if let Some(site) = list.filter(|site| !site.is_required() && !site.at("required").broken) {
            let message = format!("`batch.items` names `{}`, but a bulk call without its list does nothing", site.wire);
            let finding = Finding::new(Code::WrongFieldType, self.file.document.value(&["batch", "items"]), message);
            self.findings.push(
                finding
                    .also(site.key(), "it may be left out")
                    .help("add `required: true` to the list, and to the object around it, if there is one"),
            );
        }
        let list = self.file.parameters().find(|site| site.wire == batch.items);
        let Some((site, max)) = list.and_then(|site| Some((site, site.field.max?))) else { return };
        if max != i64::from(batch.max) {
            let message = format!("the batch takes {} elements, but `{}` takes {max}", batch.max, site.wire);
            let finding = Finding::new(Code::BatchMaximum, self.file.document.value(&["batch", "max"]), message);
            self.findings.push(finding.also(site.at("max"), "another maximum"));
        }
    }

    /// The key of a result names an element of the request, so both are of the same type.
    fn batch_key(&mut self, items: &str, results: Option<&str>, key: &str) {
        let place = self.file.document.value(&["batch", "key"]);
        let site = |name: &str| self.file.answer().find(|site| site.wire == name);
        let Some(results) = results else {
            let message = "`batch.key` names a field of the results, but there is no `batch.results`";
            self.findings.push(Finding::new(Code::UnknownField, place, message));
            return;
        };
        let Some(Kind::List(result)) = site(results).map(|site| Kind::of(site.field, self.workspace)) else { return };
        let Kind::Object(fields) = *result else { return };
        let Some(field) = fields.get(key) else {
            let help = did_you_mean(key, fields.keys().map(String::as_str));
            let message = format!("`batch.key` names `{key}`, but the results have no such field");
            self.findings.push(Finding::new(Code::UnknownField, place, message).maybe_help(help));
            return;
        };
        let list = self.file.parameters().find(|site| site.wire == items);
        let Some(TypeRef::List(element)) = list.and_then(|site| site.field.kind.as_ref()) else { return };
        let described = match &field.kind {
            Some(kind) if **element == *kind && !field.indirect && kind.name() != "object" => return,
            Some(kind) if **element == *kind => "an object of its own, or behind a pointer".to_owned(),
            Some(kind) => format!("of the type `{kind}`"),
            None => "an object of its own".to_owned(),
        };
        let message = format!("`batch.key` has to name a field of the type `{element}`, but `{key}` is {described}");
        self.findings.push(Finding::new(Code::WrongFieldType, place, message));
    }

    /// The handle of an operator knows who acts by a union id and in no other way.
    fn operator(&mut self, name: &str) {
        self.request(&["operator"], name, &ANYTHING);
        let Some(site) = self.file.parameters().find(|site| site.wire == name) else { return };
        let is_union_id = |kind: &TypeRef| *kind == TypeRef::Named(UNION_ID.to_owned());
        let Some(kind) = site.field.kind.as_ref().filter(|kind| !is_union_id(kind)) else { return };
        let exists = self.workspace.definition(kind.name()).is_some() || BUILT_IN.contains(&kind.name());
        if exists && !site.at("type").broken {
            let message = format!("`operator` has to name a `{UNION_ID}`, but `{name}` is of the type `{kind}`");
            let finding = Finding::new(Code::WrongFieldType, self.file.document.value(&["operator"]), message);
            let help = format!("correct the type, or delete `operator` if calls cannot be made for a `{UNION_ID}`");
            self.findings.push(finding.also(site.at("type"), "defined here").help(help));
        }
    }

    fn request(&mut self, path: &[&str], name: &str, wanted: &Wanted) {
        let fields: Vec<_> = self.file.parameters().collect();
        if self.file.may_lack_parameters() && fields.iter().all(|site| site.wire != name) {
            return;
        }
        self.field(path, name, "request", &fields, wanted);
    }

    fn answer(&mut self, path: &[&str], name: &str, wanted: &Wanted) {
        let fields: Vec<_> = self.file.answer().collect();
        if self.file.document.is_broken(&["response"]) && fields.iter().all(|site| site.wire != name) {
            return;
        }
        self.field(path, name, "answer", &fields, wanted);
    }

    fn field(&mut self, path: &[&str], name: &str, part: &str, fields: &[&FieldSite<'_>], wanted: &Wanted) {
        let place = self.file.document.value(path);
        let role = path.join(".");
        let Some(site) = fields.iter().find(|site| site.wire == name) else {
            let next = "if the answer calls the next token otherwise, name that field in `next`";
            let other_name = (role == "page.token" && part == "answer").then(|| next.to_owned());
            let help = other_name.or_else(|| did_you_mean(name, fields.iter().map(|site| site.wire)));
            let message = format!("`{role}` names `{name}`, but the {part} has no such field");
            self.findings.push(Finding::new(Code::UnknownField, place, message).maybe_help(help));
            return;
        };
        let kind = Kind::of(site.field, self.workspace);
        if !kind.is_unknown() && !(wanted.fits)(&kind) {
            let message = format!("`{role}` has to name {}, but `{name}` is {}", wanted.words, kind.describe());
            let finding = Finding::new(Code::WrongFieldType, place, message);
            self.findings.push(finding.also(site.at("type"), "defined here"));
        }
    }
}

/// An event carries an object that has a name.
fn event_data(workspace: &Workspace<'_>, findings: &mut Vec<Finding>) {
    let Some((document, events)) = workspace.events else { return };
    let no_fields = crate::model::Map::new();
    for (name, event) in &events.events {
        let kind = match workspace.definition(event.data.name()) {
            Some(definition) if matches!(event.data, TypeRef::Named(_)) => Kind::of_shared(definition.name, workspace),
            _ => Kind::of_reference(&event.data, &no_fields, workspace),
        };
        let shared_object = matches!(kind, Kind::Object(_)) && event.data.name() != "object";
        if !kind.is_unknown() && !shared_object {
            let place = document.value(&["events", name, "data"]);
            let message = "the data of an event has to be an object of `types/`";
            findings.push(Finding::new(Code::WrongFieldType, place, message));
        }
    }
}
