//! What follows a failed attempt: another one after a pause, or the end.

use tokio::time::Instant;

use super::Delivery;
use crate::error::Phase;
use crate::observe::{self, Retry};
use crate::{Effect, Error, ErrorKind};

impl Delivery {
    /// Waits until the call may be sent again, or gives up.
    pub(super) async fn recover(&mut self, error: Error) -> Result<(), Error> {
        if self.may_replay(&error) {
            self.is_replayed = true;
            observe::tell_replaced(&error);
            return Ok(());
        }
        let (attempts, follows_unknown) = (self.attempts, self.follows_unknown);
        let error = error.with(|facts| (facts.attempts, facts.follows_unknown) = (attempts, follows_unknown));
        if !error.is_safe_to_repeat() {
            return Err(error);
        }
        let Some(pause) = self.settings.policy.pause(&error) else { return Err(error) };
        let now = Instant::now();
        if now.checked_add(pause).is_none_or(|until| until >= self.deadline()) {
            return Err(error.with(|facts| facts.retry_after = Some(pause)));
        }
        if costs_budget(&error) && !self.client().budget().take(self.client().age()) {
            return Err(error);
        }
        observe::tell_retry(&error, pause);
        if let Some(observer) = self.client().observer() {
            observer.retry(&Retry { operation: self.operation(), attempts, pause, error: &error });
        }
        tokio::time::sleep(pause).await;
        // Whoever changes nothing has nothing to find out.
        let may_have_changed = matches!(error.phase(), Phase::Unknown | Phase::Applied);
        self.follows_unknown |= may_have_changed && self.operation().effect != Effect::Read;
        Ok(())
    }
}

/// Refusals and missing tokens are paced by limits of their own; only signs of an outage cost.
fn costs_budget(error: &Error) -> bool {
    error.phase() != Phase::Refused && error.kind() != ErrorKind::Credentials
}
