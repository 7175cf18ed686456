//! A call that has passed every check that the spec can make, as a handler sees it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::clock::Time;
use crate::contract::Operation;
use crate::journal::Effect;
use crate::paging::{self, Listing};
use crate::refusal::Refusal;
use crate::state::{App, Entry, EntryId, EventKind, Piece, Space, World};

/// What a handler makes of a call: the body of the answer, or a refusal. An empty answer is `Value::Null`.
pub type Outcome = Result<Value, Refusal>;

/// What does the work of an operation.
pub type Handler = fn(&mut Call<'_>) -> Outcome;

/// A file that came in a form.
#[derive(Debug, Clone)]
pub struct SentFile {
    /// Its name.
    pub name: String,
    /// Its bytes, which are stored already.
    pub piece: Piece,
}

/// A call.
pub struct Call<'a> {
    /// The operation.
    pub operation: &'static Operation,
    /// Everything that the emulator remembers.
    pub world: &'a mut World,
    /// The parameters.
    pub input: Input,
    /// App that calls; the token operations have none.
    pub app: Option<App>,
    /// The operator, by unionId; empty where the operation names none.
    pub operator: String,
    /// Address of the object storage, without a slash at the end.
    pub storage_url: &'a str,
    /// What was changed, for the ledger.
    pub effects: Vec<Effect>,
    /// Files of the form by the names of their parts; those that are left behind are dropped.
    pub files: BTreeMap<String, SentFile>,
    /// Blobs that nothing needs any more.
    pub dropped_blobs: Vec<String>,
    /// Seconds that a new token lives.
    pub token_seconds: i64,
}

