//! Error bodies, in every spelling that was seen.

use crate::ErrorCode;
use crate::censor::Censor;
use crate::decode::{Bounds, Document, Failure, Field, Object, Value, fill};
use crate::repair::mended;

/// What an error body says.
#[derive(Debug, Default)]
pub(crate) struct ErrorBody {
    pub(crate) code: Option<ErrorCode>,
    pub(crate) message: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) missing_scopes: Vec<String>,
    /// The older API's number; zero is success.
    pub(crate) errcode: Option<String>,
    /// The older API's second code, which tells apart what `errcode` lumps together.
    pub(crate) sub_code: Option<String>,
    /// The number that announces a ban of the IP address.
    pub(crate) status: Option<String>,
    /// Minutes that the ban lasts.
    pub(crate) wait: Option<String>,
    /// The body is an object, read to its end.
    pub(crate) is_whole: bool,
    /// The body ends too early for JSON; the rest is what came before.
    pub(crate) is_cut: bool,
}

impl ErrorBody {
    /// Deeper values are passed over.
    const LEVELS: usize = 16;
    const BANNED: &str = "1111";

    /// Reads a body: all of it, else what comes before the place where it makes no sense. Anything that is no error
    /// body gives an empty one.
    pub(crate) fn read(body: &[u8]) -> Self {
        let read = Self::read_strictly(body);
        if read.is_whole {
            return read;
        }
        mended(body, Some(Self::LEVELS)).map_or(read, |mended| Self::read_strictly(&mended))
    }

    fn read_strictly(body: &[u8]) -> Self {
        let mut read = Self::default();
        let end = fill(&mut read, &mut Document::new(body, Bounds::default()));
        read.is_whole = end.is_ok();
        read.is_cut = end.is_err_and(|failure| failure.is_cut_short());
        read
    }

    /// Whether the body announces a ban of the IP address.
    pub(crate) fn is_ban(&self) -> bool {
        self.status.as_deref() == Some(Self::BANNED)
    }

    /// Whether the body is an answer of the older API that says so itself.
    pub(crate) fn is_success(&self) -> bool {
        self.errcode.as_deref() == Some("0")
    }

    /// Whether the body is an error, whatever its HTTP status says.
    pub(crate) fn is_error(&self) -> bool {
        let has_code = self.code.is_some() && (self.message.is_some() || self.request_id.is_some());
        self.is_ban() || has_code || self.errcode.as_deref().is_some_and(|errcode| errcode != "0")
    }

    /// The code: the API's own, or the older API's number.
    pub(crate) fn code(&self) -> Option<ErrorCode> {
        let numeric = || {
            self.sub_code
                .as_deref()
                .filter(|code| is_known(code))
                .or(self.errcode.as_deref().filter(|code| *code != "0"))
        };
        self.code.clone().or_else(|| numeric().map(ErrorCode::from))
    }

    /// A quick look at how a body begins: only such can be errors. It keeps good answers from being read twice.
    pub(crate) fn may_be_error(body: &[u8]) -> bool {
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        let Some(rest) = body.trim_ascii_start().strip_prefix(b"{") else { return false };
        let Some(rest) = rest.trim_ascii_start().strip_prefix(b"\"") else { return false };
        let end = rest.iter().position(|byte| *byte == b'"').unwrap_or_default();
        #[rustfmt::skip]
        let may_be_first = matches!(
            rest.get(..end).unwrap_or_default(),
            b"code" | b"Code" | b"message" | b"Message" | b"description" | b"Description"
                | b"requestid" | b"requestId" | b"RequestId" | b"request_id"
                | b"accessdenieddetail" | b"accessDeniedDetail" | b"AccessDeniedDetail"
                | b"errcode" | b"errmsg" | b"sub_code" | b"sub_msg"
                | b"status" | b"statusCode" | b"wait" | b"source" | b"punish" | b"uuid"
        );
        may_be_first
    }
}

