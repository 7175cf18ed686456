//! What every command works with: the flags of all commands, the output, and the drive, which is there when it is first
//! asked for.

use std::future::Future;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use clap::Args;
use dingtalk_storage::Client;
use dingtalk_storage::runtime::CallCounter;
use dingtalk_storage_transfer::Drive;
use futures_util::{StreamExt, stream};
use tokio::sync::OnceCell;

use crate::commands::bounds::Bounds;
use crate::connection::{self, Settings};
use crate::cost::Cost;
use crate::exit::Code;
use crate::output::{self, EstimateRecord, Output, Record};
use crate::remote::{Found, Remote};
use crate::{Failure, Global};

/// What a command works with.
#[derive(Debug)]
pub struct Context {
    pub global: Global,
    pub output: Output,
    pub cost: Cost,
    pub settings: Settings,
    counter: CallCounter,
    client: OnceCell<Client>,
    drive: OnceCell<Drive>,
    resume: Mutex<Option<Resume>>,
    bounds: OnceLock<Bounds>,
    estimate: Estimate,
}

/// What a dry run counts.
#[derive(Debug, Default)]
struct Estimate {
    /// Calls of what would be done.
    planned: AtomicU64,
    /// Calls that only the dry run makes.
    looked: AtomicU64,
}

/// What several places stand for; a place where nothing is has the failure in place of it.
pub type Items = Vec<(String, Result<Found, Failure>)>;

/// How an interrupted command goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resume {
    /// By the same command.
    Same,
    /// By the same command with these arguments besides.
    With(Vec<String>),
}

/// Whether something that destroys is meant.
#[derive(Debug, Clone, Copy, Args)]
pub struct Confirmation {
    /// Do it without asking
    #[arg(short, long)]
    pub yes: bool,
}

impl Context {
    pub fn new(global: Global, settings: Settings, output: Output) -> Self {
        Self {
            counter: CallCounter::starting_at(0, global.max_calls),
            global,
            output,
            settings,
            cost: Cost::default(),
            client: OnceCell::new(),
            drive: OnceCell::new(),
            resume: Mutex::default(),
            bounds: OnceLock::new(),
            estimate: Estimate::default(),
        }
    }

    /// The client, without an operator.
    pub async fn client(&self) -> Result<&Client, Failure> {
        let make = async || connection::client(&self.settings, &self.global, self.counter(), self.cost.clone());
        self.client.get_or_try_init(make).await
    }

    /// Says what transfers keep to, before the drive is asked for.
    pub fn keep_to(&self, bounds: &Bounds) {
        // Each command says it once.
        let _ = self.bounds.set(bounds.clone());
    }

    /// The metered calls of the command.
    pub fn counter(&self) -> CallCounter {
        self.counter.clone()
    }

    /// The drive as the operator sees it.
    pub async fn drive(&self) -> Result<&Drive, Failure> {
        let make = async || {
            let client = self.client().await?;
            let operator = connection::operator(&self.settings, client).await?;
            let builder = Drive::builder(&client.operator(&operator));
            Ok(self.bounds.get().map_or_else(|| builder.clone(), |bounds| bounds.set(builder.clone())).build())
        };
        self.drive.get_or_try_init(make).await
    }

    /// Says how the command goes on should it be interrupted from here on.
    pub fn resume_by(&self, resume: Resume) {
        *self.resume.lock().unwrap_or_else(PoisonError::into_inner) = Some(resume);
    }

    pub fn resume(&self) -> Option<Resume> {
        self.resume.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks whether something that destroys is meant; where nobody can be asked, it has to be said with the command.
    pub async fn confirm(&self, confirmation: Confirmation, question: &str) -> Result<(), Failure> {
        if confirmation.yes {
            return Ok(());
        }
        if self.output.json || !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return Err(Failure::new(Code::NeedsYes, format!("{question} Nobody is here to be asked"))
                .hint("say so with --yes"));
        }
        drop(write!(io::stderr(), "{} [y/N] ", output::escaped(question)));
        match answer().await?.trim() {
            "y" | "Y" | "yes" => Ok(()),
            _ => Err(Failure::usage("nothing was done")),
        }
    }

    /// What places stand for. Of several, one that leads nowhere fails for itself.
    pub async fn expand(&self, places: &[Remote]) -> Result<Items, Failure> {
        let drive = self.drive().await?;
        let mut items = Items::new();
        for place in places {
            match place.expand(drive).await {
                Ok(found) => items.extend(found.into_iter().map(|found| (found.path(), Ok(found)))),
                Err(failure) if ends_all(failure.code) => return Err(failure),
                Err(failure) => items.push((place.text(), Err(failure))),
            }
        }
        Ok(items)
    }

