//! An emulator's state as a folder that another emulator can load: `state.json`, and the bytes in `blobs/`.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt;

use crate::error::Error;
use crate::http::{Body, Source};
use crate::persist::STATE;
use crate::shared::Shared;
use crate::state::World;

/// The format that this version writes and reads.
const FORMAT: u32 = 1;

/// Bytes that are copied at once.
const CHUNK: u64 = 1 << 20;

#[derive(Serialize, Deserialize)]
struct Dump {
    format: u32,
    /// Rows as JSON texts of key and value, by table.
    tables: BTreeMap<String, Vec<(String, String)>>,
}

/// Writes everything into a folder, which is made when it is not there.
///
/// # Errors
///
/// When something cannot be written.
pub async fn dump(shared: &Shared, folder: &Path) -> Result<(), Error> {
    write(shared, folder).await.map_err(|error| Error::DumpTo(folder.to_owned(), error))
}

async fn write(shared: &Shared, folder: &Path) -> io::Result<()> {
    if folder.join(STATE).exists() {
        let reason = "an emulator works in that folder; dump into another one";
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, reason));
    }
    let blobs = folder.join("blobs");
    tokio::fs::create_dir_all(&blobs).await?;
    let (rows, used) = {
        let mut world = shared.world();
        (world.all_rows(), world.used_blobs())
    };
    for (id, size) in used {
        let mut file = tokio::fs::File::create(blobs.join(&id)).await?;
        let mut from = 0;
        while from < size {
            let length = CHUNK.min(size - from);
            copy(shared.blobs.read(&id, from, length)?, &mut file).await?;
            from += length;
        }
        file.flush().await?;
    }
    let mut tables: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for row in rows {
        if let Some(value) = row.value {
            tables.entry(row.table.to_owned()).or_default().push((row.key, value));
        }
    }
    // The state comes last, under its name only when it is whole, so that half a dump is none.
    let unfinished = folder.join("state.json.part");
    tokio::fs::write(&unfinished, serde_json::to_vec(&Dump { format: FORMAT, tables })?).await?;
    tokio::fs::rename(unfinished, folder.join("state.json")).await
}

async fn copy(sources: Vec<Source>, into: &mut tokio::fs::File) -> io::Result<()> {
    let mut body = Body::new(sources);
    while let Some(bytes) = body.next().await {
        into.write_all(&bytes?).await?;
    }
    Ok(())
}

/// Takes over what was dumped, in place of everything that is there.
///
/// # Errors
///
/// When it cannot be read. What was there before is then still there.
pub async fn load(shared: &Shared, folder: &Path) -> Result<(), Error> {
    read(shared, folder).await.map_err(|error| Error::Dump(folder.to_owned(), error))
}

async fn read(shared: &Shared, folder: &Path) -> io::Result<()> {
    let state = tokio::fs::read(folder.join("state.json")).await;
    let state = state.map_err(|error| io::Error::new(error.kind(), format!("state.json cannot be read: {error}")))?;
    let dump: Dump = serde_json::from_slice(&state)?;
    if dump.format != FORMAT {
        let reason = format!("the dump has the format {}, and this version reads {FORMAT}", dump.format);
        return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
    }
    // Read into a world of its own first: a dump that is damaged leaves everything as it is.
    let mut trial = World::new(0, crate::clock::Clock::standing());
    trial.restore(rows(&dump))?;
    for (id, _) in trial.used_blobs() {
        let mut file = tokio::fs::File::open(folder.join("blobs").join(&id)).await?;
        let mut writer = shared.blobs.write(id, 0).await?;
        loop {
            let mut chunk = vec![0; usize::try_from(CHUNK).unwrap_or_default()];
            let length = tokio::io::AsyncReadExt::read(&mut file, &mut chunk).await?;
            if length == 0 {
                break;
            }
            chunk.truncate(length);
            writer.append(Bytes::from(chunk)).await?;
        }
        writer.finish().await?;
    }
    let (restored, settlement, used) = {
        let mut world = shared.world();
        let restored = world.restore(rows(&dump));
        (restored, shared.settle(&mut world), world.used_blobs())
    };
    restored?;
    settlement.stored().await?;
    shared.blobs.keep_only(&|id| used.contains_key(id))
}

fn rows(dump: &Dump) -> impl Iterator<Item = (&str, &str, &str)> {
    dump.tables
        .iter()
        .flat_map(|(name, rows)| rows.iter().map(move |(key, value)| (name.as_str(), key.as_str(), value.as_str())))
}
