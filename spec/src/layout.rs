//! Which file stands where.

/// What a path within the spec is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role<'a> {
    Operation {
        family: &'a str,
        stem: &'a str,
    },
    Family {
        folder: &'a str,
    },
    Types,
    Errors,
    Groups,
    Scopes,
    Events,
    /// The crate's own files, and what belongs to the spec without being part of it.
    Beside,
}

/// Why a path cannot be there. `at` is the path to name, which may be a folder above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Misplaced<'a> {
    /// A folder stands where a file belongs.
    Folder { at: &'a str },
    /// A file stands where a folder belongs.
    File { at: &'a str },
    /// Nothing of this name belongs here.
    Unexpected { at: &'a str },
}

/// Files of the top folder that are documents of the spec.
const DOCUMENTS: &[&str] = &["errors.yaml", "events.yaml", "groups.yaml", "scopes.yaml"];
/// Other names in the top folder that the compiler does not look into; Cargo adds some of them to a package.
const BESIDE_FILES: &[&str] = &[
    "COVERAGE.md",
    "Cargo.lock",
    "Cargo.toml",
    "Cargo.toml.orig",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "disputes.yaml",
    "schema.json",
];
const BESIDE_FOLDERS: &[&str] = &["benches", "evidence", "events", "examples", "fuzz", "src", "target", "tests"];

/// What the folder at `path` is: `Some` if it is to be read, `None` if the compiler does not look into it.
pub(crate) fn folder(path: &str) -> Result<Option<()>, Misplaced<'_>> {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        parts if parts.iter().any(|part| part.starts_with('.')) => Ok(None),
        [name, ..] if BESIDE_FOLDERS.contains(name) => Ok(None),
        ["api" | "types"] => Ok(Some(())),
        [name] if DOCUMENTS.contains(name) || BESIDE_FILES.contains(name) => Err(Misplaced::Folder { at: path }),
        ["api", name] if stem(name).is_none() => Ok(Some(())),
        ["types", name] | ["api", _, name] if stem(name).is_some() => Err(Misplaced::Folder { at: path }),
        _ => Err(Misplaced::Unexpected { at: path }),
    }
}

/// What the file at `path` is for.
pub(crate) fn file(path: &str) -> Result<Role<'_>, Misplaced<'_>> {
    for (end, _) in path.match_indices('/') {
        if folder(path.get(..end).unwrap_or(path))?.is_none() {
            return Ok(Role::Beside);
        }
    }
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        [.., name] if name.starts_with('.') => Ok(Role::Beside),
        ["errors.yaml"] => Ok(Role::Errors),
        ["groups.yaml"] => Ok(Role::Groups),
        ["scopes.yaml"] => Ok(Role::Scopes),
        ["events.yaml"] => Ok(Role::Events),
        [name] if BESIDE_FILES.contains(name) => Ok(Role::Beside),
        [name] if *name == "api" || *name == "types" || BESIDE_FOLDERS.contains(name) => {
            Err(Misplaced::File { at: path })
        }
        ["types", name] if stem(name).is_some() => Ok(Role::Types),
        ["api", folder, "family.yaml"] => Ok(Role::Family { folder }),
        ["api", family, name] => {
            stem(name).map(|stem| Role::Operation { family, stem }).ok_or(Misplaced::Unexpected { at: path })
        }
        ["api", name] if stem(name).is_none() => Err(Misplaced::File { at: path }),
        _ => Err(Misplaced::Unexpected { at: path }),
    }
}

fn stem(name: &str) -> Option<&str> {
    name.strip_suffix(".yaml").filter(|stem| !stem.is_empty())
}

/// Where files may stand, for people who put one somewhere else.
pub(crate) fn places() -> String {
    "the spec has groups.yaml, errors.yaml, scopes.yaml, events.yaml, types/*.yaml, api/<family>/family.yaml and \
     api/<family>/<operation>.yaml"
        .to_owned()
}

/// How the first line of a file names the JSON Schema.
pub fn schema_line(path: &str) -> String {
    format!("# yaml-language-server: $schema={}schema.json", "../".repeat(path.matches('/').count()))
}
