//! The object storage that holds the bytes of files, behind signed URLs.
//!
//! An operation such as `GetFileUploadInfo` gives URLs and headers, [`Signed`] keeps them, and
//! [`Client::signed`](crate::Client::signed) makes one request with them, on the client's own connections:
//!
//! - It carries exactly the headers that came with the URL, for the signature covers them, plus what HTTP needs: a
//!   `Content-Type` of one's own is answered with `403 SignatureDoesNotMatch`. The access token never goes along.
//! - It is made once. Which URL is next, and when fresh ones are needed ([`OssError::is_expired`]), is for the caller
//!   to decide, who knows whether the bytes can be sent again.
//! - It may take as long as bytes move: what stands still for longer than the stall time-out is given up.
//! - Errors hold neither URL nor headers.

mod body;
mod exchange;
mod oss_error;
mod signed;

pub use body::Content;
pub(crate) use body::Progress;
pub use exchange::{ObjectBytes, SignedRequest, Stored};
pub use oss_error::OssError;
pub use signed::Signed;
