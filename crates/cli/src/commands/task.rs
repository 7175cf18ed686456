//! `task`: work that goes on on the server.

use std::time::Duration;

use clap::Args;
use dingtalk_storage::types::{Task as State, TaskId, TaskStatus};

use crate::exit::Code;
use crate::output::{Record, TaskRecord, escaped};
use crate::{Context, Failure};

/// Tell how a task of the server stands, such as the copy of a folder
#[derive(Debug, Args)]
pub struct Task {
    /// Its id
    #[arg(value_name = "ID")]
    id: String,
    /// Wait for its end
    #[arg(short, long)]
    wait: bool,
}

pub async fn run(arguments: Task, context: &Context) -> Result<(), Failure> {
    let drive = context.drive().await?;
    let id = TaskId::new(&*arguments.id);
    let mut pause = Duration::from_millis(500);
    loop {
        let task = drive.client().storage_v1().get_task(&id).send().await?.task;
        let is_over = matches!(task.status, TaskStatus::Success | TaskStatus::Fail);
        if is_over || !arguments.wait {
            return tell(&task, context);
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(10));
    }
}

fn tell(task: &State, context: &Context) -> Result<(), Failure> {
    let record = TaskRecord {
        id: task.id.to_string(),
        status: task.status.as_str().to_owned(),
        total: task.total_count,
        succeeded: task.success_count,
        failed: task.fail_count,
        message: task.fail_message.clone(),
    };
    let count = |count: Option<i64>| count.map_or_else(|| "-".to_owned(), |count| count.to_string());
    let line = format!(
        "{}  {}: {} of {} done, {} failed",
        escaped(&record.id),
        escaped(&record.status),
        count(record.succeeded),
        count(record.total),
        count(record.failed)
    );
    context.output.record(&Record::Task(record), || line)?;
    match task.status {
        TaskStatus::Fail => {
            let why = task.fail_message.as_deref().unwrap_or("the server does not say why");
            Err(Failure::new(Code::Failed, format!("task {} failed: {why}", task.id)))
        }
        _ => Ok(()),
    }
}
