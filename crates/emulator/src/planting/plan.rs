//! The plan of what an emulator begins with, as YAML or JSON.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// What is to be there. Where an emulator begins with a plan, its people and apps take the place of the usual ones. A plan
/// that comes later adds to what is there, and changes what has the same ids and paths.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Plan {
    /// Whether people and apps that it does not name are taken away, if it names any.
    pub replace: bool,
    /// Id of the organization.
    pub corp_id: Option<String>,
    /// Most bytes that the organization may store.
    pub capacity: Option<u64>,
    /// People.
    pub users: Vec<PlannedUser>,
    /// Apps.
    pub apps: Vec<PlannedApp>,
    /// Spaces with their files.
    pub spaces: Vec<PlannedSpace>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlannedUser {
    /// Id of the person for all apps of one developer.
    pub union_id: String,
    /// Id of the person within the organization.
    pub user_id: String,
    /// Name of the person.
    pub name: String,
    /// Departments, by their ids.
    #[serde(default)]
    pub departments: Vec<String>,
    /// Tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Whether the person is an administrator of the organization.
    #[serde(default)]
    pub admin: bool,
}

/// An app.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlannedApp {
    /// Client id.
    pub key: String,
    /// Client secret.
    pub secret: String,
    /// Newest ticket; it makes the app a third-party app.
    #[serde(default)]
    pub suite_ticket: Option<String>,
    /// Name of the app.
    #[serde(default)]
    pub name: String,
    /// Permissions that it was given; without a list, all.
    #[serde(default)]
    pub scopes: Option<Vec<String>>,
}

/// A space.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PlannedSpace {
    /// Scene, as `AddSpace` takes it; `default` when left out. A space of the app and scene that exists is filled, and
    /// gets the name and the quota of the plan where that has them.
    pub scene: Option<String>,
    /// Id within the scene; `0` when left out.
    pub scene_id: Option<String>,
    /// Name of the space.
    pub name: Option<String>,
    /// unionId of its owner; the first administrator when left out.
    pub owner: Option<String>,
    /// Most bytes that it may hold.
    pub quota: Option<u64>,
    /// Folder of this machine whose files are put into the space, relative to the file of the plan.
    pub folder: Option<PathBuf>,
    /// Files and folders.
    pub files: Vec<PlannedFile>,
}

/// A file, or a folder when its path ends in a slash. Folders above it are made. A file has one of `text`, `from` and
/// `size`; one whose path is taken becomes a new version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlannedFile {
    /// Path within the space, for example `/reports/2026.txt`.
    pub path: String,
    /// Its content.
    #[serde(default)]
    pub text: Option<String>,
    /// File of this machine with its content, relative to the file of the plan.
    #[serde(default)]
    pub from: Option<PathBuf>,
    /// Its content is so many zero bytes.
    #[serde(default)]
    pub size: Option<u64>,
}

impl PlannedFile {
    /// Whether it is a folder.
    pub(crate) fn is_folder(&self) -> bool {
        self.path.ends_with('/')
    }
}

impl Plan {
    /// Reads a plan from a YAML file; JSON is YAML too. Relative paths in it are taken from where the file is.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or is no plan.
    pub fn read(file: &Path) -> Result<Self, Error> {
        let text =
            std::fs::read_to_string(file).map_err(|error| Error::Plan(format!("{}: {error}", file.display())))?;
        let mut plan = Self::from_yaml(&text).map_err(|error| Error::Plan(format!("{}: {error}", file.display())))?;
        let base = file.parent().unwrap_or(Path::new("."));
        for space in &mut plan.spaces {
            let paths = space.folder.iter_mut().chain(space.files.iter_mut().filter_map(|file| file.from.as_mut()));
            for path in paths {
                *path = base.join(&path);
            }
        }
        Ok(plan)
    }

    /// Reads a plan from YAML.
    ///
    /// # Errors
    ///
    /// When it is no plan.
    pub fn from_yaml(text: &str) -> Result<Self, Error> {
        serde_yaml::from_str(text).map_err(|error| Error::Plan(error.to_string()))
    }

    /// A plan that puts the files of a folder into the default space.
    pub fn of_folder(folder: impl Into<PathBuf>) -> Self {
        Self {
            spaces: vec![PlannedSpace { folder: Some(folder.into()), ..PlannedSpace::default() }],
            ..Self::default()
        }
    }
}
