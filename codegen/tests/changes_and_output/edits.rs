//! Edits of a spec: of any attribute that its JSON Schema knows.

use std::collections::BTreeMap;

use dingtalk_storage_spec::SourceTree;
use dingtalk_storage_spec::schema::json_schema_text;
use fastrand::Rng;
use serde_json::Value as Json;
use serde_yaml::{Mapping, Value};

/// An attribute of the format, for example `Field.required`.
pub type Attribute = String;

/// Where a thing that has attributes stands: a file, and the keys that lead there.
#[derive(Clone)]
struct Place {
    file: String,
    keys: Vec<Value>,
}

/// A spec, and where it can be edited.
pub struct Edits {
    files: BTreeMap<String, Value>,
    schema: Json,
    /// Where there are things of each kind, for example `Field`.
    places: BTreeMap<String, Vec<Place>>,
    /// Values that each attribute has anywhere.
    values: BTreeMap<Attribute, Vec<Value>>,
    attributes: Vec<Attribute>,
}

impl Edits {
    pub fn of_spec(tree: &SourceTree) -> Self {
        let read = |(path, text): (&str, &str)| (path.to_owned(), serde_yaml::from_str(text).unwrap());
        let schema: Json = serde_json::from_str(&json_schema_text()).unwrap();
        let definitions = schema["$defs"].as_object().unwrap();
        let is_thing = |definition: &Json| definition["additionalProperties"] == Json::Bool(false);
        let attributes = definitions.iter().filter(|(name, definition)| is_thing(definition) && *name != "TypeRef");
        let attributes = attributes.flat_map(|(kind, definition)| {
            let names = definition["properties"].as_object().unwrap().keys();
            names.map(move |name| format!("{kind}.{name}"))
        });
        let attributes = attributes.collect();
        // Other files of the folder are no part of the spec.
        let known = |path: &str| path.starts_with("api/") || path.starts_with("types/") || !path.contains('/');
        let files = tree.files().filter(|(path, _)| known(path) && *path != "disputes.yaml").map(read).collect();
        let (places, values) = (BTreeMap::new(), BTreeMap::new());
        let mut edits = Self { files, schema, places, values, attributes };
        for (file, root) in edits.files.clone() {
            edits.visit(&Place { file: file.clone(), keys: Vec::new() }, &root, kind_of_file(&file));
        }
        edits
    }

    pub fn attributes(&self) -> impl Iterator<Item = &Attribute> {
        self.attributes.iter()
    }

    /// Notes a thing of a kind, its attributes and the things within.
    fn visit(&mut self, place: &Place, thing: &Value, kind: &str) {
        // What is said in one word has no attributes.
        if !thing.is_mapping() {
            return;
        }
        self.places.entry(kind.to_owned()).or_default().push(place.clone());
        for (key, value) in thing.as_mapping().into_iter().flatten() {
            let Some(name) = key.as_str() else { continue };
            self.values.entry(format!("{kind}.{name}")).or_default().push(value.clone());
            let format = self.schema["$defs"][kind]["properties"][name].clone();
            let within = |keys: &[&Value]| {
                let keys = place.keys.iter().chain(keys.iter().copied()).cloned().collect();
                Place { file: place.file.clone(), keys }
            };
            if let Some(kind) = reference(&format).or_else(|| reference(&format["anyOf"][0])) {
                if kind != "TypeRef" {
                    self.visit(&within(&[key]), value, kind);
                }
            } else if let Some(kind) = reference(&format["items"]) {
                for (index, thing) in value.as_sequence().into_iter().flatten().enumerate() {
                    self.visit(&within(&[key, &index.into()]), thing, kind);
                }
            } else if let Some(kind) = reference(&format["additionalProperties"]) {
                // A thing may have a short form, a text, and a long one with attributes.
                let long = reference(&self.schema["$defs"][kind]["anyOf"][1]).map(str::to_owned);
                let kind = long.as_deref().unwrap_or(kind);
                for (name, thing) in value.as_mapping().into_iter().flatten() {
                    self.visit(&within(&[key, name]), thing, kind);
                }
            }
        }
    }

