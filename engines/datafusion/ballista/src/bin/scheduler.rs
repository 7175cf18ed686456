//! A scheduler of Ballista that knows the drive.

use std::error::Error;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use dingtalk_storage_ballista::scheduler;
use dingtalk_storage_datafusion::Stores;
use tokio::net::TcpListener;

/// A scheduler of Ballista that knows `dingtalk://SPACE/folder/`, with the connection in the environment:
/// `DINGTALK_REGION`, `DINGTALK_APP_KEY`, `DINGTALK_APP_SECRET`, `DINGTALK_OPERATOR`. `RUST_LOG=info` tells what it does.
/// It trusts whoever reaches its port.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Address to listen on; port 0 lets the system choose.
    #[arg(long, default_value = "127.0.0.1:50050")]
    bind: SocketAddr,
    /// Name under which executors reach it; by default the address that it listens on.
    #[arg(long)]
    external_host: Option<String>,
}

fn main() -> ExitCode {
    dingtalk_storage_ballista::run(serve(Arguments::parse()))
}

async fn serve(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(arguments.bind).await;
    let listener = listener.map_err(|error| format!("{} cannot be listened on: {error}", arguments.bind))?;
    let address = listener.local_addr()?;
    println!("listening on {address}");
    let host = arguments.external_host.unwrap_or_else(|| address.ip().to_string());
    scheduler::serve(listener, &host, Arc::new(Stores::from_env())).await?;
    Ok(())
}
