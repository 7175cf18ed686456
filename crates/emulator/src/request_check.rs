//! Requests against the spec: what is missing, wrong or too much, answered with the code that is documented for it.

use serde_json::{Map, Value};

use crate::call::Input;
use crate::contract::{Contract, Field, Operation, Shape, contract};
use crate::refusal::Refusal;

/// Parameters whose code is not called after them, where the operation documents that code.
const CODES: [(&str, &str); 18] = [
    ("newName", "paramError.name"),
    ("type", "paramError.openType"),
    ("members", "paramError.permissionMemberType"),
    ("inheritance", "paramError.permissionInheritance"),
    ("filterRoleIds", "paramError.roleId"),
    ("openConversationId", "paramError.conversationId"),
    ("maxResults", "param.error.maxresults"),
    ("appProperties", "dentryAppPropertiesNumberExceedsLimit"),
    ("propertyNames", "dentryAppPropertiesNumberExceedsLimit"),
    ("suiteKey", "invalidSuiteKey"),
    ("suiteTicket", "invalidSuiteTicket"),
    ("authCorpId", "invalidAuthInfo"),
    ("grant_type", "unsupported.grant.type"),
    ("client_id", "invalid.client"),
    ("client_secret", "invalid.client"),
    ("userid", "33012"),
    ("type", "40004"),
    ("media", "44001"),
];

/// What a request brings along.
#[derive(Debug, Default)]
pub struct Request {
    /// Values of the path's parameters.
    pub path: Vec<(&'static str, String)>,
    /// Names and values of the query.
    pub query: Vec<(String, String)>,
    /// The JSON of the body, if there is one.
    pub body: Option<Value>,
}

/// Something wrong with a parameter.
struct Problem {
    /// Parameter of the operation, without what it lies in.
    parameter: String,
    /// What is wrong.
    reason: String,
    /// Code, when the parameter does not decide it.
    code: Option<&'static str>,
}

impl Problem {
    fn new(parameter: &str, reason: impl Into<String>) -> Self {
        Self { parameter: parameter.to_owned(), reason: reason.into(), code: None }
    }
}

/// Checks a request and gathers its parameters.
///
/// # Errors
///
/// The refusal that the spec documents for what is wrong.
pub fn check(operation: &Operation, request: Request, loose: bool) -> Result<Input, Refusal> {
    let checker = Checker { contract: contract(), loose };
    let refuse = |problem| refusal(operation, &problem);
    let mut values = Map::new();
    for field in &operation.path_parameters {
        let given = request.path.iter().find(|(name, _)| *name == field.name);
        let value = given.map(|(_, text)| from_text(&field.shape, text));
        checker.take(field, value, &mut values).map_err(refuse)?;
    }
    checker.query(operation, &request.query, &mut values)?;
    match request.body {
        None => checker.fields(&operation.body, Map::new(), &mut values).map_err(refuse)?,
        Some(Value::Object(body)) => checker.fields(&operation.body, body, &mut values).map_err(refuse)?,
        Some(_) => return Err(refuse(Problem::new("", "the body has to be a JSON object"))),
    }
    for field in operation.body.iter().filter(|field| matches!(field.shape, Shape::File)) {
        file(field, &values).map_err(refuse)?;
    }
    Ok(Input { values })
}

/// A file is not empty, and neither larger nor of another kind than the spec takes.
fn file(field: &Field, values: &Map<String, Value>) -> Result<(), Problem> {
    let Some(file) = values.get(&field.name) else { return Ok(()) };
    let length = file.get("length").and_then(Value::as_i64).unwrap_or_default();
    let name = file.get("name").and_then(Value::as_str).unwrap_or_default();
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default();
    if length == 0 {
        return Err(Problem::new(&field.name, "the file is empty"));
    }
    let is = |(name, value): &(String, String)| values.get(name).and_then(Value::as_str) == Some(value);
    let rules = || field.accepts.iter().filter(|rule| rule.when.iter().all(is));
    let most = rules().filter_map(|rule| rule.max).chain(field.max).min();
    if let Some(most) = most.filter(|most| length > *most) {
        let reason = format!("the file has {length} bytes, {most} are allowed");
        return Err(Problem { code: Some("45001"), ..Problem::new(&field.name, reason) });
    }
    match rules().find(|rule| !rule.extensions.is_empty() && !rule.extensions.contains(&extension)) {
        None => Ok(()),
        Some(rule) => {
            let reason = format!("{name} is not one of {}", rule.extensions.join(", "));
            Err(Problem { code: Some("40004"), ..Problem::new(&field.name, reason) })
        }
    }
}

/// The refusal of a body that is no form.
pub fn no_form(operation: &Operation, reason: &str) -> Refusal {
    refusal(operation, &Problem { code: Some("43008"), ..Problem::new("", reason) })
}

/// The refusal of a body that is no JSON.
pub fn unreadable(operation: &Operation, reason: &str) -> Refusal {
    refusal(operation, &Problem::new("", format!("the body is no JSON: {reason}")))
}

fn refusal(operation: &Operation, problem: &Problem) -> Refusal {
    let own = [format!("paramError.{}", problem.parameter), format!("paramError-{}", problem.parameter)];
    let renamed = CODES.iter().filter(|(name, _)| *name == problem.parameter).map(|(_, code)| *code);
    let general = [
        "paramError",
        "param.error",
        "invalidRequest.inputArgs.invalid",
        "invalidParameter",
        "400002",
        "invalidClientIdOrSecret",
    ];
    let mut codes = own.iter().map(String::as_str).chain(renamed).chain(general);
    let documented = codes.find(|code| operation.documents(code)).unwrap_or("paramError");
    let code = problem.code.unwrap_or(documented).to_owned();
    let reason = match problem.parameter.as_str() {
        "" => problem.reason.clone(),
        name => format!("{name}: {}", problem.reason),
    };
    Refusal::new(code).because(reason)
}

struct Checker {
    contract: &'static Contract,
    loose: bool,
}

impl Checker {
    fn query(
        &self,
        operation: &Operation,
        query: &[(String, String)],
        into: &mut Map<String, Value>,
    ) -> Result<(), Refusal> {
        let token = if operation.token == crate::contract::Token::Query { "access_token" } else { "" };
        let mut known: Vec<&str> = vec![token];
        for field in &operation.query {
            let value = from_query(field, query, &mut known);
            if value.is_none() && field.required && operation.envelope.is_plain() {
                let code = format!("Missing{}", field.name);
                let reason = format!("{} is mandatory for this action", field.name);
                return Err(Refusal::new(code).because(reason).with_status(400));
            }
            self.take(field, value, into).map_err(|problem| refusal(operation, &problem))?;
        }
        match query.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((name, _)) if !self.loose => {
                Err(refusal(operation, &Problem::new(name, "the operation has no such parameter in its query")))
            }
            _ => Ok(()),
        }
    }

