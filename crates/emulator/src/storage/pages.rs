//! What links to thumbnails, opened files and nodes, and those to knowledge bases, lead to.

use http::{HeaderValue, StatusCode};

use crate::state::{EntryKind, World};

/// A white picture of 64 by 64 pixels, as PNG: the emulator does not look into files.
#[rustfmt::skip]
const THUMBNAIL: [u8; 75] = [
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00,
    0x00, 0x40, 0x00, 0x00, 0x00, 0x40, 0x01, 0x00, 0x00, 0x00, 0x00, 0x82, 0x12, 0x4c, 0x73, 0x00, 0x00, 0x00,
    0x12, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0xf8, 0x0f, 0x05, 0x0c, 0xa3, 0x8c, 0x51, 0x06, 0xe9, 0x0c,
    0x00, 0xe3, 0xd3, 0xfe, 0x10, 0x02, 0xda, 0x6c, 0xe3, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae,
    0x42, 0x60, 0x82,
];

/// Answer to a link.
pub struct Page {
    /// HTTP status.
    pub status: StatusCode,
    /// Kind of content.
    pub content_type: HeaderValue,
    /// The content.
    pub body: Vec<u8>,
}

/// Whether a path is one of those links.
pub fn is_page(path: &str) -> bool {
    parts(path).is_some()
}

/// What such a link shows: a picture, or a page that names the file.
pub fn page(world: &World, path: &str) -> Page {
    let html = HeaderValue::from_static("text/html;charset=utf-8");
    if let Some(("spaces", id)) = parts(path) {
        let space = world.workspaces.get(&id.to_owned()).and_then(|workspace| world.spaces.get(workspace.space));
        let Some(space) = space else { return nothing() };
        let text = format!("knowledge base: {}", escaped(space.name.as_deref().unwrap_or_default()));
        return Page { status: StatusCode::OK, content_type: html, body: document(&text) };
    }
    let found = parts(path).and_then(|(what, uuid)| Some((what, world.entries.by_uuid(uuid)?)));
    match found.filter(|(what, entry)| *what == "nodes" || entry.kind == EntryKind::File) {
        None => nothing(),
        Some(("thumbnails", _)) => {
            let content_type = HeaderValue::from_static("image/png");
            Page { status: StatusCode::OK, content_type, body: THUMBNAIL.to_vec() }
        }
        Some((what, entry)) => {
            let text = format!("{what}: {}, version {}", escaped(&entry.name), entry.version);
            Page { status: StatusCode::OK, content_type: html, body: document(&text) }
        }
    }
}

fn parts(path: &str) -> Option<(&str, &str)> {
    let (what, uuid) = path.strip_prefix('/')?.split_once('/')?;
    match what {
        "thumbnails" | "preview" | "edit" => Some((what, uuid)),
        "i" => match uuid.split_once('/')? {
            ("nodes", uuid) => Some(("nodes", uuid)),
            ("spaces", id) => Some(("spaces", id.strip_suffix("/overview")?)),
            _ => None,
        },
        _ => None,
    }
}

fn nothing() -> Page {
    let content_type = HeaderValue::from_static("text/html;charset=utf-8");
    Page { status: StatusCode::NOT_FOUND, content_type, body: document("Nothing is here.") }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn document(text: &str) -> Vec<u8> {
    format!("<!DOCTYPE html><html><head><title>{text}</title></head><body>{text}</body></html>\n").into_bytes()
}
