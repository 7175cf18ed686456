//! The files of the whole spec.

use crate::cells::{self, Cell, Need, Place};
use crate::yaml::{file, operation};
use crate::{names, series, texts};

/// Fields of one operation or object.
const FIELDS: usize = 20;

type Files = Vec<(String, Vec<u8>)>;

/// The whole spec, with these texts in every kind of documentation.
pub fn all(hostile: &[String]) -> Files {
    let mut files = common();
    files.extend(matrix(&cells::all().into_iter().filter(Cell::makes_sense).collect::<Vec<_>>()));
    files.extend(names::files());
    files.extend(series::files());
    files.extend(texts::files(hostile));
    files
}

/// What every spec has.
pub fn common() -> Files {
    vec![
        file("groups.yaml", "groups: {matrix: {title: Matrix, doc: Every combination.}}\n"),
        file("errors.yaml", "codes:\n  bad: {class: parameter, meaning: It is bad., advice: Mend it.}\n"),
        file(
            "types/ids.yaml",
            "types:\n  UnionId: {doc: Id of a person., id: {}}\n  PageToken: {doc: A page., id: {}}\n  UserAccessToken: {doc: A token., id: {secret: true}}\n",
        ),
        family("matrix_v1"),
        operation(
            "matrix_v1",
            "UseIds",
            "GET /v1.0/ids",
            "token: user\noperator: unionId\nquery:\n  unionId: {type: UnionId, required: true, doc: Who.}\n  \
             token: {type: PageToken, doc: Where.}\nerrors: {400: [bad]}\n",
        ),
    ]
}

pub fn family(name: &str) -> (String, Vec<u8>) {
    let text = format!("family: {name}\ntitle: Family\ndoc: A family.\n");
    file(&format!("api/{name}/family.yaml"), &text)
}

/// Types and operations that hold the cells.
pub fn matrix(cells: &[Cell]) -> Files {
    let mut files = vec![file("types/matrix.yaml", THINGS)];
    files.push(operation("matrix_v1", "UseThings", "POST /v1.0/things", USE_THINGS));
    for place in cells::PLACES {
        for need in cells::NEEDS {
            let of_both: Vec<_> = cells.iter().filter(|cell| cell.place == place && cell.need == need).collect();
            for (index, chunk) in of_both.chunks(FIELDS).enumerate() {
                files.extend(holder(place, &format!("{place:?}{need:?}{index}"), chunk));
            }
        }
    }
    files
}

const THINGS: &str = "\
types:
  MatrixId: {doc: An id., id: {}}
  MatrixSecret: {doc: A secret., id: {secret: true}}
  MatrixKind: {doc: An enum., values: {\"1\": {rust: One, doc: One.}, \"\": {rust: Empty, doc: None.}, 中文: {rust: Chinese, doc: A word.}}}
  MatrixThing:
    doc: An object that needs a list of its own kind.
    fields:
      name: {type: string, required: true, doc: Its name.}
      children: {type: [MatrixThing], required: true, doc: What is in it.}
      others: {type: {string: MatrixThing}, required: true, doc: What is beside it.}
      next: {type: MatrixThing, indirect: true, doc: What follows.}
      time: {type: time, required: true, doc: When it was made.}
";

const USE_THINGS: &str = "\
body:
  id: {type: MatrixId, doc: An id.}
  secret: {type: MatrixSecret, doc: A secret.}
  kind: {type: MatrixKind, doc: A kind.}
  thing: {type: MatrixThing, required: true, doc: A thing.}
response:
  thing: {type: MatrixThing, always: true, evidence: The page., doc: A thing.}
";

/// An operation, or an object with an operation that has it in every way.
fn holder(place: Place, name: &str, cells: &[&Cell]) -> Files {
    let numbered: Vec<_> = cells.iter().enumerate().map(|(number, cell)| cell.field(number)).collect();
    let lines = |indent: &str| numbered.iter().map(|field| format!("{indent}{field}\n")).collect::<String>();
    let method = |path: &str| format!("POST /v1.0/{name}{path}");
    let only = |rest: String| vec![operation("matrix_v1", name, &method(""), &rest)];
    let path: String = (0..cells.len()).map(|number| format!("/{{field{number}}}")).collect();
    match place {
        Place::Path => vec![operation("matrix_v1", name, &method(&path), &format!("path:\n{}", lines("  ")))],
        Place::Query | Place::QueryIndexed | Place::QueryJson => only(format!("query:\n{}", lines("  "))),
        Place::Body => only(format!("body:\n{}", lines("  "))),
        Place::Part => only(format!("encoding: form\nbody:\n{}", lines("  "))),
        Place::Answer => only(format!("response:\n{}", lines("  "))),
        Place::Flattened => only(format!(
            "body:\n  option:\n    flatten: true\n    required: {}\n    fields:\n{}",
            cells.iter().any(|cell| matches!(cell.need, Need::Required | Need::RequiredNullable)),
            lines("      ")
        )),
        Place::RequestObject | Place::SharedObject | Place::AnswerObject => {
            // Names of inner types of shared objects belong to the whole spec.
            let fields = lines("      ").replace("as: Inner", &format!("as: {name}Inner"));
            let types = format!("types:\n  {name}:\n    doc: An object.\n    fields:\n{fields}");
            let module = dingtalk_storage_spec::naming::field(name);
            let uses = |required: &str| {
                format!(
                    "  one: {{type: {name}, {required}doc: One.}}\n  list: {{type: [{name}], {required}doc: Several.}}\n  \
                     map: {{type: {{string: {name}}}, {required}doc: By name.}}\n"
                )
            };
            let body = format!("body:\n{}", uses("required: true, "));
            let answer = format!("response:\n{}", uses(""));
            let rest = match place {
                Place::RequestObject => body,
                Place::AnswerObject => answer,
                _ => body + &answer,
            };
            let holder = operation("matrix_v1", &format!("Use{name}"), &method(""), &rest);
            vec![file(&format!("types/{module}.yaml"), &types), holder]
        }
    }
}
