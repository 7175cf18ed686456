//! How names of the wire become names of Rust. The checks and the generator use the same conversions, so that what the
//! checks call unique is unique in the generated code.

use heck::{ToSnakeCase, ToUpperCamelCase};

/// A field or parameter: `parentDentryUuid` becomes `parent_dentry_uuid`.
pub fn field(wire: &str) -> String {
    wire.to_snake_case()
}

/// A value of an enum, or an error code: `AUTO_RENAME` becomes `AutoRename`, `paramError.name` becomes `ParamErrorName`.
pub fn variant(wire: &str) -> String {
    wire.to_upper_camel_case()
}

/// The module, function and file of an operation: `CommitFile` becomes `commit_file`.
pub fn operation(name: &str) -> String {
    name.to_snake_case()
}

/// Whether Rust takes it as a name, apart from keywords.
pub fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && characters.all(|character| character.is_ascii_alphanumeric() || character == '_')
}

/// Whether it is a keyword of Rust, now or reserved for later.
pub fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
}

const KEYWORDS: &[&str] = &[
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super",
    "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];
