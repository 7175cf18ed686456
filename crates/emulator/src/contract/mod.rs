//! The spec as the emulator sees it: a digest that the build script made, parsed once in a process.

pub mod model;

use std::sync::LazyLock;

pub use model::{Contract, Envelope, Field, Operation, Shape, Status, Token};

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| {
    let digest = include_bytes!(concat!(env!("OUT_DIR"), "/contract.json"));
    #[allow(clippy::expect_used, reason = "the build script wrote it from the same types")]
    serde_json::from_slice(digest).expect("the digest of the spec is what the build script wrote")
});

/// The API that is emulated.
pub fn contract() -> &'static Contract {
    &CONTRACT
}

impl Contract {
    /// An operation by its name, for example `storage_v2.CommitFile`.
    pub fn operation(&self, name: &str) -> Option<&Operation> {
        let place = self.operations.binary_search_by(|each| each.name.as_str().cmp(name)).ok()?;
        self.operations.get(place)
    }

    /// HTTP status of a code as this operation documents it, or as it is usual.
    pub fn status(&self, operation: &Operation, code: &str) -> u16 {
        let documented = operation.errors.iter().find(|(each, _)| each == code).map(|(_, status)| *status);
        documented.or_else(|| self.codes.get(code).map(|each| each.status)).unwrap_or(400)
    }

    /// What a code means, in a sentence.
    pub fn meaning(&self, code: &str) -> &str {
        self.codes.get(code).map_or("", |each| each.meaning.as_str())
    }
}

impl Operation {
    /// Whether the documentation of the operation lists the code.
    pub fn documents(&self, code: &str) -> bool {
        self.errors.iter().any(|(each, _)| each == code)
    }
}
