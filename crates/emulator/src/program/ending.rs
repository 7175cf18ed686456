//! What an emulator ends with.

use std::io;
use std::pin::Pin;

use super::Arguments;

/// Something that ends an emulator when it is over.
type End = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Over when the process is interrupted or terminated, or what else it is to end with is over.
pub(super) fn ending(arguments: &Arguments) -> io::Result<impl Future<Output = ()> + use<>> {
    let mut ends: Vec<End> = vec![signals()?];
    if arguments.end_with_stdin {
        ends.push(Box::pin(end_of_input()?));
    }
    #[cfg(unix)]
    if arguments.end_with_parent {
        ends.push(Box::pin(end_of_parent()));
    }
    Ok(std::future::poll_fn(move |context| {
        let over = ends.iter_mut().any(|end| end.as_mut().poll(context).is_ready());
        if over { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    }))
}

/// Reads standard input to its end, on a thread that ends with the process: a read cannot be given up.
fn end_of_input() -> io::Result<impl Future<Output = ()>> {
    let (ended, end) = tokio::sync::oneshot::channel::<()>();
    let read = move || {
        // An input that cannot be read is one that has ended.
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        let _ = ended.send(());
    };
    std::thread::Builder::new().name("emulator-stdin".to_owned()).spawn(read)?;
    Ok(async {
        let _ = end.await;
    })
}

/// Looks from time to time whether the parent is still the one that it is now: an orphan gets another.
#[cfg(unix)]
fn end_of_parent() -> impl Future<Output = ()> {
    const EVERY: std::time::Duration = std::time::Duration::from_millis(200);
    let parent = std::os::unix::process::parent_id();
    async move {
        while std::os::unix::process::parent_id() == parent {
            tokio::time::sleep(EVERY).await;
        }
    }
}

#[cfg(unix)]
fn signals() -> io::Result<End> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    Ok(Box::pin(async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
    }))
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "on Unix it can fail")]
fn signals() -> io::Result<End> {
    Ok(Box::pin(async {
        // Without signals there is nothing to wait for but the end of the process.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }))
}
