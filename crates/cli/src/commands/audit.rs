//! `audit`: who may see what, with what comes from above.

use std::collections::HashMap;

use clap::{Args, ValueEnum};
use dingtalk_storage::types::DentryUuid;
use dingtalk_storage_transfer::{AuditReport, Audited, RoleInForce};

use crate::output::{self, AccessRecord, AuditPlanRecord, Record, escaped};
use crate::remote::{Found, Remote};
use crate::{Context, Failure};

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
    let audit = drive.audit(&top.entry);
    let audit = if arguments.folders { audit.folders_only() } else { audit };
    let plan = Box::pin(audit.plan()).await?;
    if arguments.dry_run {
        let (entries, least_calls, most_calls) = (plan.entries(), plan.least_calls(), plan.most_calls());
        let line = format!("{entries} files and folders: {least_calls} to {most_calls} calls for their roles");
        let record = AuditPlanRecord { entries, least_calls, most_calls };
        context.output.record(&Record::AuditPlan(record), || line)?;
        return context.tell_estimate(least_calls, most_calls);
    }
    let report = Box::pin(plan.run()).await?;
    if arguments.form == Form::Csv && !context.output.json {
        output::print("path,type,role,member type,member,name,organization,from,flags\n")?;
    }
    for record in records(&top, &report, arguments.flagged) {
        let line = match arguments.form {
            Form::Csv => csv(&record),
            Form::Table => row(&record),
        };
        context.output.record(&Record::Access(record), || line)?;
    }
    Ok(())
}

/// The roles of a report as scripts read them.
pub fn records(top: &Found, report: &AuditReport, flagged: bool) -> Vec<AccessRecord> {
    let above = report.above.iter().map(|entry| (&entry.uuid, format!("ding:uuid={}", entry.uuid)));
    let below = report.entries.iter().map(|audited| (&audited.entry.uuid, path_of(top, audited)));
    let places: HashMap<&DentryUuid, String> = above.chain(below).collect();
    let roles = report.entries.iter().flat_map(|audited| audited.roles.iter().map(move |role| (audited, role)));
    let roles = roles.filter(|(_, role)| !flagged || !role.flags.is_empty());
    roles.map(|(audited, role)| record(path_of(top, audited), audited, role, &places)).collect()
}

fn path_of(top: &Found, audited: &Audited) -> String {
    if audited.path.is_empty() { top.path() } else { top.place.join(&audited.path).text() }
}

fn record(path: String, audited: &Audited, role: &RoleInForce, places: &HashMap<&DentryUuid, String>) -> AccessRecord {
    let inherited = role.granted_on != audited.entry.uuid;
    AccessRecord {
        path,
        entry_type: if audited.entry.is_folder() { output::EntryType::Folder } else { output::EntryType::File },
        role: role.role.as_str().to_owned(),
        member_type: role.member.kind.as_str().to_owned(),
        member: role.member.id.as_ref().map(ToString::to_string),
        name: role.member.name.clone(),
        corp_id: role.member.corp_id.as_ref().map(ToString::to_string),
        inherited_from: places.get(&role.granted_on).filter(|_| inherited).cloned(),
        flags: role.flags.iter().map(|flag| flag.name().to_owned()).collect(),
    }
}

fn row(record: &AccessRecord) -> String {
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
