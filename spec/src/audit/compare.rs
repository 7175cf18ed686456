//! The comparison itself: both sources walked side by side.

use std::collections::{BTreeMap, BTreeSet};

use super::disagreement::{About, Disagreement, Position, SharedField};
use super::evidence::{Evidence, EvidenceEvent, EvidenceField, EvidenceFields, EvidenceOperation};
use super::lines::Lines;
use super::site::{Section, Site};
use crate::model::{Event, Field, Map, Token};
use crate::spec::{FamilySpec, OperationSpec, Spec};
use crate::type_ref::TypeRef;

/// What the comparison found.
pub(super) struct Comparison {
    pub(super) disagreements: Vec<Disagreement>,
    pub(super) operations: usize,
    pub(super) events: usize,
    pub(super) fields: usize,
}

/// Compares all operations and then all events, in the order of their names.
pub(super) fn compare(spec: &Spec, evidence: &Evidence, lines: &Lines<'_>) -> Comparison {
    let (found, met) = (Vec::new(), BTreeSet::new());
    let mut walk = Walk { spec, evidence, lines, found, operations: 0, events: 0, fields: 0, met };
    let ours = operations(spec);
    let names: BTreeSet<&str> =
        ours.keys().map(String::as_str).chain(evidence.operations.keys().map(String::as_str)).collect();
    for name in names {
        match (ours.get(name), evidence.operations.get(name)) {
            (Some((family, item)), Some(theirs)) => walk.operation(name, family, item, theirs),
            (Some((_, item)), None) => walk.only_here(&Site::operation(name, &item.file), About::Operation),
            _ => walk.only_there(&Site::operation(name, "api"), About::Operation),
        }
    }
    let names: BTreeSet<&String> = spec.events.keys().chain(evidence.events.keys()).collect();
    for name in names {
        let site = Site::event(name);
        match (spec.events.get(name), evidence.events.get(name)) {
            (Some(event), Some(theirs)) => walk.event(&site, event, theirs),
            (Some(_), None) => walk.only_here(&site, About::Event),
            _ => walk.only_there(&site, About::Event),
        }
    }
    walk.mark_elsewhere();
    let Walk { found: disagreements, operations, events, fields, .. } = walk;
    Comparison { disagreements, operations, events, fields }
}

/// Operations by their full names.
fn operations(spec: &Spec) -> BTreeMap<String, (&FamilySpec, &OperationSpec)> {
    let operations = spec.families.iter().flat_map(|family| family.operations.iter().map(move |item| (family, item)));
    operations
        .map(|(family, item)| (format!("{}.{}", family.family.family, item.operation.operation), (family, item)))
        .collect()
}

struct Walk<'a> {
    spec: &'a Spec,
    evidence: &'a Evidence,
    lines: &'a Lines<'a>,
    found: Vec<Disagreement>,
    operations: usize,
    events: usize,
    fields: usize,
    /// Fields of shared types that the SDK has in at least one place.
    met: BTreeSet<SharedField>,
}

impl<'a> Walk<'a> {
    fn only_here(&mut self, site: &Site, about: About) {
        self.report(site, about, "present", "absent");
    }

    fn only_there(&mut self, site: &Site, about: About) {
        self.report(site, about, "absent", "present");
    }

    fn event(&mut self, site: &Site, ours: &'a Event, theirs: &'a EvidenceEvent) {
        self.events += 1;
        let [number, their_number] = [ours.biz_type, theirs.biz_type].map(|number| number.to_string());
        self.check(&site.key("bizType"), About::Number, &number, &their_number);
        if let Some((name, item)) = self.spec.types.get_key_value(ours.data.name())
            && let Some(fields) = &item.def.fields
        {
            self.fields(&site.section(Section::Data).within(name, &item.file), fields, &theirs.data);
        }
    }

    fn operation(&mut self, name: &str, family: &FamilySpec, item: &'a OperationSpec, theirs: &'a EvidenceOperation) {
        self.operations += 1;
        let ours = &item.operation;
        let site = Site::operation(name, &item.file);
        let (method, path) = ours.http.split_once(' ').unwrap_or((&ours.http, ""));
        let token = if ours.token == Token::Family { family.family.token } else { ours.token };
        self.check(&site.key("http"), About::Method, method, &theirs.method);
        self.check(&site.key("http"), About::Path, path.trim(), &theirs.path);
        self.check(
            &site.key("token"),
            About::Token,
            says(matches!(token, Token::Header | Token::User), "header", "none"),
            says(theirs.token, "header", "none"),
        );
        self.fields(&site.section(Section::Path), &ours.path, &theirs.path_parameters);
        self.fields(&site.section(Section::Query), &ours.query, &theirs.query);
        self.fields(&site.section(Section::Body), &ours.body, &theirs.body);
        self.fields(&site.section(Section::Response), &ours.response, &theirs.response);
    }

