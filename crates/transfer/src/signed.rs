//! What the storage takes for one object.

use dingtalk_storage::runtime::object_storage::Signed;
use dingtalk_storage::types::{HeaderSignatureInfo, SignedUrl};

use crate::Error;

/// The URLs with exactly the headers that came with them.
pub(crate) fn signed(info: &HeaderSignatureInfo) -> Result<Signed, Error> {
    let urls = info.resource_urls.iter().map(SignedUrl::expose);
    let headers = info.headers.iter().map(|(name, value)| (name.as_str(), value.expose()));
    Ok(Signed::new(urls, headers)?)
}