    /// Counts calls of what a dry run would do.
    pub fn plan_calls(&self, calls: u64) {
        self.estimate.planned.fetch_add(calls, Ordering::Relaxed);
    }

    /// Looks at something that nobody needs to look at who does it. Nothing else may be asked at the same time.
    pub async fn only_look<T>(&self, look: impl Future<Output = T>) -> T {
        let before = self.counter.count();
        let seen = look.await;
        self.estimate.looked.fetch_add(self.counter.count() - before, Ordering::Relaxed);
        seen
    }

    /// The end of a command that may have been a dry run: tells what the run takes in all, and refuses what --max-calls
    /// is too little for.
    pub fn estimated(&self, dry_run: bool, done: Result<(), Failure>) -> Result<(), Failure> {
        let is_told = dry_run && done.as_ref().err().is_none_or(|failure| failure.code == Code::SomeFailed);
        if is_told {
            let planned = self.estimate.planned.load(Ordering::Relaxed);
            self.tell_estimate(planned, planned)?;
        }
        done
    }

    /// The same where it takes from so many calls to so many.
    pub fn tell_estimate(&self, least: u64, most: u64) -> Result<(), Failure> {
        let spent = self.counter.count();
        let needed = spent - self.estimate.looked.load(Ordering::Relaxed);
        let (calls, most_calls) = (needed + least, needed + most);
        let range = if least == most { output::calls(calls) } else { format!("{calls} to {most_calls} calls") };
        let line = format!("{range} in all; {} spent to tell that", output::calls(spent));
        self.output.record(&Record::Estimate(EstimateRecord { spent, calls, most_calls }), || line)?;
        match self.global.max_calls {
            Some(allowed) if calls > allowed => {
                Err(Failure::new(Code::MaxCalls, format!("it takes {calls} calls in all, and {allowed} are allowed"))
                    .hint("allow more with --max-calls"))
            }
            _ => Ok(()),
        }
    }

    /// Does something for each of several items, so many at the same time, and tells what failed. The only one that was
    /// asked for fails with its own code; of several, that some failed.
    pub async fn each_of<T, F>(
        &self,
        items: Vec<(String, T)>,
        at_once: usize,
        work: impl Fn(T) -> F,
    ) -> Result<(), Failure>
    where
        F: Future<Output = Result<(), Failure>>,
    {
        let all = items.len();
        let work = &work;
        let begun = items.into_iter().map(|(name, item)| async move { (name, work(item).await) });
        let mut done = stream::iter(begun).buffer_unordered(at_once.max(1));
        let (mut failed, mut over) = (0, 0);
        while let Some((name, outcome)) = done.next().await {
            match outcome {
                Ok(()) => {}
                Err(failure) if all == 1 || ends_all(failure.code) => return Err(failure),
                Err(failure) => {
                    self.output.failure(&failure, Some(&name));
                    failed += 1;
                    over += usize::from(failure.code == Code::Limit);
                }
            }
        }
        Self::settle(failed, over, all)
    }

    /// The same, one after the other.
    pub async fn each<T, F>(&self, items: Vec<(String, T)>, work: impl Fn(T) -> F) -> Result<(), Failure>
    where
        F: Future<Output = Result<(), Failure>>,
    {
        self.each_of(items, 1, work).await
    }

    /// That some of several items failed, if they did; what a limit was too little for is told as that.
    fn settle(failed: usize, over: usize, all: usize) -> Result<(), Failure> {
        match (failed, over) {
            (0, _) => Ok(()),
            (_, 0) => Err(Failure::new(Code::SomeFailed, format!("{failed} of {all} failed"))),
            _ => Err(Failure::new(Code::Limit, format!("{over} of {all} were not begun, because a limit was reached"))),
        }
    }
}

/// What a person answers. It is read by another thread, so that an interruption does not wait for the answer.
pub async fn answer() -> Result<String, Failure> {
    let read = tokio::task::spawn_blocking(|| {
        let mut answer = String::new();
        io::stdin().read_line(&mut answer).map(|_| answer)
    });
    let answer = read.await.unwrap_or_else(|lost| Err(io::Error::other(lost)));
    answer.map_err(|error| Failure::local("the answer cannot be read", &error))
}

/// Whether what failed for one item will fail for all others.
pub fn ends_all(code: Code) -> bool {
    matches!(
        code,
        Code::Closed | Code::Credentials | Code::Banned | Code::CallsExhausted | Code::MaxCalls | Code::DiskFull
    )
}
