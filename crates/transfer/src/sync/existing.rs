//! What becomes of files that are there already.

/// What becomes of files that the side that is changed has already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Existing {
    /// They are replaced where they differ; a file of the drive gets a new version.
    #[default]
    Replace,
    /// They stay as they are, and are not even compared: [`Plan::kept`](crate::Plan::kept).
    Keep,
    /// They stay as they are, and those that differ are told in [`Plan::refused`](crate::Plan::refused).
    Refuse,
}
