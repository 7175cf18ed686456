//! Macros for generated code get into nobody's way.

use std::path::Path;

/// The names of the macros that a folder exports.
fn exported(folder: &Path, names: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            exported(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            for after in text.split("#[macro_export").skip(1) {
                let (_, name) = after.split_once("macro_rules! ").unwrap();
                names.push(name.split([' ', '{']).next().unwrap().to_owned());
            }
        }
    }
}

#[test]
fn no_exported_macro_has_a_name_that_somebody_else_would_choose() {
    let mut names = Vec::new();
    exported(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut names);
    assert!(names.iter().any(|name| name == "__dt_operation"), "{names:?}");
    let plain: Vec<&String> = names.iter().filter(|name| !name.starts_with("__dt_")).collect();
    assert!(plain.is_empty(), "exported macros land at the root of the crate: {plain:?}");
}

/// Macros of an application, with names that the tables of generated code have too.
mod own {
    macro_rules! define {
        ($($name:ident)*) => {
            $(
                macro_rules! $name {
                    () => {
                        stringify!($name)
                    };
                }
                pub(super) use $name;
            )*
        };
    }

    define!(id secret open_enum operations operation paged batched lasting task_reader named);
    define!(answer_object request_object shared_object);
}

#[test]
fn an_application_may_import_everything_and_keep_its_own_macros() {
    // Of two macros that come by `*`, neither could be used.
    use dingtalk_runtime::*;
    use own::*;
    let said = [
        id!(),
        secret!(),
        open_enum!(),
        operations!(),
        operation!(),
        paged!(),
        batched!(),
        lasting!(),
        task_reader!(),
        named!(),
        answer_object!(),
        request_object!(),
        shared_object!(),
    ];
    assert_eq!(said.len(), 13);
    // What the client is made of is there as well.
    assert_eq!(ErrorBuilder::new(ErrorKind::Api).build().phase(), Phase::Refused);
}