impl Call<'_> {
    /// The moment.
    pub fn now(&self) -> Time {
        self.world.now()
    }

    /// Notes that something was changed: `what` is a short name such as `file.committed`.
    pub fn effect(&mut self, what: &'static str, subject: impl Into<String>) {
        self.effects.push(Effect { what, subject: subject.into() });
    }

    /// Tells subscribers what the operator did to an entry.
    pub fn tell(&mut self, kind: EventKind, entry: EntryId) {
        self.world.tell(kind, entry, &self.operator);
    }

    /// Id of the calling app on the open platform.
    pub fn app_id(&self) -> String {
        self.app.as_ref().map(|app| app.app_id.clone()).unwrap_or_default()
    }

    /// The space that a parameter names.
    ///
    /// # Errors
    ///
    /// `spaceNotExist`, or the code for a wrong parameter when it is no id at all.
    pub fn space(&self, parameter: &str) -> Result<&Space, Refusal> {
        let id = self.number(parameter)?;
        self.world.spaces.find(id).ok_or_else(|| Refusal::new("spaceNotExist").because(format!("{parameter} {id}")))
    }

    /// The entry of a space that a parameter names by its id; `0` is the root.
    ///
    /// # Errors
    ///
    /// `spaceNotExist` or `dentryNotExist`, or the code for a wrong parameter when it is no id at all.
    pub fn entry(&self, space_parameter: &str, parameter: &str) -> Result<&Entry, Refusal> {
        let space = self.space(space_parameter)?;
        let id = self.number(parameter)?;
        self.world
            .entry_of(space, id)
            .ok_or_else(|| Refusal::new("dentryNotExist").because(format!("{parameter} {id} in space {}", space.id)))
    }

    /// The digits of an id, which is refused as a wrong parameter when the operation documents that and it has others.
    fn number(&self, parameter: &str) -> Result<&str, Refusal> {
        let id = self.input.text(parameter);
        let code = format!("paramError.{parameter}");
        if self.operation.documents(&code) && !id.bytes().all(|each| each.is_ascii_digit()) {
            return Err(Refusal::new(code).because(format!("{parameter} {id} is no number")));
        }
        Ok(id)
    }

    /// The entry that a parameter names by its uuid.
    ///
    /// # Errors
    ///
    /// `dentryNotExist`.
    pub fn entry_by_uuid(&self, parameter: &str) -> Result<&Entry, Refusal> {
        let uuid = self.input.text(parameter);
        let found = self.world.entries.by_uuid(uuid);
        found.ok_or_else(|| Refusal::new("dentryNotExist").because(format!("{parameter} {uuid}")))
    }

    /// Where the page that is asked for starts: behind what this position names. Nothing for the first page.
    ///
    /// # Errors
    ///
    /// `paramError` when the token is not one of this list, or has gone stale.
    pub fn page_start<T: serde::de::DeserializeOwned>(&self) -> Result<Option<T>, Refusal> {
        let Some(page) = &self.operation.page else { return Ok(None) };
        let Some(token) = self.input.text_of(&page.token).filter(|token| !token.is_empty()) else { return Ok(None) };
        let position = paging::open(token, self.listing(), self.now());
        let refusal = || Refusal::new("paramError").because("the page token is stale or of another list; start over");
        position.ok_or_else(refusal).map(Some)
    }

    /// How many elements the page may have.
    pub fn page_size(&self, usual: usize) -> usize {
        let size = self.operation.page.as_ref().and_then(|page| page.size.as_deref());
        let size = size.and_then(|size| self.input.integer(size)).and_then(|size| usize::try_from(size).ok());
        size.unwrap_or(usual).max(1)
    }

    /// Token of the page that starts behind a position.
    pub fn page_token<T: serde::Serialize>(&self, position: &T) -> String {
        paging::seal(position, self.listing(), self.now())
    }

    /// What tells this list from others: the operation and all parameters but those of the page.
    fn listing(&self) -> Listing {
        let mut input = self.input.values.clone();
        if let Some(page) = &self.operation.page {
            for name in std::iter::once(&page.token).chain(&page.size) {
                take(&mut input, name);
            }
        }
        Listing::new(&self.operation.name, &input)
    }

    /// An entry by its id that a handler has just made or changed.
    ///
    /// # Errors
    ///
    /// `systemError`, when it is not there after all.
    pub fn stored(&self, id: EntryId) -> Result<&Entry, Refusal> {
        self.world.entries.get(id).ok_or_else(|| Refusal::new("systemError").because("the entry was lost"))
    }
}

fn take(values: &mut Map<String, Value>, name: &str) {
    match name.split_once('.') {
        None => drop(values.remove(name)),
        Some((holder, name)) => {
            if let Some(holder) = values.get_mut(holder).and_then(Value::as_object_mut) {
                holder.remove(name);
            }
        }
    }
}

/// The parameters of a call: those of path, query and body together, checked, with the spec's defaults filled in.
/// Names with a dot lead into objects: `option.conflictStrategy`.
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// The values by name.
    pub values: Map<String, Value>,
}

impl Input {
    /// A value.
    pub fn value(&self, name: &str) -> Option<&Value> {
        let mut parts = name.split('.');
        let mut value = self.values.get(parts.next()?)?;
        for part in parts {
            value = value.get(part)?;
        }
        Some(value)
    }

    /// A text that may be left out.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.value(name)?.as_str()
    }

    /// A text that the spec requires, or gives a default; empty when it is not there.
    pub fn text(&self, name: &str) -> &str {
        self.text_of(name).unwrap_or_default()
    }

    /// A number.
    pub fn integer(&self, name: &str) -> Option<i64> {
        self.value(name)?.as_i64()
    }

    /// Whether something is so; what is left out is not.
    pub fn flag(&self, name: &str) -> bool {
        self.value(name).and_then(Value::as_bool).unwrap_or_default()
    }

    /// A list; empty when it is left out.
    pub fn list(&self, name: &str) -> &[Value] {
        self.value(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// The texts of a list.
    pub fn texts(&self, name: &str) -> Vec<String> {
        self.list(name).iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }
}
