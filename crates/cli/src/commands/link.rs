//! `link`: a link that shows a file.

use clap::Args;
use dingtalk_storage::types::OpenType;

use crate::exit::Code;
use crate::output::{LinkRecord, Record, escaped};
use crate::remote::Remote;
use crate::{Context, Failure};

/// Make a link that shows a file, or opens it for editing
#[derive(Debug, Args)]
pub struct Link {
    /// The file
    #[arg(value_name = "PLACE", add = super::completions::places())]
    place: String,
    /// For editing
    #[arg(short, long)]
    edit: bool,
    /// An older version
    #[arg(long, value_name = "N")]
    version: Option<i64>,
    /// With a watermark
    #[arg(long)]
    watermark: bool,
}

pub async fn run(arguments: Link, context: &Context) -> Result<(), Failure> {
    let drive = context.drive().await?;
    let found = Remote::parse(&arguments.place)?.resolve(drive).await?;
    let calls = drive.client().storage_v1();
    let kind = if arguments.edit { OpenType::Edit } else { OpenType::Preview };
    let mut call = calls.get_dentry_open_info(&found.entry.space, &found.entry.id).kind(kind);
    if let Some(version) = arguments.version {
        call = call.version(version);
    }
    if arguments.watermark {
        call = call.water_mark(true);
    }
    let answer = call.send().await?;
    let url = answer.url.ok_or_else(|| Failure::new(Code::Failed, "the server gave no link"))?;
    let record = LinkRecord { path: found.path(), url: url.expose().to_owned(), edit: arguments.edit };
    let line = escaped(&record.url);
    context.output.record(&Record::Link(record), || line)
}
