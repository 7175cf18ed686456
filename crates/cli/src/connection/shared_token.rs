//! The access token, shared by the processes of a user: any number that start together ask for it once.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use dingtalk_storage::credentials::{AccessToken, Credentials, Fetch, Identity, TokenServer};
use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};

use super::{private_file, read_if_there, write_private};

/// A token is not taken over that ends so soon.
const RESERVE: Duration = Duration::from_mins(5);

/// Credentials whose token is kept in a file that only the user can read.
#[derive(Debug)]
pub struct SharedToken {
    own: Box<dyn Credentials>,
    path: PathBuf,
    /// The token that was given last: who asks again after it needs another one.
    given: Mutex<Option<String>>,
}

/// What is in the file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kept {
    token: String,
    /// Seconds since 1970.
    expires: u64,
}

impl SharedToken {
    /// Takes what tells these credentials from all others: server, app, secret and organization.
    pub fn new(own: Box<dyn Credentials>, state: &Path, identity: &[&str]) -> Self {
        let mut hash = Sha1::new();
        for part in identity {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
            hash.update(part.as_bytes());
        }
        let digits = hash.finalize().iter().flat_map(|byte| [byte >> 4, byte & 15]).collect::<Vec<u8>>();
        let name: String = digits.into_iter().filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect();
        Self { own, path: state.join("tokens").join(name), given: Mutex::new(None) }
    }

    /// The token of the file, unless it is over or the one that was given last.
    fn kept(&self) -> Option<AccessToken> {
        let text = read_if_there(&self.path).ok().flatten()?;
        let kept: Kept = serde_json::from_str(&text).ok()?;
        let left = Duration::from_secs(kept.expires).checked_sub(now())?;
        if left < RESERVE || self.given().as_ref() == Some(&kept.token) {
            return None;
        }
        AccessToken::new(kept.token, i64::try_from(left.as_secs()).ok()).ok()
    }

    fn keep(&self, token: &AccessToken) {
        let Some(life) = token.life() else { return };
        let kept = Kept { token: token.expose().to_owned(), expires: (now() + life).as_secs() };
        // Who cannot keep it fetches it again the next time.
        if let Ok(text) = serde_json::to_string(&kept) {
            drop(write_private(&self.path, &text));
        }
    }

    /// Whoever has the lock fetches for all who wait for it. Where there can be no lock, everybody fetches alone.
    async fn fetch_for_all(&self, server: &TokenServer) -> Result<AccessToken, dingtalk_storage::Error> {
        let lock = self.path.with_extension("lock");
        let locked = tokio::task::spawn_blocking(move || {
            let file = private_file(&lock)?;
            file.lock()?;
            Ok::<_, std::io::Error>(file)
        });
        let _held = locked.await.ok().and_then(Result::ok);
        if let Some(token) = self.kept() {
            return Ok(token);
        }
        let token = self.own.fetch(server).await?;
        self.keep(&token);
        Ok(token)
    }

    fn given(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.given.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Credentials for SharedToken {
    fn fetch<'a>(&'a self, server: &'a TokenServer) -> Fetch<'a> {
        Box::pin(async move {
            let token = match self.kept() {
                Some(token) => token,
                None => self.fetch_for_all(server).await?,
            };
            *self.given() = Some(token.expose().to_owned());
            Ok(token)
        })
    }

    fn can_renew(&self) -> bool {
        self.own.can_renew()
    }

    fn identity(&self) -> Option<Identity> {
        self.own.identity()
    }
}

fn now() -> Duration {
    SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default()
}
