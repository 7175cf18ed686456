//! A spec of any size.

use std::fmt::Write;

use dingtalk_storage_spec::{SourceTree, Spec, compile};

use crate::Failure;

/// A spec with as many objects of eight fields, half in requests and half in answers.
pub fn spec(types: u32) -> Result<Spec, Failure> {
    let mut objects = String::from("types:\n");
    let mut body = String::new();
    let mut response = String::new();
    for number in 0..types {
        let (name, members) = if number % 2 == 0 { ("Request", &mut body) } else { ("Answer", &mut response) };
        write!(objects, "  {name}{number}:\n    doc: An object.\n    fields:\n{FIELDS}")?;
        writeln!(members, "  field{number}: {{type: {name}{number}, doc: A field.}}")?;
    }
    let operation = format!("{OPERATION}body:\n{body}response:\n{response}");
    let files = [
        ("groups.yaml", "groups:\n  group: {title: Group, doc: A group.}\n".to_owned()),
        ("errors.yaml", "codes: {}\n".to_owned()),
        ("types/objects.yaml", objects),
        ("types/ids.yaml", "types:\n  ThingId: {doc: An id., id: {example: \"1\"}}\n".to_owned()),
        ("api/family_v1/family.yaml", "family: family_v1\ntitle: Family\ndoc: A family.\n".to_owned()),
        ("api/family_v1/everything.yaml", operation),
    ];
    let files = files.map(|(path, text)| {
        let up = "../".repeat(path.matches('/').count());
        (path.to_owned(), format!("# yaml-language-server: $schema={up}schema.json\n{text}").into_bytes())
    });
    compile(&SourceTree::from_files(files)).map_err(|report| report.render(false).into())
}

const FIELDS: &str = "      id: {type: ThingId, doc: An id.}
      name: {type: string, doc: A name., example: name}
      path: {type: string, doc: A path., example: /path}
      size: {type: int64, doc: A size., example: 1}
      version: {type: int64, doc: A version., example: 1}
      readOnly: {type: bool, doc: A flag.}
      createTime: {type: string, doc: A time., example: \"2022-01-01T10:00:00Z\"}
      tags: {type: [string], doc: A list., example: [a]}
";

const OPERATION: &str = "operation: Everything
summary: Has everything.
docs: everything
http: POST /everything
status: current
group: group
scope: Everything
effect: read
";
