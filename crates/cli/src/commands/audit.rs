//! `audit`: who may see what, with what comes from above.

mod effective;

use clap::{Args, ValueEnum};
use dingtalk_storage::types::PermissionInheritance;
use futures_util::{StreamExt, TryStreamExt, stream};

use super::permissions::granted;
use crate::output::{self, AccessRecord, Record, escaped};
use crate::remote::{self, Found, Remote};
use crate::{Context, Failure};
use effective::{Access, Node, Roles};

/// Calls on their way at the same time; the client keeps to the rate of the server by itself.
const AT_ONCE: usize = 8;

/// Tell who may see what below a place: every role that is in force, with where it comes from
///
/// Roles of folders above the place are read as well. It takes a call for each file and folder, and a second one where
/// roles from above could end; --folders looks at folders alone. What is shared with a whole organization or with members
/// of another one is marked.
#[derive(Debug, Args)]
pub struct Audit {
    /// The folder, file or space
    #[arg(value_name = "PLACE", add = super::completions::places())]
    place: String,
    /// Folders only
    #[arg(long)]
    folders: bool,
    /// Only what is shared with a whole organization, or with members of another one
    #[arg(long)]
    flagged: bool,
    /// Form of the output
    #[arg(long = "as", value_enum, default_value_t = Form::Table, value_name = "FORM")]
    form: Form,
    /// Say what it would cost, and read no roles
    #[arg(short = 'n', long)]
    dry_run: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Columns for people
    Table,
    /// Comma-separated values
    Csv,
}

pub async fn run(arguments: Audit, context: &Context) -> Result<(), Failure> {
    let drive = context.drive().await?;
    let top = Remote::parse(&arguments.place)?.resolve(drive).await?;
    let mut below = remote::below(drive, &top).await?;
    below.retain(|found| !arguments.folders || found.entry.is_folder());
    let above = above(&top, context).await?;
    if arguments.dry_run {
        let nodes = above.len() + 1 + below.len();
        return output::print(&format!("{nodes} files and folders: {nodes} to {} calls\n", nodes * 2));
    }
    let space = drive.client().storage_v1().get_space(&top.entry.space).send().await?.space;
    let home = space.corp_id.map(|corp| corp.to_string());
    if arguments.form == Form::Csv && !context.output.json {
        output::print("path,type,role,member type,member,name,organization,from,flags\n")?;
    }
    // From the root down, so that what comes from above is known.
    let mut roles = Roles::default();
    for found in &above {
        let node = look(found, &roles, context).await?;
        roles.add(&found.entry, node, remote::is_root(drive, &found.entry).await?);
    }
    for level in by_depth(&top, below) {
        let looked: Vec<(Found, Node)> = stream::iter(level)
            .map(|found| {
                let roles = &roles;
                async move { look(&found, roles, context).await.map(|node| (found, node)) }
            })
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        for (found, node) in looked {
            roles.add(&found.entry, node, remote::is_root(drive, &found.entry).await?);
            for access in roles.of(&found.entry) {
                tell(&arguments, &found, access, home.as_deref(), context)?;
            }
        }
    }
    Ok(())
}

/// The folders above a place, from the root down, without it.
async fn above(top: &Found, context: &Context) -> Result<Vec<Found>, Failure> {
    let drive = context.drive().await?;
    let mut above = Vec::new();
    let mut entry = top.entry.clone();
    while !remote::is_root(drive, &entry).await? && entry.parent != entry.id && above.len() < 1000 {
        entry = drive.entry(&entry.space, &entry.parent).await?;
        let place = Remote::parse(&format!("ding:uuid={}", entry.uuid))?;
        above.push(Found { place, entry: entry.clone() });
    }
    above.reverse();
    Ok(above)
}

/// The place and all below it, one list for each depth.
fn by_depth(top: &Found, below: Vec<Found>) -> Vec<Vec<Found>> {
    let mut levels = vec![vec![top.clone()]];
    let deep = top.place.path.matches('/').count();
    for found in below {
        let depth = found.place.path.matches('/').count().saturating_sub(deep);
        levels.resize_with(levels.len().max(depth + 1), Vec::new);
        if let Some(level) = levels.get_mut(depth) {
            level.push(found);
        }
    }
    levels
}

/// What is granted on an entry itself, and whether roles from above end there; that is asked only where there are any
/// that could.
async fn look(found: &Found, roles: &Roles, context: &Context) -> Result<Node, Failure> {
    let drive = context.drive().await?;
    let own = granted(drive, &found.entry.uuid).await?;
    let breaks = roles.can_end_at(&found.entry) && {
        let answer = drive.client().storage_v2().get_permission_inheritance(&found.entry.uuid).send().await?;
        answer.inheritance == Some(PermissionInheritance::Break)
    };
    Ok(Node { path: found.path(), own, breaks })
}

fn tell(
    arguments: &Audit,
    found: &Found,
    access: &Access,
    home: Option<&str>,
    context: &Context,
) -> Result<(), Failure> {
    let flags = access.flags(home);
    if arguments.flagged && flags.is_empty() {
        return Ok(());
    }
    let record = AccessRecord {
        path: found.path(),
        entry_type: if found.entry.is_folder() { output::EntryType::Folder } else { output::EntryType::File },
        role: access.role.as_str().to_owned(),
        member_type: access.member.kind.as_str().to_owned(),
        member: access.member.id.as_ref().map(ToString::to_string),
        name: access.member.name.clone(),
        corp_id: access.member.corp_id.as_ref().map(ToString::to_string),
        inherited_from: Some(access.granted_on.clone()).filter(|place| *place != found.path()),
        flags,
    };
    let line = match arguments.form {
        Form::Table => table(&record),
        Form::Csv => csv(&record),
    };
    context.output.record(&Record::Access(record), || line)
}

fn table(record: &AccessRecord) -> String {
    let mark = if record.flags.is_empty() { ' ' } else { '!' };
    let from = record.inherited_from.as_ref().map(|from| format!("  from {}", escaped(from))).unwrap_or_default();
    let flags = if record.flags.is_empty() { String::new() } else { format!("  [{}]", record.flags.join(", ")) };
    format!(
        "{mark} {:<10}  {:<12}  {:<16}  {}{from}{flags}",
        escaped(&record.role),
        escaped(&record.member_type),
        escaped(record.name.as_deref().or(record.member.as_deref()).unwrap_or("-")),
        escaped(&record.path)
    )
}

fn csv(record: &AccessRecord) -> String {
    let kind = if record.entry_type == output::EntryType::Folder { "folder" } else { "file" };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let cells = [
        record.path.clone(),
        kind.to_owned(),
        record.role.clone(),
        record.member_type.clone(),
        text(&record.member),
        text(&record.name),
        text(&record.corp_id),
        text(&record.inherited_from),
        record.flags.join(" "),
    ];
    cells.iter().map(|cell| csv_cell(cell)).collect::<Vec<_>>().join(",")
}

/// A cell that no spreadsheet takes for a formula, and no reader for two.
fn csv_cell(text: &str) -> String {
    let text = escaped(text);
    let text = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text };
    if text.contains([',', '"', '\'']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}
