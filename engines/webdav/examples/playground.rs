//! A drive in the emulator, served by WebDAV in the same process, to be tried with any client and without an account:
//! `cargo run --example playground -- [--faults PROBABILITY]`. It prints where it is and runs until its standard input
//! ends; then it tells what was called.

use std::collections::BTreeMap;
use std::error::Error;
use std::time::Duration;

use dingtalk_storage::Client;
use dingtalk_storage::credentials::InternalApp;
use dingtalk_storage::runtime::Backoff;
use dingtalk_storage_emulator::{Emulator, Fault, FaultKind};
use dingtalk_storage_transfer::Drive;
use dingtalk_storage_webdav::{Login, WebDav};
use tokio::io::AsyncReadExt;

/// Name and password of the playground, which holds nothing of anybody.
const LOGIN: (&str, &str) = ("ada", "playground");

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(tracing::Level::WARN).init();
    let emulator = Emulator::start().await?;
    let credentials = emulator.credentials();
    let person = credentials.users.first().ok_or("the emulator has no people")?.union_id.clone();
    let client = Client::builder()
        .base_url(emulator.api_url())
        .credentials(InternalApp::new(&credentials.app_key, &credentials.app_secret))
        // There is no limit to keep under, so pauses are short.
        .retry(Backoff::attempts(5).pauses(Duration::from_millis(5), Duration::from_millis(50)))
        .calls_per_second(None)
        .build()?;
    let ada = client.operator(&person.as_str().into());
    let space = ada.drive_v1().add_space("WebDAV").send().await?.space_id;
    let server = WebDav::new(&Drive::new(&ada), &space).bind(([127, 0, 0, 1], 0).into(), Login::new(LOGIN.0, LOGIN.1));
    let server = server.await?;
    if let Some(probability) = probability()? {
        add_faults(&emulator, probability);
    }
    println!("url: http://{}/\nuser: {}\npassword: {}", server.address(), LOGIN.0, LOGIN.1);
    server.run(async { drop(tokio::io::stdin().read_to_end(&mut Vec::new()).await) }).await;
    tell(&emulator);
    Ok(())
}

fn probability() -> Result<Option<f64>, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => Ok(None),
        ["--faults", probability] => Ok(Some(probability.parse()?)),
        _ => Err("usage: playground [--faults PROBABILITY]".into()),
    }
}

/// What goes wrong in the world, each with a part of the probability.
fn add_faults(emulator: &Emulator, probability: f64) {
    let api = [
        FaultKind::Throttle { code: None },
        FaultKind::Status { status: 500, code: Some("systemError".to_owned()), retry_after: None },
        FaultKind::ResetBefore,
        FaultKind::ApplyThenDrop,
    ];
    let storage = [
        FaultKind::Status { status: 503, code: None, retry_after: None },
        FaultKind::ResetRequest { at: 100 },
        FaultKind::Truncate { at: 100 },
        FaultKind::FlipBit { bit: 77 },
    ];
    let groups = [("storage_v1.*", api.to_vec()), ("storage_v2.*", api.to_vec()), ("storage.*", storage.to_vec())];
    for (seed, (operation, kind)) in (1..)
        .zip(groups.into_iter().flat_map(|(operation, kinds)| kinds.into_iter().map(move |kind| (operation, kind))))
    {
        emulator.add_fault(Fault::new(kind).on(operation).with_probability(probability / 4.0, seed));
    }
}

/// What was called, and which faults were met.
fn tell(emulator: &Emulator) {
    let mut calls: BTreeMap<String, usize> = BTreeMap::new();
    for record in emulator.journal() {
        *calls.entry(record.operation).or_default() += 1;
    }
    for (operation, count) in &calls {
        println!("{count:6} {operation}");
    }
    println!("{:6} files committed", emulator.effects("file.committed"));
    println!("{:6} faults", emulator.faults().iter().map(|fault| fault.struck).sum::<u64>());
}
