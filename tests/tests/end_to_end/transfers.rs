//! Bytes on their way up and down.

use dingtalk_storage::types::{DentryId, PreCheckParam, StorageDriver, TransferProtocol};

use crate::stage::{Stage, id};

pub async fn a_file_goes_up_and_down(stage: &Stage) {
    let (space, root) = stage.space("updown").await;
    let bytes: Vec<u8> = (0..100_000_u32).map(|number| number.to_le_bytes()[0]).collect();

    let file = stage.upload(&root, "bytes.bin", &bytes).await;

    assert_eq!((file.size, file.version), (Some(100_000), Some(1)));
    assert_eq!(stage.download(&space, &id(&file)).await, bytes);
    let info = stage.download_info(&space, &id(&file)).await;
    let part = stage.signed("GET", &info).header("range", "bytes=99998-").send().await.unwrap();
    assert_eq!(part.status(), 206);
    assert_eq!(part.bytes().await.unwrap(), bytes[99_998..]);
    assert_eq!(stage.used(&space).await, 100_000);
    let leaked = stage.emulator.journal().into_iter().filter(|record| record.token_leaked).count();
    assert_eq!(leaked, 0);
}

/// Parts go up in any order, in two queries for their URLs; the commit of version 1.0 puts them together.
pub async fn a_file_goes_up_in_parts(stage: &Stage) {
    const PART: usize = 100 << 10;
    let (space, _) = stage.space("parts").await;
    let bytes: Vec<u8> = (0..2 * PART + 5).map(|number| u8::try_from(number % 251).unwrap()).collect();
    let storage = stage.ada.storage_v1();
    let check = PreCheckParam::new().size(bytes.len() as u64).name("bytes.bin");
    let begun = storage.init_multipart_file_upload(&space).storage_driver(StorageDriver::Dingtalk);
    let key = begun.pre_check_param(&check).send().await.unwrap().upload_key;

    for numbers in [&[3, 1][..], &[2]] {
        let infos = storage.get_multipart_file_upload_infos(&key, numbers).send().await.unwrap();
        for part in infos.multipart_header_signature_infos {
            let place = usize::try_from(part.part_number().unwrap() - 1).unwrap() * PART;
            let bytes = bytes[place..bytes.len().min(place + PART)].to_vec();
            let info = part.header_signature_info;
            assert_eq!(stage.signed("PUT", &info).body(bytes).send().await.unwrap().status(), 200);
        }
    }
    let file = storage.commit_file(&space, &key, "bytes.bin", &DentryId::root()).send().await.unwrap().dentry;

    assert_eq!(stage.download(&space, &id(&file)).await, bytes);
    assert_eq!(stage.emulator.effects("file.committed"), 1);
}

/// What official clients send on the way of version 1.0 as well.
#[tokio::test]
async fn an_upload_in_parts_begins_without_a_url() {
    let stage = Stage::start().await;
    let (space, _) = stage.space("parts").await;
    for multipart in [false, true] {
        let call = stage.ada.storage_v1().get_file_upload_info(&space, TransferProtocol::HeaderSignature, multipart);
        assert_eq!(call.send().await.unwrap().header_signature_info.is_none(), multipart);
    }
}
