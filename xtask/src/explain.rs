//! `cargo xtask explain`

use dingtalk_storage_spec::{Code, codes};

use crate::Failure;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Code of a finding, for example `DS012`; without it, all codes are listed.
    code: Option<String>,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let Some(code) = &arguments.code else {
        for code in Code::ALL {
            println!("{}", title(code.page()));
        }
        return Ok(());
    };
    let page = codes::explain(&code.to_uppercase())
        .ok_or_else(|| format!("error: there is no code `{code}`; `cargo xtask explain` lists all"))?;
    println!("{}", page.trim_end());
    Ok(())
}

/// The first line of a page: the code and what it means.
fn title(page: &str) -> &str {
    page.lines().next().unwrap_or_default().trim_start_matches('#').trim()
}
