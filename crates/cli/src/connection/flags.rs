//! Flags of every command that say where to and as whom.

use clap::Args;

/// Where to and as whom.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Connection")]
pub struct Flags {
    /// Profile to take the rest from
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// mainland for organizations in mainland China, international for others
    #[arg(long, global = true, value_name = "REGION")]
    pub region: Option<String>,
    /// In its place: the address of another server
    #[arg(long, global = true, value_name = "URL")]
    pub endpoint: Option<String>,
    /// And that of the older API, where the other is not DingTalk's own
    #[arg(long, global = true, value_name = "URL")]
    pub oapi_endpoint: Option<String>,
    /// Key of the app; its secret is never a flag
    #[arg(long, global = true, value_name = "KEY")]
    pub app_key: Option<String>,
    /// The organization, for an app that several have
    #[arg(long, global = true, value_name = "ID")]
    pub corp_id: Option<String>,
    /// The operator, by the unionId
    #[arg(long, global = true, value_name = "ID")]
    pub union_id: Option<String>,
    /// The operator, by the id within the organization, which is looked up
    #[arg(long, global = true, value_name = "ID", conflicts_with = "union_id")]
    pub user_id: Option<String>,
}
