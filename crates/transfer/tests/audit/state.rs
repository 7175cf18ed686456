//! What the emulator has on its disk, read without its operations.

use std::collections::{BTreeMap, BTreeSet};

use dingtalk_storage::types::{DentryId, SpaceId};
use dingtalk_storage_emulator::Emulator;
use serde_json::Value;

/// Entries and grants.
pub struct State {
    entries: BTreeMap<u64, Value>,
    /// By entry: kind and id of the member, and the role.
    grants: BTreeMap<u64, Vec<(String, String, String)>>,
    /// The userId of each unionId.
    user_ids: BTreeMap<String, String>,
}

impl State {
    pub async fn of(emulator: &Emulator) -> Self {
        let folder = tempfile::tempdir().unwrap();
        emulator.dump(folder.path().join("dump")).await.unwrap();
        let text = std::fs::read_to_string(folder.path().join("dump/state.json")).unwrap();
        let state: Value = serde_json::from_str(&text).unwrap();
        let rows = |table: &str| -> Vec<(Value, Value)> {
            let read = |text: &Value| serde_json::from_str::<Value>(text.as_str().unwrap()).unwrap();
            let rows = state["tables"][table].as_array().unwrap().iter();
            rows.map(|row| (read(&row[0]), read(&row[1]))).collect()
        };
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let mut grants: BTreeMap<u64, Vec<_>> = BTreeMap::new();
        for (key, grant) in rows("grants") {
            let role = text(&grant["role"]).to_uppercase();
            grants.entry(key[0].as_u64().unwrap()).or_default().push((
                text(&key[1]["kind"]),
                text(&key[1]["id"]),
                role,
            ));
        }
        Self {
            entries: rows("entries").into_iter().map(|(_, entry)| (entry["id"].as_u64().unwrap(), entry)).collect(),
            grants,
            user_ids: emulator.credentials().users.into_iter().map(|user| (user.union_id, user.user_id)).collect(),
        }
    }

    /// The space with the most entries, and its root.
    pub fn largest_space(&self) -> (SpaceId, DentryId) {
        let mut count: BTreeMap<u64, usize> = BTreeMap::new();
        for entry in self.entries.values() {
            *count.entry(entry["space"].as_u64().unwrap()).or_default() += 1;
        }
        let (space, _) = count.into_iter().max_by_key(|(_, entries)| *entries).unwrap();
        (SpaceId::new(space.to_string()), DentryId::root())
    }

    fn of_space(&self, space: &SpaceId) -> impl Iterator<Item = &Value> {
        self.entries.values().filter(|entry| entry["space"].as_u64().unwrap().to_string() == space.as_str())
    }

    /// Uuids, without that of the root.
    pub fn entries_of(&self, space: &SpaceId) -> Vec<String> {
        let below = self.of_space(space).filter(|entry| !entry["parent"].is_null());
        below.map(|entry| entry["uuid"].as_str().unwrap().to_owned()).collect()
    }

    /// An entry and those above it, the nearest first.
    fn chain<'a>(&'a self, entry: &'a Value) -> impl Iterator<Item = &'a Value> {
        std::iter::successors(Some(entry), |entry| self.entries.get(&entry["parent"].as_u64()?))
    }

    /// The roles that are in force, by uuid: the highest of each member, found from the entry upwards.
    pub fn roles_in_force(&self, space: &SpaceId) -> BTreeMap<String, BTreeSet<(String, String, String)>> {
        const ROLES: [&str; 5] = ["READER", "DOWNLOADER", "EDITOR", "MANAGER", "OWNER"];
        let rank = |role: &str| ROLES.iter().position(|each| *each == role).unwrap();
        let in_force = self.of_space(space).map(|entry| {
            let mut highest: BTreeMap<(String, String), usize> = BTreeMap::new();
            let mut is_cut = false;
            for place in self.chain(entry) {
                for (kind, id, role) in self.grants.get(&place["id"].as_u64().unwrap()).into_iter().flatten() {
                    if is_cut && rank(role) < rank("MANAGER") {
                        continue;
                    }
                    let id = self.user_ids.get(id).filter(|_| kind == "USER").unwrap_or(id);
                    let known = highest.entry((kind.clone(), id.clone())).or_default();
                    *known = (*known).max(rank(role));
                }
                is_cut |= place["breaks_inheritance"].as_bool().unwrap_or(false);
            }
            let roles = highest.into_iter().map(|((kind, id), rank)| (ROLES[rank].to_owned(), kind, id));
            (entry["uuid"].as_str().unwrap().to_owned(), roles.collect())
        });
        in_force.collect()
    }

    /// Entries below a folder on which a role is in force that could end.
    pub fn entries_below_roles_that_can_end(&self, space: &SpaceId) -> usize {
        let roles = self.roles_in_force(space);
        let can_end = |entry: &Value| {
            let Some(parent) = entry["parent"].as_u64().and_then(|parent| self.entries.get(&parent)) else {
                return false;
            };
            roles[parent["uuid"].as_str().unwrap()].iter().any(|(role, ..)| role != "MANAGER" && role != "OWNER")
        };
        self.of_space(space).filter(|entry| can_end(entry)).count()
    }
}
