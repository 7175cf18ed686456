//! Downloads into a writer.

use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::{ByteStream, Downloaded};
use crate::Error;

pub(super) async fn download(mut bytes: ByteStream, mut writer: impl AsyncWrite + Unpin) -> Result<Downloaded, Error> {
    while let Some(piece) = bytes.try_next().await? {
        writer.write_all(&piece).await.map_err(Error::Writer)?;
    }
    writer.flush().await.map_err(Error::Writer)?;
    bytes.outcome().ok_or_else(|| Error::Answer("the download has no end".into()))
}
