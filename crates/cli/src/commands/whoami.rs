//! `whoami`: what is set, and where each value comes from.

use clap::Args;

use crate::connection::Setting;
use crate::output::{Record, SettingRecord, escaped};
use crate::{Context, Failure};

/// Tell with what settings the commands work, and where each comes from; nothing is sent
#[derive(Debug, Args)]
pub struct Whoami {}

pub fn run(_: &Whoami, context: &Context) -> Result<(), Failure> {
    let settings = &context.settings;
    let profile = settings.profile.clone().map(|name| (Some(name), None));
    let shown = |setting: &Option<Setting>| {
        setting.as_ref().map(|setting| (Some(setting.text.clone()), Some(setting.source.to_string())))
    };
    let hidden = |source: Option<String>| source.map(|source| (None, Some(source)));
    let token = settings.access_token.as_ref().map(|token| token.source.to_string());
    let secret = settings.secret_source().map(|source| source.to_string());
    for (name, value) in [
        ("profile", profile),
        ("region", shown(&settings.region)),
        ("endpoint", shown(&settings.endpoint)),
        ("oapiEndpoint", shown(&settings.oapi_endpoint)),
        ("allowPlainHttp", shown(&settings.allow_plain_http)),
        ("accessToken", hidden(token)),
        ("appKey", shown(&settings.app_key)),
        ("appSecret", hidden(secret)),
        ("corpId", shown(&settings.corp_id)),
        ("unionId", shown(&settings.union_id)),
        ("userId", shown(&settings.user_id)),
    ] {
        let is_set = value.is_some();
        let (value, source) = value.unwrap_or_default();
        let shown = match (&value, is_set) {
            (Some(value), _) => escaped(value),
            (None, true) => "(not shown)".to_owned(),
            (None, false) => "-".to_owned(),
        };
        let from = source.as_ref().map(|source| format!("  from {}", escaped(source))).unwrap_or_default();
        let record = SettingRecord { name: name.to_owned(), value, source };
        context.output.record(&Record::Setting(record), || format!("{name:<14}  {shown}{from}"))?;
    }
    Ok(())
}
