//! A page of an operation that the spec does not have, as the file that the spec would have for it: all that the page
//! says, and in place of texts what is still to be written.

mod facts;
mod field;
mod lists;
mod part;
mod render;
mod roles;

use std::collections::{BTreeMap, BTreeSet};

use dingtalk_storage_spec::{FamilySpec, SourceTree, Spec, compile_draft, naming, unwritten};

use crate::dictionary::Dictionary;
use crate::kind::Kind;
use crate::page::{At, Example, Page, Table};
use crate::rendering::{Language, Rendering};
use crate::{Drift, Subject};

pub(crate) use field::{Maker, NewField, Side};
pub(crate) use lists::Lists;
pub(crate) use part::Part;
pub(crate) use render::{enum_value, value};

/// What the file of a page is called, where a person knows better than the page.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The family, for example `storage_v1`; found by the path without it.
    pub family: Option<String>,
    /// The operation, for example `CommitFile`; made of the slug of the page without it.
    pub operation: Option<String>,
}

/// An operation made of a page.
#[derive(Debug, Clone)]
pub struct Skeleton {
    /// Full name of the operation.
    pub operation: String,
    /// Files that the spec does not have: path within the spec and text.
    pub new: BTreeMap<String, String>,
    /// Files of the spec with what they lacked.
    pub changed: BTreeMap<String, String>,
    /// What was guessed, because no page says it.
    pub guessed: Vec<String>,
    /// What the page leaves open.
    pub open: Vec<At<String>>,
    /// What `check` finds beside the texts that are to be written; nothing, in general.
    pub findings: Vec<String>,
}

/// Why a page makes no operation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoSkeleton {
    /// It is about something else.
    #[error("the page is about no operation")]
    NoOperation,
    /// The spec has it.
    #[error("the spec has the operation already: {0}")]
    Known(String),
    /// Method or path are missing.
    #[error("the page has no {0}")]
    Incomplete(&'static str),
    /// No family has such paths.
    #[error("no family has operations below `{0}`: name one with `--family`, and make it first where it is new")]
    NoFamily(String),
    /// There is such a file.
    #[error("`{0}` is there already and is not overwritten: name the operation with `--name`")]
    FileExists(String),
    /// The name is none.
    #[error("`{0}` is no name of an operation: write it as `CommitFile`")]
    Name(String),
}

/// An operation before it is written.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    name: String,
    line: usize,
    slug: Option<String>,
    chinese: bool,
    legacy: bool,
    http: String,
    group: String,
    apps: Vec<&'static str>,
    scope: Option<String>,
    effect: &'static str,
    token: Option<&'static str>,
    operator: Option<String>,
    page: Option<String>,
    task: Option<String>,
    batch: Option<String>,
    form: bool,
    path: Vec<NewField>,
    query: Vec<NewField>,
    body: Vec<NewField>,
    response: Vec<NewField>,
    errors: BTreeMap<u16, Vec<String>>,
}

/// Makes what stands for texts.
#[derive(Debug, Clone)]
pub(crate) struct Texts {
    pub(crate) page: String,
}

impl Texts {
    /// Texts that say what `file` says, without its folders.
    pub(crate) fn of(file: &str) -> Self {
        let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
        let page = name.chars().map(|each| if each.is_alphanumeric() || "-_.".contains(each) { each } else { '-' });
        Self { page: page.take(80).collect() }
    }

    pub(crate) fn at(&self, line: usize) -> String {
        unwritten::text(&format!("line {line} of {}", self.page))
    }
}

/// Makes the operation of a page.
///
/// # Errors
///
/// [`NoSkeleton`]: when the page is none of an unknown operation, or its place is not clear or taken.
pub fn skeleton(spec: &Spec, tree: &SourceTree, drift: &Drift, wanted: &Wanted) -> Result<Skeleton, NoSkeleton> {
    match &drift.subject {
        Subject::Unknown => {}
        Subject::Other => return Err(NoSkeleton::NoOperation),
        Subject::Operation(name) => return Err(NoSkeleton::Known(name.clone())),
    }
    let page = &drift.page;
    let path = page.path.as_ref().filter(|path| path.value.starts_with('/')).ok_or(NoSkeleton::Incomplete("URL"))?;
    let method = page.method.as_ref().or(page.method_of_example().as_ref()).cloned();
    let method = method.ok_or(NoSkeleton::Incomplete("HTTP method"))?;
    let neighbour = facts::neighbour(spec, &path.value, wanted.family.as_deref());
    let (family, item) = neighbour.ok_or_else(|| NoSkeleton::NoFamily(path.value.clone()))?;
    let slug = facts::slug(drift);
    let name = wanted.operation.clone().unwrap_or_else(|| facts::name(slug.as_deref(), page));
    let family_name = family.family.family.clone();
    let [file, types_file] = free_files(tree, &family_name, &name)?;
    let mut making = Making { spec, page, family, open: Vec::new() };
    let dictionary = Dictionary::of(spec);
    let mut maker = Maker {
        spec,
        dictionary: &dictionary,
        family: &family_name,
        operation: &name,
        enums: Vec::new(),
        taken: BTreeSet::new(),
    };
    let mut made = Draft {
        line: page.path.as_ref().map_or(1, |path| path.line),
        slug,
        http: format!("{} {}", method.value, path.value),
        group: item.operation.group.clone(),
        name: name.clone(),
        ..Draft::default()
    };
    making.facts(&mut made);
    making.fields(&mut made, &mut maker);
    roles::guess(spec, &mut made);
    let enums = maker.enums;
    let texts = Texts::of(&drift.file);
    let changed = making.lists(tree, &made, &texts);
    let mut open = making.open;
    open.sort_by_key(|each| each.line);
    open.dedup();
    let around =
        changed.iter().fold(tree.clone(), |tree, (path, text)| tree.with_file(path, text.clone().into_bytes()));
    let render = |made: &Draft| {
        let mut new = BTreeMap::from([(file.clone(), render::operation(made, &file, &texts))]);
        if !enums.is_empty() {
            new.insert(types_file.clone(), render::enums(&enums, &types_file, &texts));
        }
        new
    };
    let (new, findings) = settle(&around, &mut made, render);
    Ok(Skeleton {
        operation: format!("{family_name}.{name}"),
        new,
        changed,
        guessed: guessed(&made, wanted, &enums),
        open,
        findings,
    })
}

