//! Media files for messages and forms.

use serde_json::json;

use crate::call::{Call, Outcome};
use crate::refusal::Refusal;
use crate::state::MediaFile;

/// `media.UploadMedia`: what fits the spec is kept, for dumps; no operation reads it.
pub fn upload_media(call: &mut Call<'_>) -> Outcome {
    let file = call.files.remove("media").ok_or_else(|| Refusal::new("44001"))?;
    let id = format!("${}", call.world.ids.letters(22));
    let kind = call.input.text("type").to_owned();
    let created = call.now();
    let media = MediaFile { id: id.clone(), kind: kind.clone(), name: file.name, content: file.piece, created };
    call.world.media.insert(id.clone(), media);
    call.effect("media.uploaded", id.clone());
    Ok(json!({ "type": kind, "media_id": id, "created_at": created.0 }))
}
