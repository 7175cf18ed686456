//! Errors of the object storage, which speaks XML.

use crate::censor::Censor;
use crate::error::shown;

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
        Self::censored(body, &Censor::new([]))
    }

    /// Reads an error answer whose texts must not be seen to repeat something.
    pub(super) fn censored(body: &[u8], censor: &Censor) -> Option<Self> {
        let body = body.get(..Self::BODY).unwrap_or(body);
        let text = String::from_utf8_lossy(body);
        let (_, error) = text.split_once("<Error>")?;
        // The storage repeats the text that was signed, which could hold anything; it comes after the code.
        let error = error.split_once("</Error>").map_or(error, |(error, _)| error);
        let text = |name| element(error, name).map(|text| shown(text, censor));
        Some(Self {
            code: text("Code").filter(|code| !code.is_empty())?,
            message: text("Message"),
            request_id: text("RequestId"),
            host_id: text("HostId"),
            ec: text("EC"),
        })
    }
}

/// Text of the first element of a name; elements of the storage's errors have no attributes.
fn element(xml: &str, name: &str) -> Option<String> {
    let start = xml.find(&format!("<{name}>"))? + name.len() + 2;
    let rest = xml.get(start..)?;
    let text = rest.get(..rest.find('<')?)?;
    Some(unescaped(text.trim()))
}

/// Replaces the five named entities and characters by number; anything else stays as it is.
fn unescaped(text: &str) -> String {
    let mut unescaped = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        unescaped.push_str(before);
        let entity = after.split_once(';').and_then(|(name, after)| Some((character(name)?, after)));
        let (character, after) = entity.unwrap_or(('&', after));
        unescaped.push(character);
        rest = after;
    }
    unescaped.push_str(rest);
    unescaped
}

/// The character that an entity stands for.
fn character(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "amp" => '&',
        _ => {
            let number = name.strip_prefix('#')?;
            let hexadecimal = number.strip_prefix(['x', 'X']);
            let number = hexadecimal.map_or_else(|| number.parse(), |number| u32::from_str_radix(number, 16));
            char::from_u32(number.ok()?)?
        }
    })
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
    fn entities_stand_for_their_characters_and_nothing_else_does() {
        for (text, expected) in [
            ("a &lt;&#x62;&#43;&gt; &quot;&apos;", "a <b+> \"'"),
            ("&amp;lt; & &; &# &#x; &#xd800; &other; &amp", "&lt; & &; &# &#x; &#xd800; &other; &amp"),
        ] {
            assert_eq!(unescaped(text), expected);
        }
    }

    #[test]
    fn what_must_not_be_seen_is_gone_before_a_text_is_cut() {
        const CUT: usize = 2048;
        const SECRET: &str = "a+secret/signature&more=";
        let censor = Censor::new([SECRET.to_owned()]);
        let forms = [
            SECRET.replace('&', "&amp;"),
            SECRET.replace('&', "&#38;").replace('+', "&#x2B;"),
            SECRET.replace('+', "%2B").replace('/', "%2F").replace('&', "%26").replace('=', "%3D"),
        ];
        for form in forms {
            for start in CUT - form.len()..=CUT {
                let text = format!("{}{form} end", "x".repeat(start));
                let body =
                    format!("<Error><Code>{text}</Code><Message>{text}</Message><HostId>{text}</HostId></Error>");
                let error = OssError::censored(body.as_bytes(), &censor).unwrap();
                for shown in [Some(&error.code), error.message.as_ref(), error.host_id.as_ref()] {
                    let shown = shown.unwrap();
                    assert!(shown.len() <= CUT && !shown.contains("a+s") && !shown.contains("a%2Bs"), "{shown}");
                }
            }
        }
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
