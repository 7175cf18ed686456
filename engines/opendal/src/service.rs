//! The service, as `OpenDAL` asks for it.

use dingtalk_storage::types::SignedUrl;
use opendal_core::raw::{
    OpCopy, OpCreateDir, OpList, OpPresign, OpRead, OpRename, OpStat, OpWrite, PresignOperation, PresignedRequest,
    RpCreateDir, RpPresign, RpRename, RpStat, Service, ServiceInfo, oio,
};
use opendal_core::{Capability, Error, ErrorKind, OperationContext, Result};

use crate::SCHEME;
use crate::core::Core;
use crate::deleting::{BATCH, FileDeleter};
use crate::failure::failed;
use crate::listing::Lister;
use crate::metadata::{Conditions, metadata};
use crate::reading::{FileReader, version};
use crate::writing::FileWriter;

/// A space of the drive, or a folder of it.
#[derive(Debug)]
pub(crate) struct DingtalkService {
    core: Core,
    info: ServiceInfo,
}

impl DingtalkService {
    pub(crate) fn new(core: Core) -> Self {
        let info = ServiceInfo::new(SCHEME, &*core.root, core.space.as_str());
        Self { core, info }
    }
}

/// What it can do. A PUT to a signed URL alone makes no file, so writes cannot be signed for others.
fn capability() -> Capability {
    Capability {
        stat: true,
        stat_with_if_match: true,
        stat_with_if_none_match: true,
        stat_with_if_modified_since: true,
        stat_with_if_unmodified_since: true,
        stat_with_version: true,
        read: true,
        read_with_if_match: true,
        read_with_if_none_match: true,
        read_with_if_modified_since: true,
        read_with_if_unmodified_since: true,
        read_with_version: true,
        read_with_suffix: true,
        write: true,
        write_can_multi: true,
        write_can_empty: true,
        write_with_if_not_exists: true,
        create_dir: true,
        delete: true,
        delete_with_recursive: true,
        delete_max_size: Some(BATCH),
        copy: true,
        copy_with_if_not_exists: true,
        rename: true,
        rename_with_if_not_exists: true,
        list: true,
        list_with_recursive: true,
        presign: true,
        presign_read: true,
        shared: true,
        ..Capability::default()
    }
}

impl Service for DingtalkService {
    type Reader = oio::StreamReader<FileReader>;
    type Writer = FileWriter;
    type Lister = Lister;
    type Deleter = oio::BatchDeleter<FileDeleter>;
    type Copier = oio::OneShotCopier;
    type Composer = ();

    fn info(&self) -> ServiceInfo {
        self.info.clone()
    }

    fn capability(&self) -> Capability {
        capability()
    }

    async fn create_dir(&self, _: &OperationContext, path: &str, _: OpCreateDir) -> Result<RpCreateDir> {
        let folder = self.core.path(path)?;
        self.core.paths().make_folders(&folder).await.map_err(|error| failed(&error))?;
        Ok(RpCreateDir::default())
    }

    async fn stat(&self, _: &OperationContext, path: &str, args: OpStat) -> Result<RpStat> {
        let entry = self.core.stat(path).await?;
        let entry = version(&self.core, entry, args.version()).await?;
        let conditions = Conditions {
            is: args.if_match().map(str::to_owned),
            is_not: args.if_none_match().map(str::to_owned),
            modified_since: args.if_modified_since(),
            unmodified_since: args.if_unmodified_since(),
        };
        conditions.check(&entry)?;
        Ok(RpStat::new(metadata(&entry)))
    }

    fn read(&self, _: &OperationContext, path: &str, args: OpRead) -> Result<Self::Reader> {
        Ok(oio::StreamReader::new(FileReader::new(self.core.clone(), path, &args)))
    }

    fn write(&self, _: &OperationContext, path: &str, args: OpWrite) -> Result<Self::Writer> {
        Ok(FileWriter::new(self.core.clone(), path, &args))
    }

    fn delete(&self, _: &OperationContext) -> Result<Self::Deleter> {
        Ok(oio::BatchDeleter::new(FileDeleter(self.core.clone()), Some(BATCH)))
    }

    fn list(&self, _: &OperationContext, path: &str, args: OpList) -> Result<Self::Lister> {
        Ok(Lister::new(self.core.clone(), path, &args))
    }

    fn copy(&self, _: &OperationContext, from: &str, to: &str, args: OpCopy) -> Result<Self::Copier> {
        let (core, from, to, if_not_exists) = (self.core.clone(), from.to_owned(), to.to_owned(), args.if_not_exists());
        Ok(oio::OneShotCopier::new(async move { core.place(&from, &to, false, if_not_exists).await }))
    }

    async fn rename(&self, _: &OperationContext, from: &str, to: &str, args: OpRename) -> Result<RpRename> {
        self.core.place(from, to, true, args.if_not_exists()).await?;
        Ok(RpRename::default())
    }

    /// The server says how long a URL works, some minutes, whatever was asked for.
    async fn presign(&self, _: &OperationContext, path: &str, args: OpPresign) -> Result<RpPresign> {
        let PresignOperation::Read(range, read) = args.operation() else {
            return Err(Error::new(ErrorKind::Unsupported, "only reads can be signed for others"));
        };
        let entry = version(&self.core, self.core.stat(path).await?, read.version()).await?;
        let mut call = self.core.drive.client().storage_v1().get_file_download_info(&entry.space, &entry.id);
        if let Some(version) = entry.version {
            call = call.version(version);
        }
        let unusable = |error| failed(&dingtalk_storage_transfer::Error::Api(error));
        let answer = call.send().await.map_err(unusable)?;
        let info = answer.header_signature_info().map_err(unusable)?;
        let url = info.resource_urls.first().map(SignedUrl::expose).and_then(|url| url.parse().ok());
        let url = url.ok_or_else(|| Error::new(ErrorKind::Unexpected, "the server gave no URL"))?;
        let mut headers = http::HeaderMap::new();
        for (name, value) in &info.headers {
            let header = http::HeaderName::try_from(name.as_str()).ok().zip(value.expose().parse().ok());
            let (name, value) =
                header.ok_or_else(|| Error::new(ErrorKind::Unexpected, "the server gave a header that is none"))?;
            headers.insert(name, value);
        }
        if !range.is_full() {
            let range = range.to_header().parse();
            headers
                .insert(http::header::RANGE, range.map_err(|_| Error::new(ErrorKind::Unexpected, "a range is none"))?);
        }
        Ok(RpPresign::new(PresignedRequest::new(http::Method::GET, url, headers)))
    }
}
