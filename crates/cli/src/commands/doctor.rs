//! `doctor`: looks at everything that a command needs, and says what to do about what is wrong.

use std::time::{Duration, SystemTime};

use clap::Args;
use dingtalk_storage::types::{AppKey, AppSecret, UnionId};
use dingtalk_storage_transfer::{Drive, Source};

use crate::connection;
use crate::exit::Code;
use crate::output::{CheckRecord, Record, escaped};
use crate::remote::Remote;
use crate::{Context, Failure};

/// The clock may be this wrong before signatures are refused; the storage refuses at 15 minutes.
const SKEW: Duration = Duration::from_mins(5);
/// Variables that lead connections elsewhere.
const PROXIES: [&str; 6] = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];

const OPERATOR: &str = "give --union-id or --user-id of a person of the organization";

/// Look whether everything is well: settings, clock, names, proxy, TLS, token, scopes, and with a place the storage
#[derive(Debug, Args)]
pub struct Doctor {
    /// A folder of the drive for a round trip of 1 KB, which is deleted for good at the end
    #[arg(value_name = "PLACE", add = super::completions::places())]
    place: Option<String>,
}

/// What was looked at.
struct Looked {
    check: &'static str,
    outcome: Result<String, (String, &'static str)>,
}

pub async fn run(arguments: Doctor, context: &Context) -> Result<(), Failure> {
    let place = arguments.place.as_deref().map(Remote::parse).transpose()?;
    let mut failed = 0;
    let mut tell = |looked: Looked| -> Result<bool, Failure> {
        let is_well = looked.outcome.is_ok();
        failed += usize::from(!is_well);
        report(looked, context)?;
        Ok(is_well)
    };
    let mut is_well = tell(settings(context))?;
    tell(proxy())?;
    if is_well {
        is_well = tell(server(context).await)?;
    }
    if is_well {
        is_well = tell(token(context).await)?;
    }
    if is_well {
        for looked in operator(context).await {
            is_well &= tell(looked)?;
        }
    }
    if is_well {
        match &place {
            Some(place) => drop(tell(round_trip(place, context).await)?),
            None => context.output.note("-  storage: name a folder of the drive to try a round trip of 1 KB"),
        }
    }
    match failed {
        0 => Ok(()),
        _ => Err(Failure::new(Code::SomeFailed, "not everything is well: see above")),
    }
}

fn report(looked: Looked, context: &Context) -> Result<(), Failure> {
    let (ok, found, advice) = match looked.outcome {
        Ok(found) => (true, found, None),
        Err((found, advice)) => (false, found, Some(advice.to_owned())),
    };
    let mut line = format!("{}  {}: {}", if ok { "ok" } else { "NO" }, looked.check, escaped(&found));
    if let Some(advice) = &advice {
        line = format!("{line}\n    -> {advice}");
    }
    let record = CheckRecord { check: looked.check.to_owned(), ok: Some(ok), found, advice };
    context.output.record(&Record::Check(record), || line)
}

fn settings(context: &Context) -> Looked {
    let settings = &context.settings;
    let server = settings.endpoint.as_ref().or(settings.region.as_ref());
    let outcome = match server {
        None => Err((
            "nothing says which server to call".to_owned(),
            "set --region mainland for an organization in mainland China, international for any other, or run `login`",
        )),
        Some(_) if !settings.has_credentials() => Err((
            "there are no credentials".to_owned(),
            "run `dingtalk-storage login`, or set DINGTALK_APP_KEY and DINGTALK_APP_SECRET",
        )),
        Some(server) => Ok(format!("{} from {}; `whoami` shows all", server.text, server.source)),
    };
    Looked { check: "settings", outcome }
}

fn proxy() -> Looked {
    let set = PROXIES.iter().find_map(|name| Some((name, std::env::var(name).ok().filter(|value| !value.is_empty())?)));
    let outcome = Ok(match set {
        // It can have a password in it.
        Some((name, _)) => format!("connections over https go through that of {name}"),
        None => "none".to_owned(),
    });
    Looked { check: "proxy", outcome }
}

/// Name, connection, TLS and clock, in the order in which they can fail: any answer at all tells about them.
async fn server(context: &Context) -> Looked {
    let check = "server";
    let client = match context.client().await {
        Ok(client) => client,
        Err(failure) => {
            return Looked {
                check,
                outcome: Err((failure.message, "mend the settings; `whoami` shows where each comes from")),
            };
        }
    };
    let begun = std::time::Instant::now();
    // It needs no token, and with no app it changes nothing.
    let answer = client.oauth2_v1().get_access_token(&AppKey::new("doctor"), &AppSecret::new("doctor")).send().await;
    let outcome = match answer {
        Err(error) if error.status().is_none() => Err((
            error.to_string(),
            "look at the network: the name must be known, the server reachable over TLS, and the proxy, if there is one, let it through",
        )),
        _ => Ok(format!("it answers after {} ms", begun.elapsed().as_millis())),
    };
    Looked { check, outcome }
}

async fn token(context: &Context) -> Looked {
    let check = "token";
    let client = match context.client().await {
        Ok(client) => client,
        Err(failure) => return Looked { check, outcome: Err((failure.message, "mend the settings")) },
    };
    // Reads what needs no scope of its own, and whose refusal is no matter: only the token counts.
    let answer = client.storage_v1().get_current_app(&UnionId::new("doctor")).send().with_meta().await;
    let outcome = match &answer {
        Ok((_, meta)) => clock(meta.headers.get("date").and_then(|date| date.to_str().ok())),
        Err(error) => match Failure::from(error.clone()).code {
            Code::Credentials => Err((
                error.to_string(),
                "compare key and secret with those of the developer console, and the region with the organization's",
            )),
            Code::Temporary | Code::Banned | Code::Throttled => Err((error.to_string(), "try again later")),
            _ => Ok("the server takes it".to_owned()),
        },
    };
    Looked { check, outcome }
}

/// The server's clock against this one: signed URLs and tokens have times.
fn clock(date: Option<&str>) -> Result<String, (String, &'static str)> {
    let there = date.and_then(|date| dingtalk_storage::runtime::Time::from(date).to_system_time());
    let Some(there) = there else {
        return Ok("the server takes it; it tells no time, with which this clock could be compared".to_owned());
    };
    let now = SystemTime::now();
    let off = now.duration_since(there).unwrap_or_else(|error| error.duration());
    if off > SKEW {
        return Err((format!("this clock is {} seconds off", off.as_secs()), "set the clock of this machine"));
    }
    Ok(format!("the server takes it; this clock is {} seconds off at most", off.as_secs() + 1))
}

/// The operator and the first call in the operator's name: what that fails with tells what is wrong.
async fn operator(context: &Context) -> Vec<Looked> {
    let wrong = |failure: Failure| vec![Looked { check: "operator", outcome: Err((failure.message, OPERATOR)) }];
    let client = match context.client().await {
        Ok(client) => client,
        Err(failure) => return wrong(failure),
    };
    let operator = match connection::operator(&context.settings, client).await {
        Ok(operator) => operator,
        Err(failure) => return wrong(failure),
    };
    let (check, outcome) = match connection::try_operator(client, &operator).await {
        Ok(()) => ("scopes", Ok("spaces can be listed; `scopes` tells what each command needs".to_owned())),
        Err(failure) => {
            let (check, advice) = match failure.code {
                Code::Scope => ("scopes", "apply for the permission in the developer console; `scopes` lists them"),
                Code::Temporary | Code::Banned | Code::Throttled => ("server", "try again later"),
                Code::CallsExhausted | Code::MaxCalls => ("server", "there are no calls left: wait, or allow more"),
                _ => return wrong(failure),
            };
            (check, Err((failure.message, advice)))
        }
    };
    vec![Looked { check: "operator", outcome: Ok(operator.to_string()) }, Looked { check, outcome }]
}

async fn round_trip(place: &Remote, context: &Context) -> Looked {
    let check = "storage";
    let outcome = match there_and_back(place, context).await {
        Ok(()) => Ok("1 KB went up, came down unchanged, and is deleted".to_owned()),
        Err(failure) => {
            let advice = match failure.code {
                Code::NotFound | Code::Usage | Code::Refused | Code::Ambiguous => {
                    "name a folder that there is, such as ding:SPACE/; `dingtalk-storage spaces` lists spaces"
                }
                Code::Scope => "apply for the permission in the developer console; `scopes put get rm` lists them",
                Code::Permission => "name a folder that the operator may change",
                Code::CallsExhausted | Code::MaxCalls | Code::Capacity => "there are no calls or no room left",
                _ => {
                    "the storage has hosts of its own, *.aliyuncs.com: the network and the proxy have to let them through"
                }
            };
            Err((failure.to_string(), advice))
        }
    };
    Looked { check, outcome }
}

async fn there_and_back(place: &Remote, context: &Context) -> Result<(), Failure> {
    let drive: &Drive = context.drive().await?;
    let folder = place.resolve(drive).await?.entry;
    if !folder.is_folder() {
        return Err(Failure::usage(format!("{} is a file", place.text())));
    }
    let bytes: Vec<u8> = (0..1024u32).map(|number| u8::try_from(number % 251).unwrap_or(0)).collect();
    let name = format!("doctor-{:x}.bin", SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().as_micros());
    let uploaded = drive.upload(Source::from(bytes.clone())).to(&folder).name(name).send().await?;
    let mut back = Vec::new();
    let downloaded = drive.download(&uploaded.entry).to_writer(&mut back).await;
    drive.remove(&uploaded.entry).for_good().send().await?;
    downloaded?;
    if back == bytes { Ok(()) } else { Err(Failure::new(Code::Damaged, "other bytes came back")) }
}
