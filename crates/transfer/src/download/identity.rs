//! What tells one content of a file from another.

use dingtalk_storage::runtime::object_storage::ObjectBytes;

/// What the storage tells of a content. Two answers of which one contradicts the other are not of the same content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) etag: Option<String>,
    pub(super) crc64: Option<u64>,
    /// Bytes of the whole file.
    pub(super) size: Option<u64>,
}

impl Identity {
    /// What an answer tells.
    pub(super) fn of(answer: &ObjectBytes) -> Self {
        let size = match answer.range() {
            Some((_, _, size)) => Some(size),
            None => answer.length().filter(|_| !answer.is_part()),
        };
        Self { etag: answer.etag(), crc64: answer.crc64(), size }
    }

    /// Takes over what another answer tells; returns whether it can be of the same content.
    pub(super) fn agree(&mut self, other: &Self) -> bool {
        fn differ<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
            matches!((one, other), (Some(one), Some(other)) if one != other)
        }
        if differ(self.etag.as_ref(), other.etag.as_ref())
            || differ(self.crc64.as_ref(), other.crc64.as_ref())
            || differ(self.size.as_ref(), other.size.as_ref())
        {
            return false;
        }
        self.etag = self.etag.take().or_else(|| other.etag.clone());
        self.crc64 = self.crc64.or(other.crc64);
        self.size = self.size.or(other.size);
        true
    }
}
