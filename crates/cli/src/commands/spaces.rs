//! `spaces`: where files can be.

use clap::Args;
use dingtalk_storage_transfer::Drive;

use crate::output::{self, Record, SpaceRecord, SpaceType, escaped};
use crate::{Context, Failure, remote};

/// List the spaces that the operator sees
#[derive(Debug, Default, Args)]
pub struct Spaces {
    /// Also the knowledge bases, and "My documents"
    #[arg(long)]
    wiki: bool,
}

pub async fn run(arguments: Spaces, context: &Context) -> Result<(), Failure> {
    let drive = context.drive().await?;
    for space in shared(drive).await? {
        tell(context, space)?;
    }
    if arguments.wiki {
        for space in knowledge_bases(drive).await? {
            tell(context, space)?;
        }
    }
    Ok(())
}

/// The shared spaces of the organization.
pub async fn shared(drive: &Drive) -> Result<Vec<SpaceRecord>, Failure> {
    let mut spaces = remote::spaces(drive).await?;
    spaces.sort_by(|one, other| (&one.space_name, &one.space_id).cmp(&(&other.space_name, &other.space_id)));
    let bytes = |number: i64| u64::try_from(number).ok();
    let record = |space: &dingtalk_storage::types::DriveSpace| {
        let name = space.space_name.clone().unwrap_or_default();
        SpaceRecord {
            path: place(&spaces, space.space_id.as_str(), &name),
            name,
            space_type: SpaceType::Shared,
            id: space.space_id.to_string(),
            used: Some(space.used_quota),
            quota: space.quota.and_then(bytes).filter(|quota| *quota > 0),
        }
    };
    Ok(spaces.iter().map(record).collect())
}

/// The shortest way to write a space that leads to no other.
fn place(spaces: &[dingtalk_storage::types::DriveSpace], id: &str, name: &str) -> String {
    let is_only = spaces.iter().filter(|space| space.space_name.as_deref() == Some(name)).count() == 1;
    let is_plain = !name.is_empty() && !name.contains(['/', '*']) && !name.starts_with('@');
    let is_text = !name.bytes().all(|byte| byte.is_ascii_digit());
    let is_word = !["id=", "name=", "uuid="].iter().any(|prefix| name.starts_with(prefix));
    if is_only && is_plain && is_text && is_word { format!("ding:{name}/") } else { format!("ding:id={id}/") }
}

async fn knowledge_bases(drive: &Drive) -> Result<Vec<SpaceRecord>, Failure> {
    let wiki = drive.client().wiki_v2();
    let mine = wiki.get_mine_workspace().send().await?.workspace;
    let record =
        |path: String, name, space_type, id| SpaceRecord { path, name, space_type, id, used: None, quota: None };
    let id = mine.workspace_id.to_string();
    let mut found = vec![record("ding:@my-docs/".to_owned(), mine.name, SpaceType::MyDocuments, id)];
    let mut items = wiki.list_workspaces().items();
    let mut bases = Vec::new();
    while let Some(base) = items.try_next().await? {
        bases.push(base);
    }
    bases.sort_by(|one, other| (&one.name, &one.workspace_id).cmp(&(&other.name, &other.workspace_id)));
    for base in &bases {
        let is_only = bases.iter().filter(|other| other.name == base.name).count() == 1;
        let name = if is_only && !base.name.contains(['/', '*']) { &base.name } else { base.workspace_id.as_str() };
        let path = format!("ding:@wiki/{name}/");
        found.push(record(path, base.name.clone(), SpaceType::Wiki, base.workspace_id.to_string()));
    }
    Ok(found)
}

fn tell(context: &Context, space: SpaceRecord) -> Result<(), Failure> {
    let record = Record::Space(space);
    let Record::Space(space) = &record else { return Ok(()) };
    context.output.record(&record, || {
        let used = space.used.map_or_else(|| "-".to_owned(), output::size);
        let quota = space.quota.map_or_else(|| "-".to_owned(), output::size);
        format!("{used:>9}  {quota:>9}  {:<20}  {}", escaped(&space.id), escaped(&space.path))
    })
}
