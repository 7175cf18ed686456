//! What five operations send, to the byte, and what they make of full and minimal answers.
#![allow(clippy::unwrap_used, reason = "a test whose set-up fails has failed")]

use dingtalk_storage::credentials::FixedToken;
use dingtalk_storage::runtime::{ErrorKind, Phase};
use dingtalk_storage::storage_v2::get_file_upload_info::UploadPreCheck;
use dingtalk_storage::types::{
    AccessToken, AppKey, AppProperty, AppSecret, ConflictStrategy, DentryId, DentryUuid, OnlineDocumentType, OwnerId,
    OwnerType, PropertyVisibility, SpaceCapabilities, SpaceId, SpaceStatus, StorageDriver, StorageRegion,
    TransferProtocol, UnionId, UploadKey,
};
use dingtalk_storage::{Client, ErrorCode};
use dingtalk_storage_tests::recorder::Recorder;
use serde_json::json;

async fn server(answer: serde_json::Value) -> (Recorder, Client) {
    let recorder = Recorder::start(move |_| (200, answer.to_string())).await.unwrap();
    let credentials = FixedToken::new("token-of-the-app").unwrap();
    let client = Client::builder().base_url(recorder.url()).credentials(credentials).build().unwrap();
    (recorder, client)
}

fn operator() -> UnionId {
    "union_id".into()
}

macro_rules! assert_wire {
    ($recorder:expr) => {
        insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!($recorder.last().unwrap().text()) });
    };
}

#[tokio::test]
async fn add_space_with_everything() {
    let (recorder, client) = server(json!({ "space": { "id": "7" } })).await;
    let capabilities = SpaceCapabilities::new().with_can_search(true).with_can_rename(false);
    let request = client.storage_v1().add_space(&operator()).name("Reports \"2026\" 报告").quota(1 << 30);
    let request = request.capabilities(&capabilities).scene("reports").scene_id("2026").owner_type(OwnerType::App);
    request.send().await.unwrap();
    assert_wire!(recorder);
}

#[tokio::test]
async fn add_space_with_nothing_sends_an_empty_object() {
    let (recorder, client) = server(json!({ "space": { "id": "7" } })).await;
    client.storage_v1().add_space(&operator()).send().await.unwrap();
    assert_wire!(recorder);
}

#[tokio::test]
async fn add_space_reads_a_full_answer() {
    let (_, client) = server(json!({ "space": {
        "id": "2256226585", "corpId": "ding1", "creatorId": "u1", "ownerType": "USER", "ownerId": "u1",
        "modifierId": "u2", "usedQuota": 512, "quota": "1073741824", "status": "NORMAL",
        "createTime": "2022-07-29T14:55Z", "modifiedTime": "2022-01-01T10:00:00Z", "appId": "app", "scene": "s",
        "sceneId": "0", "capabilities": { "canSearch": true, "canRename": "false", "canRecordRecentFile": null },
        "name": "Reports", "partitions": [
            { "partitionType": "PUBLIC_OSS_PARTITION", "quota": { "used": 1, "max": 2, "reserved": 3, "type": "SHARE" } },
        ],
        "addedLater": { "ignored": [1, 2, 3] },
    } }))
    .await;

    let space = client.storage_v1().add_space(&operator()).send().await.unwrap().space;

    assert_eq!(space.id, SpaceId::new("2256226585"));
    assert_eq!(space.quota, Some(1 << 30), "a number as a string");
    assert_eq!(space.status, Some(SpaceStatus::Normal));
    assert_eq!(space.create_time.unwrap().unix_millis(), Some(1_659_106_500_000));
    let capabilities = space.capabilities.unwrap();
    assert_eq!((capabilities.can_search, capabilities.can_rename), (Some(true), Some(false)));
    assert_eq!(capabilities.can_record_recent_file, None);
    let quota = space.partitions.first().unwrap().quota.clone().unwrap();
    assert_eq!((quota.used, quota.max, quota.reserved), (Some(1), Some(2), Some(3)));
}

