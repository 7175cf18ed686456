//! Tasks.

use serde_json::json;

use crate::call::{Call, Outcome};
use crate::drive::{self, without_absent};
use crate::refusal::Refusal;
use crate::state::{Task, TaskStatus};

/// `storage_v1.GetTask`: tells how far a task has come, and so moves it forward for the next one who asks.
pub fn get_task(call: &mut Call<'_>) -> Outcome {
    let task = find(call)?;
    drive::advance_task(call, task.id);
    Ok(without_absent(json!({ "task": {
        "id": task.id.to_string(),
        "status": task.status.wire(),
        "totalCount": task.total,
        "successCount": task.succeeded,
        "failCount": task.failed,
        "failMessage": task.fail_message,
        "beginTime": task.began.text(),
        "endTime": task.ended.map(crate::clock::Time::text),
    } })))
}

/// `doc_v2.GetTaskInfo`
pub fn get_task_info(call: &mut Call<'_>) -> Outcome {
    let task = find(call).map_err(|refusal| Refusal { code: "paramError".into(), ..refusal })?;
    drive::advance_task(call, task.id);
    let status = match task.status {
        TaskStatus::Waiting => -1,
        TaskStatus::Working => 0,
        TaskStatus::Done => 1,
        TaskStatus::Failed if task.succeeded > 0 => 2,
        TaskStatus::Failed => 3,
    };
    Ok(json!({
        "taskId": task.id.to_string(),
        "status": status,
        "totalCount": task.total,
        "succCount": task.succeeded,
        "failCount": task.failed,
    }))
}

/// `drive_v1.GetAsyncTaskInfo`
pub fn get_async_task_info(call: &mut Call<'_>) -> Outcome {
    let task = find(call)?;
    drive::advance_task(call, task.id);
    Ok(without_absent(json!({
        "taskId": task.id.to_string(),
        "status": task.status.wire(),
        "total": task.total,
        "success": task.succeeded,
        "failed": task.failed,
        "beginTime": task.began.text(),
        "endTime": task.ended.map(crate::clock::Time::text),
    })))
}

/// The task that the call asks for; those of other apps are none of its business.
fn find(call: &Call<'_>) -> Result<Task, Refusal> {
    let text = call.input.text("taskId");
    let id: u64 =
        text.parse().map_err(|_| Refusal::new("paramError.taskId").because(format!("{text} is no number")))?;
    let app = call.app.as_ref().map(|app| app.key.as_str()).unwrap_or_default();
    let task = call.world.tasks.get(id).filter(|task| task.app == app);
    task.cloned().ok_or_else(|| Refusal::new("taskNotExist"))
}
