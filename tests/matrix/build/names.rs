//! Names that mean something to Rust, its prelude, its lints or the macros of the runtime, and that are allowed.

use crate::families::family;
use crate::yaml::{file, operation, quoted};

/// Types, each used in a request and an answer.
const TYPES: [&str; 35] = [
    "FnOnce",
    "Argument",
    "Parameter",
    "Reader",
    "Named",
    "Member",
    "Members",
    "Shape",
    "Findings",
    "At",
    "Read",
    "Debug",
    "Copy",
    "Send",
    "Sync",
    "Fn",
    "Hash",
    "Eq",
    "Drop",
    "Request",
    "Operation",
    "Page",
    "Encode",
    "Wire",
    "Field",
    "Object",
    "Value",
    "Text",
    "Failure",
    "Nullable",
    "Time",
    "ErrorCode",
    "MapOrList",
    "Url",
    "A",
];

/// Events. The documentation of all is shown by the example of the first.
const EVENTS: [&str; 7] = ["a-b.c:d$e@f_G", "work_done", "some", "ok", "self-made", "Event", "debug"];

/// Fields, each of a request and of an object.
const FIELDS: [&str; 35] = [
    "origin",
    "value",
    "token",
    "runtime",
    "answer",
    "name",
    "self_client",
    "eq",
    "wire",
    "field",
    "fields",
    "always",
    "serialize",
    "len",
    "next",
    "iterate",
    "to_string",
    "into",
    "from",
    "not",
    "neg",
    "hash",
    "index",
    "union",
    "auto",
    "a",
    "b",
    "c",
    "d",
    "e",
    "item_1",
    "item_2",
    "space_ida",
    "space_idb",
    "read",
];

/// Values of an enum.
const VALUES: [&str; 12] =
    ["NONE", "SOME", "OK", "ERR", "DEFAULT", "OPTION", "STRING", "VEC", "BOX", "DEBUG", "CLONE", "a \"b\" \\ c"];

/// Values that need another name.
const RENAMED: [(&str, &str); 8] = [
    ("1", "One"),
    ("-1", "MinusOne"),
    ("", "Empty"),
    ("self", "Itself"),
    ("3d", "Spatial"),
    ("ok", "Okay"),
    ("中文", "Word"),
    ("\u{212b}\u{1100}\u{1161}", "Composed"),
];

/// Operations.
const OPERATIONS: [&str; 12] =
    ["DoHash", "Index", "Deref", "Next", "Iterate", "Len", "Borrow", "Call", "IntoIter", "Add", "Not", "Operation2"];

fn events() -> String {
    let event = |(number, name): (usize, &&str)| {
        let data = if number % 2 == 0 { "News" } else { "Work" };
        format!("  {}: {{summary: It is done., docs: done, bizType: {number}, data: {data}}}\n", quoted(name))
    };
    format!("events:\n{}", EVENTS.iter().enumerate().map(event).collect::<String>())
}

pub fn files() -> Vec<(String, Vec<u8>)> {
    let mut types = String::from("types:\n");
    let mut body = String::from("body:\n");
    let fields: String =
        FIELDS.iter().map(|name| format!("      {name}: {{type: int64, required: true, doc: A field.}}\n")).collect();
    for name in TYPES {
        types += &format!("  {name}:\n    doc: An object.\n    fields:\n      id: {{type: int64, doc: A field.}}\n");
        let field = dingtalk_storage_spec::naming::field(name);
        body += &format!("  {field}Of: {{type: {name}, required: true, doc: An object.}}\n");
    }
    types += &format!("  ManyFields:\n    doc: An object.\n    fields:\n{fields}");
    types +=
        &format!("  OptionalFields:\n    doc: An object.\n    fields:\n{}", fields.replace("required: true, ", ""));
    types +=
        "  News:\n    doc: News.\n    fields:\n      at: {type: time, always: true, evidence: The page., doc: When.}\n";
    types += &format!("  Flags:\n    doc: Flags.\n    fields:\n{}", flags());
    types += &format!("  Odd:\n    doc: An enum.\n    values:\n{}", values());
    body += "  many: {type: ManyFields, required: true, doc: Many.}\n  few: {type: OptionalFields, doc: Few.}\n";
    body += "  flags: {type: Flags, doc: Flags.}\n  odd: {type: Odd, required: true, example: \"1\", doc: An enum.}\n";
    let answer = body.replace("body:", "response:").replace("required: true, ", "");
    let parameters = fields.replace("      ", "  ");
    let mut files = vec![
        family("names_v1"),
        file("types/names.yaml", &types),
        file("events.yaml", &events()),
        operation("names_v1", "UseNames", "POST /v1.0/names", &format!("{body}{answer}")),
        operation("names_v1", "Required", "POST /v1.0/required", &format!("body:\n{parameters}")),
        operation(
            "names_v1",
            "Optional",
            "POST /v1.0/optional",
            &format!("body:\n{}", parameters.replace("required: true, ", "")),
        ),
        operation("names_v1", "Wide", "POST /v1.0/wide", &wide()),
    ];
    let of_name = |name: &str| {
        let rest = "query:\n  other: {type: string, required: true, doc: Another.}\n";
        operation("names_v1", name, &format!("GET /v1.0/names/{name}"), rest)
    };
    files.extend(OPERATIONS.iter().map(|name| of_name(name)));
    files
}

fn flags() -> String {
    let flag = |name: &str| {
        let marks = "required: true, always: true, evidence: The page., ";
        format!("      {name}: {{type: bool, {marks}doc: A flag.}}\n")
    };
    ["red", "green", "blue", "black", "white"].map(flag).concat()
}

fn values() -> String {
    let plain = VALUES.map(|value| format!("      {}: A value.\n", crate::yaml::quoted(value)));
    let renamed =
        RENAMED.map(|(value, rust)| format!("      {}: {{rust: {rust}, doc: A value.}}\n", crate::yaml::quoted(value)));
    plain.concat() + &renamed.concat()
}

/// More fields than a macro may call itself.
fn wide() -> String {
    let field = |number: usize| {
        format!("  field{number}: {{type: string, always: true, evidence: The page., doc: A field.}}\n")
    };
    format!("response:\n{}", (0..300).map(field).collect::<String>())
}
