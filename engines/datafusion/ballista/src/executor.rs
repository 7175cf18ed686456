//! An executor: runs the tasks that a scheduler gives it, and keeps what comes of them for whoever needs it next.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use arrow_flight::flight_service_server::FlightServiceServer;
use ballista_core::RuntimeProducer;
use ballista_core::error::{BallistaError, Result};
use ballista_core::utils::{GrpcServerConfig, create_grpc_server, create_grpc_server_incoming};
use ballista_executor::ArrowFlightServerProvider;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_executor::flight_service::BallistaFlightService;
use ballista_executor::shutdown::Shutdown;
use datafusion::prelude::SessionConfig;
use dingtalk_storage_datafusion::Stores;

use crate::runtime;

/// How often another port is tried where the system has given the last one to somebody else meanwhile.
const TRIES: usize = 16;

/// An executor to run.
#[derive(Debug, Clone)]
pub struct Executor {
    /// Host of the scheduler.
    pub scheduler_host: String,
    /// Port of the scheduler.
    pub scheduler_port: u16,
    /// Address to listen on.
    pub bind: IpAddr,
    /// Name under which scheduler, clients and other executors reach this one.
    pub external_host: String,
    /// Port for results of tasks; 0 lets the system choose.
    pub port: u16,
    /// Port for tasks; 0 lets the system choose.
    pub grpc_port: u16,
    /// Tasks at once; 0 means as many as there are processors.
    pub vcores: usize,
    /// Folder for results of tasks.
    pub work_dir: PathBuf,
}

impl Executor {
    /// Runs until the process is told to end. `ready` is called with the address for results as soon as the scheduler knows
    /// the executor.
    ///
    /// # Errors
    ///
    /// If a port is taken, or the scheduler cannot be reached.
    pub async fn run(self, stores: Arc<Stores>, ready: impl Fn(SocketAddr) + Send + Sync + 'static) -> Result<()> {
        let (port, flight) = self.flight(ready)?;
        let mut tries = TRIES;
        loop {
            let config = self.config(port, Arc::clone(&flight), Arc::clone(&stores))?;
            let address = (self.bind, config.grpc_port).into();
            match start_executor_process(Arc::new(config)).await {
                Err(BallistaError::IoError(error)) if error.kind() == io::ErrorKind::AddrInUse => {
                    if self.grpc_port != 0 || tries == 0 {
                        return Err(taken(address, &error));
                    }
                    tries -= 1;
                }
                ended => return ended,
            }
        }
    }

    fn config(
        &self,
        port: u16,
        flight: Arc<ArrowFlightServerProvider>,
        stores: Arc<Stores>,
    ) -> Result<ExecutorProcessConfig> {
        let spill = self.work_dir.clone();
        let runtimes: RuntimeProducer = Arc::new(move |_: &SessionConfig| runtime(Arc::clone(&stores), Some(&spill)));
        Ok(ExecutorProcessConfig {
            bind_host: self.bind.to_string(),
            external_host: Some(self.external_host.clone()),
            port,
            grpc_port: if self.grpc_port == 0 { free_port(self.bind)? } else { self.grpc_port },
            scheduler_host: self.scheduler_host.clone(),
            scheduler_port: self.scheduler_port,
            vcores: self.vcores,
            work_dir: Some(self.work_dir.display().to_string()),
            override_runtime_producer: Some(runtimes),
            override_arrow_flight_service: Some(flight),
            ..ExecutorProcessConfig::default()
        })
    }

    /// The server of results, with a port that is its own from now on. Ballista starts it after the scheduler has taken the
    /// executor in.
    fn flight(
        &self,
        ready: impl Fn(SocketAddr) + Send + Sync + 'static,
    ) -> Result<(u16, Arc<ArrowFlightServerProvider>)> {
        let address = (self.bind, self.port).into();
        let incoming = create_grpc_server_incoming(address, &GrpcServerConfig::default());
        let incoming = incoming.map_err(|error| taken(address, &error))?;
        let address = incoming.local_addr().map_err(BallistaError::IoError)?;
        let incoming = Mutex::new(Some(incoming));
        let provider = move |work_dir: String, _: SocketAddr, mut shutdown: Shutdown, config: GrpcServerConfig| {
            let incoming = incoming.lock().unwrap_or_else(PoisonError::into_inner).take();
            ready(address);
            tokio::spawn(async move {
                let Some(incoming) = incoming else {
                    return Err(BallistaError::Internal("the server of results is started twice".to_owned()));
                };
                let most = ExecutorProcessConfig::default().grpc_max_encoding_message_size as usize;
                let service = FlightServiceServer::new(BallistaFlightService::new(work_dir))
                    .max_encoding_message_size(most)
                    .max_decoding_message_size(most);
                let server = create_grpc_server(&config).add_service(service);
                server.serve_with_incoming_shutdown(incoming, shutdown.recv()).await.map_err(BallistaError::TonicError)
            })
        };
        let provider: Arc<ArrowFlightServerProvider> = Arc::new(provider);
        Ok((address.port(), provider))
    }
}

fn taken(address: SocketAddr, error: &dyn std::error::Error) -> BallistaError {
    BallistaError::Configuration(format!("{address} cannot be listened on: {error}"))
}

/// A port that nobody has at the moment.
fn free_port(address: IpAddr) -> Result<u16> {
    let port =
        TcpListener::bind((address, 0)).and_then(|listener| listener.local_addr()).map_err(BallistaError::IoError)?;
    Ok(port.port())
}
