//! Chromium, driven by its `DevTools` protocol: as much of it as the tests need.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// How long anything may take; only a browser that hangs reaches it.
const PATIENCE: Duration = Duration::from_mins(1);

/// A browser of its own.
pub struct Chromium {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    process: Child,
    asked: u64,
    /// Forgotten with the browser.
    _profile: TempDir,
}

/// A page in it.
pub struct Tab(String);

impl Chromium {
    /// Starts the one of the environment variable `CHROMIUM`, or of the path.
    pub async fn start() -> Option<Self> {
        let program = program()?;
        let profile = tempfile::tempdir().unwrap();
        let mut process = Command::new(program)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0"])
            .arg("--disable-dev-shm-usage")
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let address = loop {
            let line = tokio::time::timeout(PATIENCE, lines.next_line()).await.unwrap().unwrap();
            let line = line.expect("Chromium says where it listens");
            if let Some(address) = line.strip_prefix("DevTools listening on ") {
                break address.to_owned();
            }
        };
        // What it says later is read, so that it never waits for a reader.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let (socket, _) = connect_async(address).await.unwrap();
        Some(Self { socket, process, asked: 0, _profile: profile })
    }

    /// Opens a page, and waits until it is there.
    pub async fn open(&mut self, address: &str) -> Tab {
        let target = self.ask(None, "Target.createTarget", json!({"url": "about:blank"})).await;
        let attached =
            self.ask(None, "Target.attachToTarget", json!({"targetId": target["targetId"], "flatten": true})).await;
        let tab = Tab(attached["sessionId"].as_str().unwrap().to_owned());
        self.ask(Some(&tab), "Page.navigate", json!({"url": address})).await;
        self.wait(&tab, "location.href !== 'about:blank' && document.readyState === 'complete'").await;
        tab
    }

    /// What an expression is, or what it promises.
    pub async fn evaluate(&mut self, tab: &Tab, expression: &str) -> Value {
        let wanted = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let result = self.ask(Some(tab), "Runtime.evaluate", wanted).await;
        assert!(result["exceptionDetails"].is_null(), "{expression:.80}: {result}");
        result["result"]["value"].clone()
    }

    /// Waits until an expression is something.
    pub async fn wait(&mut self, tab: &Tab, expression: &str) -> Value {
        let until = format!(
            "new Promise(done => {{ const look = () => {{ const it = {expression}; it ? done(it) : requestAnimationFrame(look) }}; look() }})"
        );
        // The page may be left while it waits, which ends the promise.
        for _ in 0..200 {
            let wanted = json!({"expression": until, "awaitPromise": true, "returnByValue": true});
            let result = self.answer(Some(tab), "Runtime.evaluate", wanted).await;
            if let Some(value) = result["result"]["result"].get("value") {
                return value.clone();
            }
        }
        panic!("{expression} never was");
    }

    /// Presses a key.
    pub async fn key(&mut self, tab: &Tab, key: &str) {
        let code = match key {
            "Enter" => 13,
            "ArrowDown" => 40,
            _ => 0,
        };
        let mut down = json!({"type": "keyDown", "key": key, "windowsVirtualKeyCode": code});
        if key.chars().count() == 1 {
            down["text"] = json!(key);
        }
        self.ask(Some(tab), "Input.dispatchKeyEvent", down).await;
        self.ask(Some(tab), "Input.dispatchKeyEvent", json!({"type": "keyUp", "key": key})).await;
    }

    /// Types a text.
    pub async fn insert(&mut self, tab: &Tab, text: &str) {
        self.ask(Some(tab), "Input.insertText", json!({"text": text})).await;
    }

    /// The width of the screen.
    pub async fn width(&mut self, tab: &Tab, width: u32) {
        let metrics = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500});
        self.ask(Some(tab), "Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// What the system says about colours.
    pub async fn colours(&mut self, tab: &Tab, colours: &str) {
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": colours}]});
        self.ask(Some(tab), "Emulation.setEmulatedMedia", features).await;
    }

    /// What is seen, as a PNG in base64.
    pub async fn picture(&mut self, tab: &Tab) -> String {
        let picture = self.ask(Some(tab), "Page.captureScreenshot", json!({"format": "png"})).await;
        picture["data"].as_str().unwrap().to_owned()
    }

    /// Ends it.
    pub async fn close(mut self) {
        let _ = self.answer(None, "Browser.close", json!({})).await;
        let _ = tokio::time::timeout(PATIENCE, self.process.wait()).await;
    }

    async fn ask(&mut self, tab: Option<&Tab>, method: &str, parameters: Value) -> Value {
        let mut answer = self.answer(tab, method, parameters).await;
        assert!(answer["error"].is_null(), "{method}: {answer}");
        answer["result"].take()
    }

    async fn answer(&mut self, tab: Option<&Tab>, method: &str, parameters: Value) -> Value {
        self.asked += 1;
        let mut question = json!({"id": self.asked, "method": method, "params": parameters});
        if let Some(Tab(session)) = tab {
            question["sessionId"] = json!(session);
        }
        self.socket.send(Message::text(question.to_string())).await.unwrap();
        loop {
            let message = tokio::time::timeout(PATIENCE, self.socket.next()).await;
            let message = message.unwrap_or_else(|_| panic!("{method} takes too long"));
            let Some(Ok(Message::Text(text))) = message else {
                assert_eq!(method, "Browser.close", "the browser has gone away");
                return Value::Null;
            };
            let answer: Value = serde_json::from_str(&text).unwrap();
            if answer["id"] == self.asked {
                return answer;
            }
        }
    }
}

fn program() -> Option<PathBuf> {
    if let Some(chosen) = std::env::var_os("CHROMIUM") {
        return Some(chosen.into());
    }
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).flat_map(|folder| names.map(|name| folder.join(name))).find(|file| file.is_file())
}
