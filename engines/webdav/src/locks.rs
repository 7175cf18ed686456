//! Locks, which end when their time is over.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use dav_server::davpath::DavPath;
use dav_server::ls::{DavLock, DavLockSystem, LsFuture};
use dav_server::memls::MemLs;
use tokio::time::Instant;
use xmltree::Element;

/// How long a lock lasts that is not refreshed, at most: who has crashed does not come to unlock.
const LONGEST: Duration = Duration::from_mins(10);

/// The locks of the protocol's library, which themselves never end.
#[derive(Debug, Clone)]
pub struct Locks {
    locks: Box<MemLs>,
    ends: Arc<Mutex<Vec<End>>>,
}

#[derive(Debug)]
struct End {
    path: DavPath,
    token: String,
    at: Instant,
}

impl Locks {
    pub fn boxed() -> Box<Self> {
        Box::new(Self { locks: MemLs::new(), ends: Arc::default() })
    }

    fn note(&self, lock: &DavLock) {
        let at = Instant::now() + lock.timeout.unwrap_or(LONGEST);
        let mut ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        ends.retain(|end| end.token != lock.token);
        ends.push(End { path: (*lock.path).clone(), token: lock.token.clone(), at });
    }

    /// Takes away the locks whose time is over.
    async fn tidy(&self) {
        for end in self.over() {
            // It may have been unlocked, or be gone with its file.
            let _ = self.locks.unlock(&end.path, &end.token).await;
        }
    }

    fn over(&self) -> Vec<End> {
        let now = Instant::now();
        let mut ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        ends.extract_if(.., |end| end.at <= now).collect()
    }
}

impl DavLockSystem for Locks {
    fn lock(
        &self,
        path: &DavPath,
        principal: Option<&str>,
        owner: Option<&Element>,
        timeout: Option<Duration>,
        shared: bool,
        deep: bool,
    ) -> LsFuture<'_, Result<DavLock, DavLock>> {
        let (path, principal, owner) = (path.clone(), principal.map(str::to_owned), owner.cloned());
        let timeout = Some(timeout.map_or(LONGEST, |timeout| timeout.min(LONGEST)));
        Box::pin(async move {
            self.tidy().await;
            let lock = self.locks.lock(&path, principal.as_deref(), owner.as_ref(), timeout, shared, deep).await?;
            self.note(&lock);
            Ok(lock)
        })
    }

    fn unlock(&self, path: &DavPath, token: &str) -> LsFuture<'_, Result<(), ()>> {
        self.locks.unlock(path, token)
    }

    fn refresh(&self, path: &DavPath, token: &str, timeout: Option<Duration>) -> LsFuture<'_, Result<DavLock, ()>> {
        let (path, token) = (path.clone(), token.to_owned());
        let timeout = Some(timeout.map_or(LONGEST, |timeout| timeout.min(LONGEST)));
        Box::pin(async move {
            self.tidy().await;
            let lock = self.locks.refresh(&path, &token, timeout).await?;
            self.note(&lock);
            Ok(lock)
        })
    }

    fn check(
        &self,
        path: &DavPath,
        principal: Option<&str>,
        ignore_principal: bool,
        deep: bool,
        submitted_tokens: &[String],
    ) -> LsFuture<'_, Result<(), DavLock>> {
        let (path, principal, tokens) = (path.clone(), principal.map(str::to_owned), submitted_tokens.to_vec());
        Box::pin(async move {
            self.tidy().await;
            self.locks.check(&path, principal.as_deref(), ignore_principal, deep, &tokens).await
        })
    }

    fn discover(&self, path: &DavPath) -> LsFuture<'_, Vec<DavLock>> {
        let path = path.clone();
        Box::pin(async move {
            self.tidy().await;
            self.locks.discover(&path).await
        })
    }

    fn delete(&self, path: &DavPath) -> LsFuture<'_, Result<(), ()>> {
        self.locks.delete(path)
    }
}
