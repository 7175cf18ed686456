//! What is wrong with a plan, told before anything of it is carried out.

use std::collections::BTreeSet;
use std::path::Path;

use super::plan::{Plan, PlannedFile, PlannedSpace};
use crate::contract::contract;
use crate::drive;
use crate::error::Error;
use crate::state::World;
use crate::suggest::suggestion;

impl Plan {
    /// Refuses a plan that cannot be carried out.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong, with its place in the plan.
    pub(crate) fn check(&self, world: &World, replace: bool) -> Result<(), Error> {
        let refuse = |reason: String| Err(Error::Plan(reason));
        if self.corp_id.as_deref() == Some("") {
            return refuse("corpId is empty".to_owned());
        }
        let kept = |union_id: &str| !self.users.iter().any(|user| user.union_id == union_id);
        let others = world.organisation.users.iter().map(|(_, user)| user);
        let others = others.filter(|user| (self.users.is_empty() || !replace) && kept(&user.union_id));
        let others: Vec<(&str, &str)> = others.map(|user| (user.union_id.as_str(), user.user_id.as_str())).collect();
        let union_ids = self.users.iter().map(|user| user.union_id.as_str());
        let user_ids = self.users.iter().map(|user| user.user_id.as_str());
        check_ids("users", "unionId", union_ids.clone())?;
        check_ids("users", "userId", user_ids.clone().chain(others.iter().map(|(_, user_id)| *user_id)))?;
        check_ids("apps", "key", self.apps.iter().map(|app| app.key.as_str()))?;
        for app in &self.apps {
            if app.secret.is_empty() {
                return refuse(format!("apps: {} has an empty secret", app.key));
            }
            check_scopes(app.scopes.as_deref().unwrap_or_default())
                .map_err(|reason| Error::Plan(format!("apps: {}: {reason}", app.key)))?;
        }
        let owners: BTreeSet<&str> = union_ids.chain(others.iter().map(|(union_id, _)| *union_id)).collect();
        for (place, space) in self.spaces.iter().enumerate() {
            let named = |reason: String| Error::Plan(format!("spaces[{place}]: {reason}"));
            if let Some(owner) = space.owner.as_deref().filter(|owner| !owners.contains(owner)) {
                let meant = suggestion(owner, owners.iter().copied());
                return Err(named(format!("nobody has the unionId {owner} of its owner{meant}")));
            }
            check_space(space).map_err(named)?;
        }
        Ok(())
    }
}

fn check_ids<'a>(list: &str, name: &str, ids: impl Iterator<Item = &'a str>) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    for id in ids {
        if id.is_empty() {
            return Err(Error::Plan(format!("{list}: a {name} is empty")));
        }
        if !seen.insert(id) {
            return Err(Error::Plan(format!("{list}: the {name} {id} is there twice")));
        }
    }
    Ok(())
}

/// Refuses permissions that the platform does not have.
///
/// # Errors
///
/// The first that there is not, and what may have been meant.
pub fn check_scopes(scopes: &[String]) -> Result<(), String> {
    // Every permission that there is belongs to an operation: the spec has no others.
    let known: BTreeSet<&str> = contract().operations.iter().filter_map(|each| each.scope.as_deref()).collect();
    match scopes.iter().find(|scope| !known.contains(scope.as_str())) {
        Some(scope) => Err(format!("no permission is called {scope}{}", suggestion(scope, known))),
        None => Ok(()),
    }
}

fn check_space(space: &PlannedSpace) -> Result<(), String> {
    if let Some(folder) = space.folder.as_deref().filter(|folder| !folder.is_dir()) {
        return Err(format!("there is no folder {}", folder.display()));
    }
    let mut files = BTreeSet::new();
    for file in &space.files {
        check_file(file).map_err(|reason| format!("{:?}: {reason}", file.path))?;
        let names: Vec<&str> = names(&file.path).collect();
        if !file.is_folder() && !files.insert(names) {
            return Err(format!("{:?} is there twice", file.path));
        }
    }
    for file in &space.files {
        let names: Vec<&str> = names(&file.path).collect();
        let folders = if file.is_folder() { names.len() } else { names.len().saturating_sub(1) };
        if let Some(taken) = (1..=folders).find_map(|length| names.get(..length).filter(|names| files.contains(*names)))
        {
            return Err(format!("{:?} wants a folder where there is the file /{}", file.path, taken.join("/")));
        }
    }
    Ok(())
}

/// The names of a path.
fn names(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|name| !name.is_empty())
}

fn check_file(file: &PlannedFile) -> Result<(), String> {
    if names(&file.path).next().is_none() {
        return Err("a path has at least one name".to_owned());
    }
    for name in names(&file.path) {
        drive::check_name(name, "").map_err(|refusal| format!("{name:?}: {}", refusal.reason.unwrap_or_default()))?;
    }
    let given = [("text", file.text.is_some()), ("from", file.from.is_some()), ("size", file.size.is_some())];
    let given: Vec<&str> = given.into_iter().filter(|(_, given)| *given).map(|(name, _)| name).collect();
    match (file.is_folder(), given.as_slice()) {
        (true, []) => Ok(()),
        (true, [first, ..]) => Err(format!("a path that ends in a slash is a folder, and a folder has no {first}")),
        (false, []) => {
            Err("it has no content: give it one of text, from and size, or for a folder end its path in a slash"
                .to_owned())
        }
        (false, [_]) => file.from.as_deref().map_or(Ok(()), check_source),
        (false, several) => Err(format!("it has {}, and only one of them can be its content", several.join(" and "))),
    }
}

fn check_source(from: &Path) -> Result<(), String> {
    if from.is_file() { Ok(()) } else { Err(format!("there is no file {}", from.display())) }
}