    /// Checks the fields of an object, and moves them over with their defaults.
    fn fields(
        &self,
        fields: &[Field],
        mut given: Map<String, Value>,
        into: &mut Map<String, Value>,
    ) -> Result<(), Problem> {
        for field in fields {
            self.take(field, given.remove(&field.name), into)?;
        }
        match given.keys().next() {
            Some(name) if !self.loose => Err(Problem::new(name, "there is no such field")),
            _ => Ok(()),
        }
    }

    fn take(&self, field: &Field, given: Option<Value>, into: &mut Map<String, Value>) -> Result<(), Problem> {
        let value = match given.filter(|value| !value.is_null()) {
            Some(value) => Some(self.value(field, &field.shape, value)?),
            None if field.required => return Err(Problem::new(&field.name, "it is missing")),
            None => self.absent(field)?,
        };
        if let Some(value) = value {
            if field.required && value.as_str().is_some_and(str::is_empty) {
                return Err(Problem::new(&field.name, "it is empty"));
            }
            if field.required && value.as_array().is_some_and(Vec::is_empty) {
                return Err(Problem::new(&field.name, "the list is empty"));
            }
            into.insert(field.name.clone(), value);
        }
        Ok(())
    }

    /// What stands for a field that was left out: its default, or an object with the defaults of its fields.
    fn absent(&self, field: &Field) -> Result<Option<Value>, Problem> {
        match &field.shape {
            Shape::Object(fields) if fields.iter().any(|each| each.default.is_some()) => {
                let mut object = Map::new();
                self.fields(fields, Map::new(), &mut object)?;
                Ok(Some(Value::Object(object)))
            }
            _ => Ok(field.default.clone()),
        }
    }

    fn value(&self, field: &Field, shape: &Shape, value: Value) -> Result<Value, Problem> {
        let wrong = |expected: &str| Problem::new(&field.name, format!("{expected} is expected"));
        match (shape, value) {
            (Shape::Any, value) | (Shape::File, value @ Value::Object(_)) => Ok(value),
            (Shape::File, _) => Err(wrong("a file")),
            (Shape::Text | Shape::Id | Shape::Time | Shape::ErrorCode, Value::String(text)) => {
                within(field, text.chars().count(), "characters")?;
                Ok(Value::String(text))
            }
            (Shape::Text | Shape::Id | Shape::Time | Shape::ErrorCode, _) => Err(wrong("a text")),
            (Shape::Bool, Value::Bool(flag)) => Ok(Value::Bool(flag)),
            (Shape::Bool, _) => Err(wrong("true or false")),
            (Shape::Int32 | Shape::Int64 | Shape::Uint64, value) => number(field, shape, value),
            (Shape::Enum(values), Value::String(text)) if values.contains(&text) => Ok(Value::String(text)),
            (Shape::Enum(values), value) => Err(Problem {
                code: (field.name == "protocol" && value.is_string()).then_some("dentryUploadProtocolNotSupport"),
                ..wrong(&format!("one of {}", values.join(", ")))
            }),
            (Shape::List(inner), Value::Array(items)) => self.list(field, inner, items),
            (Shape::List(_), _) => Err(wrong("a list")),
            (Shape::Map(inner), Value::Object(items)) => {
                let items = items.into_iter().map(|(key, item)| Ok((key, self.value(field, inner, item)?)));
                Ok(Value::Object(items.collect::<Result<_, Problem>>()?))
            }
            (Shape::Object(fields), Value::Object(given)) => self.object(fields, given),
            (Shape::Shared(name), Value::Object(given)) => {
                let fields = self.contract.objects.get(name).map_or(&[][..], Vec::as_slice);
                // What is wrong within a shared object is told as a problem of the parameter that holds it.
                self.object(fields, given)
                    .map_err(|problem| Problem::new(&field.name, format!("{}: {}", problem.parameter, problem.reason)))
            }
            (Shape::Map(_) | Shape::Object(_) | Shape::Shared(_), _) => Err(wrong("an object")),
        }
    }

