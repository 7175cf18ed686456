//! Everything that the runtime and the crates below it say.

use std::error::Error as _;
use std::fmt::{Debug, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use dingtalk_runtime::{Attempt, Dropped, Ended, Error, Observer, Paused, Retry, Waited};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Everything that was said.
#[derive(Clone, Default)]
pub struct Heard(Arc<Mutex<String>>);

impl Heard {
    /// Listens to all spans, events, log records and panics of this process.
    pub fn everywhere() -> Self {
        let heard = Self::default();
        log::set_logger(&LogEar).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
        tracing::subscriber::set_global_default(Ear { heard: heard.clone(), next: AtomicU64::new(0) }).unwrap();
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            writeln!(LOGGED.lock().unwrap(), "panic {panic}").unwrap();
            usual(panic);
        }));
        heard
    }

    /// All that was said so far.
    pub fn all(&self) -> String {
        format!("{}{}", self.0.lock().unwrap(), LOGGED.lock().unwrap())
    }

    fn add(&self, text: &str) {
        let mut heard = self.0.lock().unwrap();
        heard.push_str(text);
        heard.push('\n');
    }

    pub fn debug(&self, value: &dyn Debug) {
        self.add(&format!("{value:?} {value:#?}"));
    }

    /// An error with all that it says about itself and its causes; its raw body is not shown by anything.
    pub fn error(&self, error: &Error) {
        self.debug(error);
        // What a program says that expects no error.
        let unwrapped = catch_unwind(AssertUnwindSafe(|| expect_none(Err(error.clone()))));
        let said = unwrapped.unwrap_err().downcast::<String>().unwrap();
        self.add(&said);
        self.add(&error.to_string());
        self.add(&format!("{:?} {:?} {:?}", error.code(), error.request_id(), error.missing_scopes()));
        let mut cause = error.source();
        while let Some(deeper) = cause {
            self.debug(&deeper);
            self.add(&deeper.to_string());
            cause = deeper.source();
        }
    }
}

fn expect_none(result: Result<(), Error>) {
    result.unwrap();
}

/// Hears all spans and events, at every level.
struct Ear {
    heard: Heard,
    next: AtomicU64,
}

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, "{field}={value:?} ");
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let _ = write!(self.0, "{field}={value} ");
    }
}

impl Subscriber for Ear {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut text = format!("span {} ", span.metadata().name());
        span.record(&mut Fields(&mut text));
        self.heard.add(&text);
        Id::from_u64(self.next.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut text = String::from("record ");
        values.record(&mut Fields(&mut text));
        self.heard.add(&text);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = format!("event {} ", event.metadata().target());
        event.record(&mut Fields(&mut text));
        self.heard.add(&text);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Hears what the crates below write to the `log` facade.
struct LogEar;

static LOGGED: Mutex<String> = Mutex::new(String::new());

impl log::Log for LogEar {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let _ = writeln!(LOGGED.lock().unwrap(), "log {} {}", record.target(), record.args());
    }

    fn flush(&self) {}
}

impl Debug for Heard {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Heard")
    }
}

impl Observer for Heard {
    fn attempt(&self, attempt: &Attempt<'_>) {
        self.debug(attempt);
    }

    fn call(&self, call: &Ended<'_>) {
        self.debug(call);
    }

    fn dropped(&self, call: &Dropped) {
        self.debug(call);
    }

    fn waited(&self, wait: &Waited) {
        self.debug(wait);
    }

    fn retry(&self, retry: &Retry<'_>) {
        self.debug(retry);
    }

    fn paused(&self, pause: &Paused<'_>) {
        self.debug(pause);
    }
}
