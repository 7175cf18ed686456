//! The compiler, on crates that are generated from a spec.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use dingtalk_storage_codegen::ir::Api;
use dingtalk_storage_codegen::render;

/// The compiler with the libraries that these tests were built with.
pub struct Compiler {
    libraries: PathBuf,
    runtime: PathBuf,
    json: PathBuf,
}

impl Compiler {
    pub fn new(scratch: &Path) -> Self {
        let tests = std::env::current_exe().unwrap();
        let libraries = tests.parent().unwrap().to_owned();
        let probe = scratch.join("probe.rs");
        fs::write(&probe, "pub fn wire(json: &serde_json::Value) { dingtalk_runtime::encode::Encode::wire(json); }")
            .unwrap();
        // There may be several of each, from runs with other features. Two fit if one knows the types of the other.
        let [runtimes, jsons] = ["libdingtalk_runtime-", "libserde_json-"].map(|name| newest(&libraries, name));
        let pairs = runtimes.iter().flat_map(|runtime| jsons.iter().map(move |json| (runtime, json)));
        let compilers = pairs.map(|(runtime, json)| Self {
            libraries: libraries.clone(),
            runtime: runtime.clone(),
            json: json.clone(),
        });
        let fits = |compiler: &Self| compiler.run(&probe, "probe", scratch, None).is_ok();
        compilers.into_iter().find(fits).expect("the libraries of these tests")
    }

    /// Writes and compiles the crate of users.
    pub fn library(&self, api: &Api, folder: &Path) -> Result<(), String> {
        for (path, text) in render(api).unwrap().files() {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        // The guide is written by hand.
        fs::write(folder.join("generated/GUIDE.md"), "").unwrap();
        self.run(&folder.join("generated/src/lib.rs"), "dingtalk_storage", folder, None)
    }

    /// Compiles the program of a user against the crate in the folder.
    pub fn program(&self, source: &Path, folder: &Path) -> Result<(), String> {
        self.run(source, "user", folder, Some(&folder.join("libdingtalk_storage.rmeta")))
    }

    fn run(&self, source: &Path, name: &str, out: &Path, library: Option<&Path>) -> Result<(), String> {
        let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        rustc.args([
            "--edition=2024",
            "--crate-type=lib",
            "--emit=metadata",
            "--cap-lints=allow",
            "--crate-name",
            name,
        ]);
        rustc.args(["--cfg", "feature=\"features_v1\"", "--cfg", "feature=\"forms\"", "--cfg", "feature=\"old_host\""]);
        rustc.arg("-L").arg(format!("dependency={}", self.libraries.display()));
        let library = library.map(|path| ("dingtalk_storage", path));
        let externs = [("dingtalk_runtime", self.runtime.as_path()), ("serde_json", self.json.as_path())];
        for (name, path) in externs.into_iter().chain(library) {
            rustc.arg("--extern").arg(format!("{name}={}", path.display()));
        }
        let output = rustc.arg("--out-dir").arg(out).arg(source).output().unwrap();
        if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
    }
}

/// Libraries of a name, the newest first.
fn newest(folder: &Path, name: &str) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_library = |path: &PathBuf| {
        let file = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        file.starts_with(name) && path.extension().is_some_and(|kind| kind == "rlib")
    };
    let mut libraries: Vec<_> = paths.filter(is_library).collect();
    let written = |path: &PathBuf| path.metadata().and_then(|data| data.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    libraries.sort_by_key(|path| std::cmp::Reverse(written(path)));
    libraries
}
