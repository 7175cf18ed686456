//! How fast bytes may go, and how many.

use std::time::{Duration, Instant};

use dingtalk_storage_transfer::{Became, Drive, DriveBuilder, Error, Source};

use crate::stage::PART;
use crate::trees::{Trees, read};

impl Trees {
    /// Another drive on the same emulator.
    fn drive(&self, set: impl FnOnce(DriveBuilder) -> DriveBuilder) -> Drive {
        let builder = Drive::builder(self.stage.drive.client()).state_dir(self.stage.state.path());
        set(builder.single_put(PART).part_size(PART)).build()
    }
}

#[tokio::test]
async fn no_more_bytes_go_than_are_allowed_and_what_was_left_goes_the_next_time() {
    let trees = Trees::new().await;
    for name in ["a", "b", "c"] {
        trees.write(name, "0123456789");
    }
    let drive = trees.drive(|drive| drive.max_transfer(25));
    let plan = drive.sync(trees.local()).to(&trees.folder).plan().await.unwrap();
    let report = drive.execute(&plan).run().await.unwrap();
    let left = report.outcomes.iter().filter(|outcome| outcome.became == Became::OverLimit).count();
    assert_eq!((left, report.failures().count(), report.is_complete()), (1, 0, false));
    // What is not begun costs nothing.
    assert_eq!(trees.stage.emulator.calls("storage_v2.GetFileUploadInfo"), 2);
    trees.run(trees.up()).await;
    trees.are_equal().await;

    // Down, and files one by one, they are counted together.
    let copy = tempfile::tempdir().unwrap();
    let drive = trees.drive(|drive| drive.max_transfer(35));
    let plan = drive.sync(&trees.folder).to(copy.path()).plan().await.unwrap();
    assert!(drive.execute(&plan).run().await.unwrap().is_complete());
    assert_eq!(read(copy.path()), trees.here());
    trees.stage.emulator.clear_journal();
    let refused = drive.upload(Source::from(b"0123456789".to_vec())).to(&trees.folder).name("d").send().await;
    assert!(matches!(refused, Err(Error::TooManyBytes { bytes: 10, left: 5, most: 35, .. })), "{refused:?}");
    let entry = trees.entry("a").await;
    trees.stage.emulator.clear_journal();
    let refused = drive.download(&entry).to_path(copy.path().join("e")).await;
    assert!(matches!(refused, Err(Error::TooManyBytes { .. })), "{refused:?}");
    assert_eq!(trees.stage.emulator.journal().len(), 0);
    drive.upload(Source::from(b"01234".to_vec())).to(&trees.folder).name("d").send().await.unwrap();
}

#[tokio::test]
async fn a_reader_whose_length_nobody_knows_is_stopped_where_it_passes_the_maximum() {
    let trees = Trees::new().await;
    let drive = trees.drive(|drive| drive.max_transfer(2 * PART));
    let bytes = vec![7; usize::try_from(3 * PART).unwrap()];
    let sent = drive.upload(Source::reader(std::io::Cursor::new(bytes))).to(&trees.folder).name("a").send().await;
    assert!(matches!(sent, Err(Error::TooManyBytes { .. })), "{sent:?}");
    assert_eq!(trees.stage.emulator.effects("file.committed"), 0);
}

/// The clock is that of the machine: it can be slow, never fast.
#[tokio::test]
async fn bytes_go_no_faster_than_was_set_up_and_down() {
    let trees = Trees::new().await;
    let rate = 1 << 20;
    let content = "x".repeat(256 << 10);
    trees.write("a", &content);
    trees.write("b", &content);
    // 512 KiB, but for the last pieces and for what may be caught up with.
    let least = Duration::from_millis(300);
    let drive = trees.drive(|drive| drive.most_up(rate));
    let plan = drive.sync(trees.local()).to(&trees.folder).plan().await.unwrap();
    let begun = Instant::now();
    drive.execute(&plan).run().await.unwrap();
    assert!(begun.elapsed() >= least, "{:?}", begun.elapsed());
    trees.are_equal().await;

    let copy = tempfile::tempdir().unwrap();
    let drive = trees.drive(|drive| drive.most_down(rate));
    let plan = drive.sync(&trees.folder).to(copy.path()).plan().await.unwrap();
    let begun = Instant::now();
    drive.execute(&plan).run().await.unwrap();
    assert!(begun.elapsed() >= least, "{:?}", begun.elapsed());
    assert_eq!(read(copy.path()), trees.here());
}
