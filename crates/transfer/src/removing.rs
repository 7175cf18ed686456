//! Many files removed at once.

use std::collections::HashMap;

use dingtalk_storage::runtime::Settled;
use dingtalk_storage::types::{DentryId, SpaceId};

use crate::{Drive, Entry, Error};

impl Drive {
    /// Removes many entries, for good or to the recycle bin, which only spaces of the Drive API have: one call for each 50
    /// of a space. What lies in folders is deleted by tasks of the server, whose end is waited for. Tells what became of
    /// each, in their order; one that is not removed does not hold up the others. One that is not there is refused, also
    /// where an attempt before has removed it whose answer was lost.
    pub async fn remove_all(&self, entries: &[Entry], for_good: bool) -> Vec<Result<(), Error>> {
        let mut spaces: HashMap<&SpaceId, Vec<DentryId>> = HashMap::new();
        for entry in entries {
            spaces.entry(&entry.space).or_default().push(entry.id.clone());
        }
        let mut became: HashMap<(&SpaceId, DentryId), Settled> = HashMap::new();
        for (space, ids) in spaces {
            let calls = self.client().storage_v1();
            let settled = calls.delete_dentries(space, &ids).to_recycle_bin(!for_good).batches().settle().await;
            became.extend(settled.into_iter().map(|(id, settled)| ((space, id), settled)));
        }
        entries.iter().map(|entry| self.removed(entry, became.get(&(&entry.space, entry.id.clone())))).collect()
    }

    fn removed(&self, entry: &Entry, became: Option<&Settled>) -> Result<(), Error> {
        match became {
            Some(Settled::Done) => {
                self.paths(&entry.space).forget(entry);
                Ok(())
            }
            Some(Settled::Refused(error) | Settled::Unknown(error)) => Err(error.clone().into()),
            Some(Settled::Task(task)) => {
                self.paths(&entry.space).forget(entry);
                Err(Error::Answer(format!("task {task} still removes {:?}", entry.name)))
            }
            _ => Err(Error::Answer(format!("nothing says what became of {:?}", entry.name))),
        }
    }
}
