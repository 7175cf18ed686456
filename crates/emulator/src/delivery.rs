//! News on its way to a subscriber: one POST for each, in order, to a URL on loopback.

use std::net::SocketAddr;
use std::sync::{Arc, Weak};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::drive::without_absent;
use crate::error::Error;
use crate::journal::Record;
use crate::shared::Shared;
use crate::state::{EntryKind, EventScope, News, World};

/// How long a subscriber may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where news goes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Subscriber {
    address: SocketAddr,
    path: String,
}

impl Subscriber {
    /// Reads a URL such as `http://127.0.0.1:4000/events`. News tells what people do with files, so it stays on this
    /// machine.
    fn parse(url: &str) -> Option<Self> {
        let rest = url.strip_prefix("http://")?;
        let (host, path) = rest.find('/').map_or((rest, "/"), |slash| rest.split_at(slash));
        let host = host.replace("localhost", "127.0.0.1");
        let address: SocketAddr = host.parse().ok()?;
        let clean = path.bytes().all(|each| each.is_ascii_graphic());
        (address.ip().is_loopback() && clean).then(|| Self { address, path: path.to_owned() })
    }
}

/// All news, as a push over HTTP carries it.
pub fn events(shared: &Shared) -> Vec<Value> {
    let world = shared.world();
    world.news.iter().map(|(_, news)| pushed(&world, news)).collect()
}

/// Delivers news from now on to a URL.
///
/// # Errors
///
/// When the URL is none of loopback.
pub fn subscribe(shared: &Arc<Shared>, url: &str) -> Result<(), Error> {
    let subscriber = Subscriber::parse(url).ok_or_else(|| Error::NotASubscriber(url.to_owned()))?;
    let (sender, receiver) = mpsc::unbounded_channel();
    tokio::spawn(deliver(Arc::downgrade(shared), subscriber, receiver));
    shared.subscribe(Some(sender));
    Ok(())
}

async fn deliver(shared: Weak<Shared>, subscriber: Subscriber, mut news: mpsc::UnboundedReceiver<News>) {
    while let Some(news) = news.recv().await {
        let Some((body, written)) = shared.upgrade().map(|shared| (pushed(&shared.world(), &news), shared.written()))
        else {
            return;
        };
        // Nobody is told of what a kill could undo.
        if written.stored().await.is_err() {
            return;
        }
        let answer = tokio::time::timeout(PATIENCE, push(&subscriber, &body.to_string())).await;
        let status = answer.ok().and_then(Result::ok).flatten().unwrap_or_default();
        let Some(shared) = shared.upgrade() else { return };
        let time = shared.world().now();
        shared.journal().add(&mut Record {
            time,
            operation: "events.Push".to_owned(),
            method: "POST".to_owned(),
            path: subscriber.path.clone(),
            status,
            ..Record::default()
        });
    }
}

/// Sends a POST; returns the status of the answer.
async fn push(subscriber: &Subscriber, body: &str) -> std::io::Result<Option<u16>> {
    let mut stream = TcpStream::connect(subscriber.address).await?;
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json;charset=utf-8\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n",
        subscriber.path,
        subscriber.address,
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(64 << 10).read_to_end(&mut answer).await?;
    let line = String::from_utf8_lossy(&answer);
    Ok(line.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)).and_then(|status| status.parse().ok()))
}

/// News as a push over HTTP carries it: the payload flat beside what every event has.
fn pushed(world: &World, news: &News) -> Value {
    let corp_id = &world.organisation.corp_id;
    let (scope, scope_id) = match news.scope {
        EventScope::Organisation => ("ORG", corp_id.clone()),
        EventScope::Space(space) => ("SPACE", space.to_string()),
    };
    without_absent(json!({
        "EventType": news.kind.wire(),
        "EventTime": news.time.0,
        "CorpId": corp_id,
        "BizId": news.entry.to_string(),
        "eventId": news.id.to_string(),
        "spaceId": news.space.to_string(),
        "dentryId": news.entry.to_string(),
        "eventScope": scope,
        "eventScopeId": scope_id,
        "extension": news.extension,
        "unionId": news.operator,
        "type": if news.entry_kind == EntryKind::File { "FILE" } else { "FOLDER" },
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_stays_on_this_machine() {
        let subscriber = Subscriber::parse("http://localhost:4000/events?x=1");
        assert_eq!(subscriber.map(|each| (each.address.port(), each.path)), Some((4000, "/events?x=1".to_owned())));
        for url in ["https://127.0.0.1:4000/", "http://10.0.0.1:4000/", "http://127.0.0.1/", "http://x y", "file:///"] {
            assert_eq!(Subscriber::parse(url), None, "{url}");
        }
    }
}
