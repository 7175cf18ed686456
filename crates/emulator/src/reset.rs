//! What an emulator begins with, and the way back to it.

use crate::dump;
use crate::error::Error;
use crate::faults::Faults;
use crate::limits::Limiter;
use crate::planting::{self, Beginning};
use crate::shared::Shared;
use crate::state::World;

/// Makes what there is to begin with besides what every emulator has. It is written at once and before anybody is told
/// of it: a start that fails or is killed leaves a folder that holds nothing, and the next one begins anew.
///
/// # Errors
///
/// When the plan cannot be carried out, the dump cannot be loaded, or nothing can be written.
pub async fn begin(shared: &Shared) -> Result<(), Error> {
    match (&shared.options.load, &shared.options.plan) {
        (Some(folder), _) => dump::load(shared, folder).await,
        (None, Some(plan)) => planting::plant(shared, plan, Beginning::Seeded).await.map(drop),
        (None, None) => {
            let settlement = shared.settle(&mut shared.world());
            settlement.stored().await.map_err(|error| shared.unwritten(error))
        }
    }
}

/// Forgets everything that was made since the start, and begins anew. Equal seeds give equal ids again. Requests that
/// are on their way may still be answered, and are in no journal.
///
/// # Errors
///
/// As [`begin`].
pub async fn reset(shared: &Shared) -> Result<(), Error> {
    shared.subscribe(None);
    shared.streams().forget_news();
    {
        let mut world = shared.world();
        let mut fresh = World::new(shared.seed, shared.options.clock());
        planting::seed(&mut fresh, &shared.options);
        let rows = fresh.all_rows();
        let rows = rows.iter().map(|row| (row.table, row.key.as_str(), row.value.as_deref().unwrap_or_default()));
        world.restore(rows).map_err(|error| shared.unwritten(error.into()))?;
        shared.journal().reset();
        *shared.faults() = Faults::default();
        *shared.limiter() = Limiter::new(shared.options.limits);
    }
    begin(shared).await?;
    let used = shared.world().used_blobs();
    shared.blobs.keep_only(&|id| used.contains_key(id)).map_err(|error| shared.unwritten(error))
}