fn is_known(code: &str) -> bool {
    !matches!(ErrorCode::from(code), ErrorCode::UnknownValue(_))
}

impl Object for ErrorBody {
    fn field(&mut self, name: &str, value: Field<'_>) -> Result<(), Failure> {
        match name {
            "code" | "Code" => self.code = loose(value)?.map(bounded).map(ErrorCode::from),
            "message" | "Message" | "errmsg" => self.message = loose(value)?.map(bounded),
            "description" | "Description" | "sub_msg" if self.message.is_none() => {
                self.message = loose(value)?.map(bounded);
            }
            "requestid" | "requestId" | "RequestId" | "request_id" => {
                self.request_id = loose(value)?.map(bounded);
            }
            "errcode" => self.errcode = loose(value)?,
            "sub_code" => self.sub_code = loose(value)?,
            "status" => self.status = loose(value)?,
            "wait" => self.wait = loose(value)?,
            "accessdenieddetail" | "accessDeniedDetail" | "AccessDeniedDetail" => {
                let detail = serde_json::Value::read(value)?;
                self.missing_scopes = detail.map(|detail| scopes(&detail)).unwrap_or_default();
            }
            _ => value.skip()?,
        }
        Ok(())
    }
}

/// A text where one should be; anything else is passed over, for an error body must always be readable.
fn loose(value: Field<'_>) -> Result<Option<String>, Failure> {
    Ok(match serde_json::Value::read(value)? {
        Some(serde_json::Value::String(text)) if !text.is_empty() => Some(text),
        Some(serde_json::Value::Number(number)) => Some(number.to_string()),
        _ => None,
    })
}

fn scopes(detail: &serde_json::Value) -> Vec<String> {
    const MOST: usize = 64;
    let scopes = detail.get("requiredScopes").or_else(|| detail.get("RequiredScopes"));
    let scopes = scopes.and_then(serde_json::Value::as_array).into_iter().flatten();
    scopes.filter_map(|scope| scope.as_str()).take(MOST).map(|scope| bounded(scope.to_owned())).collect()
}

/// Most of a text that is read: more than is shown, so that a secret across the end of that is found whole.
const READ: usize = 16 * 1024;
/// Most of a text that is shown, in bytes.
const SHOWN: usize = 2048;

fn bounded(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(READ));
    text
}

