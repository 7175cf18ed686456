//! How far transfers have come: bars for people at a terminal, lines of JSON for scripts.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use dingtalk_storage::runtime::CallCounter;
use dingtalk_storage_transfer::{Progress as Step, SyncProgress};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use crate::output::{self, Line, ProgressRecord, Record, escaped};
use crate::{Context, month::Month};

/// Time between two lines of JSON.
const PAUSE: Duration = Duration::from_millis(250);
const BAR: &str = "{prefix:>20!}  {bar:24} {binary_bytes}/{binary_total_bytes}  {binary_bytes_per_sec}  {eta}  {msg}";
const NO_LENGTH: &str = "{prefix:>20!}  {spinner} {binary_bytes}  {binary_bytes_per_sec}  {msg}";

/// How progress is told, on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Mode {
    /// Bars, if it is a terminal
    Auto,
    /// One JSON object per line
    Json,
    /// Not at all
    None,
}

/// The progress of a command.
#[derive(Debug, Clone)]
pub struct Progress(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    shown: Shown,
    files: usize,
    done: AtomicUsize,
    counter: CallCounter,
    /// Calls of the month before this command.
    before: u64,
}

#[derive(Debug)]
enum Shown {
    Bars(MultiProgress),
    Json,
    Nothing,
}

/// The progress of one file. When it is dropped, the file is done with, one way or the other.
#[derive(Debug)]
pub struct FileProgress {
    shared: Arc<Shared>,
    name: String,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// For so many files. The client must be there already.
    pub fn begin(context: &Context, files: usize) -> Self {
        let shown = match context.global.progress {
            Mode::Json => Shown::Json,
            Mode::Auto if std::io::stderr().is_terminal() && !context.output.quiet && !context.output.json => {
                Shown::Bars(MultiProgress::new())
            }
            _ => Shown::Nothing,
        };
        let before = match shown {
            Shown::Nothing => 0,
            _ => Month::now(&context.settings).map_or(0, |month| month.count()),
        };
        let counter = context.counter();
        Self(Arc::new(Shared { shown, files, done: AtomicUsize::new(0), counter, before }))
    }

    pub fn file(&self, name: &str) -> FileProgress {
        let bar = match &self.0.shown {
            Shown::Bars(bars) => {
                let bar = bars.add(ProgressBar::no_length());
                bar.set_style(style(NO_LENGTH));
                bar.set_prefix(escaped(name));
                Some(bar)
            }
            _ => None,
        };
        FileProgress { shared: Arc::clone(&self.0), name: name.to_owned(), bar }
    }

    /// All of a tree, as one.
    pub fn whole(&self) -> FileProgress {
        self.file("all")
    }

    /// Does something that prints, without bars in between.
    pub fn aside<T>(&self, work: impl FnOnce() -> T) -> T {
        match &self.0.shown {
            Shown::Bars(bars) => bars.suspend(work),
            _ => work(),
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

impl Shared {
    /// Files and calls, for people.
    fn message(&self) -> String {
        let (done, calls) = (self.done.load(Ordering::Relaxed), self.counter.count());
        let month = self.before + calls;
        format!("{done}/{} files  {calls} calls, {month} this month", self.files)
    }

    fn tell(&self, name: &str, done: u64, total: Option<u64>) {
        let record = ProgressRecord {
            item: name.to_owned(),
            done,
            total,
            files: self.files,
            files_done: self.done.load(Ordering::Relaxed),
            calls: self.counter.count(),
            calls_of_month: self.before + self.counter.count(),
        };
        output::complain(&Line::result(&Record::Progress(record)).to_string());
    }
}

impl FileProgress {
    /// What a sync tells about itself.
    pub fn tree_listener(&self) -> impl Fn(SyncProgress) + Send + Sync + 'static {
        let (shared, tell) = (Arc::clone(&self.shared), self.teller());
        move |progress| {
            shared.done.store(progress.items_done, Ordering::Relaxed);
            tell(progress.bytes_done, Some(progress.bytes));
        }
    }

    /// What a transfer tells about itself.
    pub fn listener(&self) -> impl Fn(Step) + Send + Sync + 'static {
        let tell = self.teller();
        move |step| tell(step.done, step.total)
    }

    fn teller(&self) -> impl Fn(u64, Option<u64>) + Send + Sync + 'static {
        let (shared, name, bar) = (Arc::clone(&self.shared), self.name.clone(), self.bar.clone());
        let told: Mutex<Option<Instant>> = Mutex::new(None);
        move |done, total| match (&shared.shown, &bar) {
            (Shown::Bars(_), Some(bar)) => {
                if let Some(total) = total.filter(|total| bar.length() != Some(*total)) {
                    bar.set_length(total);
                    bar.set_style(style(BAR));
                }
                bar.set_position(done);
                bar.set_message(shared.message());
            }
            (Shown::Json, _) => {
                let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
                let is_due = told.is_none_or(|at| at.elapsed() >= PAUSE) || total == Some(done);
                if is_due {
                    *told = Some(Instant::now());
                    shared.tell(&name, done, total);
                }
            }
            _ => {}
        }
    }
}

impl Drop for FileProgress {
    fn drop(&mut self) {
        self.shared.done.fetch_add(1, Ordering::Relaxed);
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
