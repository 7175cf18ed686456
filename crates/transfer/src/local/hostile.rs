//! Names and links that want out of the folder.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use fastrand::Rng;

use super::LocalFolder;
use crate::checksum::Crc64;

const NAMES: usize = 100_000;
const PIECES: [&str; 24] = [
    "..",
    ".",
    "/",
    "\\",
    "//",
    "/..",
    "..\\",
    "C:\\",
    "C:",
    "\\\\?\\",
    "\\\\server\\share\\",
    "/etc/",
    "/tmp/",
    "~",
    "\0",
    "\n",
    "CON",
    "NUL.",
    "a",
    "secret",
    "sub",
    "\u{202e}",
    "%2e%2e%2f",
    "::$DATA",
];

struct Place {
    all: tempfile::TempDir,
    inside: LocalFolder,
}

impl Place {
    fn new() -> Self {
        let all = tempfile::tempdir().unwrap();
        for folder in ["inside", "outside"] {
            std::fs::create_dir(all.path().join(folder)).unwrap();
        }
        std::fs::write(all.path().join("outside/secret"), b"untouched").unwrap();
        let inside = LocalFolder::open(all.path().join("inside")).unwrap();
        Self { all, inside }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.all.path().join(name)
    }

    /// Everything outside is as it was.
    fn check(&self, case: &str) {
        assert_eq!(names(self.all.path()), ["inside", "outside"], "{case}");
        assert_eq!(names(&self.path("outside")), ["secret"], "{case}");
        assert_eq!(std::fs::read(self.path("outside/secret")).unwrap(), b"untouched", "{case}");
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Anything that a drive could call an entry.
fn hostile(random: &mut Rng) -> String {
    let piece = |random: &mut Rng| match random.u32(0..10) {
        0 => char::from_u32(random.u32(..)).map(String::from).unwrap_or_default(),
        1 => random.choice(["../../outside/secret", "../outside/secret", "../secret"]).unwrap().to_string(),
        _ => (*random.choice(PIECES).unwrap()).to_owned(),
    };
    (0..random.usize(0..5)).map(|_| piece(random)).collect()
}

#[test]
fn hostile_names_write_nothing_outside() {
    let seed = 11;
    let (place, mut random) = (Place::new(), Rng::with_seed(seed));
    let mut written = 0;
    for number in 0..NAMES {
        let name = hostile(&mut random);
        if random.bool() {
            let _ = place.inside.folder(&name);
        } else if written < 500 && place.inside.write(&name, b"x").is_ok() {
            // The disk is waited for with each.
            written += 1;
        } else {
            let _ = super::name::check(&name).is_ok_and(|name| {
                assert!(super::name::is_plain(name), "seed {seed}, name {number}: {name:?}");
                true
            });
        }
        if number % 5000 == 0 {
            place.check(&format!("seed {seed}, name {number}: {name:?}"));
        }
    }
    assert!(written > 100, "or nothing was tried");
    place.check("at the end");
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_swapped_for_a_link_meanwhile_leads_nowhere() {
    use std::os::unix::fs::symlink;
    let place = Place::new();
    let (sub, aside) = (place.path("inside/sub"), place.path("inside/aside"));
    let is_over = Arc::new(AtomicBool::new(false));
    let swapping = {
        let (is_over, sub, aside, outside) = (Arc::clone(&is_over), sub, aside, place.path("outside"));
        std::thread::spawn(move || {
            while !is_over.load(Ordering::Relaxed) {
                let _ = std::fs::rename(&sub, &aside);
                let _ = symlink(&outside, &sub);
                std::thread::yield_now();
                let _ = std::fs::remove_file(&sub);
                let _ = std::fs::rename(&aside, &sub);
            }
        })
    };
    let (mut number, mut opened, mut refused) = (0, 0, 0);
    // However late the other thread begins: both have to be met.
    while number < 20_000 || opened == 0 || refused == 0 {
        number += 1;
        if number > 20_000 {
            std::thread::yield_now();
        }
        match place.inside.folder("sub") {
            Ok(folder) => {
                opened += 1;
                // Where it was opened is where it stays, whatever is called so now.
                if opened < 200 {
                    let _ = folder.write(&format!("f{}", number % 7), b"x");
                    let _ = folder.folder("below");
                }
            }
            Err(_) => refused += 1,
        }
    }
    is_over.store(true, Ordering::Relaxed);
    swapping.join().unwrap();
    place.check("after the race");
}

#[cfg(unix)]
#[test]
fn links_in_the_way_are_replaced_or_refused_and_never_followed() {
    use std::os::unix::fs::symlink;
    let place = Place::new();
    let secret = place.path("outside/secret");
    symlink(&secret, place.path("inside/name")).unwrap();
    place.inside.write("name", b"mine").unwrap();
    assert_eq!(std::fs::read(place.path("inside/name")).unwrap(), b"mine");

    // Where the bytes are on their way is no secret, either.
    let mut key = Crc64::new();
    key.update(b"other");
    let on_its_way = place.path(&format!("inside/.dingtalk-{:016x}.part", key.value()));
    symlink(&secret, &on_its_way).unwrap();
    place.inside.write("other", b"mine").unwrap_err();
    std::fs::remove_file(&on_its_way).unwrap();
    std::fs::hard_link(&secret, &on_its_way).unwrap();
    place.inside.write("other", b"mine").unwrap();
    let _ = std::fs::remove_file(&on_its_way);
    symlink(place.path("outside"), place.path("inside/folder")).unwrap();
    place.inside.folder("folder").unwrap_err();
    place.check("at the end");
}
