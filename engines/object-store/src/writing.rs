//! Objects written: at once, and in parts.

use std::sync::Arc;

use bytes::Bytes;
use dingtalk_storage::types::ConflictStrategy;
use dingtalk_storage_transfer::{Error, Source, StoredName, Target, Upload, Uploaded};
use futures_util::stream;
use object_store::path::Path;
use object_store::{
    Attributes, MultipartUpload, PutMode, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

use crate::attributes::{lacking, of_new_file};
use crate::failure::{failed, not_created, unsupported};
use crate::metadata::put_result;
use crate::store::Inner;
use crate::uploading::Uploading;

impl Inner {
    pub(crate) async fn put(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        let PutOptions { mode, tags, attributes, .. } = options;
        let conflict = match mode {
            PutMode::Overwrite => ConflictStrategy::Overwrite,
            PutMode::Create => ConflictStrategy::ReturnErrorIfExists,
            // The commit knows no condition on what is there.
            PutMode::Update(_) => return Err(unsupported("put with PutMode::Update")),
        };
        let attributes = self.attributes.check(attributes, &tags)?;
        let path = self.place.path(location)?;
        let upload = self.upload(location, self.source(payload), conflict.clone(), &attributes)?;
        match self.send(&path, upload, &attributes).await {
            Ok(stored) => Ok(stored),
            Err(error) if conflict == ConflictStrategy::Overwrite => Err(failed(location.as_ref(), error)),
            Err(error) => Err(not_created(location.as_ref(), error)),
        }
    }

    pub(crate) fn put_multipart(
        self: &Arc<Self>,
        location: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        let PutMultipartOptions { tags, attributes, .. } = options;
        let attributes = self.attributes.check(attributes, &tags)?;
        let path = self.place.path(location)?;
        // Before anything is begun, what cannot be a path is refused.
        self.place.split(location)?;
        let (store, location) = (Arc::clone(self), location.clone());
        let shown = location.to_string();
        let send = |source: Source| async move {
            let upload = store.upload(&location, source, ConflictStrategy::Overwrite, &attributes);
            let upload = upload.map_err(|error| Error::Answer(error.to_string()))?;
            store.send(&path, upload, &attributes).await
        };
        Ok(Box::new(Uploading::begin(shown, send)))
    }

    fn upload(
        &self,
        location: &Path,
        source: Source,
        conflict: ConflictStrategy,
        attributes: &Attributes,
    ) -> Result<Upload> {
        let (folder, name) = self.place.split(location)?;
        let properties = of_new_file(attributes)?;
        let upload = self.drive.upload(source).to(Target::path(&self.place.space, folder)).make_folders();
        Ok(upload.name(name).on_conflict(conflict).app_properties(properties))
    }

    async fn send(&self, path: &str, upload: Upload, attributes: &Attributes) -> Result<PutResult, Error> {
        let (folder, _) = path.rsplit_once('/').unwrap_or_default();
        let stored = async {
            // Not to where others have moved the folder that had this path.
            self.recent_paths().make_folders(folder).await?;
            self.stored(path, upload.send().await?, attributes).await
        };
        let stored = stored.await;
        if stored.is_err() {
            // It may have been committed all the same.
            self.recent.forget(path);
        }
        stored
    }

    async fn stored(&self, path: &str, uploaded: Uploaded, attributes: &Attributes) -> Result<PutResult, Error> {
        if let StoredName::Changed { wished } = &uploaded.name {
            let stored = &uploaded.entry.name;
            return Err(Error::Answer(format!("{wished:?} was stored, but is called {stored:?} now")));
        }
        self.recent.wrote(path, &uploaded.entry);
        let lacking = lacking(attributes, &uploaded.entry).map_err(|error| Error::Answer(error.to_string()))?;
        if let Some(property) = lacking {
            self.drive.set_app_properties(&uploaded.entry, &[property]).await?;
            self.recent.forget(path);
        }
        Ok(put_result(&uploaded.entry))
    }

    /// In one piece where it goes in one piece, as it is where it is large.
    fn source(&self, payload: PutPayload) -> Source {
        let length = payload.content_length();
        let mut chunks: Vec<Bytes> = payload.into_iter().collect();
        if chunks.len() <= 1 {
            return Source::Bytes(chunks.pop().unwrap_or_default());
        }
        if length as u64 <= self.drive.settings().single_put {
            return Source::Bytes(chunks.concat().into());
        }
        Source::sized_stream(length as u64, stream::iter(chunks.into_iter().map(Ok)))
    }
}
