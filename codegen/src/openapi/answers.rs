//! Answers and errors.

use dingtalk_storage_spec::model::Envelope;
use serde_json::{Map, Value, json};

use super::references::reference;
use super::schemas::{FAILURE, Owner, Schemas, Way};
use crate::ir::{Api, ErrorCode};
use crate::render::{answer_example, one_line, within_envelope};

/// Errors that no operation lists. `default` would say that any success may be one, too.
const OTHERS: [(&str, &str); 2] = [("4XX", "Any other refusal."), ("5XX", "A failure of the server.")];

/// Answers by their status. What is not listed may come all the same.
pub(super) fn responses(schemas: &Schemas<'_>, owner: Owner<'_>) -> Value {
    let operation = owner.operation;
    let mut responses = Map::new();
    responses.insert("200".to_owned(), success(schemas, owner));
    for (status, codes) in &operation.errors {
        let codes: Vec<&ErrorCode> = codes.iter().filter_map(|code| known(schemas.api, code)).collect();
        let listed: Vec<&str> = codes.iter().map(|code| code.wire.as_str()).collect();
        if *status == 200 {
            responses["200"]["x-dingtalk-errors"] = json!(listed);
            let description = responses["200"]["description"].as_str().unwrap_or_default().to_owned();
            responses["200"]["description"] =
                json!(format!("{description}\n\nOr an error, told by `errcode`:\n\n{}", meanings(&codes)));
            continue;
        }
        let content = json!({ "application/json": { "schema": reference(FAILURE) } });
        let response = json!({ "description": meanings(&codes), "x-dingtalk-errors": listed, "content": content });
        responses.insert(status.to_string(), response);
    }
    for (statuses, description) in OTHERS {
        let content = json!({ "application/json": { "schema": reference(FAILURE) } });
        responses.insert(statuses.to_owned(), json!({ "description": description, "content": content }));
    }
    Value::Object(responses)
}

/// The answer, within what the family puts around it.
fn success(schemas: &Schemas<'_>, owner: Owner<'_>) -> Value {
    let Owner { family, operation } = owner;
    let answer = operation.response.as_ref().map(|response| schemas.fields(&response.fields, Some(owner), Way::Answer));
    let example = within_envelope(family.envelope, answer_example(schemas.api, operation));
    let schema = match family.envelope {
        Envelope::Plain => answer.unwrap_or_else(|| json!({ "type": "object" })),
        Envelope::Errcode => {
            let mut schema = envelope();
            if let Some(answer) = answer {
                schema["properties"]["result"] = answer;
            }
            schema
        }
        Envelope::Flat => {
            let parts: Vec<Value> = [Some(envelope()), answer].into_iter().flatten().collect();
            json!({ "allOf": parts })
        }
    };
    let description =
        if operation.response.is_some() { "The answer." } else { "It was done; the answer says no more." };
    json!({ "description": description, "content": { "application/json": { "schema": schema, "example": example } } })
}

fn envelope() -> Value {
    json!({
        "type": "object",
        "required": ["errcode"],
        "properties": {
            "errcode": { "type": "integer", "format": "int64", "description": "0 where all is well, else the code of an error." },
            "errmsg": { "type": "string", "description": "What happened, in words." },
        },
    })
}

/// What all errors have in common. Older servers say `errcode` and `errmsg`.
pub(super) fn failure() -> Value {
    json!({
        "type": "object",
        "description": "An error. The code tells what happened; of the keys, one of each kind is there.",
        "properties": {
            "code": { "type": "string", "description": "The code of the error." },
            "message": { "type": "string", "description": "What happened, in words that may change." },
            "requestid": { "type": "string", "description": "Names the call to DingTalk's support." },
            "errcode": { "type": "integer", "format": "int64", "description": "The code of the error, on the older servers." },
            "errmsg": { "type": "string", "description": "What happened, on the older servers." },
        },
    })
}

fn known<'a>(api: &'a Api, wire: &str) -> Option<&'a ErrorCode> {
    api.errors.iter().find(|code| code.wire == wire)
}

fn meanings(codes: &[&ErrorCode]) -> String {
    codes
        .iter()
        .map(|code| format!("- `{}`: {} {}", code.wire, one_line(&code.meaning), one_line(&code.advice)))
        .collect::<Vec<_>>()
        .join("\n")
}