    fn fields(&mut self, site: &Site, ours: &'a Map<Field>, theirs: &'a EvidenceFields) {
        let names: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
        for name in names {
            let site = site.field(name);
            if theirs.contains_key(name) {
                self.met.extend(site.shared());
            }
            match (ours.get(name), theirs.get(name)) {
                (Some(ours), Some(theirs)) => self.field(&site, ours, theirs),
                (Some(_), None) => self.only_here(&site, About::Field),
                _ => self.only_there(&site, About::Field),
            }
        }
    }

    fn field(&mut self, site: &Site, ours: &'a Field, theirs: &'a EvidenceField) {
        self.fields += 1;
        let notation = self.notation(ours);
        self.check(site, About::Type, &notation, &theirs.kind);
        match site.in_section() {
            Section::Path => {}
            Section::Query | Section::Body => {
                let both = [ours.required, theirs.required].map(|flag| says(flag, "required", "optional"));
                self.check(site, About::Required, both[0], both[1]);
            }
            Section::Response | Section::Data => {
                let both = [ours.always, theirs.required].map(|flag| says(flag, "always", "optional"));
                self.check(site, About::Always, both[0], both[1]);
            }
        }
        if notation == theirs.kind {
            self.members(site, ours, theirs);
        }
    }

    /// Compares the fields of an object, which stand in place or in a shared type.
    fn members(&mut self, site: &Site, ours: &'a Field, theirs: &'a EvidenceField) {
        if !ours.fields.is_empty() {
            return self.fields(&site.inline(), &ours.fields, &theirs.fields);
        }
        let shared = ours.kind.as_ref().and_then(|kind| self.spec.types.get_key_value(kind.name()));
        if let Some((name, item)) = shared
            && let Some(fields) = &item.def.fields
        {
            self.fields(&site.within(name, &item.file), fields, &theirs.fields);
        }
    }

    /// The type of a field as the evidence writes it: without names, and texts are texts.
    fn notation(&self, field: &Field) -> String {
        let object = TypeRef::Named("object".to_owned());
        let kind = field.kind.as_ref().unwrap_or(&object);
        let notation = self.without_names(kind).to_string();
        // Written as a number, whatever its type is here.
        if field.numeric { notation.replace("string", "int64") } else { notation }
    }

    fn without_names(&self, kind: &TypeRef) -> TypeRef {
        match kind {
            TypeRef::List(inner) => TypeRef::List(Box::new(self.without_names(inner))),
            TypeRef::Map(inner) => TypeRef::Map(Box::new(self.without_names(inner))),
            TypeRef::Named(name) => {
                let shared = self.spec.types.get(name);
                let name = match (shared, name.as_str()) {
                    (Some(item), _) if item.def.fields.is_some() => "object",
                    (Some(_), _) | (None, "time" | "errorCode") => "string",
                    // The SDK knows no finer numbers.
                    (None, "uint64" | "timestamp") => "int64",
                    (None, built_in) => built_in,
                };
                TypeRef::Named(name.to_owned())
            }
        }
    }

    fn check(&mut self, site: &Site, about: About, spec: &str, sdk: &str) {
        if spec != sdk {
            self.report(site, about, spec, sdk);
        }
    }

    fn report(&mut self, site: &Site, about: About, spec: &str, sdk: &str) {
        self.found.push(Disagreement {
            operation: site.operation_name().to_owned(),
            field: site.path(),
            shared: site.shared(),
            about,
            spec: Position { says: spec.to_owned(), at: self.lines.at(site.file(), site.keys()) },
            sdk: Position { says: sdk.to_owned(), at: self.evidence.at(&site.evidence_keys()) },
            reason: None,
        });
    }

    /// A shared type is the union of what all operations send, so the SDK may have a field of it in other places only.
    fn mark_elsewhere(&mut self) {
        for disagreement in &mut self.found {
            let elsewhere = disagreement.shared.as_ref().is_some_and(|shared| self.met.contains(shared));
            if elsewhere && disagreement.about == About::Field && disagreement.sdk.says == "absent" {
                "elsewhere".clone_into(&mut disagreement.sdk.says);
            }
        }
    }
}

fn says(flag: bool, yes: &'static str, no: &'static str) -> &'static str {
    if flag { yes } else { no }
}
