//! The tools: what they are called, what they take, what they may do.

use rmcp::model::ToolAnnotations;
use serde_json::{Map, Value, json};

use super::Allow;
use crate::Failure;

/// A tool as agents see it.
#[derive(Debug)]
pub struct Tool {
    pub name: &'static str,
    about: &'static str,
    arguments: &'static [Argument],
    pub needs: Needs,
    changes: Changes,
}

/// What has to be allowed for it.
#[derive(Debug)]
pub struct Needs {
    pub allow: Option<Allow>,
    pub root: bool,
}

/// What it may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Changes {
    Nothing,
    /// It adds, or changes what is there.
    Something,
    /// It deletes.
    Everything,
}

#[derive(Debug)]
struct Argument {
    name: &'static str,
    kind: Kind,
    is_required: bool,
    about: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Flag,
    Object,
}

const fn required(name: &'static str, kind: Kind, about: &'static str) -> Argument {
    Argument { name, kind, is_required: true, about }
}

const fn optional(name: &'static str, kind: Kind, about: &'static str) -> Argument {
    Argument { name, kind, is_required: false, about }
}

const FREE: Needs = Needs { allow: None, root: false };
const OPERATION: Argument = required("operation", Kind::Text, "Its name, such as storage_v2.CommitFile.");
const PARAMETERS: Argument = optional(
    "parameters",
    Kind::Object,
    "Its parameters, as describe_operation lists them; unionId is the operator's unless given.",
);
const PLACE: &str = "ding:SPACE/path, ding:@my-docs/path, ding:@wiki/NAME/path, ding:uuid=UUID, or a link.";
const LIMIT: Argument = optional("limit", Kind::Number, "Most entries to give; 100 by default.");

/// All of them, at most twelve.
pub const TOOLS: &[Tool] = &[
    Tool {
        name: "search_operations",
        about: "Finds operations of the DingTalk Storage API by words of their name, summary or group, and tells which tool \
                calls each.",
        arguments: &[
            optional("query", Kind::Text, "Words, all of which have to occur."),
            optional("group", Kind::Text, "Chapter of the documentation, such as transfer or permission."),
        ],
        needs: FREE,
        changes: Changes::Nothing,
    },
    Tool {
        name: "describe_operation",
        about: "Describes an operation: its parameters with types and limits, scope, errors, documentation.",
        arguments: &[OPERATION],
        needs: FREE,
        changes: Changes::Nothing,
    },
    Tool {
        name: "call_read",
        about: "Calls an operation that only reads. Secrets, such as signed URLs and keys, are left out of the answer.",
        arguments: &[OPERATION, PARAMETERS],
        needs: FREE,
        changes: Changes::Nothing,
    },
    Tool {
        name: "call_write",
        about: "Calls an operation that changes something and deletes nothing.",
        arguments: &[OPERATION, PARAMETERS],
        needs: Needs { allow: Some(Allow::Write), root: false },
        changes: Changes::Something,
    },
    Tool {
        name: "call_delete",
        about: "Calls an operation that deletes.",
        arguments: &[OPERATION, PARAMETERS],
        needs: Needs { allow: Some(Allow::Delete), root: false },
        changes: Changes::Everything,
    },
    Tool {
        name: "list",
        about: "Lists what is in a folder, with size and time; without a place, the spaces.",
        arguments: &[
            optional("place", Kind::Text, PLACE),
            optional("recursive", Kind::Flag, "Folders below as well."),
            LIMIT,
        ],
        needs: FREE,
        changes: Changes::Nothing,
    },
    Tool {
        name: "find",
        about: "Finds files and folders below a folder by their name.",
        arguments: &[
            required("place", Kind::Text, PLACE),
            required("name", Kind::Text, "Name, where * stands for any letters; case does not matter."),
            LIMIT,
        ],
        needs: FREE,
        changes: Changes::Nothing,
    },
    Tool {
        name: "upload",
        about: "Uploads a file of this machine. Gives the stored file with size and CRC-64; the content is not shown.",
        arguments: &[
            required("local", Kind::Text, "Path below the root of this server, with slashes."),
            required("place", Kind::Text, "Folder of the drive, or the name of the file in one."),
            optional("overwrite", Kind::Flag, "Add a new version where the name is taken; it is an error otherwise."),
        ],
        needs: Needs { allow: Some(Allow::Write), root: true },
        changes: Changes::Something,
    },
    Tool {
        name: "download",
        about: "Downloads a file to this machine. Gives its size and CRC-64; the content is not shown.",
        arguments: &[
            required("place", Kind::Text, PLACE),
            required("local", Kind::Text, "Path below the root of this server, with slashes; folders are made."),
            optional("overwrite", Kind::Flag, "Replace a file that is there; it is an error otherwise."),
        ],
        needs: Needs { allow: None, root: true },
        changes: Changes::Something,
    },
    Tool {
        name: "audit",
        about: "Tells who may see what below a place: roles in force, inherited ones included; whole organizations and \
                outsiders are flagged. Takes one or two calls for each entry.",
        arguments: &[
            required("place", Kind::Text, PLACE),
            optional("folders_only", Kind::Flag, "Folders only, which takes fewer calls."),
            optional("flagged_only", Kind::Flag, "Only what is flagged."),
            LIMIT,
        ],
        needs: FREE,
        changes: Changes::Nothing,
    },
];

