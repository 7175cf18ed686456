//! Error bodies, in every spelling that was seen.

use serde_json::Value as Json;

use super::boundary::boundary;
use crate::ErrorCode;
use crate::censor::Censor;
use crate::decode::{Bounds, Document, Failure, Field, Object, Value, fill};
use crate::repair::mended;

/// What an error body says. In which order it says it does not matter.
#[derive(Debug, Default)]
pub(crate) struct ErrorBody {
    /// `code`, unless it stands for success.
    code: Option<String>,
    /// `errorCode`, likewise.
    error_code: Option<String>,
    /// The older API's number; zero is success.
    errcode: Option<String>,
    /// The older API's second code, which tells apart what `errcode` lumps together.
    sub_code: Option<String>,
    pub(crate) message: Option<String>,
    /// What stands beside the message, or in its place.
    second_message: Option<String>,
    pub(crate) request_id: Option<String>,
    pub(crate) missing_scopes: Vec<String>,
    /// The body says itself whether the call succeeded.
    success: Option<bool>,
    /// The number that announces a ban of the IP address.
    status: Option<String>,
    /// Minutes that the ban lasts.
    pub(crate) wait: Option<String>,
    /// What stands in an error within the body. It counts where the body itself says nothing.
    nested: Vec<(Name, Json)>,
    /// The body is an object, read to its end.
    pub(crate) is_whole: bool,
    /// The body ends too early for JSON; the rest is what came before.
    pub(crate) is_cut: bool,
}

/// What a name of a field means, whatever its spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    Code,
    ErrorCode,
    Errcode,
    SubCode,
    Success,
    Status,
    /// An object with an error in it.
    Nested,
    Message,
    SecondMessage,
    RequestId,
    Wait,
    Detail,
}

/// Names in lower case, without what parts their words.
const NAMES: [(&str, Name); 20] = [
    ("code", Name::Code),
    ("errorcode", Name::ErrorCode),
    ("errcode", Name::Errcode),
    ("subcode", Name::SubCode),
    ("success", Name::Success),
    ("issuccess", Name::Success),
    ("status", Name::Status),
    ("error", Name::Nested),
    ("errorresponse", Name::Nested),
    ("message", Name::Message),
    ("errmsg", Name::Message),
    ("errormsg", Name::Message),
    ("errormessage", Name::Message),
    ("msg", Name::SecondMessage),
    ("description", Name::SecondMessage),
    ("errordescription", Name::SecondMessage),
    ("submsg", Name::SecondMessage),
    ("requestid", Name::RequestId),
    ("wait", Name::Wait),
    ("accessdenieddetail", Name::Detail),
];

impl Name {
    fn of(name: &str) -> Option<Self> {
        // Every good answer is asked for its names, so the name is brought into the form of the table once.
        let mut plain = [0; "accessdenieddetail".len()];
        let mut length = 0;
        for byte in name.bytes().filter(|byte| !matches!(byte, b'_' | b'-')) {
            *plain.get_mut(length)? = byte.to_ascii_lowercase();
            length += 1;
        }
        let plain = plain.get(..length)?;
        NAMES.iter().find(|(other, _)| other.as_bytes() == plain).map(|(_, name)| *name)
    }
}

impl ErrorBody {
    /// Deeper values are passed over.
    const LEVELS: usize = 16;
    const BANNED: &str = "1111";

    /// Reads a body: all of it, else what comes before the place where it makes no sense. Anything that is no error
    /// body gives an empty one.
    pub(crate) fn read(body: &[u8]) -> Self {
        let bounds = Bounds::default().of_size(body.len());
        let read = Self::read_strictly(body, bounds);
        if read.is_whole {
            return read;
        }
        mended(body, Some(Self::LEVELS))
            .map_or(read, |mended| Self::read_strictly(&mended, bounds.beside(mended.len().saturating_sub(body.len()))))
    }