/// The files of an operation and of its enums, which must not be there.
fn free_files(tree: &SourceTree, family: &str, name: &str) -> Result<[String; 2], NoSkeleton> {
    if !naming::is_identifier(name) || naming::variant(name) != name {
        return Err(NoSkeleton::Name(name.to_owned()));
    }
    let stem = naming::operation(name);
    let files = [format!("api/{family}/{stem}.yaml"), format!("types/{stem}.yaml")];
    let taken = files.iter().find(|file| tree.files().any(|(path, _)| path == file.as_str()));
    taken.map_or_else(|| Ok(files.clone()), |taken| Err(NoSkeleton::FileExists(taken.clone())))
}

/// Gives up guesses that `check` refuses, one after the other.
fn settle(
    tree: &SourceTree,
    draft: &mut Draft,
    render: impl Fn(&Draft) -> BTreeMap<String, String>,
) -> (BTreeMap<String, String>, Vec<String>) {
    let findings = |new: &BTreeMap<String, String>| {
        let tree = new.iter().fold(tree.clone(), |tree, (path, text)| tree.with_file(path, text.clone().into_bytes()));
        let report = compile_draft(&tree).err();
        report.map(|report| report.findings().iter().map(told).collect::<Vec<_>>()).unwrap_or_default()
    };
    let guesses: [fn(&mut Draft) -> &mut Option<String>; 4] =
        [|draft| &mut draft.batch, |draft| &mut draft.task, |draft| &mut draft.page, |draft| &mut draft.operator];
    let mut new = render(draft);
    let mut found = findings(&new);
    for guess in guesses {
        if found.is_empty() {
            break;
        }
        let Some(kept) = guess(draft).take() else { continue };
        let without = render(draft);
        let fewer = findings(&without);
        if fewer.len() < found.len() {
            (new, found) = (without, fewer);
        } else {
            *guess(draft) = Some(kept);
        }
    }
    (new, found)
}

fn told(finding: &dingtalk_storage_spec::Finding) -> String {
    let line = finding.primary().position().map_or(1, |(line, _)| line);
    format!("{}:{line}: {}: {}", finding.primary().path(), finding.code(), finding.message())
}

/// What a person has to look at, because it is no fact of the page.
fn guessed(draft: &Draft, wanted: &Wanted, enums: &[field::NewEnum]) -> Vec<String> {
    let mut guessed = Vec::new();
    if wanted.operation.is_none() {
        guessed.push(format!("the name {}: take that of the official SDK's action, with `--name`", draft.name));
    }
    guessed.push(format!("group {}: that of the operation with the most similar path", draft.group));
    if draft.effect == "write" {
        guessed.push("effect write: the careful one; `read` or `idempotent` where it is so".to_owned());
    }
    let roles = [("operator", &draft.operator), ("page", &draft.page), ("task", &draft.task), ("batch", &draft.batch)];
    guessed.extend(roles.iter().filter_map(|(role, value)| Some(format!("{role} {}", value.as_ref()?))));
    guessed.push("types of ids, sizes and times: those that fields of these names have elsewhere".to_owned());
    guessed.extend(enums.iter().map(|new| format!("the name of the enum {}", new.name)));
    guessed
}

struct Making<'a> {
    spec: &'a Spec,
    page: &'a Page,
    family: &'a FamilySpec,
    open: Vec<At<String>>,
}

