//! `search`: what the server's own index finds.

use clap::Args;

use crate::output::{self, FoundRecord, Record, escaped, rfc3339};
use crate::remote::Remote;
use crate::{Context, Failure};

/// Search files and folders by a word, with the server's own index
///
/// The index tells the folders of what it finds, and not the space. So each result has its path for people, and its place
/// by the uuid, which all commands take.
#[derive(Debug, Args)]
pub struct Search {
    /// The word
    #[arg(value_name = "WORD")]
    keyword: String,
    /// Only in these spaces
    #[arg(long, value_name = "PLACE")]
    within: Vec<String>,
    /// No more results than this
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

pub async fn run(arguments: Search, context: &Context) -> Result<(), Failure> {
    let drive = context.drive().await?;
    let mut spaces = Vec::new();
    for place in &arguments.within {
        let (space, _) = Remote::parse(place)?.in_space(drive).await?;
        spaces.push(space);
    }
    let calls = drive.client().storage_v2();
    let mut request = calls.search_dentries(&arguments.keyword);
    if !spaces.is_empty() {
        request = request.space_ids(&spaces);
    }
    let mut items = request.items();
    let mut told = 0;
    while arguments.limit.is_none_or(|limit| told < limit) {
        let Some(item) = items.try_next().await? else { break };
        told += 1;
        let modified = item.last_modify_time.clone();
        let path = item.path.as_ref().and_then(|path| path.long_path.clone().or_else(|| path.path.clone()));
        let line = format!(
            "{}  {}  ding:uuid={}",
            output::time(modified.as_ref()),
            escaped(&shown(path.as_deref(), &item.name)),
            escaped(item.dentry_uuid.as_str())
        );
        let record = FoundRecord {
            path: format!("ding:uuid={}", item.dentry_uuid),
            uuid: item.dentry_uuid.to_string(),
            name: item.name.clone(),
            long_path: path,
            modified: modified.as_ref().map(rfc3339),
            url: item.path.as_ref().and_then(|path| path.url.clone()),
        };
        context.output.record(&Record::Found(record), || line)?;
    }
    Ok(())
}

/// Where a result is, its name included, which the server's path may lack.
fn shown(path: Option<&str>, name: &str) -> String {
    match path.map(|path| path.trim_matches('/')) {
        Some(path) if path.rsplit('/').next() == Some(name) => path.to_owned(),
        None | Some("") => name.to_owned(),
        Some(path) => format!("{path}/{name}"),
    }
}
