//! What the tests of DataFusion and Ballista play on: an emulator with a table in a space, and the same files on the disk.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "what is missing is a failed test"
)]

mod files;
mod traffic;

use std::path::Path;

use datafusion::arrow::util::pretty::pretty_format_batches;
use datafusion::object_store::ObjectStoreExt;
use datafusion::object_store::path::Path as Location;
use datafusion::prelude::{SessionConfig, SessionContext};
use dingtalk_storage::Client;
use dingtalk_storage::credentials::InternalApp;
use dingtalk_storage_emulator::Emulator;
use dingtalk_storage_object_store::DingtalkStoreBuilder;
use dingtalk_storage_transfer::Drive;
use tempfile::TempDir;

pub use files::{FIRST_OF_2026, File, YEARS};
pub use traffic::{Read, Traffic};

/// Where the table is, in the space and in the folder on the disk.
const TABLE: &str = "tables/sales";
/// As much of the end of a file as is read to know what is in it.
pub const FOOTER: u64 = 64 << 10;

/// An emulator with a table in a space.
pub struct Stage {
    emulator: Emulator,
    space: String,
    disk: TempDir,
    /// The files of the table.
    pub files: Vec<File>,
}

impl Stage {
    /// Writes the table to the disk, and copies its files into the space.
    pub async fn new() -> Self {
        let disk = tempfile::tempdir().unwrap();
        let files = files::write(&disk.path().join(TABLE)).await;
        let emulator = Emulator::start().await.unwrap();
        let mut stage = Self { emulator, space: String::new(), disk, files };
        let space = stage.drive().client().drive_v1().add_space("Tables").send().await.unwrap().space_id;
        stage.space = space.to_string();
        let store = stage.settings().with_space(&space).build().unwrap();
        for file in &stage.files {
            let bytes = std::fs::read(stage.disk.path().join(TABLE).join(&file.path)).unwrap();
            let location = Location::parse(format!("{TABLE}/{}", file.path)).unwrap();
            store.put(&location, bytes.into()).await.unwrap();
        }
        stage.traffic();
        stage
    }

    /// A drive that knows nothing of any other one, as another process has it.
    fn drive(&self) -> Drive {
        let credentials = self.emulator.credentials();
        let app = InternalApp::new(credentials.app_key, credentials.app_secret);
        let client = Client::builder().base_url(self.emulator.api_url()).credentials(app).calls_per_second(None);
        let client = client.build().unwrap().operator(&credentials.users[0].union_id.as_str().into());
        // Files of the table go up in one piece, the whole table in one file in parts.
        Drive::builder(&client).state_dir(self.scratch("state")).single_put(4 << 20).build()
    }

    /// The settings of stores that know nothing yet. What they have seen is believed for as long as the test takes, so that
    /// it costs the same on a slow machine.
    pub fn settings(&self) -> DingtalkStoreBuilder {
        DingtalkStoreBuilder::new().with_drive(&self.drive()).with_option("freshness_seconds", "3600")
    }

    /// The same, for another process.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let credentials = self.emulator.credentials();
        let state = self.scratch("state").display().to_string();
        vec![
            ("DINGTALK_ENDPOINT", self.emulator.api_url().to_owned()),
            ("DINGTALK_APP_KEY", credentials.app_key),
            ("DINGTALK_APP_SECRET", credentials.app_secret),
            ("DINGTALK_OPERATOR", credentials.users[0].union_id.clone()),
            ("DINGTALK_FRESHNESS_SECONDS", "3600".to_owned()),
            ("XDG_STATE_HOME", state),
        ]
    }

    /// The id of the space.
    pub fn space(&self) -> &str {
        &self.space
    }

    /// The address of something in the space.
    pub fn on_drive(&self, path: &str) -> String {
        format!("dingtalk://{}/{path}", self.space)
    }

    /// The address of something on the disk.
    pub fn on_disk(&self, path: &str) -> String {
        self.disk.path().join(path).display().to_string()
    }

    /// The address of the table in the space.
    pub fn table(&self) -> String {
        self.on_drive(&format!("{TABLE}/"))
    }

    /// The address of the same files on the disk.
    pub fn local_table(&self) -> String {
        format!("{}/", self.on_disk(TABLE))
    }

    /// A folder for what a test leaves behind, which goes with the stage.
    pub fn scratch(&self, name: &str) -> std::path::PathBuf {
        let folder = self.disk.path().join("scratch").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// What went over the wire since the last look.
    pub fn traffic(&self) -> Traffic {
        let traffic = Traffic::of(&self.emulator.journal());
        self.emulator.clear_journal();
        traffic
    }

    /// Bytes of the whole table.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.size).sum()
    }
}

/// How tables are read: filters are tried on their columns before others are read, and the end of a file is no larger than
/// it has to be. The rest is as DataFusion has it.
pub fn settings(config: SessionConfig) -> SessionConfig {
    config
        .with_target_partitions(2)
        .set_bool("datafusion.execution.parquet.pushdown_filters", true)
        .set_u64("datafusion.execution.parquet.metadata_size_hint", FOOTER)
}

/// What a query says, as text.
pub async fn run(session: &SessionContext, sql: &str) -> String {
    let batches = match session.sql(sql).await {
        Ok(answer) => answer.collect().await,
        Err(error) => Err(error),
    };
    let batches = batches.unwrap_or_else(|error| panic!("{sql}: {error}"));
    pretty_format_batches(&batches).unwrap().to_string()
}

/// Makes the files at an address a table with the years as partitions; its columns are those of the files.
pub async fn declare(session: &SessionContext, name: &str, address: &str) {
    declare_as(session, name, "", address).await;
}

/// Makes the files at an address a table with these columns, in parentheses, and the years as partitions.
pub async fn declare_as(session: &SessionContext, name: &str, columns: &str, address: &str) {
    let table = format!("{name} {columns} STORED AS PARQUET PARTITIONED BY (year) LOCATION '{address}'");
    run(session, &format!("CREATE EXTERNAL TABLE {table}")).await;
}

/// The names below a folder on the disk, in order.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
