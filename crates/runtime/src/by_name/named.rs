//! An operation that can be called by its name.

use std::fmt;

use serde::de::Error as _;
use serde_json::{Map, Value};

use super::error::Error;
use super::findings::Problem;
use super::preview::Preview;
use super::reader::Reader;
use super::shape::Parameter;
use super::suggest;
use crate::decode::{Bounds, Document, Failure};
use crate::delivery::{Decode, Decoded};
use crate::encode::{Encode, Wire, without_secrets};
use crate::{Answer, Call, Client, Operation};

type Build = fn(&Client, &mut Reader<'_>) -> Option<crate::Request>;

/// An operation that can be called by its name.
#[derive(Clone, Copy)]
pub struct Named {
    operation: &'static Operation,
    parameters: &'static [Parameter],
    build: Build,
    /// Reads an answer into its type, and gives that as a JSON value.
    decode: Decode,
    /// The same without its secrets.
    decode_bare: Decode,
}

impl Named {
    /// For `named!`.
    #[doc(hidden)]
    #[must_use]
    pub const fn new<T: Answer + Encode>(
        operation: &'static Operation,
        parameters: &'static [Parameter],
        build: Build,
    ) -> Self {
        Self { operation, parameters, build, decode: decode::<T>, decode_bare: decode_bare::<T> }
    }

    /// Its static facts.
    #[must_use]
    pub const fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Its parameters: first those that are required, each kind in the order path, query, body.
    #[must_use]
    pub const fn parameters(&self) -> &'static [Parameter] {
        self.parameters
    }

    /// A request with these parameters: one flat object with the wire names of what goes into path, query and
    /// body. Objects stay nested, as in the documentation.
    ///
    /// The error names everything that is wrong with them.
    pub fn request(&self, client: &Client, parameters: &Map<String, Value>) -> Result<Request, Error> {
        let (request, doubts) = self.read(client, parameters, false)?;
        Ok(Request { named: *self, typed: request, parameters: parameters.clone(), doubts })
    }

    /// Decodes an answer as a call does, and gives it as JSON with wire names: what is absent is left out, and
    /// every value has the one shape that its type has. The first value that is unreadable is the error, also in a
    /// list.
    pub fn decode(&self, answer: &[u8]) -> Result<Value, serde_json::Error> {
        let document = Document::new(answer, Bounds::default()).of(self.operation);
        let decoded = (self.decode)(document).map_err(serde_json::Error::custom)?;
        if let Some(first) = decoded.unreadable.first() {
            return Err(serde_json::Error::custom(first));
        }
        // It is always such a value: `decode` below makes it.
        Ok(decoded.answer.downcast::<Value>().map(|value| *value).unwrap_or_default())
    }

    fn read(
        &self,
        client: &Client,
        parameters: &Map<String, Value>,
        hides_secrets: bool,
    ) -> Result<(crate::Request, Vec<Problem>), Error> {
        let mut reader = Reader::new(self.parameters, parameters, hides_secrets);
        let request = (self.build)(client, &mut reader);
        let findings = reader.findings;
        match request {
            Some(request) if findings.problems.is_empty() => Ok((request, findings.doubts)),
            _ => Err(Error::WrongParameters { operation: self.operation, problems: findings.problems }),
        }
    }
}

impl fmt::Debug for Named {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Named").field(&self.operation.name).finish()
    }
}

/// The operation of a name in a table.
pub fn find(table: &'static [Named], name: &str) -> Result<&'static Named, Error> {
    table.iter().find(|named| named.operation.name == name).ok_or_else(|| Error::UnknownOperation {
        name: name.to_owned(),
        suggestions: suggest::operations(name, table.iter().map(Named::operation)),
    })
}

/// A request to the operation of a name in a table.
pub fn request(
    client: &Client,
    table: &'static [Named],
    name: &str,
    parameters: &Map<String, Value>,
) -> Result<Request, Error> {
    find(table, name)?.request(client, parameters)
}

/// A request whose parameters were all right.
#[derive(Clone)]
#[must_use = "a request does nothing until it is sent"]
pub struct Request {
    named: Named,
    typed: crate::Request,
    parameters: Map<String, Value>,
    doubts: Vec<Problem>,
}

impl Request {
    /// Values that this version does not know. They will be sent, for the server may know them; more often
    /// they are slips.
    #[must_use]
    pub fn doubts(&self) -> &[Problem] {
        &self.doubts
    }

    /// The request as it would be sent, without its secrets. Nothing is sent. The error tells why it could not
    /// be sent either.
    pub fn preview(&self) -> Result<Preview, crate::Error> {
        match self.named.read(self.typed.client(), &self.parameters, true) {
            Ok((request, _)) => Preview::new(&request),
            Err(error) => Err(crate::Error::request(self.named.operation, error.to_string())),
        }
    }

    /// Makes the call. Nothing happens until it is awaited. An empty answer is `null`.
    pub fn send(self) -> Call<Value> {
        Call::decoded_by(self.typed, self.named.decode)
    }

    /// The same, and the secrets of the answer are left out: for whoever may call, and not see them.
    pub fn send_without_secrets(self) -> Call<Value> {
        Call::decoded_by(self.typed, self.named.decode_bare)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The parameters may be secret; the request shows only their names.
        formatter.debug_tuple("Request").field(&self.typed).finish()
    }
}

fn decode<T: Answer + Encode>(mut document: Document<'_>) -> Result<Decoded, Failure> {
    let answer = value(&T::read(&mut document)?.wire());
    Ok(Decoded::new(Box::new(answer), document))
}

fn decode_bare<T: Answer + Encode>(mut document: Document<'_>) -> Result<Decoded, Failure> {
    let answer = bare(&T::read(&mut document)?.wire());
    Ok(Decoded::new(Box::new(answer), document))
}

fn bare(answer: &Wire<'_>) -> Value {
    without_secrets(answer, serde_json::value::Serializer).unwrap_or_default()
}

/// An answer as JSON. All names in it are texts, so nothing can go wrong.
fn value(answer: &Wire<'_>) -> Value {
    serde_json::to_value(answer).unwrap_or_default()
}
