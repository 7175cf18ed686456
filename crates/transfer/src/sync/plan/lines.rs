//! A plan as lines of JSON.

use serde::{Deserialize, Serialize};

use super::{Item, Plan, Refused, Route};
use crate::Error;

/// Version of the format.
const FORMAT: u32 = 1;

/// The first line.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    format: u32,
    items: usize,
    route: Route,
    refused: Vec<Refused>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    kept: Vec<String>,
    withheld: Option<String>,
    same: u64,
    listing_calls: u64,
    planning_calls: u64,
}

impl Plan {
    /// The plan as lines of JSON: one for all of it, then one for each item, in their order. Who shares it between machines
    /// gives the whole text to each of them.
    ///
    /// # Errors
    ///
    /// [`Error::Plan`] if the path of a folder is no Unicode.
    pub fn to_json_lines(&self) -> Result<String, Error> {
        let head = Head {
            format: FORMAT,
            items: self.items.len(),
            route: self.route.clone(),
            refused: self.refused.clone(),
            kept: self.kept.clone(),
            withheld: self.withheld.clone(),
            same: self.same,
            listing_calls: self.listing_calls,
            planning_calls: self.planning_calls,
        };
        let failed = |error: serde_json::Error| Error::Plan(error.to_string());
        let mut lines = serde_json::to_string(&head).map_err(failed)?;
        lines.push('\n');
        for item in &self.items {
            lines.push_str(&serde_json::to_string(item).map_err(failed)?);
            lines.push('\n');
        }
        Ok(lines)
    }

    /// Reads what [`to_json_lines`](Self::to_json_lines) wrote. Before it is carried out, the side that is changed is looked
    /// at again.
    ///
    /// # Errors
    ///
    /// [`Error::Plan`] if it is no plan, or not all of it.
    pub fn from_json_lines(text: &str) -> Result<Self, Error> {
        let mut lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
        let unreadable = |(number, error): (usize, serde_json::Error)| Error::Plan(format!("line {number}: {error}"));
        let (number, head) = lines.next().ok_or_else(|| Error::Plan("it is empty".to_owned()))?;
        let head: Head = serde_json::from_str(head).map_err(|error| unreadable((number, error)))?;
        if head.format != FORMAT {
            return Err(Error::Plan(format!("it has format {}, this version reads {FORMAT}", head.format)));
        }
        let items = lines.map(|(number, line)| serde_json::from_str::<Item>(line).map_err(|error| (number, error)));
        let items = items.collect::<Result<Vec<Item>, _>>().map_err(unreadable)?;
        if items.len() != head.items {
            return Err(Error::Plan(format!("it has {} of {} items: the file was cut", items.len(), head.items)));
        }
        let mut plan = Self::new(head.route);
        (plan.items, plan.refused, plan.withheld) = (items, head.refused, head.withheld);
        (plan.same, plan.kept) = (head.same, head.kept);
        (plan.listing_calls, plan.planning_calls) = (head.listing_calls, head.planning_calls);
        plan.take_fresh();
        Ok(plan)
    }
}