    fn object(&self, fields: &[Field], given: Map<String, Value>) -> Result<Value, Problem> {
        let mut object = Map::new();
        self.fields(fields, given, &mut object)?;
        Ok(Value::Object(object))
    }

    fn list(&self, field: &Field, inner: &Shape, items: Vec<Value>) -> Result<Value, Problem> {
        within(field, items.len(), "elements")?;
        let single = Field { min: None, max: None, ..field.clone() };
        let items = items.into_iter().map(|item| self.value(&single, inner, item));
        Ok(Value::Array(items.collect::<Result<_, Problem>>()?))
    }
}

fn number(field: &Field, shape: &Shape, value: Value) -> Result<Value, Problem> {
    let narrow = matches!(shape, Shape::Int32);
    match value.as_i64() {
        Some(number) if narrow && i32::try_from(number).is_err() => {
            Err(Problem::new(&field.name, "a number of 32 bits is expected"))
        }
        Some(number) if matches!(shape, Shape::Uint64) && number < 0 => {
            Err(Problem::new(&field.name, format!("{number} is negative")))
        }
        Some(number) if field.min.is_some_and(|min| number < min) => {
            Err(Problem::new(&field.name, format!("{number} is too small")))
        }
        Some(number) if field.max.is_some_and(|max| number > max) => {
            Err(Problem::new(&field.name, format!("{number} is too large")))
        }
        Some(number) if field.name == "maxResults" && number < 1 => {
            Err(Problem::new(&field.name, format!("{number} is too small")))
        }
        Some(_) => Ok(value),
        None => Err(Problem::new(&field.name, "a whole number is expected")),
    }
}

fn within(field: &Field, length: usize, unit: &str) -> Result<(), Problem> {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    match field.max {
        Some(max) if length > max => {
            Err(Problem::new(&field.name, format!("{length} {unit} are too many, {max} are allowed")))
        }
        _ if field.min.is_some_and(|min| length < min) => {
            Err(Problem::new(&field.name, format!("{length} {unit} are too few")))
        }
        _ => Ok(()),
    }
}

/// The value that a text of path or query stands for; a text that stands for none stays, and is refused as such.
pub fn from_text(shape: &Shape, text: &str) -> Value {
    match shape {
        Shape::Int32 | Shape::Int64 | Shape::Uint64 => {
            text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from)
        }
        // In any case: the official SDK for Python sends `True` and `False`.
        Shape::Bool if text.eq_ignore_ascii_case("true") => Value::Bool(true),
        Shape::Bool if text.eq_ignore_ascii_case("false") => Value::Bool(false),
        Shape::List(_) | Shape::Map(_) => serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)),
        _ => Value::from(text),
    }
}

fn from_query<'a>(field: &'a Field, query: &'a [(String, String)], known: &mut Vec<&'a str>) -> Option<Value> {
    if let (true, Shape::List(inner)) = (field.indexed, &field.shape) {
        let mut numbered: Vec<(u32, &str)> = Vec::new();
        for (name, value) in query {
            let number = name.strip_prefix(field.name.as_str()).and_then(|rest| rest.strip_prefix('.'));
            if let Some(number) = number.and_then(|number| number.parse().ok()) {
                known.push(name);
                numbered.push((number, value));
            }
        }
        numbered.sort_unstable();
        let items: Vec<Value> = numbered.into_iter().map(|(_, text)| from_text(inner, text)).collect();
        return (!items.is_empty()).then_some(Value::Array(items));
    }
    known.push(&field.name);
    let (_, text) = query.iter().find(|(name, _)| *name == field.name)?;
    Some(from_text(&field.shape, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The official SDK for Python writes `True` and `False`, those for other languages `true` and `false`.
    #[test]
    fn flags_of_every_query_are_read_as_the_official_sdks_write_them() {
        let mut flags = 0;
        for operation in &contract().operations {
            for field in operation.query.iter().filter(|field| matches!(field.shape, Shape::Bool)) {
                for (text, flag) in [("True", true), ("False", false), ("true", true), ("false", false)] {
                    let query = [(field.name.clone(), text.to_owned())];
                    let read = from_query(field, &query, &mut Vec::new());
                    assert_eq!(read, Some(Value::Bool(flag)), "{} of {}", field.name, operation.name);
                }
                let query = [(field.name.clone(), "1".to_owned())];
                assert_eq!(from_query(field, &query, &mut Vec::new()), Some(Value::from("1")));
                flags += 1;
            }
        }
        assert!(flags > 10, "only {flags} flags were found");
    }
}
