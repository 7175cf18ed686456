//! A site is the same each time, and takes its place as a whole.

use std::fs;

use dingtalk_storage_site::{Error, write};

use crate::support::{REAL, SITE};

#[test]
fn the_same_spec_makes_the_same_site() {
    assert_eq!(*SITE, REAL.site());
}

#[test]
fn a_site_replaces_a_site_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    write(&SITE, &out).unwrap();
    fs::write(out.join("left-over.html"), "old").unwrap();
    write(&SITE, &out).unwrap();
    assert!(!out.join("left-over.html").exists());
    for (path, text) in SITE.files() {
        assert_eq!(fs::read_to_string(out.join(path)).unwrap(), text, "{path}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "something is left beside the site");

    let own = folder.path().join("own");
    fs::create_dir(&own).unwrap();
    fs::write(own.join("letter.txt"), "dear").unwrap();
    assert!(matches!(write(&SITE, &own), Err(Error::Foreign(path)) if path == own));
    assert_eq!(fs::read_to_string(own.join("letter.txt")).unwrap(), "dear");

    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    write(&SITE, &empty).unwrap();
    assert!(empty.join("index.html").is_file());
    assert!(matches!(write(&SITE, std::path::Path::new("/")), Err(Error::Foreign(_) | Error::NoName(_))));
}
