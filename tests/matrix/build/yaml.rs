//! Pieces of YAML.

/// A text in quotes.
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The first line of a file, for its depth below the root.
pub fn schema_line(path: &str) -> String {
    format!("# yaml-language-server: $schema={}schema.json\n", "../".repeat(path.matches('/').count()))
}

/// An operation with the lines that every one has; `rest` is what follows.
pub fn operation(family: &str, name: &str, http: &str, rest: &str) -> (String, Vec<u8>) {
    let module = dingtalk_storage_spec::naming::operation(name);
    let path = format!("api/{family}/{module}.yaml");
    let (line, slug) = (schema_line(&path), module.replace('_', "-"));
    let text = format!(
        "{line}operation: {name}\nsummary: Does {module}.\ndocs: {slug}\nhttp: {http}\nstatus: current\ngroup: matrix\n\
         apps: [internal]\nscope: Storage.File.Read\neffect: read\n{rest}"
    );
    (path, text.into_bytes())
}

/// A file with its first line.
pub fn file(path: &str, text: &str) -> (String, Vec<u8>) {
    (path.to_owned(), format!("{}{text}", schema_line(path)).into_bytes())
}
