//! Errors of the object storage, which speaks XML.

/// An error of the object storage that holds the files' bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OssError {
    /// For example `SignatureDoesNotMatch` or `RequestTimeTooSkewed`.
    pub code: String,
    /// What the storage says about it.
    pub message: Option<String>,
    /// Id of the request, for the support.
    pub request_id: Option<String>,
    /// The host that answered.
    pub host_id: Option<String>,
    /// Finer code of the cause, for example `0002-00000902`.
    pub ec: Option<String>,
}

impl OssError {
    /// Longest text that is kept, in bytes.
    const TEXT: usize = 2048;
    /// Errors are small; the end of anything larger is not looked at.
    const BODY: usize = 64 * 1024;

    /// Whether the signed URL is too old, or the clocks differ: fresh URLs help, the same ones never.
    #[must_use]
    pub fn is_expired(&self) -> bool {
        let says_expired = || self.message.as_deref().is_some_and(|message| message.contains("expired"));
        match self.code.as_str() {
            "RequestTimeTooSkewed" | "ExpiredToken" | "SecurityTokenExpired" | "InvalidAccessKeyId" => true,
            "AccessDenied" | "InvalidSecurityToken" => says_expired(),
            _ => false,
        }
    }

    /// Reads an error answer; none when it is not one of the object storage's.
    ///
    /// ```
    /// # use dingtalk_runtime::OssError;
    /// let error = OssError::parse(b"<Error><Code>AccessDenied</Code><EC>0003-00000001</EC></Error>").unwrap();
    /// assert_eq!(error.code, "AccessDenied");
    /// assert_eq!(error.ec.as_deref(), Some("0003-00000001"));
    /// ```
    pub fn parse(body: &[u8]) -> Option<Self> {
        let body = body.get(..Self::BODY).unwrap_or(body);
        let text = String::from_utf8_lossy(body);
        let (_, error) = text.split_once("<Error>")?;
        // The storage repeats the text that was signed, which could hold anything; it comes after the code.
        let error = error.split_once("</Error>").map_or(error, |(error, _)| error);
        Some(Self {
            code: element(error, "Code").filter(|code| !code.is_empty())?,
            message: element(error, "Message"),
            request_id: element(error, "RequestId"),
            host_id: element(error, "HostId"),
            ec: element(error, "EC"),
        })
    }
}

/// Text of the first element of a name; elements of the storage's errors have no attributes.
fn element(xml: &str, name: &str) -> Option<String> {
    let start = xml.find(&format!("<{name}>"))? + name.len() + 2;
    let rest = xml.get(start..)?;
    let text = rest.get(..rest.find('<')?)?;
    let text = text.get(..text.floor_char_boundary(OssError::TEXT))?;
    Some(unescaped(text.trim()))
}

/// Replaces the five named entities; any other stays as it is.
fn unescaped(text: &str) -> String {
    const ENTITIES: [(&str, &str); 5] =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    ENTITIES.iter().fold(text.to_owned(), |text, (entity, character)| text.replace(entity, character))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    const EXPIRED: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Error>
  <Code>RequestTimeTooSkewed</Code>
  <Message>The difference between the request time &amp; the current time is too large.</Message>
  <RequestId>5F0C4E6D</RequestId>
  <HostId>lippi-space-zjk.oss-cn-zhangjiakou.aliyuncs.com</HostId>
  <EC>0002-00000504</EC>
</Error>"#;

    #[test]
    fn an_error_is_read_with_all_its_parts() {
        let error = OssError::parse(EXPIRED.as_bytes()).unwrap();
        assert_eq!(error.code, "RequestTimeTooSkewed");
        assert_eq!(
            error.message.as_deref(),
            Some("The difference between the request time & the current time is too large.")
        );
        assert_eq!(error.request_id.as_deref(), Some("5F0C4E6D"));
        assert_eq!(error.host_id.as_deref(), Some("lippi-space-zjk.oss-cn-zhangjiakou.aliyuncs.com"));
        assert_eq!(error.ec.as_deref(), Some("0002-00000504"));
    }

    #[test]
    fn anything_else_is_no_error_of_the_storage_and_cut_ones_give_what_is_there() {
        for body in
            ["", "<html>", "{\"code\":\"x\"}", "<Error></Error>", "<Error><Code></Code></Error>", "<Error><Code>Ac"]
        {
            assert_eq!(OssError::parse(body.as_bytes()), None, "{body}");
        }
        let cut = EXPIRED.split_once("</Message>").unwrap().0;
        assert_eq!(OssError::parse(cut.as_bytes()).unwrap().code, "RequestTimeTooSkewed");
    }
}