impl Tool {
    /// As the protocol has it.
    pub fn describe(&self) -> rmcp::model::Tool {
        let mut properties = Map::new();
        for argument in self.arguments {
            let kind = match argument.kind {
                Kind::Text => "string",
                Kind::Number => "integer",
                Kind::Flag => "boolean",
                Kind::Object => "object",
            };
            properties.insert(argument.name.to_owned(), json!({ "type": kind, "description": argument.about }));
        }
        let required: Vec<&str> =
            self.arguments.iter().filter(|argument| argument.is_required).map(|argument| argument.name).collect();
        let mut schema = Map::new();
        schema.insert("type".to_owned(), json!("object"));
        schema.insert("properties".to_owned(), Value::Object(properties));
        schema.insert("additionalProperties".to_owned(), json!(false));
        if !required.is_empty() {
            schema.insert("required".to_owned(), json!(required));
        }
        let hints = ToolAnnotations::new().read_only(self.changes == Changes::Nothing);
        let hints = match self.changes {
            Changes::Nothing => hints,
            _ => hints.destructive(self.changes == Changes::Everything),
        };
        rmcp::model::Tool::new(self.name, self.about, std::sync::Arc::new(schema)).with_annotations(hints)
    }
}

/// What a tool is called with, of the right types.
#[derive(Debug)]
pub struct Arguments(Map<String, Value>);

impl Arguments {
    pub fn check(tool: &Tool, given: Map<String, Value>) -> Result<Self, Failure> {
        let names = || tool.arguments.iter().map(|argument| argument.name).collect::<Vec<_>>().join(", ");
        for (name, value) in &given {
            let Some(argument) = tool.arguments.iter().find(|argument| argument.name == name) else {
                return Err(Failure::usage(format!("{} has no argument {name:?}; it takes {}", tool.name, names())));
            };
            let (is_right, expected) = match argument.kind {
                Kind::Text => (value.is_string(), "a text"),
                Kind::Number => (value.is_u64(), "a whole number"),
                Kind::Flag => (value.is_boolean(), "true or false"),
                Kind::Object => (value.is_object(), "an object"),
            };
            if !is_right {
                return Err(Failure::usage(format!("{name} of {} is {expected}", tool.name)));
            }
        }
        match tool.arguments.iter().find(|argument| argument.is_required && !given.contains_key(argument.name)) {
            Some(missing) => Err(Failure::usage(format!("{} needs {}: {}", tool.name, missing.name, missing.about))),
            None => Ok(Self(given)),
        }
    }

    /// A text; empty where it is not given.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    pub fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or_default()
    }

    pub fn limit(&self) -> usize {
        let limit = self.0.get("limit").and_then(Value::as_u64).unwrap_or(100);
        usize::try_from(limit).unwrap_or(usize::MAX)
    }

    pub fn object(&self, name: &str) -> Map<String, Value> {
        self.0.get(name).and_then(Value::as_object).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn there_are_few_tools_and_all_of_them_take_little_to_say() {
        let all: Vec<_> = TOOLS.iter().map(Tool::describe).collect();
        let size = serde_json::to_string(&all).unwrap().len();
        assert!(all.len() <= 12 && size <= 8 << 10, "{} tools, {size} bytes", all.len());
        let mut names: Vec<_> = TOOLS.iter().map(|tool| tool.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TOOLS.len());
    }

    #[test]
    fn what_a_tool_does_not_take_is_told() {
        let tool = TOOLS.iter().find(|tool| tool.name == "find").unwrap();
        for (given, told) in [
            (json!({ "place": "ding:a" }), "needs name"),
            (json!({ "place": "ding:a", "name": 1 }), "name of find is a text"),
            (json!({ "place": "ding:a", "name": "a", "limit": "9" }), "limit of find is a whole number"),
            (json!({ "place": "ding:a", "name": "a", "path": "b" }), "no argument \"path\""),
        ] {
            let refused = Arguments::check(tool, given.as_object().unwrap().clone()).unwrap_err();
            assert!(refused.message.contains(told), "{}", refused.message);
        }
    }
}
