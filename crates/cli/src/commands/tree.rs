//! `tree`: folders as a tree.

use clap::Args;

use super::filters::Filters;
use crate::output::{EntryRecord, Record, escaped, size};
use crate::remote::{self, Found, Remote};
use crate::{Context, Failure};

/// Show a folder with all that is below it as a tree
#[derive(Debug, Args)]
pub struct Tree {
    /// The folder
    #[arg(value_name = "PLACE", add = super::completions::places())]
    place: String,
    /// Folders no deeper than this
    #[arg(short = 'L', long, value_name = "N")]
    depth: Option<usize>,
    /// Folders only
    #[arg(short, long)]
    directories: bool,
    /// Sizes as well
    #[arg(short, long)]
    size: bool,
    #[command(flatten)]
    filters: Filters,
}

pub async fn run(arguments: Tree, context: &Context) -> Result<(), Failure> {
    let drive = context.drive().await?;
    let top = Remote::parse(&arguments.place)?.resolve(drive).await?;
    let mut found = arguments.filters.keep(&top, remote::below(drive, &top).await?)?;
    let deep = depth(&top);
    found.retain(|found| {
        arguments.depth.is_none_or(|most| depth(found) - deep <= most)
            && (!arguments.directories || found.entry.is_folder())
    });
    if !context.output.json {
        crate::output::print(&format!("{}\n", escaped(&top.path())))?;
    }
    // Whether more follows in the folders above, by depth.
    let mut open: Vec<bool> = Vec::new();
    for (at, child) in found.iter().enumerate() {
        let level = depth(child) - deep;
        let rest = found.get(at + 1..).unwrap_or_default();
        let has_next =
            rest.iter().map(|next| depth(next) - deep).take_while(|next| *next >= level).any(|next| next == level);
        open.truncate(level.saturating_sub(1));
        let record = Record::Entry(EntryRecord::new(&child.path(), &child.entry));
        context.output.record(&record, || line(child, &open, has_next, arguments.size, context))?;
        open.push(has_next);
    }
    Ok(())
}

fn line(child: &Found, open: &[bool], has_next: bool, with_size: bool, context: &Context) -> String {
    let mut line: String = open.iter().map(|more| if *more { "│   " } else { "    " }).collect();
    line.push_str(if has_next { "├── " } else { "└── " });
    let name = escaped(&child.entry.name);
    line.push_str(&if child.entry.is_folder() { context.output.folder(&format!("{name}/")) } else { name });
    if with_size && !child.entry.is_folder() {
        line.push_str("  ");
        line.push_str(&size(child.entry.size));
    }
    line
}

fn depth(found: &Found) -> usize {
    found.place.path.matches('/').count()
}
