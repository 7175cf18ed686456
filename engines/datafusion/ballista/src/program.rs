//! What the programs of a cluster are beside their arguments.

use std::error::Error;
use std::process::ExitCode;

/// Stack of a thread: plans are trees, and what walks over them is deep without optimization. It is that of Ballista's own
/// programs.
const STACK: usize = 32 << 20;

/// Runs a program to its end: with its log as `RUST_LOG` says, on threads that hold deep plans, and with an error as one
/// line and the exit code.
pub fn run(program: impl Future<Output = Result<(), Box<dyn Error>>>) -> ExitCode {
    env_logger::init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build();
    match runtime.map_err(Into::into).and_then(|runtime| runtime.block_on(program)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
