//! Which disagreements are right, and why.

use serde::Deserialize;

use super::disagreement::{About, Disagreement};
use super::lines::Tree;
use super::{InvalidSource, Sources};

/// The disputes in the order of the file.
pub(super) struct Disputes {
    pub(super) all: Vec<Dispute>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct DisputesFile {
    #[serde(default)]
    not_in_sdk: Vec<NotInSdk>,
    #[serde(default)]
    disputes: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotInSdk {
    operations: Vec<String>,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(default)]
    operations: Vec<String>,
    #[serde(default)]
    types: Vec<String>,
    #[serde(default)]
    fields: Vec<String>,
    about: About,
    spec: String,
    sdk: String,
    reason: String,
}

/// Where a dispute applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    /// In one operation; without a field, to the operation itself.
    Operation { name: String, field: String },
    /// Wherever the shared type is used.
    Type { name: String, field: String },
}

/// One disagreement that is right: an entry of the file for one operation or type and one field.
#[derive(Debug, Clone)]
pub(super) struct Dispute {
    pub(super) subject: Subject,
    pub(super) about: About,
    pub(super) spec: String,
    pub(super) sdk: String,
    pub(super) reason: String,
    pub(super) line: usize,
}

impl Dispute {
    /// Whether it is about this disagreement, with the same positions on both sides.
    pub(super) fn covers(&self, disagreement: &Disagreement) -> bool {
        let same_subject = match &self.subject {
            Subject::Operation { name, field } => *name == disagreement.operation && *field == disagreement.field,
            Subject::Type { name, field } => {
                disagreement.shared.as_ref().is_some_and(|shared| *name == shared.name && *field == shared.field)
            }
        };
        same_subject
            && self.about == disagreement.about
            && self.spec == disagreement.spec.says
            && self.sdk == disagreement.sdk.says
    }
}

impl Disputes {
    pub(super) fn read(text: &str) -> Result<Self, InvalidSource> {
        let tree = Tree::read(Sources::DISPUTES, text)?;
        let file: DisputesFile = serde_yaml::from_str(text).map_err(|error| {
            InvalidSource::new(Sources::DISPUTES, error.location().map(|at| at.line()), error.to_string())
        })?;
        let mut all = Vec::new();
        for (index, entry) in file.not_in_sdk.into_iter().enumerate() {
            all.extend(entry.expand(tree.line(&["notInSdk", &index.to_string()])));
        }
        for (index, entry) in file.disputes.into_iter().enumerate() {
            let line = tree.line(&["disputes", &index.to_string()]);
            let expanded = entry.expand(line);
            if expanded.is_empty() {
                let message = "a dispute names `operations` or `types`; about a shared type, it names `fields` too";
                return Err(InvalidSource::new(Sources::DISPUTES, line, message));
            }
            all.extend(expanded);
        }
        match all.iter().find(|dispute| dispute.reason.trim().is_empty()) {
            Some(dispute) => Err(InvalidSource::new(Sources::DISPUTES, dispute.line, "a dispute needs a reason")),
            None => Ok(Self { all }),
        }
    }
}

impl Disputes {
    /// What is disputed because the SDK is said to lack it.
    pub(super) fn absent(&self, about: About) -> impl Iterator<Item = &str> {
        self.all.iter().filter(move |dispute| dispute.about == about && dispute.sdk == "absent").filter_map(|dispute| {
            match &dispute.subject {
                Subject::Operation { name, .. } => Some(name.as_str()),
                Subject::Type { .. } => None,
            }
        })
    }
}

impl NotInSdk {
    fn expand(self, line: usize) -> impl Iterator<Item = Dispute> {
        self.operations.into_iter().map(move |name| Dispute {
            subject: Subject::Operation { name, field: String::new() },
            about: About::Operation,
            spec: "present".to_owned(),
            sdk: "absent".to_owned(),
            reason: self.reason.clone(),
            line,
        })
    }
}

impl Entry {
    /// One dispute for each operation or type and each field, so that each has to apply.
    fn expand(self, line: usize) -> Vec<Dispute> {
        let of_operation =
            |name: &String, field: &str| Subject::Operation { name: name.clone(), field: field.to_owned() };
        let mut subjects = Vec::new();
        for name in &self.operations {
            if self.fields.is_empty() {
                subjects.push(of_operation(name, ""));
            }
            subjects.extend(self.fields.iter().map(|field| of_operation(name, field)));
        }
        for name in &self.types {
            let fields = self.fields.iter();
            subjects.extend(fields.map(|field| Subject::Type { name: name.clone(), field: field.clone() }));
        }
        let dispute = |subject| Dispute {
            subject,
            about: self.about,
            spec: self.spec.clone(),
            sdk: self.sdk.clone(),
            reason: self.reason.clone(),
            line,
        };
        subjects.into_iter().map(dispute).collect()
    }
}
