//! One at a time for each path.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::OwnedMutexGuard;

/// Gates of the paths that somebody holds or waits for.
#[derive(Debug, Default)]
pub(crate) struct Gates(Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>);

impl Gates {
    /// Waits until nobody else holds a path.
    pub(crate) async fn hold(&self, path: &str) -> OwnedMutexGuard<()> {
        let gate = self.gate(path);
        gate.lock_owned().await
    }

    fn gate(&self, path: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        gates.retain(|_, gate| gate.strong_count() > 0);
        if let Some(gate) = gates.get(path).and_then(Weak::upgrade) {
            return gate;
        }
        let gate = Arc::default();
        gates.insert(path.to_owned(), Arc::downgrade(&gate));
        gate
    }
}
