//! All documents at once, in the form that the checks walk over.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ptr;
use std::rc::Rc;

use indexmap::IndexMap;

use crate::document::{Content, Document, Parsed};
use crate::finding::Place;
use crate::layout::{self, Role};
use crate::model::{Errors, Events, Family, Field, Groups, Map, Operation, Scopes, Token, TypeDef};
use crate::suggest::Names;

/// The documents of a spec, without those that could not be read.
pub(crate) struct Workspace<'a> {
    pub(crate) operations: Vec<OperationFile<'a>>,
    pub(crate) families: Vec<FamilyFile<'a>>,
    /// Every definition of a type, also when a name is defined twice.
    pub(crate) definitions: Vec<Definition<'a>>,
    /// The first definition of each type, as an index into `definitions`.
    types: IndexMap<&'a str, usize>,
    /// Types that are defined more than once, so that nobody knows what they are.
    ambiguous: BTreeSet<&'a str>,
    pub(crate) errors: Option<(&'a Document, &'a Errors)>,
    pub(crate) groups: Option<(&'a Document, &'a Groups)>,
    pub(crate) scopes: Option<(&'a Document, &'a Scopes)>,
    pub(crate) events: Option<(&'a Document, &'a Events)>,
    /// Every file that is there, readable or not.
    pub(crate) paths: BTreeSet<&'a str>,
    /// Whether all files could be read, so that what is not found is really not there.
    pub(crate) complete: bool,
    /// The same for the files of `types/`.
    pub(crate) types_complete: bool,
    documents: Vec<&'a Document>,
    /// Names to compare misspelt ones with, by the list that has them.
    guesses: RefCell<HashMap<*const (), Rc<Names<String>>>>,
    usage: BTreeMap<&'a str, Usage>,
}

pub(crate) struct OperationFile<'a> {
    pub(crate) document: &'a Document,
    pub(crate) operation: &'a Operation,
    /// Name of the folder.
    pub(crate) folder: &'a str,
    /// Name of the file without `.yaml`.
    pub(crate) stem: &'a str,
    pub(crate) fields: Vec<FieldSite<'a>>,
}

pub(crate) struct FamilyFile<'a> {
    pub(crate) document: &'a Document,
    pub(crate) family: &'a Family,
    pub(crate) folder: &'a str,
}

/// One definition of a shared type.
pub(crate) struct Definition<'a> {
    pub(crate) document: &'a Document,
    pub(crate) name: &'a str,
    pub(crate) def: &'a TypeDef,
    pub(crate) fields: Vec<FieldSite<'a>>,
}

/// The part of the spec that a field belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section<'a> {
    Path,
    Query,
    Body,
    Response,
    /// A shared type.
    Type(&'a str),
}

/// A field with its place.
pub(crate) struct FieldSite<'a> {
    pub(crate) document: &'a Document,
    /// Keys that lead to it, for example `body`, `option`, `fields`, `size`.
    pub(crate) path: Vec<&'a str>,
    pub(crate) wire: &'a str,
    pub(crate) field: &'a Field,
    /// The fields of the object that it stands in, itself among them.
    pub(crate) siblings: &'a Map<Field>,
    pub(crate) section: Section<'a>,
    /// 0 directly in the section, more within inline objects.
    pub(crate) depth: usize,
    /// The object around it that is flattened into the request.
    pub(crate) flattened_from: Option<&'a Field>,
}

/// Where values of a type go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) request: bool,
    pub(crate) answer: bool,
}

