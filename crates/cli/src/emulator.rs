//! `emulator`: a drive of one's own, in this process.

use dingtalk_storage_emulator::program::{Arguments, run_blocking};

use crate::Failure;

/// Prints one line when the emulator answers, and runs until it is interrupted or terminated.
pub fn run(arguments: Arguments) -> Result<(), Failure> {
    run_blocking(arguments).map_err(|error| Failure::Call(error.to_string()))
}
