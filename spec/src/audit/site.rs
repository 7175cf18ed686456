//! A place that both sources are compared at.

use super::disagreement::SharedField;

/// Part of an operation or event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Path,
    Query,
    Body,
    Response,
    /// What an event carries.
    Data,
}

impl Section {
    /// Key in the spec.
    fn key(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Body => "body",
            Self::Response => "response",
            Self::Data => "data",
        }
    }

    /// Key in the evidence.
    fn evidence_key(self) -> &'static str {
        if self == Self::Path { "pathParameters" } else { self.key() }
    }
}

/// A place in an operation or event, and where the spec describes it: in its own file, or in that of a shared type.
#[derive(Debug, Clone)]
pub(super) struct Site {
    /// The operation; the event after the word `event`.
    operation: String,
    /// Keys that lead to it in the evidence.
    evidence: [String; 2],
    /// Keys that lead to it in its file.
    base: Vec<String>,
    section: Option<Section>,
    /// Names of the fields that lead there.
    names: Vec<String>,
    file: String,
    /// Keys that lead there in the file.
    keys: Vec<String>,
    /// The shared type that the file describes there, and how many of the names lead to it.
    shared: Option<(String, usize)>,
}

impl Site {
    /// The operation itself.
    pub(super) fn operation(name: &str, file: &str) -> Self {
        let evidence = ["operations", name].map(str::to_owned);
        Self::start(name.to_owned(), evidence, file, Vec::new())
    }

    /// An event itself.
    pub(super) fn event(name: &str) -> Self {
        let keys = ["events", name].map(str::to_owned);
        Self::start(format!("event {name}"), keys.clone(), "events.yaml", keys.to_vec())
    }

    fn start(operation: String, evidence: [String; 2], file: &str, base: Vec<String>) -> Self {
        let (file, keys) = (file.to_owned(), base.clone());
        Self { operation, evidence, base, section: None, names: Vec::new(), file, keys, shared: None }
    }

    /// A key of the operation or event.
    pub(super) fn key(&self, key: &str) -> Self {
        let mut keys = self.base.clone();
        keys.push(key.to_owned());
        Self { keys, ..self.clone() }
    }

    /// A part of the operation or event.
    pub(super) fn section(&self, section: Section) -> Self {
        Self { section: Some(section), ..self.key(section.key()) }
    }

    /// A field of what is here.
    pub(super) fn field(&self, name: &str) -> Self {
        let mut field = self.clone();
        field.names.push(name.to_owned());
        field.keys.push(name.to_owned());
        field
    }

    /// The fields of the object here, which stand in place.
    pub(super) fn inline(&self) -> Self {
        let mut inline = self.clone();
        inline.keys.push("fields".to_owned());
        inline
    }

    /// The fields of the object here, which stand in a shared type.
    pub(super) fn within(&self, shared: &str, file: &str) -> Self {
        Self {
            file: file.to_owned(),
            keys: ["types", shared, "fields"].map(str::to_owned).to_vec(),
            shared: Some((shared.to_owned(), self.names.len())),
            ..self.clone()
        }
    }

    pub(super) fn operation_name(&self) -> &str {
        &self.operation
    }

    pub(super) fn in_section(&self) -> Section {
        self.section.unwrap_or(Section::Path)
    }

    pub(super) fn file(&self) -> &str {
        &self.file
    }

    pub(super) fn keys(&self) -> &[String] {
        &self.keys
    }

    /// The place within the operation, with dots; empty for the operation itself.
    pub(super) fn path(&self) -> String {
        let section = self.section.iter().map(|section| section.key());
        section.chain(self.names.iter().map(String::as_str)).collect::<Vec<_>>().join(".")
    }

    /// The place within the nearest shared type.
    pub(super) fn shared(&self) -> Option<SharedField> {
        let (name, depth) = self.shared.as_ref()?;
        Some(SharedField { name: name.clone(), field: self.names.get(*depth..)?.join(".") })
    }

    /// Keys that lead there in the evidence.
    pub(super) fn evidence_keys(&self) -> Vec<String> {
        let mut keys = self.evidence.to_vec();
        keys.extend(self.section.map(|section| section.evidence_key().to_owned()));
        for (depth, name) in self.names.iter().enumerate() {
            if depth > 0 {
                keys.push("fields".to_owned());
            }
            keys.push(name.clone());
        }
        keys
    }
}
