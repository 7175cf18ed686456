//! How pages look: the frame around their content, the style sheet and the scripts.
//!
//! The documentation site and the live pages of the emulator are made of it. A page can be read without any script, and
//! asks for nothing but the files beside it; the scripts add search, copying of code and the choice of colours.

mod frame;

pub use frame::{Frame, FrameWords, Language, Link, Search};

/// The style sheet.
pub const STYLE: &str = include_str!("../assets/style.css");

/// The script of each page: choice of colours, copying of code.
pub const SCRIPT: &str = include_str!("../assets/page.js");

/// The script of pages with a search; its index is a script that calls `searchIndex`.
pub const SEARCH_SCRIPT: &str = include_str!("../assets/search.js");
