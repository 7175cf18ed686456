//! Many small files, which the API's limit of calls alone holds back.

use std::time::Duration;

use dingtalk_storage::Client;
use dingtalk_storage::credentials::InternalApp;
use dingtalk_storage::types::DentryId;
use dingtalk_storage_emulator::{Emulator, Fault, FaultKind};
use dingtalk_storage_transfer::{Drive, Entry};
use futures_util::{StreamExt, TryStreamExt, stream};

const FILES: u32 = 10_000;
/// Calls of one operation in a second, and each file takes one of each.
const LIMIT: f64 = 20.0;
/// Time of an answer of the API.
const WAY: u64 = 50;

/// By a paused clock, which goes on as long as everybody waits: the limiter and the ways take their time, the rest none.
pub fn files() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let emulator = Emulator::start().await.unwrap();
        let credentials = emulator.credentials();
        let app = InternalApp::new(credentials.app_key.as_str(), credentials.app_secret.as_str());
        let client = Client::builder().base_url(emulator.api_url()).credentials(app).build().unwrap();
        let client = client.operator(&credentials.users[0].union_id.as_str().into());
        let space = client.drive_v1().add_space("Small").send().await.unwrap().space_id;
        let root = client.storage_v1().get_dentry(&space, &DentryId::root()).send().await.unwrap().dentry;
        let root = Entry::from_dentry(&root).unwrap();
        let state = tempfile::tempdir().unwrap();
        let drive = Drive::builder(&client).state_dir(state.path()).build();
        for operation in ["storage_v2.GetFileUploadInfo", "storage_v2.CommitFile"] {
            emulator.add_fault(Fault::new(FaultKind::Delay { millis: WAY }).on(operation).always());
        }
        let start = tokio::time::Instant::now();
        let uploads = stream::iter(0..FILES).map(|number| {
            let content = number.to_le_bytes().repeat(1024);
            drive.upload(content).to(&root).name(format!("{number}.bin")).send()
        });
        let uploads = uploads.buffer_unordered(drive.settings().files_at_once);
        uploads.try_for_each(|_| async { Ok(()) }).await.unwrap();
        let rate = f64::from(FILES) / start.elapsed().max(Duration::from_millis(1)).as_secs_f64();
        assert_eq!(emulator.effects("file.committed"), FILES as usize);
        println!("{FILES} files of 4 KiB: {rate:.2} in a second, {:.1} % of the limit", rate / LIMIT * 100.0);
    });
}
