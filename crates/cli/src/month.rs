//! Metered calls of the calendar month, counted over all runs of the program on this machine.

use std::io::{Read, Seek, Write};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use dingtalk_storage::runtime::Time;

use crate::connection::{Settings, private_file, read_if_there, state_dir};

/// The organization's months begin in China.
const CHINA: Duration = Duration::from_hours(8);

/// The count of an app in a month.
#[derive(Debug, Clone)]
pub struct Month(PathBuf);

impl Month {
    /// That of the app of the settings, now; none where there is no app, or no place to note it.
    pub fn now(settings: &Settings) -> Option<Self> {
        let app = &settings.app_key.as_ref()?.text;
        let plain: String = app.chars().filter(char::is_ascii_alphanumeric).collect();
        let now = SystemTime::UNIX_EPOCH.elapsed().ok()? + CHINA;
        let time = Time::from_unix_millis(i64::try_from(now.as_millis()).ok()?);
        let month = time.as_str().get(..7)?;
        Some(Self(state_dir()?.join("calls").join(format!("{plain}-{month}"))))
    }

    /// The calls so far.
    pub fn count(&self) -> u64 {
        let text = read_if_there(&self.0).ok().flatten();
        text.and_then(|text| text.trim().parse().ok()).unwrap_or(0)
    }

    /// Adds calls. What cannot be noted is not counted: nothing depends on it.
    pub fn add(&self, calls: u64) {
        let add = || -> std::io::Result<()> {
            let mut file = private_file(&self.0)?;
            file.lock()?;
            let mut text = String::new();
            file.read_to_string(&mut text)?;
            let count = text.trim().parse::<u64>().unwrap_or(0) + calls;
            file.rewind()?;
            // A count never gets shorter.
            write!(file, "{count}")
        };
        if calls > 0 {
            drop(add());
        }
    }
}