impl<'a> Workspace<'a> {
    pub(crate) fn new(parsed: &'a [&'a Parsed]) -> Self {
        let mut workspace = Self {
            operations: Vec::new(),
            families: Vec::new(),
            definitions: Vec::new(),
            types: IndexMap::new(),
            ambiguous: BTreeSet::new(),
            errors: None,
            groups: None,
            scopes: None,
            events: None,
            paths: parsed.iter().map(|file| file.path.as_str()).collect(),
            complete: parsed.iter().all(|file| file.document.is_some()),
            types_complete: true,
            documents: parsed.iter().filter_map(|file| file.document.as_ref()).collect(),
            guesses: RefCell::default(),
            usage: BTreeMap::new(),
        };
        for file in parsed {
            match &file.document {
                Some(document) => workspace.add(document),
                None => workspace.types_complete &= layout::file(&file.path) != Ok(Role::Types),
            }
        }
        workspace.usage = workspace.compute_usage();
        workspace
    }

    fn add(&mut self, document: &'a Document) {
        match (&document.content, layout::file(&document.source.path)) {
            (Content::Operation(operation), Ok(Role::Operation { family, stem })) => {
                let fields = operation_fields(document, operation);
                self.operations.push(OperationFile { document, operation, folder: family, stem, fields });
            }
            (Content::Family(family), Ok(Role::Family { folder })) => {
                self.families.push(FamilyFile { document, family, folder });
            }
            (Content::Types(types), _) => {
                self.types_complete &= !document.may_lack_entries("types");
                for (name, def) in &types.types {
                    self.define(document, name, def);
                }
            }
            (Content::Errors(errors), _) => self.errors = Some((document, errors)),
            (Content::Groups(groups), _) => self.groups = Some((document, groups)),
            (Content::Scopes(scopes), _) => self.scopes = Some((document, scopes)),
            (Content::Events(events), _) => self.events = Some((document, events)),
            (Content::Operation(_) | Content::Family(_), _) => {}
        }
    }

    fn define(&mut self, document: &'a Document, name: &'a str, def: &'a TypeDef) {
        let mut fields = Vec::new();
        if let Some(map) = &def.fields {
            collect(document, &["types", name, "fields"], map, Section::Type(name), 0, None, &mut fields);
        }
        if self.types.contains_key(name) {
            self.ambiguous.insert(name);
        } else {
            self.types.insert(name, self.definitions.len());
        }
        self.definitions.push(Definition { document, name, def, fields });
    }

    /// Every file that could be read.
    pub(crate) fn documents(&self) -> impl Iterator<Item = &'a Document> {
        self.documents.iter().copied()
    }

    /// A shared type by its name.
    pub(crate) fn definition(&self, name: &str) -> Option<&Definition<'a>> {
        self.definitions.get(*self.types.get(name)?)
    }

    /// Whether a shared type is defined more than once.
    pub(crate) fn is_ambiguous(&self, name: &str) -> bool {
        self.ambiguous.contains(name)
    }

    /// Names of the shared types.
    pub(crate) fn type_names(&self) -> impl Iterator<Item = &'a str> {
        self.types.keys().copied()
    }

    /// "Did you mean" among the names of a map. It is asked for each wrong name, and there may be thousands of both.
    pub(crate) fn did_you_mean<T>(&self, name: &str, known: &Map<T>) -> Option<String> {
        let names = || Rc::new(Names::new(known.keys().cloned()));
        let names = Rc::clone(self.guesses.borrow_mut().entry(ptr::from_ref(known).cast()).or_insert_with(names));
        names.did_you_mean(name)
    }

    /// All fields of all operations and types.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &FieldSite<'a>> {
        let operations = self.operations.iter().flat_map(|file| &file.fields);
        operations.chain(self.definitions.iter().flat_map(|definition| &definition.fields))
    }

    /// Where values of a field go.
    pub(crate) fn usage(&self, site: &FieldSite<'_>) -> Usage {
        match site.section {
            Section::Path | Section::Query | Section::Body => Usage { request: true, answer: false },
            Section::Response => Usage { request: false, answer: true },
            Section::Type(name) => self.type_usage(name),
        }
    }

    /// Where values of a shared type go.
    pub(crate) fn type_usage(&self, name: &str) -> Usage {
        self.usage.get(name).copied().unwrap_or_default()
    }

    /// Where the token of an operation goes, if that is known.
    pub(crate) fn token(&self, file: &OperationFile<'_>) -> Option<Token> {
        match file.operation.token {
            Token::Family => {
                let family = self.families.iter().find(|family| family.folder == file.folder);
                family.map(|family| family.family.token)
            }
            token => Some(token),
        }
    }

    /// Whether an operation is called with the token of a person.
    pub(crate) fn takes_token_of_a_person(&self, file: &OperationFile<'_>) -> bool {
        self.token(file) == Some(Token::User)
    }

    fn compute_usage(&self) -> BTreeMap<&'a str, Usage> {
        let mut usage: BTreeMap<&str, Usage> = BTreeMap::new();
        let of_operations = self.operations.iter().flat_map(|file| &file.fields);
        let of_operations = of_operations.filter_map(|site| Some((site.core()?, self.usage(site))));
        let of_events = self.events.iter().flat_map(|(_, events)| events.events.values());
        let of_events = of_events.map(|event| (event.data.name(), Usage { request: false, answer: true }));
        let of_persons = self.operations.iter().filter(|file| self.takes_token_of_a_person(file));
        let of_persons = of_persons.map(|_| (Token::OF_A_PERSON, Usage { request: true, answer: false }));
        let mut pending: Vec<(&str, Usage)> = of_operations.chain(of_events).chain(of_persons).collect();
        while let Some((name, added)) = pending.pop() {
            let Some(definition) = self.definition(name) else { continue };
            let known = usage.entry(definition.name).or_default();
            let both = Usage { request: known.request || added.request, answer: known.answer || added.answer };
            if *known != both {
                *known = both;
                pending.extend(definition.fields.iter().filter_map(|site| Some((site.core()?, both))));
            }
        }
        usage
    }
}

