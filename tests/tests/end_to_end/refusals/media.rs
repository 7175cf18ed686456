//! Refusals of media files.

use dingtalk_storage::runtime::FormFile;
use dingtalk_storage::types::MediaType;
use serde_json::{Value, json};

use super::Refusals;
use crate::stage::Stage;

pub async fn of_uploads(stage: &Stage, refusals: &mut Refusals) {
    let media = stage.client.media();
    let name = "media.UploadMedia";
    let upload = |kind: &str, file: &FormFile| media.upload_media(MediaType::from(kind), file).send();
    let (photo, film) = (FormFile::new("a.png", "png"), FormFile::new("a.mp4", "mp4"));
    refusals.expect(name, 200, "40004", upload("picture", &photo)).await;
    refusals.expect(name, 200, "40004", upload("image", &film)).await;
    refusals.expect(name, 200, "40004", upload("file", &FormFile::new("no extension", "x"))).await;
    refusals.expect(name, 200, "44001", upload("image", &FormFile::new("a.png", ""))).await;

    // What the client does not send.
    let token = stage.emulator.credentials().users[0].access_token.clone();
    assert_eq!(raw(stage, &token, "application/json", "{}").await["errcode"], 88);
    let token = stage.token().await;
    assert_eq!(raw(stage, &token, "application/json", "{}").await["errcode"], 43008);
    let kind = "multipart/form-data; boundary=b";
    let only = "--b\r\ncontent-disposition: form-data; name=\"type\"\r\n\r\nvoice\r\n";
    assert_eq!(raw(stage, &token, kind, &format!("{only}--b--\r\n")).await["errcode"], 44001);
    let recording = "--b\r\ncontent-disposition: form-data; name=\"media\"; filename=\"a.mp3\"\r\n\r\n";
    let large = format!("{only}{recording}{}\r\n--b--\r\n", "x".repeat((2 << 20) + 1));
    let refused = raw(stage, &token, kind, &large).await;
    assert_eq!(refused["errcode"], 45001);
    assert!(refused["errmsg"].as_str().unwrap().contains("2097153"), "{refused}");
    let right = format!("{only}{recording}x\r\n--b--\r\n");
    let done = raw(stage, &token, kind, &right).await;
    assert_eq!((&done["errcode"], &done["type"], done.get("result")), (&json!(0), &json!("voice"), None));
    // Nothing of what was refused is kept.
    let folder = tempfile::tempdir().unwrap();
    stage.emulator.dump(folder.path()).await.unwrap();
    assert_eq!(std::fs::read_dir(folder.path().join("blobs")).unwrap().count(), 1);
}

/// The answer to a body that is sent as it is.
async fn raw(stage: &Stage, token: &str, kind: &str, body: &str) -> Value {
    let url = format!("{}/media/upload?access_token={token}", stage.emulator.api_url());
    let answer = stage.http.post(url).header("content-type", kind).body(body.to_owned()).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
}
