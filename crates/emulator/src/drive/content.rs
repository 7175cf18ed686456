//! Uploaded bytes become files and versions of files.

use crc_fast::{CrcAlgorithm, checksum_combine};
use md5::{Digest, Md5};

use crate::call::Call;
use crate::drive::{Landing, check_room, new_entry};
use crate::refusal::Refusal;
use crate::state::{AppProperty, Content, EntryId, EntryKind, EventKind, ObjectOwner, Piece, Role, Upload, Version};
use crate::storage::upper_hex;

/// Least bytes of a part that is not the last one.
const SMALLEST_PART: u64 = 100 << 10;

/// The bytes of an upload, checked as the storage does when an upload in parts ends.
///
/// # Errors
///
/// `dentryStoreError`, when bytes are missing, or parts are too small.
pub fn assemble(upload: &Upload) -> Result<Content, Refusal> {
    let refuse = |reason: String| Err(Refusal::new("dentryStoreError").because(reason));
    if upload.multipart.is_none() {
        return match &upload.whole {
            Some(piece) => {
                Ok(Content { pieces: vec![piece.clone()], size: piece.size, crc: piece.crc, etag: piece.etag.clone() })
            }
            None => refuse("nothing was put to the signed URL".to_owned()),
        };
    }
    if upload.unjoined {
        return refuse("the upload in parts was not completed".to_owned());
    }
    let pieces: Vec<Piece> = upload.parts.values().cloned().collect();
    let Some((_, before_last)) = pieces.split_last() else { return refuse("no part was put".to_owned()) };
    if let Some(small) = before_last.iter().find(|piece| piece.size < SMALLEST_PART) {
        return refuse(format!("a part before the last has {} bytes, less than 100 KB", small.size));
    }
    let crc = pieces.iter().skip(1).fold(pieces.first().map_or(0, |piece| piece.crc), |crc, piece| {
        checksum_combine(CrcAlgorithm::Crc64Xz, crc, piece.crc, piece.size)
    });
    let mut tags = Md5::new();
    for piece in &pieces {
        tags.update(from_hex(&piece.etag));
    }
    let etag = format!("{}-{}", upper_hex(&tags.finalize()), pieces.len());
    Ok(Content { size: pieces.iter().map(|piece| piece.size).sum(), pieces, crc, etag })
}

fn from_hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        text.chars().filter_map(|digit| digit.to_digit(16)).filter_map(|x| u8::try_from(x).ok()).collect();
    digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect()
}

/// Turns an upload into a file of a folder, or into a new version of one. `landing` says where it lands; an upload
/// that finds its name taken and stores nothing is used up all the same.
///
/// # Errors
///
/// When there is no room, or the operator may not change the file that gets a new version.
pub fn commit(
    call: &mut Call<'_>,
    upload: Upload,
    content: Content,
    folder: EntryId,
    landing: Landing,
    properties: Vec<AppProperty>,
) -> Result<EntryId, Refusal> {
    let space_id = call.stored(folder)?.space;
    let space = call.world.spaces.get(space_id).ok_or_else(|| Refusal::new("spaceNotExist"))?;
    check_room(call.world, space, content.size)?;
    let (id, number) = match landing {
        Landing::Existing(id) => {
            call.dropped_blobs.extend(content.pieces.into_iter().map(|piece| piece.blob));
            call.world.objects.remove(&upload.object);
            use_up(call, upload, id);
            return Ok(id);
        }
        Landing::New(name) => new_file(call, folder, name, properties)?,
        Landing::Replace(id) => {
            call.world.require(&call.operator, call.stored(id)?, Role::Editor)?;
            let version = call.stored(id)?.version + 1;
            let uuid = call.stored(id)?.uuid.clone();
            call.effect("file.versioned", uuid);
            call.tell(EventKind::Update, id);
            (id, version)
        }
    };
    let now = call.now();
    let operator = call.operator.clone();
    let size = content.size;
    call.world.spaces.grow(space_id, size);
    call.world.entries.change(id, |entry| {
        entry.version = number;
        entry.size = size;
        entry.modified = now;
        entry.modifier.clone_from(&operator);
    });
    let name = call.stored(id)?.name.clone();
    call.world.objects.insert(upload.object.clone(), ObjectOwner::Version(id, number));
    let version = Version { content, object: upload.object.clone(), name, modifier: operator, modified: now };
    call.world.versions.insert((id, number), version);
    use_up(call, upload, id);
    Ok(id)
}

/// The key commits nothing any more; it is kept so that a second commit is told why.
fn use_up(call: &mut Call<'_>, mut upload: Upload, file: EntryId) {
    upload.committed = Some(file);
    upload.whole = None;
    upload.parts.clear();
    call.world.uploads.put(upload);
}

fn new_file(
    call: &mut Call<'_>,
    folder: EntryId,
    name: String,
    properties: Vec<AppProperty>,
) -> Result<(EntryId, u32), Refusal> {
    let (id, uuid) = new_entry(call, folder, EntryKind::File, name, properties)?;
    call.effect("file.committed", uuid);
    call.tell(EventKind::Create, id);
    Ok((id, 1))
}
