//! The organization, the calling app, and people.

use serde_json::{Value, json};

use crate::call::{Call, Outcome};
use crate::drive;
use crate::refusal::Refusal;

/// `storage_v1.GetOrg`
pub fn get_org(call: &mut Call<'_>) -> Outcome {
    let corp_id = call.input.text("corpId");
    if corp_id != call.world.organisation.corp_id {
        return Err(Refusal::new("permissionDenied").because(format!("the operator is not of {corp_id}")));
    }
    Ok(json!({ "org": { "corpId": corp_id, "partitions": [drive::organisation_room(call.world)] } }))
}

/// `storage_v1.GetCurrentApp`
pub fn get_current_app(call: &mut Call<'_>) -> Outcome {
    let app = call.app.as_ref().ok_or_else(|| Refusal::new("appNotExist"))?;
    let used: u64 = call.world.spaces.iter().filter(|space| space.app_id == app.app_id).map(|space| space.used).sum();
    Ok(json!({ "app": {
        "appId": app.app_id,
        "name": app.name,
        "corpId": call.world.organisation.corp_id,
        "createTime": app.created.text(),
        "modifiedTime": app.created.text(),
        "partitions": [{
            "partitionType": "PUBLIC_OSS_PARTITION",
            // The room is shared with the rest of the organization, and so there is no largest use.
            "quota": { "used": used, "type": "SHARE" },
        }],
    } }))
}

/// `contact.GetUser`
pub fn get_user(call: &mut Call<'_>) -> Outcome {
    let user_id = call.input.text("userid");
    let missing = || Refusal::new("33012").because(format!("there is no {user_id}"));
    let user = call.world.organisation.user_by_user_id(user_id).ok_or_else(missing)?;
    let departments: Vec<i64> = user.departments.iter().filter_map(|id| id.parse().ok()).collect();
    let in_departments = |field: &str, value: Value| -> Vec<Value> {
        departments.iter().map(|id| json!({ "dept_id": id, field: value })).collect()
    };
    Ok(json!({
        "userid": user.user_id,
        "unionid": user.union_id,
        "name": user.name,
        "dept_id_list": departments,
        "dept_order_list": in_departments("order", json!(1)),
        "leader_in_dept": in_departments("leader", json!(false)),
        "active": true,
        "real_authed": true,
        "exclusive_account": false,
        "hide_mobile": false,
        "senior": false,
        "admin": user.admin,
        "boss": user.admin,
    }))
}
