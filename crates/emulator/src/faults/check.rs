//! Rules that cannot work are refused when they are made, and not only missed when the test is over.

use super::{Fault, FaultKind, Side};
use crate::contract::{Field, Operation, Shape, Token, contract};
use crate::faults::rules::{PUSH, STORAGE};
use crate::operations;
use crate::suggest::suggestion;

/// Operations of the object storage that answer with what is stored.
const DESCRIBED: [&str; 5] = [
    "storage.PutObject",
    "storage.UploadPart",
    "storage.GetObject",
    "storage.HeadObject",
    "storage.CompleteMultipartUpload",
];

impl Fault {
    /// Refuses a fault that could never strike anything.
    ///
    /// # Errors
    ///
    /// What is wrong with it, and what would be right.
    pub fn check(&self) -> Result<(), String> {
        self.fault.check()?;
        if self.nth == 0 {
            return Err("nth is counted from 1, and 0 is no call".to_owned());
        }
        if self.times == Some(0) {
            return Err("times is 1 or more, or null for every call; 0 hits none".to_owned());
        }
        if let Some(probability) = self.probability
            && !(probability > 0.0 && probability <= 1.0)
        {
            return Err(format!("a probability is from 0 to 1 and more than 0, and not {probability}"));
        }
        self.check_operation()
    }

    fn check_operation(&self) -> Result<(), String> {
        let named: Vec<(&str, Side)> = names().filter(|(name, _)| self.is_named(name)).collect();
        if named.iter().any(|(name, side)| self.fault.fits(name, *side)) {
            return Ok(());
        }
        if !named.is_empty() {
            let kind = self.fault.name();
            let fitting = names().filter(|(name, side)| self.fault.fits(name, *side));
            let fitting: Vec<&str> = fitting.map(|(name, _)| name).collect();
            return Err(format!("{kind} can do nothing to {}; it is for {}", self.operation, listed(&fitting)));
        }
        if contract().operation(&self.operation).is_some() {
            return Err(format!("{} is not emulated; the README says what is", self.operation));
        }
        let meant = suggestion(&self.operation, names().map(|(name, _)| name));
        Err(format!("no operation that this fault can hit is called {}{meant}", self.operation))
    }

    /// Whether the rule names an operation.
    pub fn is_named(&self, operation: &str) -> bool {
        match self.operation.strip_suffix('*') {
            Some(beginning) => operation.starts_with(beginning),
            None => operation == self.operation,
        }
    }
}

/// Everything that a fault can hit.
fn names() -> impl Iterator<Item = (&'static str, Side)> {
    let emulated = |operation: &&Operation| operations::handler(&operation.name).is_some();
    let api = contract().operations.iter().filter(emulated).map(|operation| (operation.name.as_str(), Side::Api));
    api.chain(STORAGE.map(|name| (name, Side::Storage))).chain([(PUSH, Side::Push)])
}

/// Names as a sentence has them; of many, only what they begin with.
fn listed(names: &[&str]) -> String {
    const MOST: usize = 8;
    if names.len() <= MOST {
        return names.join(", ");
    }
    let mut families: Vec<String> =
        names.iter().filter_map(|name| name.split_once('.')).map(|(family, _)| format!("{family}.*")).collect();
    families.dedup();
    format!("operations of {}", families.join(", "))
}

impl FaultKind {
    /// Whether it can change anything there. A fault that cannot waits for a call where it can.
    pub fn fits(&self, operation: &str, side: Side) -> bool {
        match side {
            Side::Api => self.fits_api(contract().operation(operation)),
            Side::Storage => self.fits_storage(operation),
            Side::Push => matches!(
                self,
                Self::Delay { .. }
                    | Self::StallRequest { .. }
                    | Self::ResetBefore
                    | Self::ResetRequest { .. }
                    | Self::ApplyThenDrop
                    | Self::FlipBit { .. }
                    | Self::BreakSignature
                    | Self::MutateJson { .. }
            ),
        }
    }

    /// A path that leads nowhere is no operation.
    fn fits_api(&self, operation: Option<&Operation>) -> bool {
        match self {
            Self::WrongCrc
            | Self::NoCrc
            | Self::WrongEtag
            | Self::IgnoreRange
            | Self::ExpireUrl
            | Self::BreakSignature => false,
            Self::DeadUrl => operation.is_some_and(|operation| gives_urls(&operation.response)),
            Self::MutateJson { .. } => operation.is_some(),
            Self::RevokeToken => {
                operation.is_some_and(|operation| matches!(operation.token, Token::Header | Token::Query))
            }
            _ => true,
        }
    }

