//! Files to send, which the command line names by their paths.

use std::fs::{self, File};
use std::path::Path;

use dingtalk_storage_tests::recorder::Recorder;
use serde_json::json;

use crate::program::{Program, Run, server};

/// Most bytes of a media file, and of a recording.
const LARGEST: [(&str, u64); 2] = [("file", 20 << 20), ("voice", 2 << 20)];

async fn media_server() -> Recorder {
    server(200, json!({ "errcode": 0, "errmsg": "ok", "media_id": "@id" }).to_string()).await
}

fn upload(server: &Recorder, kind: &str, media: &str) -> Run {
    let parameters = json!({ "type": kind, "media": media }).to_string();
    Program::new(&["api", "media.UploadMedia", "--params", &parameters]).against(server).run()
}

fn at(path: &Path) -> String {
    format!("@{}", path.display())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_sent_with_its_bytes_and_its_name_without_folders() {
    let folder = tempfile::tempdir().unwrap();
    let server = media_server().await;
    for (name, content) in [("报告 1.txt", "line\r\n--"), ("@at", "@"), ("empty", "")] {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();

        let run = upload(&server, "file", &at(&path));

        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{name}");
        let body = server.last().unwrap().body;
        assert!(body.contains(&format!("name=\"media\"; filename=\"{name}\"\r\n")), "{body}");
        assert!(body.contains(&format!("\r\n\r\n{content}\r\n--")), "{body}");
        assert!(!body.contains(&folder.path().display().to_string()), "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_read_is_told_and_nothing_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let server = media_server().await;
    for path in [folder.path().join("missing.png"), folder.path().to_owned()] {
        let Run { code, out, err } = upload(&server, "image", &at(&path));

        assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
        assert!(err.contains("media: the file") && err.contains(&path.display().to_string()), "{err}");
        assert!(err.contains("cannot be read"), "{err}");
    }
    for nameless in ["@", "@/", "@.."] {
        let run = upload(&server, "image", nameless);
        assert_eq!(run.code, Some(2), "{nameless}: {}", run.err);
        assert!(run.err.contains("has no name"), "{nameless}: {}", run.err);
    }
    // Whoever forgets the `@` is told what to write.
    let run = upload(&server, "image", "photo.png");
    assert_eq!(run.code, Some(2), "{}", run.err);
    assert!(run.err.contains("media: expected a file"), "{}", run.err);
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_too_large_is_told_and_nothing_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large");
    let file = File::create(&path).unwrap();
    let server = media_server().await;
    // The last has holes only, and would not fit into memory.
    let large = LARGEST.map(|(kind, largest)| (kind, largest + 1, largest));
    for (kind, size, largest) in large.into_iter().chain([("file", 1 << 40, 20 << 20)]) {
        file.set_len(size).unwrap();

        let Run { code, out, err } = upload(&server, kind, &at(&path));

        assert_eq!((code, out.as_str()), (Some(2), ""), "{kind}: {err}");
        assert!(err.contains("large") && err.contains(&largest.to_string()), "{kind}: {err}");
    }
    assert_eq!(server.requests().len(), 0);
    file.set_len(LARGEST[1].1).unwrap();
    assert_eq!(upload(&server, "voice", &at(&path)).code, Some(0), "as large as it may be");
}
