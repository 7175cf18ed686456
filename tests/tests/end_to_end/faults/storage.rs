//! The storage behind the signed URLs. The client hands them out; the bytes go another way.

use dingtalk_storage::runtime::OssError;
use dingtalk_storage::types::{DentryId, DentryUuid};
use dingtalk_storage_emulator::FaultKind;

use super::Scene;
use crate::stage::{id, uuid};

const PUT: &str = "storage.PutObject";
const GET: &str = "storage.GetObject";

async fn root(scene: &Scene) -> DentryUuid {
    uuid(&scene.stage.dentry(&scene.space, &DentryId::root()).await)
}

/// However often the bytes had to be put, the file is there once.
pub async fn lost_puts_are_put_again_and_committed_once(scene: &Scene) {
    let (stage, root) = (&scene.stage, root(scene).await);
    let (key, info) = stage.upload_info(&root).await;
    let put = || stage.signed("PUT", &info).body("0123456789").send();
    for kind in [FaultKind::ResetBefore, FaultKind::ResetRequest { at: 4 }, FaultKind::ApplyThenDrop] {
        scene.fault(kind, PUT);
        put().await.unwrap_err();
    }
    scene.fault(FaultKind::ApplyThenStatus { status: 503, code: None }, PUT);
    assert_eq!(put().await.unwrap().status(), 503);
    assert_eq!(put().await.unwrap().status(), 200);

    let file = stage.ada.storage_v2().commit_file(&root, &key, "a.txt").send().await.unwrap().dentry;

    assert_eq!(stage.download(&scene.space, &id(&file)).await, b"0123456789");
    assert_eq!((stage.emulator.calls(PUT), stage.emulator.effects("file.committed")), (5, 1));
    assert_eq!(stage.used(&scene.space).await, 10);
}

pub async fn good_urls_are_refused_and_asked_for_again(scene: &Scene) {
    let (stage, root) = (&scene.stage, root(scene).await);
    let file = id(&stage.upload(&root, "a.txt", b"hello").await);
    for (kind, code) in
        [(FaultKind::ExpireUrl, "RequestTimeTooSkewed"), (FaultKind::BreakSignature, "SignatureDoesNotMatch")]
    {
        scene.fault(kind, "storage.*");
        let info = stage.download_info(&scene.space, &file).await;
        let refused = stage.signed("GET", &info).send().await.unwrap();
        assert_eq!(refused.status(), 403);
        let error = OssError::parse(&refused.bytes().await.unwrap()).unwrap();
        assert_eq!(error.code, code);
        assert!(error.request_id.is_some());
        assert_eq!(stage.download(&scene.space, &file).await, b"hello", "a new URL is good");
    }
}

/// What the storage says about the bytes shows that they, or it, are wrong.
pub async fn downloads_are_checked_by_what_the_storage_says(scene: &Scene) {
    let (stage, root) = (&scene.stage, root(scene).await);
    let file = id(&stage.upload(&root, "a.txt", b"0123456789").await);
    let info = stage.download_info(&scene.space, &file).await;
    let get = async |range: Option<&str>| {
        let request = stage.signed("GET", &info);
        let answer = range.into_iter().fold(request, |request, range| request.header("range", range)).send();
        let answer = answer.await.unwrap();
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (status, crc, tag) = (answer.status().as_u16(), header("x-oss-hash-crc64ecma"), header("etag"));
        (status, crc, tag, answer.bytes().await.unwrap().to_vec())
    };
    let (_, crc, tag, bytes) = get(None).await;
    assert_eq!((bytes.as_slice(), crc.is_some(), tag.is_some()), (&b"0123456789"[..], true, true));

    scene.fault(FaultKind::FlipBit { bit: 8 * 3 }, GET);
    let flipped = get(None).await;
    assert_eq!((flipped.1, flipped.3.as_slice()), (crc.clone(), &b"0122456789"[..]));
    scene.fault(FaultKind::WrongCrc, GET);
    let wrong = get(None).await.1;
    assert!(wrong.is_some() && wrong != crc);
    scene.fault(FaultKind::NoCrc, GET);
    assert_eq!(get(None).await.1, None);
    scene.fault(FaultKind::WrongEtag, GET);
    let wrong = get(None).await.2;
    assert!(wrong.is_some() && wrong != tag);
    scene.fault(FaultKind::IgnoreRange, GET);
    let whole = get(Some("bytes=2-3")).await;
    assert_eq!((whole.0, whole.3.len()), (200, 10));
    let part = get(Some("bytes=2-3")).await;
    assert_eq!((part.0, part.3.as_slice()), (206, &b"23"[..]));
    assert_eq!(stage.emulator.effects("file.committed"), 1, "looking changes nothing");
}

pub async fn a_dead_url_has_another_beside_it(scene: &Scene) {
    let (stage, root) = (&scene.stage, root(scene).await);
    scene.fault(FaultKind::DeadUrl, "storage_v2.GetFileUploadInfo");
    let (key, info) = stage.upload_info(&root).await;
    let [dead, good] = info.resource_urls.as_slice() else { panic!("there are two URLs") };

    let failed = stage.signed_to("PUT", dead.expose(), &info).body("hello").send().await.unwrap_err();
    assert!(failed.is_connect());
    assert_eq!(stage.signed_to("PUT", good.expose(), &info).body("hello").send().await.unwrap().status(), 200);
    let file = stage.ada.storage_v2().commit_file(&root, &key, "a.txt").send().await.unwrap().dentry;

    assert_eq!(stage.download(&scene.space, &id(&file)).await, b"hello");
    assert_eq!(stage.emulator.effects("file.committed"), 1);
}
