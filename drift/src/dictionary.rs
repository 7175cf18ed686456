//! What the spec calls things: the types that it gives to names, so that a new field of a known name gets the type that
//! the others have.

use std::collections::{BTreeMap, BTreeSet};

use dingtalk_storage_spec::Spec;
use dingtalk_storage_spec::model::{Field, Map, TypeRef};

use crate::kind::Kind;
use crate::ours::{as_number, kind_of};

/// All uses of types by name and kind.
pub(crate) struct Dictionary<'a> {
    spec: &'a Spec,
    uses: BTreeMap<&'a str, Vec<Use<'a>>>,
    /// Names of objects of the body whose fields are parameters of the request.
    flattened: BTreeSet<&'a str>,
    /// Names of fields within objects of a name.
    within: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

struct Use<'a> {
    family: Option<&'a str>,
    kind: Kind,
    known: Known,
}

/// The type that fields of a name have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) reference: TypeRef,
    pub(crate) numeric: bool,
}

/// Fields of the same family tell more than those of others.
const SAME_FAMILY: usize = 4;

impl<'a> Dictionary<'a> {
    pub(crate) fn of(spec: &'a Spec) -> Self {
        let mut dictionary = Self { spec, uses: BTreeMap::new(), flattened: BTreeSet::new(), within: BTreeMap::new() };
        for family in &spec.families {
            for item in &family.operations {
                let operation = &item.operation;
                for fields in [&operation.path, &operation.query, &operation.body, &operation.response] {
                    dictionary.collect(fields, Some(&family.family.family));
                }
            }
        }
        for fields in spec.types.values().filter_map(|item| item.def.fields.as_ref()) {
            dictionary.collect(fields, None);
        }
        dictionary
    }

    fn collect(&mut self, fields: &'a Map<Field>, family: Option<&'a str>) {
        for (name, field) in fields {
            let object = TypeRef::Named("object".to_owned());
            let reference = field.kind.clone().unwrap_or(object);
            let kind = kind_of(self.spec, &reference);
            let kind = if field.numeric { as_number(kind) } else { kind };
            let inner = self.spec.types.get(reference.name()).and_then(|item| item.def.fields.as_ref());
            let names = inner.unwrap_or(&field.fields).keys().map(String::as_str);
            self.within.entry(name).or_default().extend(names);
            if field.fields.is_empty() {
                let known = Known { reference, numeric: field.numeric };
                self.uses.entry(name).or_default().push(Use { family, kind, known });
            }
            if field.flatten {
                self.flattened.insert(name);
            }
            self.collect(&field.fields, family);
        }
    }

    /// Whether the fields of an object of that name are parameters of the request.
    pub(crate) fn is_flattened(&self, name: &str) -> bool {
        self.flattened.contains(name)
    }

    /// The type that most fields of the name and kind have; those of the family count more.
    pub(crate) fn of_name(&self, name: &str, kind: &Kind, family: &str) -> Option<&Known> {
        let uses: Vec<&Use<'a>> = self.uses.get(name)?.iter().filter(|each| each.kind == *kind).collect();
        let weight = |known: &Known| -> usize {
            let same = uses.iter().filter(|each| each.known == *known);
            same.map(|each| if each.family == Some(family) { SAME_FAMILY } else { 1 }).sum()
        };
        // Of equals the first one.
        uses.iter().copied().rev().max_by_key(|each| weight(&each.known)).map(|each| &each.known)
    }

    /// Whether objects of the name are known to have such a field; nothing when no such object is known.
    pub(crate) fn has_within(&self, object: &str, field: &str) -> Option<bool> {
        self.within.get(object).filter(|names| !names.is_empty()).map(|names| names.contains(field))
    }

    /// The enum with exactly these values, else the one of fields of this name that has all of them.
    pub(crate) fn enum_of(&self, name: &str, values: &[String]) -> Option<&'a str> {
        let has_all = |known: &&'a str| {
            let of_type = self.spec.types.get(*known).and_then(|item| item.def.values.as_ref());
            of_type.is_some_and(|own| values.iter().all(|value| own.contains_key(value)))
        };
        let size = |known: &str| self.spec.types.get(known)?.def.values.as_ref().map(Map::len);
        let used = || {
            self.uses
                .get(name)
                .into_iter()
                .flatten()
                .filter_map(|each| self.spec.types.get_key_value(each.known.reference.name()))
        };
        let by_name = used().map(|(known, _)| known.as_str());
        let all = self.spec.types.keys().map(String::as_str);
        let exact = |known: &&str| size(known) == Some(values.len());
        let mut candidates = by_name.clone().filter(has_all);
        let named = candidates.clone().find(exact);
        named.or_else(|| all.filter(has_all).find(exact)).or_else(|| candidates.next())
    }

    /// The shared object with these fields. A page may leave some out where fields of this name have that type.
    pub(crate) fn object_of(&self, name: &str, fields: &[&str], family: &str) -> Option<&'a str> {
        let own = |known: &str| self.spec.types.get(known).and_then(|item| item.def.fields.as_ref());
        let has_all = |known: &str| own(known).is_some_and(|own| fields.iter().all(|field| own.contains_key(*field)));
        let exact = |known: &&str| has_all(known) && own(known).is_some_and(|own| own.len() == fields.len());
        let of_name = self.uses.get(name).into_iter().flatten();
        let mut named: Vec<(&Use<'a>, &'a str)> = of_name
            .filter_map(|each| Some((each, self.spec.types.get_key_value(each.known.reference.name())?.0.as_str())))
            .collect();
        named.sort_by_key(|(each, _)| each.family != Some(family));
        let candidates = || named.iter().map(|(_, known)| *known);
        let most = |known: &&str| has_all(known) && own(known).is_some_and(|own| fields.len() * 4 > own.len() * 3);
        let all = self.spec.types.keys().map(String::as_str);
        // An object with one field or two is found by its name only: others have the same by chance.
        let by_fields = || all.filter(|_| fields.len() > 2).find(exact);
        candidates().find(exact).or_else(|| candidates().find(most)).or_else(by_fields)
    }
}
