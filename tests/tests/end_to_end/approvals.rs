//! Attachments of approvals.

use dingtalk_storage::types::{DentryId, ProcessInstanceId};
use dingtalk_storage::workflow_v1::add_approve_dentry_auth::ApprovalFile;

use crate::stage::{Stage, id};

pub async fn attachments_are_uploaded_shown_and_downloaded(stage: &Stage) {
    let workflow = stage.client.workflow_v1();
    let approval = ProcessInstanceId::new("a17444d1-075b-4a4d");
    let space =
        workflow.get_attachment_space(&stage.user_id(0)).send().await.unwrap().result.unwrap().space_id.unwrap();
    let root = stage.dentry(&space, &DentryId::root()).await.uuid.unwrap();
    let file = stage.upload(&root, "receipt.pdf", b"42 yuan").await;
    let (ben, cui) = (stage.person(1), stage.person(2));
    let looks = async |person: &dingtalk_storage::OperatorClient| {
        person.storage_v1().get_dentry(&space, &id(&file)).send().await.is_ok()
    };
    let downloads = async |person: &dingtalk_storage::OperatorClient| {
        person.storage_v1().get_file_download_info(&space, &id(&file)).send().await.is_ok()
    };
    assert!(!looks(&ben).await && !downloads(&cui).await);

    // One may look, another may download as well.
    let file_id = id(&file).to_string();
    let shown = workflow.get_space_with_download_auth(&stage.user_id(1), &approval, &file_id);
    assert_eq!(shown.send().await.unwrap().result.unwrap().space_id.as_ref(), Some(&space));
    assert!(looks(&ben).await && !downloads(&ben).await);
    let given = workflow.add_approve_dentry_auth(&stage.user_id(2), &[ApprovalFile::new(&file_id, &space)]);
    assert_eq!(given.send().await.unwrap().result, Some(true));
    assert!(downloads(&cui).await);

    // The app gets a URL that needs no headers.
    let granted = workflow.grant_process_instance_for_download_file(&approval, &file_id).send().await.unwrap();
    let url = granted.result.unwrap().download_uri.unwrap();
    let answer = stage.http.get(url.expose()).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.bytes().await.unwrap()[..]), (200, &b"42 yuan"[..]));
    let forged = stage.http.get(format!("{}x", url.expose())).send().await.unwrap();
    assert_eq!(forged.status(), 403);
    let other = workflow.grant_process_instance_for_download_file(&approval, "1").send().await.unwrap_err();
    assert_eq!(other.code().unwrap().to_string(), "noPermission");
}