/// What is shown of a text that a server wrote. It is cut last: cut before, a secret would show but for its end.
pub(crate) fn shown(text: String, censor: &Censor) -> String {
    let text = bounded(text);
    let may_be_cut = text.len() > READ - char::MAX_LEN_UTF8;
    let mut text = censor.text(text, may_be_cut);
    text.truncate(text.floor_char_boundary(SHOWN));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_read() {
        let bodies = [
            r#"{"code":"paramError","requestid":"R1","message":"m"}"#,
            r#"{"Code":"paramError","RequestId":"R1","Message":"m"}"#,
            r#"{"requestId":"R1","description":"m","code":"paramError","unknown":[{}]}"#,
        ];
        for body in bodies {
            let read = ErrorBody::read(body.as_bytes());
            assert_eq!(
                (read.code(), read.message.as_deref(), read.request_id.as_deref()),
                (Some(ErrorCode::ParamError), Some("m"), Some("R1")),
                "{body}"
            );
            assert!(read.is_error() && ErrorBody::may_be_error(body.as_bytes()), "{body}");
        }
    }

    #[test]
    fn the_scopes_of_a_refusal_are_kept() {
        let body = br#"{"code":"Forbidden.AccessDenied.AccessTokenPermissionDenied","accessdenieddetail":{"requiredScopes":["Storage.File.Read", 7, "qyapi_base"]}}"#;
        assert_eq!(ErrorBody::read(body).missing_scopes, ["Storage.File.Read", "qyapi_base"]);
    }

    #[test]
    fn the_older_api_says_errors_with_a_number() {
        let refused = ErrorBody::read(br#"{"errcode":88,"sub_code":"40014","errmsg":"m","request_id":"R1"}"#);
        assert!(refused.is_error());
        assert_eq!(refused.message.as_deref(), Some("m"));
        assert!(!ErrorBody::read(br#"{"errcode":0,"errmsg":"ok","result":{}}"#).is_error());
    }

    #[test]
    fn good_answers_are_no_errors() {
        for body in [
            r#"{"status":"NORMAL","id":"1"}"#,
            r#"{"code":"x"}"#,
            r#"{"dentry":{"code":"x","message":"y"}}"#,
            "[]",
            "",
            "<html>",
            "null",
            "\"code\"",
        ] {
            assert!(!ErrorBody::read(body.as_bytes()).is_error(), "{body}");
        }
    }

    #[test]
    fn a_ban_is_recognized() {
        let body = ErrorBody::read(br#"{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"u"}"#);
        assert!(body.is_ban());
        assert_eq!(body.wait.as_deref(), Some("5"));
    }

    #[test]
    fn what_is_broken_spoils_nothing_but_itself() {
        const REST: &str = r#""code":"InvalidAuthentication","requestid":"R1","message":"#;
        let bodies: [(&str, &[u8]); 14] = [
            ("a mark of the byte order", b"\xef\xbb\xbf{REST \"m\"}"),
            ("GBK", b"{REST \"\xce\xde\xd0\xa7\xd5\\\"}"),
            ("GBK before it", b"{\"hint\":\"\xd5\\\", REST \"m\"}"),
            ("a lone surrogate", br#"{REST "\ud83d"}"#),
            ("a lone surrogate before it", br#"{"name":"\ude00.txt", REST "m"}"#),
            ("a raw tab", b"{\"hint\":\"a\tb\", REST \"m\"}"),
            ("raw lines", b"{\"hint\":\"a\r\nb\", REST \"m\"}"),
            ("a trailing NUL", b"{REST \"m\"}\0"),
            ("something after it", b"{REST \"m\"} -- end"),
            ("a cut text", br#"{REST "mess"#),
            ("a cut escape", br#"{REST "mess\u00"#),
            ("a cut list", br#"{REST "m", "list":[1,{"a":"#),
            ("an escape that is none", br#"{"path":"C:\Users\x", REST "m"}"#),
            ("no UTF-8", b"{\"name\":\"\xff\xfe\", REST \"m\"}"),
        ];
        let deep = format!(r#"{{"message":{}1{},REST "m"}}"#, "[".repeat(9999), "]".repeat(9999));
        let deeper = format!(r#"{{"accessdenieddetail":{}1,REST "m"}}"#, r#"{"a":"#.repeat(99));
        let deep = [("a deep value", deep.as_bytes())];
        assert_eq!(ErrorBody::read(deeper.as_bytes()).code(), None);
        for (what, body) in bodies.into_iter().chain(deep) {
            let place = body.windows(4).position(|part| part == b"REST").unwrap_or_default();
            let (before, after) = (body.get(..place).unwrap_or_default(), body.get(place + 4..).unwrap_or_default());
            let body = [before, REST.as_bytes(), after].concat();
            let read = ErrorBody::read(&body);
            assert_eq!(read.code(), Some(ErrorCode::InvalidAuthentication), "{what}");
            assert_eq!(read.request_id.as_deref(), Some("R1"), "{what}");
            assert_eq!(read.is_cut, what.starts_with("a cut"), "{what}");
        }
    }

    #[test]
    fn odd_values_spoil_nothing_but_themselves() {
        let body = ErrorBody::read(br#"{"code":{"a":1},"message":["x"],"requestid":12,"accessdenieddetail":"none"}"#);
        assert_eq!((body.code(), body.message, body.request_id.as_deref()), (None, None, Some("12")));
    }
}
