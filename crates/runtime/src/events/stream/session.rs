//! One connection from its opening to its end: events are handed out one by one, while pings are answered.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::time::Duration;

use futures_util::future::{Either, select};
use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::Message;

use super::super::{Envelope, Payload, Seen};
use super::frame::{Frame, News, Outcome, acknowledgement, answer};
use super::socket::Socket;
use crate::observe;

/// After so long without a word the other side is asked whether it is there, and after the same time again it is not.
const SILENCE: Duration = Duration::from_secs(30);
/// What is said must be taken in this time.
const PATIENCE: Duration = Duration::from_secs(10);

/// How many events wait for their turn at most, and how many bytes they hold. What comes beyond is asked for later.
const MOST_WAITING: usize = 1000;
const LARGEST_WAITING: usize = 16 << 20;

/// Why a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The server asked for a new one.
    AskedTo,
    Lost,
}

pub(super) struct Session {
    socket: Socket,
    /// Events that wait for their turn.
    waiting: VecDeque<News>,
    /// How many bytes they hold.
    weight: usize,
    /// The server has been asked whether it is there.
    is_asked: bool,
}

/// An event in the hands of the handler.
struct Handed<W> {
    message: String,
    event: Option<String>,
    work: Pin<Box<W>>,
}

/// What happens next.
enum Step<E> {
    Handled(Result<(), E>),
    Came(Option<Message>),
    Silence,
}

impl Session {
    pub(super) fn new(socket: Socket) -> Self {
        Self { socket, waiting: VecDeque::new(), weight: 0, is_asked: false }
    }

    /// Hands out events until the connection ends. What is in the hands of the handler then is handled to its end.
    pub(super) async fn run<P, W, E>(mut self, handler: &mut impl FnMut(Envelope<P>) -> W, seen: &mut Seen) -> End
    where
        P: Payload,
        W: Future<Output = Result<(), E>>,
        E: fmt::Display,
    {
        let mut handed: Option<Handed<W>> = None;
        let end = loop {
            if handed.is_none() {
                match self.hand_out(handler, seen).await {
                    Ok(next) => handed = next,
                    Err(end) => break end,
                }
            }
            let step = self.step(handed.as_mut()).await;
            let result = match step {
                Step::Handled(result) => {
                    let Some(done) = handed.take() else { continue };
                    let outcome = concluded(&done, result, seen);
                    self.say(acknowledgement(&done.message, outcome)).await
                }
                Step::Came(message) => {
                    self.is_asked = false;
                    self.take(message, handed.as_mut()).await
                }
                Step::Silence if self.is_asked => Err(End::Lost),
                Step::Silence => {
                    self.is_asked = true;
                    self.send(Message::Ping(bytes::Bytes::new())).await
                }
            };
            if let Err(end) = result {
                break end;
            }
        };
        // It will come again, and is known then.
        if let Some(mut handed) = handed {
            let result = handed.work.as_mut().await;
            let outcome = concluded(&handed, result, seen);
            // Who asked for a new connection may still listen to this one.
            let _ = self.say(acknowledgement(&handed.message, outcome)).await;
        }
        let _ = tokio::time::timeout(PATIENCE, self.socket.close(None)).await;
        end
    }

    /// The next event that the handler is to have; what needs none of it is answered at once.
    async fn hand_out<P: Payload, W>(
        &mut self,
        handler: &mut impl FnMut(Envelope<P>) -> W,
        seen: &Seen,
    ) -> Result<Option<Handed<W>>, End> {
        while let Some(news) = self.waiting.pop_front() {
            self.weight -= news.size();
            let News { message, event, frame } = news;
            if event.as_deref().is_some_and(|event| seen.has(event)) {
                self.say(acknowledgement(&message, Outcome::Success)).await?;
                continue;
            }
            match Envelope::from_stream(frame.as_bytes()) {
                Ok(envelope) => return Ok(Some(Handed { message, event, work: Box::pin(handler(envelope)) })),
                Err(error) => {
                    observe::tell_unread_event(&error);
                    self.say(acknowledgement(&message, Outcome::Later)).await?;
                }
            }
        }
        Ok(None)
    }

    async fn step<W: Future<Output = Result<(), E>>, E>(&mut self, handed: Option<&mut Handed<W>>) -> Step<E> {
        let came = async {
            match tokio::time::timeout(SILENCE, self.socket.next()).await {
                Ok(message) => Step::Came(message.and_then(Result::ok)),
                Err(_) => Step::Silence,
            }
        };
        let came = pin!(came);
        match handed {
            None => came.await,
            Some(handed) => match select(handed.work.as_mut(), came).await {
                Either::Left((result, _)) => Step::Handled(result),
                Either::Right((step, _)) => step,
            },
        }
    }

    /// Takes what came; none is the end of the connection.
    async fn take<W>(&mut self, message: Option<Message>, handed: Option<&mut Handed<W>>) -> Result<(), End> {
        let text = match message {
            None | Some(Message::Close(_)) => return Err(End::Lost),
            Some(Message::Text(text)) => text,
            Some(_) => return Ok(()),
        };
        match Frame::read(&text) {
            Some(Frame::Event(news)) => {
                if let Some(refused) = self.line_up(news, handed) {
                    return self.say(acknowledgement(&refused.message, Outcome::Later)).await;
                }
            }
            Some(Frame::Ping { message, data }) => return self.say(answer(&message, 200, &data)).await,
            Some(Frame::Disconnect) => return Err(End::AskedTo),
            Some(Frame::Other { message }) => return self.say(answer(&message, 404, &"{}".into())).await,
            None => observe::tell_unread_frame(text.len()),
        }
        Ok(())
    }

    /// An event that comes again while it is being handled, or waits for it, is not handled twice: the answer goes to its
    /// newest frame. Gives back what there is no room for.
    fn line_up<W>(&mut self, news: News, handed: Option<&mut Handed<W>>) -> Option<News> {
        let is_same = |event: &Option<String>| event.is_some() && *event == news.event;
        if let Some(handed) = handed.filter(|handed| is_same(&handed.event)) {
            handed.message = news.message;
        } else if let Some(waiting) = self.waiting.iter_mut().find(|waiting| is_same(&waiting.event)) {
            self.weight -= waiting.size();
            waiting.message = news.message;
            self.weight += waiting.size();
        } else if self.waiting.len() < MOST_WAITING && self.weight < LARGEST_WAITING {
            self.weight += news.size();
            self.waiting.push_back(news);
        } else {
            return Some(news);
        }
        None
    }

    async fn say(&mut self, text: String) -> Result<(), End> {
        self.send(Message::text(text)).await
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        match tokio::time::timeout(PATIENCE, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(End::Lost),
        }
    }
}

/// What is said of an event that was handled.
fn concluded<W, E: fmt::Display>(handed: &Handed<W>, result: Result<(), E>, seen: &mut Seen) -> Outcome {
    match result {
        Ok(()) => {
            if let Some(event) = &handed.event {
                seen.add(event);
            }
            Outcome::Success
        }
        Err(error) => {
            observe::tell_unhandled_event(handed.event.as_deref(), &error);
            Outcome::Later
        }
    }
}