impl Making<'_> {
    fn facts(&mut self, draft: &mut Draft) {
        let page = self.page;
        draft.chinese = page.language == Language::Chinese;
        draft.legacy = page.rendering == Rendering::Legacy;
        draft.effect = if draft.http.starts_with("GET ") { "read" } else { "write" };
        draft.token = facts::token(page, self.family);
        draft.scope = page.scope.as_ref().map(|scope| scope.value.clone()).filter(|scope| !scope.is_empty());
        if let Some(apps) = &page.apps {
            for app in &apps.value {
                match app.as_str() {
                    "internal" => draft.apps.push("internal"),
                    "third-party" => draft.apps.push("third-party"),
                    other => self.open.push(At { value: format!("what apps `{other}` are"), line: apps.line }),
                }
            }
        }
        for row in page.errors.iter().flat_map(|errors| &errors.rows) {
            let (status, code) = &row.value;
            let anywhere = self.spec.errors.get(code).is_some_and(|known| known.any_operation);
            let codes = draft.errors.entry(*status).or_default();
            if !anywhere && !codes.contains(code) {
                codes.push(code.clone());
            }
        }
        draft.errors.retain(|_, codes| !codes.is_empty());
    }

    fn fields(&mut self, draft: &mut Draft, maker: &mut Maker<'_>) {
        let body = self.page.request_example.as_ref().and_then(|example| example.body.as_ref());
        let path = self.parts(self.page.path_parameters.as_ref(), None, maker);
        let query = self.parts(self.page.query.as_ref(), None, maker);
        let body = self.parts(self.page.body.as_ref(), body, maker);
        let response = self.parts(self.page.response.as_ref(), self.page.response_example.as_ref(), maker);
        draft.form = body.iter().any(|part| part.kind == Kind::File);
        draft.path = maker.fields(&self.placeholders(path, &draft.http), Side::Request, false);
        // What stands in the path is required by itself.
        for field in &mut draft.path {
            field.required = false;
            field.default = None;
        }
        let query: Vec<Part> = query.into_iter().filter(|part| part.name != "access_token").collect();
        draft.query = maker.fields(&query, Side::Request, false);
        draft.body = maker.fields(&body, Side::Request, !draft.form);
        draft.response = maker.fields(&self.unwrapped(response), Side::Answer, false);
    }

    fn parts(&mut self, table: Option<&Table>, example: Option<&Example>, maker: &Maker<'_>) -> Vec<Part> {
        let Some(table) = table else { return Vec::new() };
        part::parts(table, example.map(|example| &example.value), maker.dictionary, &mut self.open)
    }

    /// The parameters that the path has, in its order; those that the table lacks are texts.
    fn placeholders(&mut self, parts: Vec<Part>, http: &str) -> Vec<Part> {
        let names = http.split('{').skip(1).filter_map(|rest| rest.split('}').next());
        let line = self.page.path.as_ref().map_or(1, |path| path.line);
        let mut found = Vec::new();
        for name in names {
            found.push(parts.iter().find(|part| part.name == name).cloned().unwrap_or_else(|| {
                self.open.push(At { value: format!("what `{name}` in the path is"), line });
                Part::text(name, line)
            }));
        }
        for part in parts.iter().filter(|part| !found.iter().any(|known| known.name == part.name)) {
            self.open
                .push(At { value: format!("where `{}` is, which is not in the path", part.name), line: part.line });
        }
        found
    }

    /// The answer without what every answer of the family has.
    fn unwrapped(&self, parts: Vec<Part>) -> Vec<Part> {
        let plain = self.family.family.envelope == dingtalk_storage_spec::model::Envelope::Plain;
        let is_own = |part: &Part| !matches!(part.name.as_str(), "errcode" | "errmsg" | "request_id");
        let mut parts: Vec<Part> = parts.into_iter().filter(|part| plain || is_own(part)).collect();
        if facts::is_wrapped(self.family)
            && let Some(result) = parts.iter_mut().find(|part| part.name == "result")
        {
            return std::mem::take(&mut result.children);
        }
        parts
    }

    /// Files that list what operations name, with what they lack.
    fn lists(&self, tree: &SourceTree, draft: &Draft, texts: &Texts) -> BTreeMap<String, String> {
        let mut lists = Lists { tree: tree.clone(), changed: BTreeMap::new() };
        let line = |code: &str| {
            let rows = self.page.errors.iter().flat_map(|errors| &errors.rows);
            rows.into_iter().find(|row| row.value.1 == code).map_or(1, |row| row.line)
        };
        for (status, codes) in &draft.errors {
            for code in codes.iter().filter(|code| !self.spec.errors.contains_key(*code)) {
                lists.error(code, *status, &texts.at(line(code)));
            }
        }
        if let Some(scope) = &draft.scope {
            let line = self.page.scope.as_ref().map_or(1, |scope| scope.line);
            lists.scope(scope, &texts.at(line));
        }
        lists.changed
    }
}

impl Page {
    /// The method of the example, where the table has none.
    fn method_of_example(&self) -> Option<At<String>> {
        self.request_example.as_ref().map(|example| At { value: example.method.clone(), line: example.line })
    }
}

impl Part {
    fn text(name: &str, line: usize) -> Self {
        Self {
            name: name.to_owned(),
            line,
            kind: Kind::Text,
            required: true,
            facts: crate::description::Facts::default(),
            children: Vec::new(),
            or_list: false,
        }
    }
}
