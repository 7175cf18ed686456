//! Lists of objects.

mod tree;

use std::sync::Arc;
use std::time::Instant;

use dingtalk_storage_transfer::{Entry, Error};
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{ListResult, ObjectMeta, Result};

use crate::failure::failed;
use crate::location::join;
use crate::metadata::metadata;
use crate::store::Inner;

use tree::Listing;

impl Inner {
    /// All objects below a folder, in no order: of a whole space by pages of a flat list, else folder by folder.
    pub(crate) fn list(self: Arc<Self>, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        let prefix = prefix.cloned().unwrap_or_default();
        let begun = stream::once(async move {
            let listing = Listing::begin(self, prefix).await?;
            let objects = stream::unfold(listing, |mut listing| async move {
                let next = listing.next().await?;
                Some((next, listing))
            });
            Ok::<_, object_store::Error>(objects)
        });
        begun.try_flatten().boxed()
    }

    /// The objects and folders of a folder.
    pub(crate) async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        let shown = prefix.cloned().unwrap_or_default();
        let (folder, asked) = (self.place.folder(prefix)?, Instant::now());
        let entries = match self.recent_paths().list(&folder).await {
            Err(Error::NotFound { .. }) => Vec::new(),
            listed => listed.map_err(|error| failed(shown.as_ref(), error))?,
        };
        let (mut common_prefixes, mut objects) = (Vec::new(), Vec::new());
        for entry in entries {
            if entry.is_folder() {
                common_prefixes.push(join(&shown, &entry.name)?);
            } else if let Some(object) = self.object(&shown, &entry, asked) {
                objects.push(object?);
            }
        }
        common_prefixes.sort_unstable();
        common_prefixes.dedup();
        objects.sort_unstable_by(|one: &ObjectMeta, other| one.location.cmp(&other.location));
        Ok(ListResult { common_prefixes, objects })
    }

    /// A file as it is in a list that was asked for then; none for what has no bytes.
    fn object(&self, folder: &Path, entry: &Entry, asked: Instant) -> Option<Result<ObjectMeta>> {
        if entry.is_online_document() {
            return None;
        }
        let object = join(folder, &entry.name).map(|location| metadata(location, entry));
        let path = object.as_ref().ok().and_then(|object| self.place.path(&object.location).ok());
        if let Some(path) = path {
            self.recent.learn(&path, entry, asked);
        }
        Some(object)
    }
}
