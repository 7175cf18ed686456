//! The table: four years, each a file with groups of rows, in which a wide column lies between two narrow ones.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use datafusion::parquet::file::reader::{FileReader, SerializedFileReader};
use datafusion::prelude::{SessionConfig, SessionContext};

use crate::{names, run};

/// The years, which are the partitions.
pub const YEARS: [&str; 4] = ["2023", "2024", "2025", "2026"];
/// Rows of a group: as many as make the wide column more than a megabyte, over which ranges are not read in one.
pub const GROUP: usize = 15_000;
/// Each year has two groups, and some rows more than the year before, so that its file has a size of its own.
const MORE: usize = 100;
/// The first id of the last year; ids are counted from 1.
pub const FIRST_OF_2026: usize = 3 * 2 * GROUP + (1 + 2) * MORE + 1;

/// A file of the table.
#[derive(Debug)]
pub struct File {
    /// Its path in the folder of the table.
    pub path: String,
    /// Its year.
    pub year: String,
    /// Its size in bytes, which no other file has.
    pub size: u64,
    /// Where columns lie, by group of rows.
    groups: Vec<Vec<Range<u64>>>,
}

impl File {
    /// Where the bytes of a column lie in a group of rows. In the order of the table: 0 is `id`, 1 `note`, 2 `amount`.
    pub fn chunk(&self, group: usize, column: usize) -> &Range<u64> {
        &self.groups[group][column]
    }

    /// Where the bytes of a column lie, in each group.
    pub fn chunks(&self, column: usize) -> impl Iterator<Item = &Range<u64>> {
        self.groups.iter().map(move |group| &group[column])
    }

    fn of(folder: &Path, path: String) -> Self {
        let file = std::fs::File::open(folder.join(&path)).unwrap();
        let size = file.metadata().unwrap().len();
        let reader = SerializedFileReader::new(file).unwrap();
        let groups = reader.metadata().row_groups().iter().map(|group| {
            let ranges = group.columns().iter().map(|column| {
                let (from, length) = column.byte_range();
                from..from + length
            });
            ranges.collect()
        });
        let year = path.split(['=', '/']).nth(1).unwrap().to_owned();
        Self { year, size, groups: groups.collect(), path }
    }
}

/// Writes the table into a folder.
pub(crate) async fn write(folder: &Path) -> Vec<File> {
    let config = SessionConfig::new()
        .with_target_partitions(1)
        .set_str("datafusion.execution.parquet.compression", "uncompressed")
        .set_usize("datafusion.execution.parquet.max_row_group_size", GROUP);
    let session = SessionContext::new_with_config(config);
    session.register_batch("rows", rows()).unwrap();
    let address = folder.display();
    run(&session, &format!("COPY (SELECT * FROM rows) TO '{address}/' STORED AS PARQUET PARTITIONED BY (year)")).await;
    let mut files = Vec::new();
    for year in names(folder) {
        files.extend(names(&folder.join(&year)).into_iter().map(|name| File::of(folder, format!("{year}/{name}"))));
    }
    check(&files);
    files
}

/// What the tests take for granted.
fn check(files: &[File]) {
    assert_eq!(files.iter().map(|file| file.year.as_str()).collect::<Vec<_>>(), YEARS);
    for (index, file) in files.iter().enumerate() {
        assert!(files[..index].iter().all(|other| other.size != file.size), "the size tells the file: {files:?}");
        assert_eq!(file.groups.len(), if index == 0 { 2 } else { 3 });
        let (id, note, amount) = (file.chunk(1, 0), file.chunk(1, 1), file.chunk(1, 2));
        assert!(id.end <= note.start && note.end <= amount.start && note.end - note.start > 1 << 20, "{file:?}");
    }
}

fn rows() -> RecordBatch {
    let years = YEARS.iter().enumerate().flat_map(|(index, year)| std::iter::repeat_n(*year, 2 * GROUP + index * MORE));
    let years: Vec<&str> = years.collect();
    let ids: Vec<i64> = (1..).take(years.len()).collect();
    let notes: Vec<String> = ids.iter().map(|id| note(id.unsigned_abs())).collect();
    let columns: [(&str, ArrayRef); 4] = [
        ("id", Arc::new(Int64Array::from(ids.clone()))),
        ("note", Arc::new(StringArray::from(notes))),
        ("amount", Arc::new(ids.iter().map(|id| id % 1000).collect::<Int64Array>())),
        ("year", Arc::new(StringArray::from(years))),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

/// A hundred letters that no encoding makes shorter.
fn note(id: u64) -> String {
    let words = (0..7).map(|word| (id * 7 + word).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let words: Vec<String> = words.map(|word| format!("{word:016x}")).collect();
    let mut note = words.concat();
    note.truncate(100);
    note
}
