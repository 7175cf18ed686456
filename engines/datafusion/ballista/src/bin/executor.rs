//! An executor of Ballista that knows the drive.

use std::error::Error;
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use dingtalk_storage_ballista::executor::Executor;
use dingtalk_storage_datafusion::Stores;

/// An executor of Ballista that knows `dingtalk://SPACE/folder/`, with the connection in the environment: `DINGTALK_REGION`,
/// `DINGTALK_APP_KEY`, `DINGTALK_APP_SECRET`, `DINGTALK_OPERATOR`. `RUST_LOG=info` tells what it does. It trusts whoever
/// reaches its ports.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Host of the scheduler.
    #[arg(long, default_value = "127.0.0.1")]
    scheduler_host: String,
    /// Port of the scheduler.
    #[arg(long, default_value_t = 50050)]
    scheduler_port: u16,
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1")]
    bind: IpAddr,
    /// Name under which others reach it; by default the address that it listens on.
    #[arg(long)]
    external_host: Option<String>,
    /// Port for results of tasks; 0 lets the system choose.
    #[arg(long, default_value_t = 50051)]
    port: u16,
    /// Port for tasks; 0 lets the system choose.
    #[arg(long, default_value_t = 50052)]
    grpc_port: u16,
    /// Tasks at once; 0 means as many as there are processors.
    #[arg(long, default_value_t = 0)]
    vcores: usize,
    /// Folder for results of tasks; by default one that goes with the process.
    #[arg(long)]
    work_dir: Option<PathBuf>,
}

fn main() -> ExitCode {
    dingtalk_storage_ballista::run(execute(Arguments::parse()))
}

async fn execute(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let own = tempfile::tempdir()?;
    let executor = Executor {
        scheduler_host: arguments.scheduler_host,
        scheduler_port: arguments.scheduler_port,
        external_host: arguments.external_host.unwrap_or_else(|| arguments.bind.to_string()),
        bind: arguments.bind,
        port: arguments.port,
        grpc_port: arguments.grpc_port,
        vcores: arguments.vcores,
        work_dir: arguments.work_dir.unwrap_or_else(|| own.path().to_owned()),
    };
    executor.run(Arc::new(Stores::from_env()), |address| println!("listening on {address}")).await?;
    Ok(())
}
