//! The same refusal has other codes in other operations.

use crate::contract::Operation;
use crate::refusal::Refusal;

/// Codes of the storage operations, and what other operations call the same thing.
pub(super) const ELSEWHERE: [(&str, &[&str]); 16] = [
    ("spaceNotExist", &["documentNotExist", "object.not.exist", "param.error"]),
    ("dentryNotExist", &["documentNotExist", "docNotExist", "object.not.exist", "param.error"]),
    ("nodeNotExist", &["invalidRequest.resource.notFound"]),
    ("workspaceNotExist", &["invalidRequest.resource.notFound"]),
    ("acrossOrgAccessForbidden", &["permissionDenied"]),
    ("taskNotExist", &["object.not.exist", "param.error"]),
    ("recycleItemNotExist", &["object.not.exist", "param.error"]),
    ("permissionDenied", &["no.priviledge", "forbidden.accessDenied", "noPermission"]),
    ("dentryAlreadyExist", &["folder.exists", "folder.exist"]),
    ("dentryNameIllegal", &["filename.invalid", "name.invalid"]),
    ("spaceQuotaInsufficient", &["insufficient.capacity", "quota.insufficient"]),
    ("orgQuotaInsufficient", &["insufficient.capacity", "quota.insufficient"]),
    ("operationNotSupported", &["unsupported.operation"]),
    ("recycleBinNotSupportForSpace", &["unsupported.operation"]),
    ("dentryStoreError", &["param.error"]),
    ("paramError.name", &["filename.invalid", "name.invalid"]),
];

/// The refusal with the code that the operation documents for its reason. Without such a code it stays as it is: some
/// pages leave out what has to be expected all the same.
pub fn as_documented(operation: &Operation, refusal: Refusal) -> Refusal {
    if operation.documents(&refusal.code) {
        return refusal;
    }
    let elsewhere = ELSEWHERE.iter().find(|(code, _)| *code == refusal.code).map_or(&[][..], |(_, others)| others);
    let general: &[&str] = if refusal.code.starts_with("paramError") { &["param.error", "paramError"] } else { &[] };
    match elsewhere.iter().chain(general).find(|code| operation.documents(code)) {
        Some(code) => Refusal { code: (*code).into(), ..refusal },
        None => refusal,
    }
}
