//! Attributes of objects, for which the drive has no place but the properties of an app.

use dingtalk_storage::types::{AppProperty, PropertyVisibility};
use dingtalk_storage_transfer::Entry;
use object_store::{Attribute, Attributes, Result, TagSet};
use serde_json::{Map, Value};

use crate::failure::unsupported;

/// Name of the property that has them.
const NAME: &str = "dingtalk-storage-attributes";
const METADATA: &str = "metadata:";
/// Version of a file that is new.
const FIRST: i64 = 1;

/// What is done with the attributes of an object.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AttributePolicy {
    /// An object with attributes is refused, before anything is sent.
    #[default]
    Refuse,
    /// They are kept in a private property of the file, which only this app sees: one of the three that a file can have.
    /// They are about one version: whatever is stored after it has none, unless it comes with its own. A commit that makes
    /// a new version of a file takes no properties, so those cost one call more, after it.
    Keep,
}

impl AttributePolicy {
    /// Refuses what cannot be kept.
    pub(crate) fn check(self, attributes: Attributes, tags: &TagSet) -> Result<Attributes> {
        if !tags.encoded().is_empty() {
            return Err(unsupported("tags of objects"));
        }
        match self {
            Self::Refuse if !attributes.is_empty() => {
                Err(unsupported("attributes of objects (AttributePolicy::Keep has them kept)"))
            }
            _ => property(&attributes, FIRST).map(|_| attributes),
        }
    }

    /// The attributes of a file.
    pub(crate) fn of(self, entry: &Entry) -> Attributes {
        match (self, kept(entry).and_then(|value| value.split_once(';'))) {
            (Self::Keep, Some((version, text))) if version == of_version(entry).to_string() => read(text),
            _ => Attributes::new(),
        }
    }

    /// The property that a copy is to have, which has a version of its own.
    pub(crate) fn of_copy(self, source: &Entry, copy: &Entry) -> Result<Option<AppProperty>> {
        let is_kept = self == Self::Keep && kept(source).is_some();
        is_kept.then(|| property(&self.of(source), of_version(copy))).transpose()
    }
}

/// The properties that a new file gets for its attributes.
pub(crate) fn of_new_file(attributes: &Attributes) -> Result<Vec<AppProperty>> {
    some(attributes, FIRST).map(|property| property.into_iter().collect())
}

/// The property that a file lacks, because it was there before.
pub(crate) fn lacking(attributes: &Attributes, entry: &Entry) -> Result<Option<AppProperty>> {
    Ok(some(attributes, of_version(entry))?.filter(|_| of_version(entry) != FIRST))
}

/// What stands in the property of a file.
fn kept(entry: &Entry) -> Option<&str> {
    let property = entry.app_properties.iter().find(|property| property.name.as_deref() == Some(NAME))?;
    property.value.as_deref()
}

fn of_version(entry: &Entry) -> i64 {
    entry.version.unwrap_or(FIRST)
}

/// The property of attributes; none for none.
fn some(attributes: &Attributes, version: i64) -> Result<Option<AppProperty>> {
    (!attributes.is_empty()).then(|| property(attributes, version)).transpose()
}

fn property(attributes: &Attributes, version: i64) -> Result<AppProperty> {
    let value = format!("{version};{}", write(attributes)?);
    Ok(AppProperty::new(NAME, &value, PropertyVisibility::Private))
}

fn write(attributes: &Attributes) -> Result<String> {
    let mut written = Map::new();
    for (attribute, value) in attributes {
        let name = match attribute {
            Attribute::CacheControl => "cache-control".to_owned(),
            Attribute::ContentDisposition => "content-disposition".to_owned(),
            Attribute::ContentEncoding => "content-encoding".to_owned(),
            Attribute::ContentLanguage => "content-language".to_owned(),
            Attribute::ContentType => "content-type".to_owned(),
            Attribute::StorageClass => "storage-class".to_owned(),
            Attribute::Metadata(name) => format!("{METADATA}{name}"),
            other => return Err(unsupported(format!("the attribute {other:?}"))),
        };
        written.insert(name, Value::String(value.as_ref().to_owned()));
    }
    Ok(Value::Object(written).to_string())
}

/// What another version of this crate has written, and this one does not know, is passed over.
fn read(text: &str) -> Attributes {
    let Ok(Value::Object(written)) = serde_json::from_str(text) else { return Attributes::new() };
    let known = written.into_iter().filter_map(|(name, value)| {
        let attribute = match name.as_str() {
            "cache-control" => Attribute::CacheControl,
            "content-disposition" => Attribute::ContentDisposition,
            "content-encoding" => Attribute::ContentEncoding,
            "content-language" => Attribute::ContentLanguage,
            "content-type" => Attribute::ContentType,
            "storage-class" => Attribute::StorageClass,
            name => Attribute::Metadata(name.strip_prefix(METADATA)?.to_owned().into()),
        };
        Some((attribute, value.as_str()?.to_owned()))
    });
    known.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let attributes = Attributes::from_iter([
            (Attribute::ContentType, "text/html; charset=utf-8".to_owned()),
            (Attribute::Metadata("content-type".into()), "\"quoted\"".to_owned()),
        ]);
        assert_eq!(write(&attributes).map(|text| read(&text)).ok(), Some(attributes));
        assert!(read("nonsense").is_empty() && read(r#"{"new":"1","content-type":7}"#).is_empty());
    }
}