#[tokio::test]
async fn add_space_reads_a_minimal_answer() {
    let (_, client) = server(json!({ "space": { "id": "7" } })).await;
    assert_eq!(client.storage_v1().add_space(&operator()).send().await.unwrap().space.id, SpaceId::new("7"));
}

/// A space without an id is none; yet it was made, and must not be made again.
#[tokio::test]
async fn an_answer_without_what_it_is_about_is_an_error_that_says_so() {
    for answer in [json!({}), json!({ "space": {} }), json!({ "space": { "id": null } })] {
        let (_, client) = server(answer).await;
        let error = client.storage_v1().add_space(&operator()).send().await.unwrap_err();
        assert_eq!((error.kind(), error.phase()), (ErrorKind::Answer, Phase::Applied), "{error}");
        assert!(!error.is_retryable());
    }
}

#[tokio::test]
async fn get_dentries() {
    let (recorder, client) = server(json!({})).await;
    let ids = [DentryId::root(), DentryId::new("a/../b?c=d#e 文")];
    // An id that would lead to another resource if it were put into the path as it is.
    let space = SpaceId::new("225/../6?x#y 空");
    let request = client.storage_v1().get_dentries(&space, &operator(), &ids);
    request.app_ids_for_app_properties(&[OwnerId::new("owner")]).with_thumbnail(true).send().await.unwrap();
    assert_wire!(recorder);
}

#[tokio::test]
async fn get_dentries_reads_maps_lists_and_failures() {
    let (_, client) = server(json!({ "resultItems": [
        { "spaceId": "1", "dentryId": 17, "success": true, "errorCode": "", "dentry": {
            "id": "17", "type": "FILE", "name": "a.txt", "appProperties": { "app": [{ "name": "n", "value": "v", "visibility": "PRIVATE" }] },
            "storageDriver": "UNKNOWN", "status": "ADDED_LATER",
        } },
        { "spaceId": "1", "dentryId": "19", "dentry": { "id": "19", "type": "FILE", "name": "b.txt", "appProperties": [{ "name": "bare" }] } },
        { "spaceId": "1", "dentryId": "18", "success": false, "errorCode": "permissionDenied", "dentry": null },
    ] }))
    .await;
    let client = client.operator(&operator());

    let answer = client.storage_v1().get_dentries(&SpaceId::new("1"), &[DentryId::root()]).send().await.unwrap();

    let [mapped, listed, failed] = <[_; 3]>::try_from(answer.result_items).unwrap();
    assert_eq!(mapped.dentry_id, DentryId::new("17"), "an id as a number");
    assert_eq!(mapped.error_code, None);
    let dentry = mapped.dentry.unwrap();
    assert_eq!(dentry.storage_driver, Some(StorageDriver::Unknown));
    assert_eq!(dentry.status.unwrap().as_str(), "ADDED_LATER");
    let property = dentry.app_properties.unwrap().iter().next().cloned().unwrap();
    assert_eq!(property.visibility, Some(PropertyVisibility::Private));
    let listed = listed.dentry.unwrap().app_properties.unwrap();
    assert_eq!(listed.iter().next().unwrap().name.as_deref(), Some("bare"));
    assert_eq!((failed.success, failed.error_code), (Some(false), Some(ErrorCode::PermissionDenied)));
    assert_eq!(failed.dentry, None);
}