    /// A random edit of an attribute: what was done, and the spec with it.
    pub fn of(&self, attribute: &str, rng: &mut Rng) -> Option<(String, SourceTree)> {
        let (kind, name) = attribute.split_once('.')?;
        // Most attributes are set in few places; half of the edits go there.
        let places = self.places.get(kind)?;
        let set: Vec<_> =
            places.iter().filter(|place| self.at(place).is_some_and(|it| it.get(name).is_some())).collect();
        let place = if set.is_empty() || rng.bool() { rng.choice(places)? } else { rng.choice(set)? };
        let mut files = self.files.clone();
        let thing = place.keys.iter().try_fold(files.get_mut(&place.file)?, |value, key| match key.as_u64() {
            Some(index) => value.get_mut(usize::try_from(index).ok()?),
            None => value.get_mut(key),
        })?;
        let thing = thing.as_mapping_mut()?;
        let before = thing.get(name).cloned();
        let after = self.changed(attribute, before.as_ref(), rng);
        // A promise needs grounds, and an object a name and words unless it is flattened.
        let is_set = after == Some(Value::Bool(true));
        match name {
            "always" if is_set => drop(thing.insert("evidence".into(), "A page.".into())),
            "flatten" if is_set => drop(thing.shift_remove("as")),
            "flatten" => thing
                .extend([("as", "FreshName"), ("doc", "An object.")].map(|(key, value)| (key.into(), value.into()))),
            _ => {}
        }
        match &after {
            Some(value) => drop(thing.insert(name.into(), value.clone())),
            None => drop(thing.shift_remove(name)),
        }
        let keys: Vec<_> = place.keys.iter().map(|key| inline(Some(key))).collect();
        let edit = format!(
            "{}: {}.{name}: {}, was {}",
            place.file,
            keys.join("."),
            inline(after.as_ref()),
            inline(before.as_ref())
        );
        let texts = files.into_iter().map(|(path, value)| {
            let up = "../".repeat(path.matches('/').count());
            let text = serde_yaml::to_string(&value).unwrap();
            (path, format!("# yaml-language-server: $schema={up}schema.json\n{text}").into_bytes())
        });
        Some((edit, SourceTree::from_files(texts)))
    }

    fn at(&self, place: &Place) -> Option<&Value> {
        place.keys.iter().try_fold(self.files.get(&place.file)?, |value, key| match key.as_u64() {
            Some(index) => value.get(usize::try_from(index).ok()?),
            None => value.get(key),
        })
    }

    /// Another value of an attribute, or none.
    fn changed(&self, attribute: &str, before: Option<&Value>, rng: &mut Rng) -> Option<Value> {
        let (kind, name) = attribute.split_once('.')?;
        let format = &self.schema["$defs"][kind]["properties"][name];
        let definition = reference(format).or_else(|| reference(&format["anyOf"][0]));
        let choices = definition.and_then(|name| self.schema["$defs"][name]["oneOf"].as_array());
        if let Some(choices) = choices.filter(|_| rng.bool()) {
            return rng.choice(choices).and_then(|choice| choice["const"].as_str()).map(Value::from);
        }
        match before {
            Some(_) if rng.u8(..4) == 0 => None,
            Some(Value::Bool(flag)) => Some(Value::Bool(!flag)),
            Some(Value::Number(number)) => Some(Value::from(number.as_i64().unwrap_or_default() + rng.i64(-1..3))),
            Some(Value::String(text)) if text.ends_with('.') => Some(Value::from(format!("{text} And more."))),
            Some(Value::Mapping(map)) if rng.bool() => Some(Value::Mapping(rearranged(map, rng))),
            Some(Value::Sequence(list)) if rng.bool() => {
                let mut list = list.clone();
                rng.shuffle(&mut list);
                list.truncate(rng.usize(1..=list.len().max(1)));
                Some(Value::Sequence(list))
            }
            // Another route that no operation has.
            Some(Value::String(text)) if name == "http" => Some(Value::from(format!("{text}/more"))),
            // A name that nothing has yet, for types and the like.
            Some(Value::String(_)) if matches!(name, "rust" | "as" | "title" | "docs" | "path" | "value") => {
                let names = ["fresh_name", "FreshName", "fresh-name"];
                rng.choice(names).map(Value::from)
            }
            _ if format["type"] == "boolean" => Some(Value::Bool(true)),
            None if format["type"] == "array" => Some(Value::Sequence(vec!["A sentence.".into()])),
            _ => self.values.get(attribute).and_then(|values| rng.choice(values)).cloned().or_else(|| {
                let texts: [Value; 4] = ["fresh_name".into(), "FreshName".into(), "A sentence.".into(), 3.into()];
                rng.choice(texts)
            }),
        }
    }
}

/// A map in another order, with an entry less, or with one renamed.
fn rearranged(map: &Mapping, rng: &mut Rng) -> Mapping {
    let mut entries: Vec<_> = map.clone().into_iter().collect();
    let index = rng.usize(..entries.len().max(1));
    match rng.u8(..3) {
        0 => rng.shuffle(&mut entries),
        1 if index < entries.len() => drop(entries.remove(index)),
        _ => {
            if let Some((name, _)) = entries.get_mut(index)
                && let Some(old) = name.as_str()
            {
                *name = format!("{old}Too").into();
            }
        }
    }
    entries.into_iter().collect()
}

fn kind_of_file(path: &str) -> &'static str {
    match path {
        "errors.yaml" => "Errors",
        "events.yaml" => "Events",
        "groups.yaml" => "Groups",
        "scopes.yaml" => "Scopes",
        path if path.starts_with("types/") => "Types",
        path if path.ends_with("/family.yaml") => "Family",
        _ => "Operation",
    }
}

fn reference(format: &Json) -> Option<&str> {
    format["$ref"].as_str()?.rsplit('/').next()
}

fn inline(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), |value| serde_json::to_string(value).unwrap_or_default())
}
