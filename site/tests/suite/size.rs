//! Pages load at once, also over a slow line.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::support::{SITE, pages};

fn zipped(text: &str) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap().len()
}

#[test]
fn no_page_is_larger_than_60_kb() {
    let mut sizes: Vec<(usize, &str)> = pages(&SITE).map(|(path, text)| (zipped(text), path)).collect();
    sizes.sort_unstable();
    println!("the largest pages: {:?}", &sizes[sizes.len() - 3..]);
    println!("the middle page: {:?} of {}", sizes[sizes.len() / 2], sizes.len());
    assert!(sizes.last().unwrap().0 <= 60 << 10, "{:?}", sizes.last());
}

#[test]
fn the_search_is_not_larger_than_150_kb() {
    for index in ["assets/index.js", "assets/index.zh.js"] {
        let size = zipped(SITE.file(index).unwrap()) + zipped(SITE.file("assets/search.js").unwrap());
        println!("{index}: {size}");
        assert!(size <= 150 << 10, "{index}: {size}");
    }
    let style = zipped(SITE.file("assets/style.css").unwrap()) + zipped(SITE.file("assets/page.js").unwrap());
    assert!(style <= 10 << 10, "{style}");
}
