//! `permissions`: who holds which role on a file, a folder or a space.

use clap::Args;
use dingtalk_storage::types::{DentryUuid, Permission};
use dingtalk_storage_transfer::Drive;

use crate::output::{PermissionRecord, Record, escaped};
use crate::remote::Remote;
use crate::{Context, Failure};

/// List who holds which role on a file, a folder or a space itself; `audit` adds what comes from above
#[derive(Debug, Args)]
pub struct Permissions {
    /// Files or folders, also with wildcards; the root of a space stands for the space
    #[arg(value_name = "PLACE", required = true, add = super::completions::places())]
    places: Vec<String>,
}

pub async fn run(arguments: Permissions, context: &Context) -> Result<(), Failure> {
    let places = arguments.places.iter().map(|place| Ok((place.clone(), Remote::parse(place)?)));
    let places = places.collect::<Result<Vec<_>, Failure>>()?;
    context
        .each(places, async |place| {
            let drive = context.drive().await?;
            for found in place.expand(drive).await? {
                for permission in granted(drive, &found.entry.uuid).await? {
                    tell(&found.path(), &permission, context)?;
                }
            }
            Ok(())
        })
        .await
}

/// Roles that are granted on an entry itself.
pub async fn granted(drive: &Drive, uuid: &DentryUuid) -> Result<Vec<Permission>, Failure> {
    let mut items = drive.client().storage_v2().list_permissions(uuid).items();
    let mut permissions = Vec::new();
    while let Some(permission) = items.try_next().await? {
        permissions.push(permission);
    }
    Ok(permissions)
}

fn tell(path: &str, permission: &Permission, context: &Context) -> Result<(), Failure> {
    let member = &permission.member;
    let record = PermissionRecord {
        path: path.to_owned(),
        role: permission.role.id.as_str().to_owned(),
        member_type: member.kind.as_str().to_owned(),
        member: member.id.as_ref().map(ToString::to_string),
        name: member.name.clone(),
        corp_id: member.corp_id.as_ref().map(ToString::to_string),
        seconds: permission.duration,
    };
    let line = format!(
        "{:<10}  {:<12}  {}  {}  {}",
        escaped(&record.role),
        escaped(&record.member_type),
        escaped(record.member.as_deref().unwrap_or("-")),
        escaped(record.name.as_deref().unwrap_or("-")),
        escaped(path)
    );
    context.output.record(&Record::Permission(record), || line)
}