#[tokio::test]
async fn get_file_upload_info() {
    let (recorder, client) = server(json!({ "uploadKey": "secret-key", "protocol": "HEADER_SIGNATURE",
        "headerSignatureInfo": { "resourceUrls": ["https://a/1", "https://b/2"], "expirationSeconds": 900,
            "headers": { "Authorization": "OSS id:signature", "x-oss-date": "20260528T093716Z" },
            "region": "SHANGHAI" },
    }))
    .await;
    let check = UploadPreCheck::new().size(512).name("report.pdf");
    let request = client
        .operator(&operator())
        .storage_v2()
        .get_file_upload_info(&DentryUuid::new("P7QG4Yx2JpXDvjzBIMk1m46eJ9dEq3XD"), TransferProtocol::HeaderSignature);
    let request = request.pre_check_param(&check).prefer_region(StorageRegion::Shanghai).prefer_intranet(false);

    let answer = request.storage_driver(StorageDriver::Dingtalk).send().await.unwrap();

    assert_wire!(recorder);
    assert_eq!(answer.upload_key.expose(), "secret-key");
    let info = answer.header_signature_info.clone().unwrap();
    assert_eq!(info.resource_urls.first().unwrap().expose(), "https://a/1");
    assert_eq!(info.headers.get("Authorization").unwrap().expose(), "OSS id:signature");
    assert_eq!(info.expiration_seconds, Some(900));
    let shown = format!("{answer:?}");
    for secret in ["secret-key", "https://a/1", "signature\"", "20260528"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test]
async fn get_file_upload_info_reads_a_minimal_answer() {
    let (_, client) = server(json!({ "uploadKey": "k", "headerSignatureInfo": { "resourceUrls": null } })).await;
    let parent = DentryUuid::new("u");
    let request = client.storage_v2().get_file_upload_info(&parent, &operator(), TransferProtocol::HeaderSignature);
    let answer = request.send().await.unwrap();
    assert!(answer.header_signature_info.unwrap().resource_urls.is_empty());
    assert_eq!(answer.protocol, None);
}

#[tokio::test]
async fn commit_file() {
    let (recorder, client) = server(json!({ "dentry": { "id": "7", "type": "FILE", "name": "report(1).pdf" } })).await;
    let request = client.operator(&operator()).storage_v2().commit_file(
        &DentryUuid::new("P7QG4Yx2JpXDvjzBIMk1m46eJ9dEq3XD"),
        &UploadKey::new("upload_key"),
        "report.pdf",
    );
    let property = AppProperty::new("reviewed", "yes", PropertyVisibility::Private);
    let request = request.size(512).conflict_strategy(ConflictStrategy::ReturnErrorIfExists);
    let request = request.app_properties(&[property]).convert_to_online_doc(true);
    let request = request.convert_to_online_doc_target_document_type(OnlineDocumentType::Workbook);

    let answer = request.size(1024).send().await.unwrap();

    assert_wire!(recorder);
    assert_eq!(answer.dentry.name, "report(1).pdf");
}

#[tokio::test]
async fn commit_file_sends_nothing_that_was_not_set() {
    let (recorder, client) = server(json!({ "dentry": { "id": "7", "type": "FILE", "name": "a" } })).await;
    let key = UploadKey::new("upload_key");
    client.storage_v2().commit_file(&DentryUuid::new("u"), &operator(), &key, "a").send().await.unwrap();
    assert_wire!(recorder);
}

#[tokio::test]
async fn get_access_token_needs_no_token() {
    let (recorder, client) = server(json!({ "accessToken": "new", "expireIn": 7200 })).await;
    let request = client.oauth2_v1().get_access_token(&AppKey::new("key"), &AppSecret::new("secret"));
    assert!(!format!("{request:?}").contains("secret\""));

    let answer = request.send().await.unwrap();

    assert_wire!(recorder);
    assert_eq!(answer.access_token, Some(AccessToken::new("new")));
    assert_eq!(answer.expire_in, Some(7200));
}

#[tokio::test]
async fn get_access_token_reads_a_minimal_answer() {
    let (_, client) = server(json!({})).await;
    let request = client.oauth2_v1().get_access_token(&AppKey::new("key"), &AppSecret::new("secret"));
    assert_eq!(request.send().await.unwrap().expire_in, None);
}
