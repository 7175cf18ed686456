//! Interruption: a command stops where it can be gone on with, and the command that goes on is printed.

use std::ffi::OsString;
use std::future::Future;

use crate::context::{Context, Resume};
use crate::exit::Code;
use crate::{Failure, output};

/// Drops the work when it is interrupted. What it has begun is noted on the disk as it goes, so nothing is lost.
pub async fn unless_interrupted(
    context: &Context,
    work: impl Future<Output = Result<(), Failure>>,
) -> Result<(), Failure> {
    tokio::select! {
        biased;
        done = Box::pin(work) => done,
        () = interrupted() => Err(stopped(context)),
    }
}

/// The first request to stop. After it, the second ends the process at once: nothing waits for it any more.
#[cfg(unix)]
pub async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
pub async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn stopped(context: &Context) -> Failure {
    let failure = Failure::new(Code::Interrupted, "interrupted");
    let arguments = std::env::args_os().skip(1);
    match context.resume() {
        None => failure,
        Some(Resume::Same) => failure.hint(format!("go on with: {}", command(arguments, &[]))),
        Some(Resume::With(more)) => failure.hint(format!("go on with: {}", command(arguments, &more))),
    }
}

/// The command as it can be pasted into a shell.
fn command(arguments: impl Iterator<Item = OsString>, more: &[String]) -> String {
    let mut words = vec!["dingtalk-storage".to_owned()];
    words.extend(arguments.map(|argument| quoted(&argument.to_string_lossy())));
    words.extend(more.iter().map(|argument| quoted(argument)));
    words.join(" ")
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "-_./:=@%+,".contains(character);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    if word.chars().any(output::is_deceiving) {
        let escaped: String = word.chars().map(ansi).collect();
        return format!("$'{escaped}'");
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

fn ansi(character: char) -> String {
    match character {
        '\'' | '\\' => format!("\\{character}"),
        _ if output::is_deceiving(character) => format!("\\U{:08x}", u32::from(character)),
        _ => character.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_a_shell() {
        let arguments = ["put", "a b.txt", "it's", "", "ding:S/x*", "a\u{202e}'b"].map(OsString::from);
        assert_eq!(
            command(arguments.into_iter(), &["--conflict".to_owned(), "skip".to_owned()]),
            r"dingtalk-storage put 'a b.txt' 'it'\''s' '' 'ding:S/x*' $'a\U0000202e\'b' --conflict skip"
        );
    }
}
