//! Waiting until a call may be sent: by the app's limits, and by the client's own bound on connections.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

use super::Delivery;
use crate::Error;
use crate::limiter::{Lane, Permit};
use crate::observe::{self, Paused, Queue, Waited};

impl Delivery {
    /// Waits until the call may be sent: by the app's limits, and by the client's own bound on connections.
    pub(super) async fn turn(&mut self) -> Result<(Option<Permit>, OwnedSemaphorePermit), Error> {
        let Some(per_second) = self.client().per_second() else { return Ok((None, self.connection().await?.0)) };
        let lane = self.client().app().limiter().lane(self.operation());
        loop {
            let mut permit = self.permit(&lane, per_second).await?;
            // Not the other way round: callers that wait for their turn would keep connections from those that need
            // none.
            let (connection, has_waited) = self.connection().await?;
            if !has_waited || permit.begin() {
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

    /// A connection, and the token that goes over it; whether either was waited for.
    async fn connection(&mut self) -> Result<(OwnedSemaphorePermit, bool), Error> {
        match self.pool.free_connection().filter(|_| self.bearer.is_some()) {
            Some(connection) => Ok((connection, false)),
            None => Box::pin(self.awaited_connection()).await.map(|connection| (connection, true)),
        }
    }

    /// Nobody keeps a connection while a token is waited for: it may be the one that the token would come over.
    async fn awaited_connection(&mut self) -> Result<OwnedSemaphorePermit, Error> {
        loop {
            let connection = match self.pool.free_connection() {
                Some(connection) => connection,
                None => self.queued_connection().await?,
            };
            if self.bearer.is_some() {
                return Ok(connection);
            }
            let (token, kept) = {
                let mut token = pin!(self.token());
                match poll_fn(|context| Poll::Ready(token.as_mut().poll(context))).await {
                    Poll::Ready(token) => (token, Some(connection)),
                    Poll::Pending => {
                        drop(connection);
                        (token.await, None)
                    }
                }
            };
            self.bearer = token?;
            if let Some(connection) = kept {
                return Ok(connection);
            }
        }
    }

    async fn queued_connection(&mut self) -> Result<OwnedSemaphorePermit, Error> {
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
