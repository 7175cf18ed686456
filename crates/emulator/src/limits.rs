//! The platform's limits on calls.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::clock::Time;
use crate::contract::Operation;
use crate::refusal::Refusal;
use crate::state::World;

/// Chapters of operations that do not count towards the monthly quota.
const UNMETERED: [&str; 2] = ["token", "contact"];

/// How a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Window {
    /// From one full second to the next.
    #[default]
    Fixed,
    /// The second before each call.
    Sliding,
}

/// Which limits hold. By default none does; [`Limits::documented`] has them all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Limits {
    /// Calls in a second of one app to one operation.
    pub per_second: Option<u32>,
    /// How that second is counted.
    pub window: Window,
    /// Metered calls in a calendar month.
    pub per_month: Option<u64>,
    /// Calls from one address in 20 seconds; one more, and the address is banned for five minutes.
    pub per_address: Option<u32>,
    /// Seconds that a new access token lives; those that the emulator was started with when left out.
    pub token_seconds: Option<u32>,
}

impl Limits {
    /// No limits.
    pub fn off() -> Self {
        Self::default()
    }

    /// What the documentation says: 20 calls in a second for each app and operation, 10,000 metered calls in a month,
    /// 10,000 calls from one address in 20 seconds.
    pub fn documented() -> Self {
        Self {
            per_second: Some(20),
            window: Window::Fixed,
            per_month: Some(10_000),
            per_address: Some(10_000),
            token_seconds: None,
        }
    }
}

/// Why a call does not get through.
#[derive(Debug)]
pub enum Held {
    /// The address is banned.
    Banned,
    /// The gateway refuses.
    Refused(Refusal),
}

/// Counts calls.
#[derive(Debug, Default)]
pub struct Limiter {
    /// Which limits hold.
    pub limits: Limits,
    calls: HashMap<(String, &'static str), VecDeque<Time>>,
    addresses: HashMap<IpAddr, VecDeque<Time>>,
    bans: HashMap<IpAddr, Time>,
}

impl Limiter {
    /// A counter with limits.
    pub fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Counts a call from an address.
    pub fn address(&mut self, address: IpAddr, now: Time) -> Result<(), Held> {
        const WINDOW: i64 = 20_000;
        const BAN: i64 = 5 * 60 * 1000;
        let Some(most) = self.limits.per_address else { return Ok(()) };
        if self.bans.get(&address).is_some_and(|until| now < *until) {
            return Err(Held::Banned);
        }
        let calls = self.addresses.entry(address).or_default();
        forget_before(calls, Time(now.0 - WINDOW));
        calls.push_back(now);
        if calls.len() > most as usize {
            self.bans.insert(address, Time(now.0 + BAN));
            calls.clear();
            return Err(Held::Banned);
        }
        Ok(())
    }

    /// Counts a call of an app to an operation.
    pub fn call(&mut self, app: &str, operation: &'static Operation, world: &mut World) -> Result<(), Held> {
        let now = world.now();
        if let Some(most) = self.limits.per_second {
            let start = match self.limits.window {
                Window::Fixed => Time(now.0 - now.0.rem_euclid(1000) - 1),
                Window::Sliding => Time(now.0 - 1000),
            };
            let calls = self.calls.entry((app.to_owned(), &operation.name)).or_default();
            forget_before(calls, start);
            if calls.len() >= most as usize {
                let reason = format!("at most {most} calls in a second to {}", operation.name);
                let code = "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi";
                return Err(Held::Refused(Refusal::new(code).because(reason).with_status(403)));
            }
            calls.push_back(now);
        }
        if let Some(most) = self.limits.per_month.filter(|_| !UNMETERED.contains(&operation.group.as_str())) {
            let month = now.text().chars().take(7).collect::<String>();
            if world.metered.0 != month {
                world.metered = (month, 0);
            }
            if world.metered.1 >= most {
                let reason = format!("{most} metered calls in {}", world.metered.0);
                let code = "Forbidden.AccessDenied.ApiCountLimitForOrg";
                return Err(Held::Refused(Refusal::new(code).because(reason).with_status(403)));
            }
            world.metered.1 += 1;
        }
        Ok(())
    }
}

/// Forgets calls at or before a moment.
fn forget_before(calls: &mut VecDeque<Time>, start: Time) {
    while calls.front().is_some_and(|time| *time <= start) {
        calls.pop_front();
    }
}