    fn read_strictly(body: &[u8], bounds: Bounds) -> Self {
        let mut read = Self::default();
        let end = fill(&mut read, &mut Document::new(body, bounds));
        for (name, value) in std::mem::take(&mut read.nested) {
            read.take_nested(name, value);
        }
        read.is_whole = end.is_ok();
        read.is_cut = end.is_err_and(|failure| failure.is_cut_short());
        read.message = read.message.take().or(read.second_message.take());
        read
    }

    /// Whether the body announces a ban of the IP address.
    pub(crate) fn is_ban(&self) -> bool {
        self.status.as_deref() == Some(Self::BANNED)
    }

    /// Whether the body is an answer of the older API that says so itself.
    pub(crate) fn is_success(&self) -> bool {
        self.errcode.as_deref() == Some("0") && !self.says_failure()
    }

    /// Whether the body is an error, whatever its HTTP status says.
    pub(crate) fn is_error(&self) -> bool {
        if self.is_ban() || self.says_failure() || self.old_code().is_some() {
            return true;
        }
        // A code alone may be anything, unless it is one of the API's errors.
        let has_company = self.message.is_some() || self.request_id.is_some();
        let has_code = self.code.as_deref().is_some_and(|code| has_company || is_known(code));
        self.success.is_none() && (has_code || self.error_code.is_some())
    }

    /// Whether the body says in so many words that the call did not succeed.
    pub(crate) fn says_failure(&self) -> bool {
        self.success == Some(false)
    }

    /// The code: the API's own, or the older API's number.
    pub(crate) fn code(&self) -> Option<ErrorCode> {
        let numeric = || self.sub_code.as_deref().filter(|code| is_known(code)).or(self.old_code());
        // Where there are two, the one that is known says more.
        let named = [&self.code, &self.error_code].map(Option::as_deref);
        let known = named.into_iter().flatten().find(|code| is_known(code));
        known.or(named.into_iter().flatten().next()).or_else(numeric).map(ErrorCode::from)
    }

    fn old_code(&self) -> Option<&str> {
        self.errcode.as_deref().filter(|errcode| *errcode != "0")
    }

    /// Whether a good answer with a field of this name at its top may be something else. It keeps good answers from
    /// being read twice; what it lets through is looked at closely.
    pub(crate) fn is_telling(name: &str) -> bool {
        use Name::{Code, Errcode, ErrorCode, Nested, Status, SubCode, Success};
        matches!(Name::of(name), Some(Code | ErrorCode | Errcode | SubCode | Success | Status | Nested))
    }

    fn take(&mut self, name: Name, value: Json) {
        match (name, value) {
            (Name::Detail, detail) => self.missing_scopes = scopes(&detail),
            (Name::Success, success) => {
                // Whoever says both does not know.
                self.success = flag(&success).map(|flag| flag && self.success != Some(false)).or(self.success);
            }
            (Name::Nested, Json::Object(error)) => {
                // Of several, the last.
                self.nested = error.into_iter().filter_map(|(name, value)| Some((Name::of(&name)?, value))).collect();
            }
            // A word for the error, such as `invalid_grant`.
            (Name::Nested, value) => self.nested = vec![(Name::SecondMessage, value)],
            (name, value) => self.take_text(name, loose(value)),
        }
    }

    fn take_nested(&mut self, name: Name, value: Json) {
        match name {
            // How it stands is said at the top alone.
            Name::Nested | Name::Success | Name::Status | Name::Wait => {}
            Name::Detail if self.missing_scopes.is_empty() => self.missing_scopes = scopes(&value),
            name => {
                if self.text_place(name).is_some_and(|place| place.is_none()) {
                    self.take_text(name, loose(value));
                }
            }
        }
    }

