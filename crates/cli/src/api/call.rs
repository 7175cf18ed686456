//! `api OPERATION`: makes a call, or shows the request that it would send.

use clap::Args;
use dingtalk_storage::NAMED;
use dingtalk_storage::by_name::{self, Request};

use super::parameters;
use crate::{Failure, connection, output};

#[derive(Debug, Args)]
pub struct Call {
    /// Name of the operation, such as `storage_v2.CommitFile`; `api list` shows all
    operation: String,
    /// Its parameters under their wire names, as one flat JSON object; @FILE reads a file, - standard input. A file to
    /// send is "@PATH", or an object with its name and its bytes in base64
    #[arg(long, value_name = "JSON", default_value = "{}", hide_default_value = true, allow_hyphen_values = true)]
    params: String,
    /// Print the request, without its secrets, and send nothing
    #[arg(long)]
    dry_run: bool,
}

/// Gives the typed answer as JSON.
pub fn run(arguments: &Call) -> Result<String, Failure> {
    let named = by_name::find(NAMED, &arguments.operation)?;
    let parameters = parameters::with_files(parameters::read(&arguments.params)?, named)?;
    let request = named.request(connection::client()?.runtime(), &parameters)?;
    for doubt in request.doubts() {
        output::complain(&format!("warning: {doubt}"));
    }
    if arguments.dry_run {
        return Ok(request.preview()?.to_string());
    }
    connection::check_credentials(named.operation())?;
    send(request)
}

fn send(request: Request) -> Result<String, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Call(format!("the network cannot be used: {error}")))?;
    let answer = runtime.block_on(request.send())?;
    Ok(format!("{answer:#}\n"))
}
