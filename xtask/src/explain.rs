//! `cargo xtask explain`

use dingtalk_storage_spec::{Code, codes};

use crate::Failure;
use crate::print::print;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Code of a finding, for example `DS012`; without it, all codes are listed.
    code: Option<String>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let Some(code) = &arguments.code else {
        let titles: Vec<_> = Code::ALL.iter().map(|code| title(code.page())).collect();
        return print(&format!("{}\n", titles.join("\n")));
    };
    let page = codes::explain(&code.to_uppercase())
        .ok_or_else(|| format!("error: there is no code `{code}`; `cargo xtask explain` lists all"))?;
    print(&format!("{}\n", page.trim_end()))
}

/// The first line of a page: the code and what it means.
fn title(page: &str) -> &str {
    page.lines().next().unwrap_or_default().trim_start_matches('#').trim()
}
