//! Names that generated code and its users have already.

use crate::features::FEATURES;
use crate::naming;

/// Crates that generated code names. A module of the same name would hide them.
const CRATES: &[&str] = &["alloc", "core", "dingtalk_runtime", "serde_json", "std", "tokio"];
/// Modules of the generated crate, and files that Cargo gives a meaning of their own.
const ROOT: &[&str] =
    &["bin", "blocking", "by_name", "client", "credentials", "events", "lib", "main", "operations", "runtime", "types"];
/// Methods of the client, which has one for each family.
const CLIENT_METHODS: &[&str] =
    &["as_ref", "builder", "clone", "from", "from_env", "into", "iter", "iter_mut", "operator", "operator_from_env"];
/// Functions of the handle of a family, which has one for each operation.
const HANDLE_FUNCTIONS: &[&str] = &["clone", "cmp", "iter", "iter_mut", "new"];
/// Methods of every request.
const REQUEST_METHODS: &[&str] = &[
    "batches", "client", "clone", "items", "iter", "iter_mut", "maybe", "new", "operator", "options", "pages", "send",
    "wait",
];
/// Functions of every object that requests contain.
const OBJECT_FUNCTIONS: &[&str] = &["clone", "default", "iter", "iter_mut", "new"];
/// Methods that every object of an answer has from traits of Rust; one of its own would be called in their place.
const ANSWER_METHODS: &[&str] = &["as_ref", "borrow", "clone", "deref", "fmt", "to_owned"];
/// Methods of the operators of Rust. A setter has the same shape and would be taken for one of them.
const OPERATORS: &[&str] = &["add", "bitand", "bitor", "bitxor", "div", "mul", "rem", "shl", "shr", "sub"];
/// Functions of every id.
const ID_FUNCTIONS: &[&str] = &["as_str", "clone", "default", "expose", "from", "from_str", "new"];
/// Types and traits that every Rust program knows by their short name; generated code calls methods of these traits.
const COMMON_TYPES: &[&str] = &[
    "AsMut",
    "AsRef",
    "Box",
    "Clone",
    "Default",
    "Err",
    "Error",
    "From",
    "Into",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Result",
    "Some",
    "String",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Vec",
];
/// Types that generated files define or import besides those of the spec.
const GENERATED_TYPES: &[&str] =
    &["BTreeMap", "Calls", "Client", "Event", "FAMILY", "NAMED", "OPERATION", "OperatorCalls"];

/// Types of the file of events, which imports what events carry.
const EVENT_TYPES: &[&str] =
    &["Callback", "CallbackError", "Envelope", "EventError", "Payload", "Push", "Seen", "Stream"];

/// A name that is taken, in words that say by what; `None` for one that is free.
type Taken = Option<&'static str>;

/// Whether a family, so a module of the crate and a method of the client, cannot have the name.
pub(super) fn family(name: &str) -> Taken {
    if name == "default" || FEATURES.iter().any(|(feature, _)| *feature == name) {
        return Some("the generated crate has a feature of that name");
    }
    first(
        name,
        &[
            (ROOT, "the generated crate has a file or module of that name"),
            (CLIENT_METHODS, "the client has a method of that name"),
            (CRATES, CRATE),
        ],
    )
}

/// Whether an operation, so a type of its own and a module and method of its family, cannot have the name.
pub(super) fn operation(family: &str, name: &str) -> Taken {
    let module = naming::operation(name);
    if module == family {
        return Some("the module around it has that name");
    }
    type_name_beside(name, &[]).or_else(|| {
        first(
            &module,
            &[
                (HANDLE_FUNCTIONS, "every family has a function of that name"),
                (&["runtime"], "generated files import a module of that name"),
                (CRATES, CRATE),
            ],
        )
    })
}

/// Whether a file of types, so a module, cannot have the name.
pub(super) fn type_file(name: &str) -> Taken {
    first(name, &[(CRATES, CRATE), (&["types"], "the module around it has that name")])
}

/// Whether a type cannot have the name.
pub(super) fn type_name(name: &str) -> Taken {
    type_name_beside(name, EVENT_TYPES)
}

fn type_name_beside(name: &str, others: &[&str]) -> Taken {
    first(
        name,
        &[
            (COMMON_TYPES, "Rust programs know another type of that name"),
            (GENERATED_TYPES, "generated code has another type of that name"),
            (others, "generated code has another type of that name"),
        ],
    )
}

/// Whether a parameter, so an argument or method of the request, cannot have the name.
pub(super) fn parameter(name: &str) -> Taken {
    first(
        name,
        &[
            (REQUEST_METHODS, "every request has a method of that name"),
            (&["request"], "generated code has a variable of that name"),
            (&["user_access_token"], "calls by the token of a person take it under that name"),
            (OPERATORS, OPERATOR),
        ],
    )
}

/// Whether a field of an object that requests contain, so a method of it, cannot have the name.
pub(super) fn field_of_request(name: &str) -> Taken {
    first(name, &[(OBJECT_FUNCTIONS, "every object of a request has a function of that name"), (OPERATORS, OPERATOR)])
}

/// Whether a field of an object of answers, so a method of it, cannot have the name.
pub(super) fn field_of_answer(name: &str) -> Taken {
    first(name, &[(ANSWER_METHODS, "every object of an answer has a method of that name")])
}

/// Whether a value of an id with a meaning of its own, so a function, cannot have the name.
pub(super) fn constant(id: &str, name: &str) -> Taken {
    if naming::field(id) == name {
        return Some("a function that is called as its type is taken for its constructor");
    }
    first(name, &[(ID_FUNCTIONS, "every id has a function of that name")])
}

const OPERATOR: &str = "an operator of Rust has that name";
const CRATE: &str = "generated code uses a crate of that name";

/// The reason that comes with the first list that has the name.
fn first(name: &str, lists: &[(&[&str], &'static str)]) -> Taken {
    lists.iter().find(|(names, _)| names.contains(&name)).map(|(_, why)| *why)
}
