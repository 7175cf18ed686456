//! Refusals against the spec, before they leave: the code and the status that the operation documents.

use crate::contract::Operation;
use crate::refusal::Refusal;

/// What the gateway answers before an operation is reached, and so no page of an operation says.
const GATEWAY: [(&str, u16); 7] = [
    ("AuthenticationFailed.MissingParameter", 400),
    ("InvalidAuthentication", 400),
    ("invalidAccessToken", 400),
    ("Forbidden.AccessDenied.AccessTokenPermissionDenied", 403),
    ("Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", 403),
    ("Forbidden.AccessDenied.ApiCountLimitForOrg", 403),
    ("NotEmulated", 501),
];

/// Operations, and codes that their pages leave out although they have to be expected.
const LEFT_OUT: [(&str, &str, u16); 5] = [
    // They name a file by the same two ids as SendByApp, whose page has both codes.
    ("conv_file_v1.Send", "spaceNotExist", 404),
    ("conv_file_v1.Send", "dentryNotExist", 404),
    ("conv_file_v1.SendLink", "spaceNotExist", 404),
    ("conv_file_v1.SendLink", "dentryNotExist", 404),
    // The page offers RETURN_ERROR_IF_EXISTS and does not say which error that is.
    ("storage_v1.RestoreRecycleItem", "dentryAlreadyExist", 400),
];

/// What is wrong with a refusal.
pub fn check(operation: &Operation, refusal: &Refusal) -> Option<String> {
    let found = (refusal.code.as_ref(), refusal.status(Some(operation)));
    let documented = || operation.errors.iter().any(|(code, status)| (code.as_str(), *status) == found);
    let left_out = || LEFT_OUT.contains(&(operation.name.as_str(), found.0, found.1));
    // The gateway names a query parameter that is missing in the code: `MissingunionId`.
    let names_parameter = || {
        let name = found.0.strip_prefix("Missing").unwrap_or_default();
        found.1 == 400 && operation.query.iter().any(|field| field.required && field.name == name)
    };
    if documented() || GATEWAY.contains(&found) || left_out() || names_parameter() {
        return None;
    }
    Some(format!("{} does not document {} {}", operation.name, found.1, found.0))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;
    use crate::contract::contract;

    #[test]
    fn a_refusal_needs_the_code_and_the_status_of_the_page() {
        let operation = contract().operation("storage_v1.GetDentry").unwrap();
        for refusal in
            [Refusal::new("dentryNotExist"), Refusal::new("permissionDenied"), Refusal::new("MissingunionId")]
        {
            assert_eq!(check(operation, &refusal), None, "{}", refusal.code);
        }
        for refusal in [
            Refusal::new("dentryNotExist").with_status(400),
            Refusal::new("dentryAlreadyExist"),
            Refusal::new("Missingname"),
            Refusal::new("made.up"),
        ] {
            assert!(check(operation, &refusal).unwrap().starts_with("storage_v1.GetDentry does not document"));
        }
    }

    /// A line that the spec has by now is one too many.
    #[test]
    fn what_pages_leave_out_is_left_out() {
        for (name, code, status) in LEFT_OUT {
            let operation = contract().operation(name).unwrap();
            assert!(contract().codes.contains_key(code), "{code}");
            assert!(!operation.errors.contains(&(code.to_owned(), status)), "{name} documents {code}");
        }
    }
}
