//! What is written beside a file of the drive: the time of its content on the machine that it came from.

use dingtalk_storage::types::{AppProperty, Dentry, PropertyVisibility};

/// Name of the property.
const NAME: &str = "dingtalk-storage-sync";

/// The time and the checksum of a content. The drive keeps neither: the time that it tells is when the file came. So they
/// are kept in a private property of the file, with the size and the version that they are about. When somebody
/// stores another version, the property is about one that is past, and is not believed any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// When the content was changed last, in milliseconds since 1970.
    pub(crate) modified: i64,
    pub(crate) size: u64,
    pub(crate) crc64: u64,
    pub(crate) version: i64,
}

impl Stamp {
    /// Version of a file that is new.
    pub(crate) const FIRST: i64 = 1;

    /// The stamp of a file, if it has one that is about its content.
    pub(crate) fn of(dentry: &Dentry) -> Option<Self> {
        let properties = dentry.app_properties.iter().flat_map(dingtalk_storage::runtime::MapOrList::iter);
        let mut stamps = properties.filter(|property| property.name.as_deref() == Some(NAME));
        let stamp = stamps.find_map(|property| Self::read(property.value.as_deref()?))?;
        let size = dentry.size;
        let is_current = size == Some(stamp.size) && dentry.version.is_none_or(|version| version == stamp.version);
        is_current.then_some(stamp)
    }

    /// The property that has it.
    pub(crate) fn property(&self) -> AppProperty {
        AppProperty::new(NAME, &self.write(), PropertyVisibility::Private)
    }

    fn write(&self) -> String {
        let Self { modified, size, crc64, version } = self;
        format!("1;{modified};{size};{crc64:016x};{version}")
    }

    fn read(text: &str) -> Option<Self> {
        let mut fields = text.strip_prefix("1;")?.split(';');
        let mut field = || fields.next();
        let stamp = Self {
            modified: field()?.parse().ok()?,
            size: field()?.parse().ok()?,
            crc64: u64::from_str_radix(field()?, 16).ok()?,
            version: field()?.parse().ok()?,
        };
        field().is_none().then_some(stamp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_believed_about_its_own_version_only() {
        let stamp = Stamp { modified: -5, size: 7, crc64: 0xab, version: 2 };
        assert_eq!(Stamp::read(&stamp.write()), Some(stamp));
        for text in ["", "1;1;2;3", "2;1;2;3;4", "1;1;2;3;4;5", "1;x;2;3;4"] {
            assert_eq!(Stamp::read(text), None, "{text}");
        }
        let mut dentry = Dentry::default();
        dentry.app_properties = Some(dingtalk_storage::runtime::MapOrList::List(vec![stamp.property()]));
        (dentry.size, dentry.version) = (Some(7), Some(2));
        assert_eq!(Stamp::of(&dentry), Some(stamp));
        dentry.version = Some(3);
        assert_eq!(Stamp::of(&dentry), None);
        (dentry.size, dentry.version) = (Some(8), Some(2));
        assert_eq!(Stamp::of(&dentry), None);
    }
}
