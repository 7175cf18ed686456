//! Names of entries: which are allowed, and what happens when one is taken.

use crate::refusal::Refusal;
use crate::state::{EntryId, EntryKind, World};

/// Characters that a name must not have.
const FORBIDDEN: [char; 6] = ['\t', '*', '"', '<', '>', '|'];

/// Most characters of a name.
const LONGEST: usize = 255;

/// What to do when a name is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// Store under a changed name.
    AutoRename,
    /// Replace what has the name.
    Overwrite,
    /// Store nothing and return what has the name.
    ReturnExisting,
    /// Refuse.
    Refuse,
}

impl Strategy {
    /// Reads what the storage operations, or those of Drive, write; nothing written means a changed name.
    pub fn from_wire(text: &str) -> Self {
        match text {
            "OVERWRITE" | "overwrite" => Self::Overwrite,
            "RETURN_DENTRY_IF_EXISTS" | "returnExisting" => Self::ReturnExisting,
            "RETURN_ERROR_IF_EXISTS" | "returnError" => Self::Refuse,
            _ => Self::AutoRename,
        }
    }
}

/// Where something lands in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Landing {
    /// Under a name that is free.
    New(String),
    /// Nowhere: what has the name is the answer.
    Existing(EntryId),
    /// In place of what has the name.
    Replace(EntryId),
}

/// The name as it is stored: without blanks around it.
///
/// # Errors
///
/// The code, when the name is not allowed.
pub fn check_name(name: &str, code: &'static str) -> Result<String, Refusal> {
    let trimmed = name.trim_matches(' ');
    let reason = if trimmed.is_empty() {
        "the name is empty"
    } else if trimmed.contains(FORBIDDEN) {
        "a name has no tab, *, \", <, > or |"
    } else if trimmed.contains(['/', '\\']) || trimmed.chars().any(char::is_control) {
        "a name has no slashes and no control characters"
    } else if trimmed.ends_with('.') {
        "a name does not end with a dot"
    } else if trimmed.chars().count() > LONGEST {
        "a name has at most 255 characters"
    } else {
        return Ok(trimmed.to_owned());
    };
    Err(Refusal::new(code).because(reason))
}

/// Decides where something lands in a folder. `moving` is what is moved or renamed, and so does not stand in its own
/// way.
///
/// # Errors
///
/// `taken`, when the name is taken and the strategy wants that refused, or a file would replace a folder or the other
/// way round.
pub fn land(
    world: &World,
    folder: EntryId,
    name: &str,
    kind: EntryKind,
    strategy: Strategy,
    moving: Option<EntryId>,
    taken: &'static str,
) -> Result<Landing, Refusal> {
    let holder = world.entries.by_name(folder, name).filter(|holder| Some(holder.id) != moving);
    let Some(holder) = holder else { return Ok(Landing::New(name.to_owned())) };
    let refuse = |reason: &str| Err(Refusal::new(taken).because(format!("{name}: {reason}")));
    match strategy {
        Strategy::AutoRename => Ok(Landing::New(free_name(world, folder, name, kind))),
        Strategy::Refuse => refuse("the name is taken"),
        _ if holder.kind != kind => refuse("what has the name is not of the same kind"),
        Strategy::ReturnExisting => Ok(Landing::Existing(holder.id)),
        Strategy::Overwrite => Ok(Landing::Replace(holder.id)),
    }
}

/// The first of `name(1).ext`, `name(2).ext` and so on that is free.
fn free_name(world: &World, folder: EntryId, name: &str, kind: EntryKind) -> String {
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if kind == EntryKind::File && !stem.is_empty() => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let is_free = |number: u32| world.entries.by_name(folder, &format!("{stem}({number}){extension}")).is_none();
    // Doubling, then halving: a folder with ten thousand copies of one name answers as fast as one with two.
    let mut high = 1;
    while !is_free(high) {
        high *= 2;
    }
    let mut low = high / 2;
    while high - low > 1 {
        let middle = low.midpoint(high);
        if is_free(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    format!("{stem}({high}){extension}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_checked() {
        assert_eq!(check_name("  report.pdf ", "x").ok().as_deref(), Some("report.pdf"));
        for name in
            ["", "  ", "a*b", "a|b", "a\"b", "a<b", "a>b", "a\tb", "a.", "a/b", "a\\b", "a\nb", &"x".repeat(256)]
        {
            assert!(check_name(name, "x").is_err(), "{name:?}");
        }
        assert!(check_name(".hidden", "x").is_ok());
        assert!(check_name(&"字".repeat(255), "x").is_ok());
    }
}