    fn fits_storage(&self, operation: &str) -> bool {
        match self {
            Self::Throttle { .. }
            | Self::BanPage { .. }
            | Self::DeadUrl
            | Self::MutateJson { .. }
            | Self::RevokeToken => false,
            Self::IgnoreRange => operation == "storage.GetObject",
            Self::WrongCrc | Self::NoCrc | Self::WrongEtag => DESCRIBED.contains(&operation),
            // A page needs no signature.
            Self::ExpireUrl | Self::BreakSignature => operation != "storage.GetPage",
            // An answer to HEAD has no bytes.
            Self::StallAnswer { .. } | Self::Slow { .. } | Self::Truncate { .. } | Self::FlipBit { .. } => {
                operation != "storage.HeadObject"
            }
            _ => true,
        }
    }

    /// The word for it.
    fn name(&self) -> String {
        let kind = serde_json::to_value(self).ok();
        kind.and_then(|kind| kind.get("kind")?.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Refuses what cannot be done.
    fn check(&self) -> Result<(), String> {
        match self {
            Self::Status { status, .. } | Self::ApplyThenStatus { status, .. } => check_status(*status),
            Self::Redirect { status, location } => check_redirect(*status, location),
            Self::Slow { rate: 0 } => {
                Err("rate is 1 byte in a second or more; for none at all, take stallAnswer".to_owned())
            }
            Self::MutateJson { pointer, value } => check_pointer(pointer, value.is_some()),
            _ => Ok(()),
        }
    }
}

/// Whether somewhere in an answer there is a list of signed URLs.
fn gives_urls(fields: &[Field]) -> bool {
    fn holds(shape: &Shape) -> bool {
        match shape {
            Shape::Object(fields) => gives_urls(fields),
            Shape::Shared(name) => contract().objects.get(name).is_some_and(|fields| gives_urls(fields)),
            Shape::List(inner) | Shape::Map(inner) => holds(inner),
            _ => false,
        }
    }
    fields.iter().any(|field| field.name == "resourceUrls" || holds(&field.shape))
}

fn check_status(status: u16) -> Result<(), String> {
    match status {
        204 | 205 | 304 => Err(format!("an answer of status {status} has no body, and an error has one")),
        200..=599 => Ok(()),
        _ => Err(format!("an HTTP status of an answer is from 200 to 599, and not {status}")),
    }
}

fn check_redirect(status: u16, location: &str) -> Result<(), String> {
    if !matches!(status, 300..=303 | 307 | 308) {
        return Err(format!("the status of a redirect is 301, 302, 303, 307 or 308, and not {status}"));
    }
    if location.is_empty() || http::HeaderValue::from_str(location).is_err() {
        return Err(format!("{location:?} is no location that a redirect could lead to"));
    }
    Ok(())
}

fn check_pointer(pointer: &str, has_value: bool) -> Result<(), String> {
    if pointer.is_empty() && has_value {
        return Ok(());
    }
    if pointer.is_empty() {
        return Err("the whole answer cannot be taken away; name a place, such as /dentry/id".to_owned());
    }
    if !pointer.starts_with('/') {
        return Err(format!("a JSON pointer begins with a slash: /{}", pointer.replace('.', "/")));
    }
    let escapes = pointer.split('~').skip(1);
    if escapes.into_iter().any(|rest| !rest.starts_with(['0', '1'])) {
        return Err("in a JSON pointer, ~ is written ~0, and a slash within a name ~1".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_fits_somewhere() {
        for fault in [
            FaultKind::IgnoreRange,
            FaultKind::DeadUrl,
            FaultKind::RevokeToken,
            FaultKind::WrongCrc,
            FaultKind::BreakSignature,
            FaultKind::ApplyThenDrop,
        ] {
            assert!(names().any(|(name, side)| fault.fits(name, side)), "{fault:?}");
        }
        let dead = |operation| FaultKind::DeadUrl.fits(operation, Side::Api);
        assert!(dead("storage_v2.GetFileUploadInfo") && dead("storage_v1.GetMultipartFileUploadInfos"));
        assert!(!dead("storage_v1.GetSpace"));
    }

    #[test]
    fn pointers_are_those_of_the_standard() {
        for (pointer, value) in [("/a/0", false), ("/a~1b", false), ("", true), ("/", true), ("/a~0", true)] {
            assert_eq!(check_pointer(pointer, value), Ok(()), "{pointer}");
        }
        for (pointer, value) in [("dentry.id", true), ("a", false), ("", false), ("/a~2", true), ("/a~", true)] {
            assert!(check_pointer(pointer, value).is_err(), "{pointer}");
        }
    }
}
