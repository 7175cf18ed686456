//! Refusals about uploads and downloads.

use dingtalk_storage::storage_v2::get_file_upload_info::UploadPreCheck;
use dingtalk_storage::types::{
    ConflictStrategy, DentryId, DentryUuid, SpaceId, StorageDriver, TransferProtocol, UploadKey,
};

use super::Refusals;
use crate::stage::{Stage, id, uuid};

pub async fn of_uploads(stage: &Stage, refusals: &mut Refusals) {
    let space = stage.ada.storage_v1().add_space().scene("small").quota(10).send().await.unwrap().space;
    let root = uuid(&stage.dentry(&space.id, &DentryId::root()).await);
    let (ada, ben) = (stage.ada.storage_v2(), stage.person(1).storage_v2());
    let nowhere = DentryUuid::new("x".repeat(32));
    let ask = || ada.get_file_upload_info(&root, TransferProtocol::HeaderSignature);

    let name = "storage_v2.GetFileUploadInfo";
    let other = ada.get_file_upload_info(&root, "PIGEON".into());
    refusals.expect(name, 400, "dentryUploadProtocolNotSupport", other.send()).await;
    let other = ada.get_file_upload_info(&nowhere, TransferProtocol::HeaderSignature);
    refusals.expect(name, 400, "paramError.parentDentryUuid", other.send()).await;
    let other = ben.get_file_upload_info(&root, TransferProtocol::HeaderSignature);
    refusals.expect(name, 403, "permissionDenied", other.send()).await;
    let other = ask().storage_driver(StorageDriver::Shanji);
    refusals.expect(name, 400, "paramError.storageDriver", other.send()).await;
    let large = ask().pre_check_param(&UploadPreCheck::new().size(11));
    refusals.expect(name, 400, "spaceQuotaInsufficient", large.send()).await;
    let illegal = ask().pre_check_param(&UploadPreCheck::new().name("a|b"));
    refusals.expect(name, 400, "dentryUploadForbidden", illegal.send()).await;

    let name = "storage_v2.CommitFile";
    let key = stage.uploaded(&root, b"12345").await;
    refusals.expect(name, 400, "paramError.uploadKey", ada.commit_file(&root, &"x".into(), "a").send()).await;
    refusals.expect(name, 400, "dentryNameIllegal", ada.commit_file(&root, &key, "a|b").send()).await;
    refusals.expect(name, 400, "dentryStoreError", ada.commit_file(&root, &key, "a").size(4).send()).await;
    refusals.expect(name, 400, "paramError.parentDentryUuid", ada.commit_file(&nowhere, &key, "a").send()).await;
    refusals.expect(name, 403, "permissionDenied", ben.commit_file(&root, &key, "a").send()).await;
    let online = ada.commit_file(&root, &key, "a.zip").convert_to_online_doc(true);
    refusals.expect(name, 400, "dentryFormatNotSupport", online.send()).await;
    let strategy = ada.commit_file(&root, &key, "a").conflict_strategy("SHRUG".into());
    refusals.expect(name, 400, "paramError.conflictStrategy", strategy.send()).await;
    assert_eq!(stage.emulator.effects("file.committed"), 0);
    ada.commit_file(&root, &key, "a").send().await.unwrap();
    refusals.expect(name, 400, "paramError.uploadKey", ada.commit_file(&root, &key, "b").send()).await;
    let second = stage.uploaded(&root, b"1").await;
    let taken = ada.commit_file(&root, &second, "a").conflict_strategy(ConflictStrategy::ReturnErrorIfExists);
    refusals.expect(name, 400, "dentryNameConflict", taken.send()).await;
    let large = stage.uploaded(&root, b"123456").await;
    refusals.expect(name, 400, "spaceQuotaInsufficient", ada.commit_file(&root, &large, "c").send()).await;
    assert_eq!(stage.emulator.effects("file.committed"), 1);
}

pub async fn of_parts_and_downloads(stage: &Stage, refusals: &mut Refusals) {
    let (space, root) = stage.space("parts").await;
    let file = id(&stage.upload(&root, "a.txt", b"a").await);
    let (single, _) = stage.upload_info(&root).await;
    let (ada, ben) = (stage.ada.storage_v1(), stage.person(1).storage_v1());
    let nowhere = SpaceId::new("77");

    let name = "storage_v1.InitMultipartFileUpload";
    refusals.expect(name, 404, "spaceNotExist", ada.init_multipart_file_upload(&nowhere).send()).await;
    refusals.expect(name, 403, "permissionDenied", ben.init_multipart_file_upload(&space).send()).await;
    let key = ada.init_multipart_file_upload(&space).send().await.unwrap().upload_key;
    let name = "storage_v1.GetMultipartFileUploadInfos";
    let parts = |key: &UploadKey, numbers: &[i32]| ada.get_multipart_file_upload_infos(key, numbers).send();
    refusals.expect(name, 400, "paramError.uploadKey", parts(&single, &[1])).await;
    refusals.expect(name, 400, "paramError.partNumbers", parts(&key, &[10_001])).await;
    let name = "storage_v1.CommitFile";
    let commit = ada.commit_file(&space, &key, "a.bin", &DentryId::root());
    refusals.expect(name, 400, "dentryStoreError", commit.send()).await;
    let name = "storage_v1.GetFileDownloadInfo";
    let top = DentryId::root();
    refusals.expect(name, 400, "operationNotSupported", ada.get_file_download_info(&space, &top).send()).await;
    refusals.expect(name, 403, "permissionDenied", ben.get_file_download_info(&space, &file).send()).await;
    refusals.expect(name, 404, "spaceNotExist", ada.get_file_download_info(&nowhere, &file).send()).await;
    let missing = ada.get_file_download_info(&space, &DentryId::new("77"));
    refusals.expect(name, 404, "dentryNotExist", missing.send()).await;
    let version = ada.get_file_download_info(&space, &file).version(2);
    refusals.expect(name, 400, "paramError", version.send()).await;
}
