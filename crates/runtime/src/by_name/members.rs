//! Strict reading of objects.

use serde_json::{Map, Value};

use super::Read;
use super::findings::Findings;
use super::path::At;
use super::shape::Member;

/// The fields of an object that is being read.
#[doc(hidden)]
#[derive(Debug)]
pub struct Members<'a> {
    known: &'static [Member],
    given: &'a Map<String, Value>,
    at: &'a At<'a>,
    findings: &'a mut Findings,
}

impl<'a> Members<'a> {
    /// Begins with the names that mean nothing; none if the value is no object.
    pub fn new(known: &'static [Member], value: &'a Value, at: &'a At<'a>, findings: &'a mut Findings) -> Option<Self> {
        let Some(given) = value.as_object() else {
            findings.wrong_type(at, "an object", value);
            return None;
        };
        for name in given.keys().filter(|name| known.iter().all(|member| member.name != *name)) {
            findings.unknown(&At::Field(at, name), "field", name, known.iter().map(|member| member.name));
        }
        Some(Self { known, given, at, findings })
    }

    /// Reads a field into its place; one that is not there leaves it as it is.
    pub fn read<T: Read>(&mut self, name: &'static str, place: &mut T) {
        let at = At::Field(self.at, name);
        match self.given.get(name) {
            Some(value) => {
                if let Some(value) = T::read(value, &at, self.findings) {
                    *place = value;
                }
            }
            None if self.known.iter().any(|member| member.name == name && member.is_required) => {
                self.findings.missing(&at, T::shape().to_string());
            }
            None => {}
        }
    }
}
