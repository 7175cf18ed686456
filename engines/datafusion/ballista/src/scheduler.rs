//! The scheduler: plans queries, and gives their tasks to executors.

use std::sync::Arc;

use ballista_core::error::{BallistaError, Result};
use ballista_core::utils::default_session_builder;
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::{SchedulerConfig, TaskDistributionPolicy};
use ballista_scheduler::scheduler_process::{create_scheduler, start_grpc_service_with_listener};
use datafusion::execution::session_state::{SessionState, SessionStateBuilder};
use datafusion::prelude::SessionConfig;
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use dingtalk_storage_datafusion::Stores;
use tokio::net::TcpListener;

use crate::runtime;

/// Serves executors and clients until it is dropped. Executors reach it under the name `external_host`, and get tasks in
/// turn.
///
/// # Errors
///
/// What Ballista cannot start with, and what the listener fails with.
pub async fn serve(listener: TcpListener, external_host: &str, stores: Arc<Stores>) -> Result<()> {
    let port = listener.local_addr().map_err(BallistaError::IoError)?.port();
    let session = move |config: SessionConfig| -> datafusion::error::Result<SessionState> {
        let runtime = runtime(Arc::clone(&stores), None)?;
        let state = default_session_builder(config)?;
        Ok(SessionStateBuilder::new_from_existing(state).with_runtime_env(runtime).build())
    };
    let config = SchedulerConfig::default()
        .with_hostname(external_host)
        .with_port(port)
        .with_task_distribution(TaskDistributionPolicy::RoundRobin)
        .with_override_session_builder(Arc::new(session));
    config.validate()?;
    let cluster = BallistaCluster::new_from_config(&config).await?;
    let scheduler = create_scheduler::<LogicalPlanNode, PhysicalPlanNode>(cluster, Arc::new(config)).await?;
    start_grpc_service_with_listener(listener, scheduler).await
}
