//! How long it takes to compile one crate, its dependencies being built already: what the benchmarks here have in common.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

/// What every benchmark is told on its command line.
#[derive(Debug, clap::Args)]
pub struct Runs {
    /// How often each time is taken; the median counts.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=20))]
    pub runs: u32,
    /// What cargo says to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
}

/// The folder with `Cargo.toml` of the workspace.
#[must_use]
pub fn root() -> PathBuf {
    let benches = Path::new(env!("CARGO_MANIFEST_DIR"));
    benches.parent().unwrap_or(benches).to_owned()
}

/// A crate that is compiled again and again.
pub struct Compiled<'a> {
    /// Its folder.
    pub folder: &'a Path,
    /// Where its results go.
    pub target: &'a Path,
    /// Arguments that choose it and its features.
    pub selection: &'a [&'a str],
}

/// How long one crate took, round by round.
pub struct Times(Vec<f64>);

impl Times {
    /// Median of all rounds, in seconds.
    #[must_use]
    pub fn median(&self) -> f64 {
        median(self.0.clone())
    }

    /// How many times as long as another that was measured in the same rounds: the median of their ratios.
    #[must_use]
    pub fn ratio(&self, other: &Self) -> f64 {
        median(self.0.iter().zip(&other.0).map(|(own, other)| own / other).collect())
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Times of `cargo <command>` for each crate after its source was touched. Each round has all crates, one after the other,
/// so that what else the machine does meanwhile meets all of them.
///
/// # Errors
///
/// If cargo fails.
pub fn in_turn(crates: &[Compiled<'_>], command: &[&str], runs: u32) -> Result<Vec<Times>, Box<dyn Error>> {
    for crate_ in crates {
        crate_.cargo(command)?;
    }
    let mut times: Vec<Times> = crates.iter().map(|_| Times(Vec::new())).collect();
    for _ in 0..runs {
        for (crate_, times) in crates.iter().zip(&mut times) {
            times.0.push(crate_.time(command)?.as_secs_f64());
        }
    }
    Ok(times)
}

impl Compiled<'_> {
    /// Size of its library in the release profile, in megabytes.
    ///
    /// # Errors
    ///
    /// If it cannot be built.
    #[allow(clippy::cast_precision_loss, reason = "megabytes with one decimal")]
    pub fn release_megabytes(&self, name: &str) -> Result<f64, Box<dyn Error>> {
        // Other features of the same crate have their library in the same place.
        self.cargo(&["build", "--release"])?;
        let library = self.target.join(format!("release/lib{name}.rlib"));
        Ok(fs::metadata(library)?.len() as f64 / 1_000_000.0)
    }

    fn time(&self, command: &[&str]) -> Result<Duration, Box<dyn Error>> {
        fs::File::open(self.folder.join("src/lib.rs"))?.set_modified(SystemTime::now())?;
        let start = Instant::now();
        self.cargo(command)?;
        Ok(start.elapsed())
    }

    fn cargo(&self, command: &[&str]) -> Result<(), Box<dyn Error>> {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(self.folder).args(command).arg("--quiet").args(self.selection);
        cargo.env("CARGO_INCREMENTAL", "0").env("CARGO_TARGET_DIR", self.target);
        // As an application would compile it, which has not the profile of this workspace.
        for (setting, value) in [("OPT_LEVEL", "3"), ("LTO", "false"), ("CODEGEN_UNITS", "16"), ("PANIC", "unwind")] {
            cargo.env(format!("CARGO_PROFILE_RELEASE_{setting}"), value);
        }
        // Generated code may warn, and would at every turn.
        let output = cargo.output()?;
        if output.status.success() {
            return Ok(());
        }
        Err(format!("error: cargo {command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr)).into())
    }
}

/// Lines of all files below a folder.
///
/// # Errors
///
/// If one cannot be read.
pub fn lines_below(folder: &Path) -> Result<usize, Box<dyn Error>> {
    let mut lines = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        lines += if path.is_dir() { lines_below(&path)? } else { fs::read_to_string(&path)?.lines().count() };
    }
    Ok(lines)
}
