//! Media files for messages and forms.

use dingtalk_storage::runtime::{FormFile, Phase};
use dingtalk_storage::types::MediaType;
use dingtalk_storage_emulator::{Fault, FaultKind};

use crate::stage::Stage;

pub async fn media_files_are_uploaded(stage: &Stage) {
    let media = stage.client.media();
    let photo = FormFile::new("\"Seaside\"\r\n 海边 100%25.PNG", vec![0x89; 1 << 20]).content_type("image/png");

    let first = media.upload_media(MediaType::Image, &photo).send().await.unwrap();
    assert_eq!(first.media_type, Some(MediaType::Image));
    assert!(first.created_at.unwrap().unix_millis() > Some(0));
    let again = media.upload_media(MediaType::Image, &photo).send().await.unwrap();
    assert_ne!(first.media_id, again.media_id, "each upload makes another file");
    assert!(first.media_id.is_some());

    // All of it is kept, under its name: what the largest file has is taken, and one byte more never leaves.
    let folder = tempfile::tempdir().unwrap();
    stage.emulator.dump(folder.path()).await.unwrap();
    let dumped = std::fs::read_to_string(folder.path().join("state.json")).unwrap();
    assert!(dumped.contains("海边 100%25.PNG"), "the name arrived as it was given");
    let sizes: Vec<u64> = std::fs::read_dir(folder.path().join("blobs"))
        .unwrap()
        .map(|file| file.unwrap().metadata().unwrap().len())
        .filter(|size| *size == 1 << 20)
        .collect();
    assert_eq!(sizes.len(), 2);
    let video = |size: usize| FormFile::new("a.mp4", vec![1; size]);
    media.upload_media(MediaType::Video, &video(20 << 20)).send().await.unwrap();
    let calls = stage.emulator.journal().len();
    let too_large = media.upload_media(MediaType::Video, &video((20 << 20) + 1)).send().await.unwrap_err();
    assert_eq!(too_large.phase(), Phase::NotSent);
    assert!(too_large.to_string().contains("20971521") && too_large.to_string().contains("20971520"), "{too_large}");
    assert_eq!(stage.emulator.journal().len(), calls);

    // A refused call is sent again, with the whole file; one whose answer is lost is not.
    stage.emulator.add_fault(Fault::new(FaultKind::Throttle { code: None }).on("media.UploadMedia").times(1));
    let song = FormFile::new("song.mp3", vec![7; 3 << 19]);
    media.upload_media(MediaType::Voice, &song).send().await.unwrap();
}
