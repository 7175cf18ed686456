//! How fast bytes may go.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Time that a pace may lag behind and still be caught up with.
const SLACK: Duration = Duration::from_millis(100);
/// Bytes of a piece at least, however slow it is.
const SMALLEST: usize = 1 << 10;

/// Lets no more bytes pass in a second than it was set to; whoever shares it shares the bytes.
#[derive(Debug)]
pub(crate) struct Pace {
    /// Bytes in a second; none without a bound.
    rate: Option<u64>,
    /// When the next byte may pass.
    next: Mutex<Option<Instant>>,
}

impl Pace {
    pub(crate) fn new(rate: Option<u64>) -> Self {
        Self { rate, next: Mutex::default() }
    }

    /// Bytes that are to be handed on at once, so that those who share the pace all move.
    pub(crate) fn piece(&self, most: usize) -> usize {
        let Some(rate) = self.rate else { return most };
        usize::try_from(rate / 16).unwrap_or(most).clamp(SMALLEST.min(most), most)
    }

    /// Waits for the turn of so many bytes. Turns are given in the order in which they are asked for.
    pub(crate) async fn pass(&self, bytes: u64) {
        if let Some(turn) = self.turn(bytes) {
            tokio::time::sleep_until(turn).await;
        }
    }

    fn turn(&self, bytes: u64) -> Option<Instant> {
        let rate = self.rate?;
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let earliest = now.checked_sub(SLACK).unwrap_or(now);
        let turn = next.map_or(now, |next| next.max(earliest));
        #[allow(clippy::cast_precision_loss, reason = "a pace is no exact number")]
        let takes = Duration::try_from_secs_f64(bytes as f64 / rate.max(1) as f64).unwrap_or(Duration::MAX);
        *next = turn.checked_add(takes);
        (turn > now).then_some(turn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn those_who_share_a_pace_are_no_faster_together() {
        let pace = Pace::new(Some(1_000));
        let begun = Instant::now();
        let one = async {
            for _ in 0..10 {
                pace.pass(100).await;
            }
        };
        let other = async {
            for _ in 0..4 {
                pace.pass(250).await;
            }
        };
        tokio::join!(one, other);
        // The last piece passes at its beginning: 2,000 bytes, without those of the last.
        let took = begun.elapsed().as_millis();
        assert!((1_700..=1_950).contains(&took), "{took}");
        // What was not used while nobody sent is lost, but for a moment's worth.
        tokio::time::advance(Duration::from_secs(60)).await;
        let begun = Instant::now();
        for _ in 0..11 {
            pace.pass(100).await;
        }
        let took = begun.elapsed().as_millis();
        assert!((880..=1_010).contains(&took), "{took}");
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_bound_nobody_waits() {
        let (pace, begun) = (Pace::new(None), Instant::now());
        pace.pass(u64::MAX).await;
        assert_eq!(begun.elapsed(), Duration::ZERO);
        assert_eq!((pace.piece(256 << 10), Pace::new(Some(1 << 30)).piece(256 << 10)), (256 << 10, 256 << 10));
        assert_eq!(
            (Pace::new(Some(1)).piece(256 << 10), Pace::new(Some(160 << 10)).piece(256 << 10)),
            (1 << 10, 10 << 10)
        );
    }
}
