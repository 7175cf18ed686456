//! Waiting until a call may be sent: by the app's limits, and by the client's own bound on connections.

use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

use super::Delivery;
use crate::Error;
use crate::limiter::{Lane, Permit};
use crate::observe::{self, Paused, Queue, Waited};

impl Delivery {
    /// Waits until the call may be sent: by the app's limits, and by the client's own bound on connections.
    pub(super) async fn turn(&mut self) -> Result<(Option<Permit>, OwnedSemaphorePermit), Error> {
        let Some(per_second) = self.client().per_second() else { return Ok((None, self.connection().await?)) };
        let lane = self.client().app().limiter().lane(self.operation());
        loop {
            let mut permit = self.permit(&lane, per_second).await?;
            // Not the other way round: callers that wait for their turn would keep connections from those that need
            // none.
            if let Some(connection) = self.pool.free_connection() {
                return Ok((Some(permit), connection));
            }
            let connection = self.connection().await?;
            if permit.begin() {
                return Ok((Some(permit), connection));
            }
        }
    }

    async fn permit(&mut self, lane: &Arc<Lane>, per_second: u32) -> Result<Permit, Error> {
        if let Some(place) = lane.free_place(per_second) {
            return Ok(Permit::new(lane, place));
        }
        let since = Instant::now();
        let place = lane.wait(per_second, self.deadline()).await;
        self.note_wait(Queue::Limiter, since);
        let place = place.ok_or_else(|| lane.late(self.operation(), per_second))?;
        Ok(Permit::new(lane, place))
    }

    async fn connection(&mut self) -> Result<OwnedSemaphorePermit, Error> {
        if let Some(connection) = self.pool.free_connection() {
            return Ok(connection);
        }
        let since = Instant::now();
        let connection = self.pool.connection(self.deadline()).await;
        self.note_wait(Queue::Connections, since);
        connection
    }

    fn note_wait(&mut self, queue: Queue, since: Instant) {
        let duration = since.elapsed();
        self.waited += duration;
        // It may have been replaced meanwhile.
        self.bearer = None;
        observe::tell_waited(queue, duration);
        if let Some(observer) = self.client().observer() {
            observer.waited(&Waited { operation: self.operation(), queue, duration });
        }
    }

    /// The server refused the call because there are too many of its kind: the others wait as well.
    pub(super) fn pause_all(&self, permit: &Permit, error: &Error) {
        let Some(duration) = permit.pause(error) else { return };
        observe::tell_paused(error, duration);
        if let Some(observer) = self.client().observer() {
            observer.paused(&Paused { operation: self.operation(), duration, error });
        }
    }
}