    fn text_place(&mut self, name: Name) -> Option<&mut Option<String>> {
        Some(match name {
            Name::Code => &mut self.code,
            Name::ErrorCode => &mut self.error_code,
            Name::Errcode => &mut self.errcode,
            Name::SubCode => &mut self.sub_code,
            Name::Message => &mut self.message,
            Name::SecondMessage => &mut self.second_message,
            Name::RequestId => &mut self.request_id,
            Name::Status => &mut self.status,
            Name::Wait => &mut self.wait,
            Name::Success | Name::Nested | Name::Detail => return None,
        })
    }

    fn take_text(&mut self, name: Name, text: Option<String>) {
        let text = match name {
            Name::Code | Name::ErrorCode => text.filter(|code| !stands_for_success(code)),
            _ => text,
        };
        // Of two, one that says something.
        if let (Some(place), Some(text)) = (self.text_place(name), text) {
            *place = Some(bounded(text));
        }
    }
}

fn is_known(code: &str) -> bool {
    !matches!(ErrorCode::from(code), ErrorCode::UnknownValue(_))
}

/// What is written where a code belongs and nothing went wrong.
fn stands_for_success(code: &str) -> bool {
    ["0", "200", "ok", "success"].iter().any(|word| code.trim().eq_ignore_ascii_case(word))
}

/// A boolean. A number is none: there are answers that count successes.
fn flag(value: &Json) -> Option<bool> {
    match value {
        Json::Bool(flag) => Some(*flag),
        Json::String(text) if text.trim().eq_ignore_ascii_case("true") => Some(true),
        Json::String(text) if text.trim().eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

impl Object for ErrorBody {
    fn field(&mut self, name: &str, mut value: Field<'_>) -> Result<(), Failure> {
        let Some(name) = Name::of(name) else { return value.skip() };
        let is_one_text = !matches!(name, Name::Nested | Name::Detail | Name::Success);
        if is_one_text && value.is_text()? {
            // However long it is, no more is copied than is kept.
            return value.take_text(false, &mut |text| self.take_text(name, text.map(beginning)));
        }
        if let Some(value) = Json::read(value)? {
            self.take(name, value);
        }
        Ok(())
    }
}

/// A text where one should be; anything else is passed over, for an error body must always be readable.
fn loose(value: Json) -> Option<String> {
    match value {
        Json::String(text) if !text.is_empty() => Some(text),
        Json::Number(number) => Some(digits(&number)),
        _ => None,
    }
}

/// A number as a text: one that is whole by its digits, so that `0.0` is `0`.
fn digits(number: &serde_json::Number) -> String {
    let mut text = number.to_string();
    if !text.contains(['e', 'E'])
        && let Some((whole, fraction)) = text.split_once('.')
        && fraction.bytes().all(|digit| digit == b'0')
    {
        text.truncate(whole.len());
    }
    if text == "-0" { "0".to_owned() } else { text }
}

fn scopes(detail: &Json) -> Vec<String> {
    const MOST: usize = 64;
    let scopes = detail.get("requiredScopes").or_else(|| detail.get("RequiredScopes"));
    let scopes = scopes.and_then(Json::as_array).into_iter().flatten();
    scopes.filter_map(|scope| scope.as_str()).take(MOST).map(|scope| bounded(scope.to_owned())).collect()
}

/// Most of a text that is read: more than is shown, so that a secret across the end of that is found whole.
const READ: usize = 16 * 1024;
/// Most of a text that is shown, in bytes.
const SHOWN: usize = 2048;

fn beginning(text: &str) -> String {
    text.get(..boundary(text, READ)).unwrap_or_default().to_owned()
}

fn bounded(mut text: String) -> String {
    text.truncate(boundary(&text, READ));
    text
}

/// What is shown of a text that a server wrote. It is cut last: cut before, a secret would show but for its end.
pub(crate) fn shown(text: String, censor: &Censor) -> String {
    let text = bounded(text);
    let may_be_cut = text.len() > READ - 4;
    let mut text = censor.text(text, may_be_cut);
    text.truncate(boundary(&text, SHOWN));
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
            assert!(read.is_error(), "{body}");
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