impl<'a> OperationFile<'a> {
    /// What a caller passes: parameters and fields of the body, with flattened objects replaced by their fields.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &FieldSite<'a>> {
        self.fields.iter().filter(|site| site.is_parameter())
    }

    /// Fields of the answer.
    pub(crate) fn answer(&self) -> impl Iterator<Item = &FieldSite<'a>> {
        self.fields.iter().filter(|site| site.section == Section::Response && site.depth == 0)
    }

    /// Whether the file may have parameters that the model lacks.
    pub(crate) fn may_lack_parameters(&self) -> bool {
        ["path", "query", "body"].iter().any(|section| self.document.may_lack_fields(section))
    }
}

impl<'a> FieldSite<'a> {
    pub(crate) fn is_parameter(&self) -> bool {
        let in_request = matches!(self.section, Section::Path | Section::Query | Section::Body);
        in_request && !self.field.flatten && (self.depth == 0 || self.flattened_from.is_some())
    }

    /// Whether a request is refused without it. An object that may be left out demands none of its fields.
    pub(crate) fn is_required(&self) -> bool {
        (self.field.required && self.flattened_from.is_none_or(|object| object.required))
            || self.section == Section::Path
    }

    /// The name at the core of its type, if it names one.
    pub(crate) fn core(&self) -> Option<&'a str> {
        self.field.kind.as_ref().map(crate::model::TypeRef::name)
    }

    /// The key of the field.
    pub(crate) fn key(&self) -> Place {
        self.document.key(&self.path)
    }

    /// The value of one of its attributes; the key of the field when it does not have it.
    pub(crate) fn at(&self, attribute: &str) -> Place {
        self.document.value(&self.path_to(&[attribute]))
    }

    /// The key of one of its attributes; the key of the field when it does not have it.
    pub(crate) fn key_of(&self, attribute: &str) -> Place {
        self.document.key(&self.path_to(&[attribute]))
    }

    /// Whether the file has the attribute.
    pub(crate) fn has(&self, attribute: &str) -> bool {
        self.document.has(&self.path_to(&[attribute]))
    }

    pub(crate) fn path_to<'b>(&self, rest: &[&'b str]) -> Vec<&'b str>
    where
        'a: 'b,
    {
        self.path.iter().copied().chain(rest.iter().copied()).collect()
    }
}

fn operation_fields<'a>(document: &'a Document, operation: &'a Operation) -> Vec<FieldSite<'a>> {
    let mut fields = Vec::new();
    let sections = [
        ("path", &operation.path, Section::Path),
        ("query", &operation.query, Section::Query),
        ("body", &operation.body, Section::Body),
        ("response", &operation.response, Section::Response),
    ];
    for (name, map, section) in sections {
        collect(document, &[name], map, section, 0, None, &mut fields);
    }
    fields
}

/// Fields that something is true of, in objects that it is true of, too. Objects come before their fields.
pub(crate) fn all_the_way<'w, 'a>(
    fields: &'w [FieldSite<'a>],
    holds: impl Fn(&FieldSite<'a>) -> bool,
) -> impl Iterator<Item = &'w FieldSite<'a>> {
    let mut left_out: Option<usize> = None;
    fields.iter().filter(move |site| {
        if left_out.is_some_and(|depth| site.depth > depth) {
            return false;
        }
        let holds = holds(site);
        left_out = (!holds).then_some(site.depth);
        holds
    })
}

/// The depth of a document is limited, so recursion is safe.
fn collect<'a>(
    document: &'a Document,
    path: &[&'a str],
    map: &'a Map<Field>,
    section: Section<'a>,
    depth: usize,
    flattened_from: Option<&'a Field>,
    fields: &mut Vec<FieldSite<'a>>,
) {
    for (wire, field) in map {
        let path: Vec<&str> = path.iter().copied().chain([wire.as_str()]).collect();
        let inner: Vec<&str> = path.iter().copied().chain(["fields"]).collect();
        let flattened = (field.flatten && section == Section::Body && depth == 0).then_some(field);
        fields.push(FieldSite { document, path, wire, field, siblings: map, section, depth, flattened_from });
        collect(document, &inner, &field.fields, section, depth + 1, flattened, fields);
    }
}
