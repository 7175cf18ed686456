//! Strict reading of the parameters of an operation.

use serde_json::{Map, Value};

use super::Read;
use super::findings::Findings;
use super::path::At;
use super::shape::{Parameter, Shape};

/// The parameters of a call that are being read.
#[doc(hidden)]
#[derive(Debug)]
pub struct Reader<'a> {
    known: &'static [Parameter],
    given: &'a Map<String, Value>,
    pub(super) findings: Findings,
}

impl<'a> Reader<'a> {
    /// Begins with the names that mean nothing.
    pub(super) fn new(known: &'static [Parameter], given: &'a Map<String, Value>, hides_secrets: bool) -> Self {
        let findings = Findings { hides_secrets, ..Findings::default() };
        let mut reader = Self { known, given, findings };
        for (name, value) in given {
            reader.check_name(name, value);
        }
        reader
    }

    fn check_name(&mut self, name: &str, value: &Value) {
        let at = At::Field(&At::Root, name);
        let mut of_this_name = self.known.iter().filter(|parameter| parameter.path.first() == Some(&name)).peekable();
        match (of_this_name.peek().map(|parameter| parameter.path.len()), value) {
            (None, _) => self.unknown(&at, name),
            (Some(2), Value::Object(members)) => {
                let known: Vec<_> = of_this_name.filter_map(|parameter| parameter.path.last()).collect();
                for member in members.keys().filter(|member| !known.contains(&&member.as_str())) {
                    self.unknown(&At::Field(&at, member), member);
                }
            }
            (Some(2), _) => self.findings.wrong_type(&at, "an object", value),
            (Some(_), _) => {}
        }
    }

    fn unknown(&mut self, at: &At<'_>, name: &str) {
        self.findings.unknown(at, "parameter", name, self.known.iter().map(Parameter::name));
    }

    /// A parameter that the operation cannot be called without.
    pub fn required<T: Read>(&mut self, path: &[&'static str]) -> Option<T> {
        if self.given(path).is_none() {
            self.missing(path, &T::shape());
        }
        self.optional(path)
    }

    /// A parameter that may be left out.
    pub fn optional<T: Read>(&mut self, path: &[&'static str]) -> Option<T> {
        let value = self.given(path)?;
        let mut read = None;
        self.with_place(path, &mut |at, findings| read = T::read(value, at, findings));
        read
    }

    fn missing(&mut self, path: &[&str], shape: &Shape) {
        let parameter = self.known.iter().find(|parameter| parameter.path == path);
        let doc = parameter.map_or_else(String::new, Parameter::doc);
        self.with_place(path, &mut |at, findings| findings.missing(at, format!("{shape}: {doc}")));
    }

    fn given(&self, path: &[&str]) -> Option<&'a Value> {
        match path {
            [name] => self.given.get(*name),
            [object, name] => self.given.get(*object)?.get(*name),
            _ => None,
        }
    }

    fn with_place(&mut self, path: &[&str], use_it: &mut dyn FnMut(&At<'_>, &mut Findings)) {
        match path {
            [object, name] => use_it(&At::Field(&At::Field(&At::Root, object), name), &mut self.findings),
            _ => use_it(&At::Field(&At::Root, path.first().unwrap_or(&"")), &mut self.findings),
        }
    }
}
