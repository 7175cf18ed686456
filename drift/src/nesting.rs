//! Which object a row of a table belongs to. Tables are flat, and a name can stand in one twice.
//!
//! The rows are walked beside the fields of the spec and beside the example. Each row is a field of the object that is
//! open, of one further out, or one that neither has. All readings are kept that are nearly as good as the best one,
//! because a name that fits here may be needed there.

use std::rc::Rc;

use serde_json::Value;

use crate::kind::{self, Kind};
use crate::ours::Node;
use crate::page::Row;

/// A row and what it is.
#[derive(Debug, Clone)]
pub(crate) struct Placed<'a> {
    pub(crate) row: usize,
    /// Names that lead to it, its own last.
    pub(crate) path: Vec<String>,
    /// The field of the spec, which has another name when it was renamed.
    pub(crate) ours: Option<&'a Node>,
}

/// Rows with their places, and what the spec has beyond them.
#[derive(Debug, Default)]
pub(crate) struct Nested<'a> {
    pub(crate) placed: Vec<Placed<'a>>,
    pub(crate) missing: Vec<(Vec<String>, &'a Node)>,
}

/// Whether rows can be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missed {
    /// The table is whole: a field that it lacks is a difference.
    Differs,
    /// Some rows could not be read: a field that it lacks says little.
    CanBeLost,
}

impl Missed {
    fn cost(self) -> u32 {
        if self == Self::Differs { cost::MISSING } else { cost::MISSING_IN_PART }
    }
}

/// As many readings are kept.
const READINGS: usize = 64;
/// Deeper objects are none of the documentation.
const DEEPEST: usize = 12;

/// What a reading pays for.
mod cost {
    pub(super) const MISSING: u32 = 10;
    pub(super) const MISSING_IN_PART: u32 = 1;
    pub(super) const EXTRA: u32 = 10;
    pub(super) const EXTRA_IN_EXAMPLE: u32 = 2;
    pub(super) const EXTRA_KNOWN: u32 = 4;
    pub(super) const EXTRA_UNKNOWN: u32 = 12;
    pub(super) const TWICE: u32 = 20;
    pub(super) const RENAMED: u32 = 11;
    pub(super) const NOT_IN_EXAMPLE: u32 = 1;
    pub(super) const OTHER_SCALAR: u32 = 3;
    pub(super) const OTHER_SHAPE: u32 = 6;
    pub(super) const NO_FIELDS: u32 = 5;
}

#[derive(Clone)]
struct Frame<'a> {
    fields: &'a [Node],
    used: Vec<bool>,
    /// Where the next field is expected, in the order of the spec.
    next: usize,
    names: Vec<String>,
    /// Names of rows beyond the spec.
    extra: Vec<String>,
    samples: Vec<&'a Value>,
}

#[derive(Clone)]
struct Reading<'a> {
    cost: u32,
    frames: Vec<Frame<'a>>,
    trail: Option<Rc<Step<'a>>>,
    missing: Option<Rc<Missing<'a>>>,
}

struct Step<'a> {
    before: Option<Rc<Step<'a>>>,
    placed: Placed<'a>,
}

struct Missing<'a> {
    before: Option<Rc<Missing<'a>>>,
    path: Vec<String>,
    node: &'a Node,
}

/// Whether objects of a name are known to have a field, where any are known.
pub(crate) type Within<'a> = dyn Fn(&str, &str) -> Option<bool> + 'a;

/// Finds the best reading. `within` helps with objects that `fields` does not have.
pub(crate) fn nest<'a>(
    rows: &[Row],
    fields: &'a [Node],
    example: Option<&'a Value>,
    within: &Within<'_>,
    missing: Missed,
) -> Nested<'a> {
    let root = Frame::new(fields, Vec::new(), objects(&example.into_iter().collect::<Vec<_>>(), false));
    let mut readings = vec![Reading { cost: 0, frames: vec![root], trail: None, missing: None }];
    for (index, row) in rows.iter().enumerate() {
        let mut next = Vec::new();
        for reading in &readings {
            reading.take(index, row, within, missing, &mut next);
        }
        next.sort_by_key(|reading| reading.cost);
        next.truncate(READINGS);
        readings = next;
    }
    for reading in &mut readings {
        while !reading.frames.is_empty() {
            reading.leave(missing);
        }
    }
    readings.into_iter().min_by_key(|reading| reading.cost).map(Reading::nested).unwrap_or_default()
}

impl<'a> Frame<'a> {
    fn new(fields: &'a [Node], names: Vec<String>, samples: Vec<&'a Value>) -> Self {
        Self { fields, used: vec![false; fields.len()], next: 0, names, extra: Vec::new(), samples }
    }

    fn has_sample(&self, name: &str) -> bool {
        self.samples.iter().any(|sample| sample.get(name).is_some())
    }

    fn path(&self, name: &str) -> Vec<String> {
        self.names.iter().cloned().chain([name.to_owned()]).collect()
    }

    fn open(&self, name: &str, fields: &'a [Node], is_map: bool) -> Self {
        let values: Vec<&Value> = self.samples.iter().filter_map(|sample| sample.get(name)).collect();
        Self::new(fields, self.path(name), objects(&values, is_map))
    }
}

/// Objects, and those within lists and within the lists of a map.
fn objects<'a>(values: &[&'a Value], is_map: bool) -> Vec<&'a Value> {
    let mut found = Vec::new();
    for value in values {
        match value {
            Value::Object(map) => {
                found.push(*value);
                // The entries of a map look like fields; what is in them is what the rows describe.
                let lists = map.values().filter(|_| is_map).filter_map(|entry| entry.as_array()?.first());
                found.extend(lists.filter(|item| item.is_object()));
            }
            Value::Array(items) => found.extend(items.iter().take(8).filter(|item| item.is_object())),
            _ => {}
        }
    }
    found
}

impl<'a> Reading<'a> {
    /// All that a row can be.
    fn take(&self, index: usize, row: &Row, within: &Within<'_>, missing: Missed, out: &mut Vec<Self>) {
        let mut reading = self.clone();
        loop {
            reading.match_name(index, row, out);
            if missing == Missed::Differs {
                reading.rename(index, row, out);
            }
            reading.extra(index, row, within, out);
            if reading.frames.len() <= 1 {
                return;
            }
            reading.leave(missing);
        }
    }

    /// A field of the object that is open.
    fn match_name(&self, index: usize, row: &Row, out: &mut Vec<Self>) {
        let Some(frame) = self.frames.last() else { return };
        let found = frame
            .fields
            .iter()
            .enumerate()
            .find(|(at, node)| node.name == row.name && !frame.used.get(*at).copied().unwrap_or(true));
        if let Some((at, node)) = found {
            let unseen = !frame.samples.is_empty() && !frame.has_sample(&row.name);
            let cost = shape_cost(&node.kind, &row.kind) + if unseen { cost::NOT_IN_EXAMPLE } else { 0 };
            out.push(self.with(index, row, Some((at, node)), cost));
        }
    }

    /// The field that is expected here, under another name.
    fn rename(&self, index: usize, row: &Row, out: &mut Vec<Self>) {
        let Some(frame) = self.frames.last() else { return };
        let known = frame.fields.iter().any(|node| node.name == row.name);
        let expected =
            frame.fields.iter().enumerate().skip(frame.next).find(|(at, _)| frame.used.get(*at) == Some(&false));
        if let Some((at, node)) = expected.filter(|(_, node)| !known && shape_cost(&node.kind, &row.kind) == 0) {
            out.push(self.with(index, row, Some((at, node)), cost::RENAMED));
        }
    }

    /// A field that the spec does not have.
    fn extra(&self, index: usize, row: &Row, within: &Within<'_>, out: &mut Vec<Self>) {
        let Some(frame) = self.frames.last() else { return };
        // A field that the spec has here is that one, whatever its type.
        let is_known = |(node, used): (&Node, &bool)| node.name == row.name && !*used;
        if frame.fields.iter().zip(&frame.used).any(is_known) {
            return;
        }
        // A field that is there already comes twice, too: in the same object, that is never right.
        let twice = frame.extra.contains(&row.name) || frame.fields.iter().any(|node| node.name == row.name);
        let object = frame.names.last().map(String::as_str).filter(|_| frame.fields.is_empty());
        let cost = match object.and_then(|object| within(object, &row.name)) {
            _ if twice => cost::TWICE,
            _ if frame.has_sample(&row.name) => cost::EXTRA_IN_EXAMPLE,
            Some(true) => cost::EXTRA_KNOWN,
            Some(false) => cost::EXTRA_UNKNOWN,
            None => cost::EXTRA,
        };
        out.push(self.with(index, row, None, cost));
    }

    fn with(&self, index: usize, row: &Row, found: Option<(usize, &'a Node)>, cost: u32) -> Self {
        let mut reading = self.clone();
        reading.cost += cost;
        let deep = reading.frames.len() >= DEEPEST;
        let Some(frame) = reading.frames.last_mut() else { return reading };
        let path = frame.path(&row.name);
        match found {
            Some((at, _)) => {
                if let Some(used) = frame.used.get_mut(at) {
                    *used = true;
                }
                frame.next = at + 1;
            }
            None => frame.extra.push(row.name.clone()),
        }
        let fields = found.map(|(_, node)| node.children.as_slice()).unwrap_or_default();
        let kind = kind::read(&row.kind);
        let is_map = matches!(kind, Some(Kind::Map(_)));
        let holds = kind.is_some_and(|kind| kind::holds_fields(&kind));
        if !deep && (!fields.is_empty() || holds) {
            let opened = frame.open(&row.name, fields, is_map);
            reading.frames.push(opened);
        }
        let placed = Placed { row: index, path, ours: found.map(|(_, node)| node) };
        reading.trail = Some(Rc::new(Step { before: reading.trail.take(), placed }));
        reading
    }

    /// Closes the object that is open, and pays for what it lacks.
    fn leave(&mut self, missing: Missed) {
        let Some(frame) = self.frames.pop() else { return };
        let left: Vec<&'a Node> =
            frame.fields.iter().zip(&frame.used).filter(|(_, used)| !**used).map(|(node, _)| node).collect();
        let none = left.len() == frame.fields.len() && frame.extra.is_empty() && !frame.names.is_empty();
        if none && !left.is_empty() {
            // A page may name an object without its fields.
            self.cost += cost::NO_FIELDS;
        } else {
            self.cost += missing.cost() * u32::try_from(left.len()).unwrap_or(u32::MAX / 100);
        }
        for node in left {
            let path = frame.path(&node.name);
            self.missing = Some(Rc::new(Missing { before: self.missing.take(), path, node }));
        }
    }

    fn nested(self) -> Nested<'a> {
        let mut nested = Nested::default();
        let mut step = self.trail.as_deref();
        while let Some(each) = step {
            nested.placed.push(each.placed.clone());
            step = each.before.as_deref();
        }
        nested.placed.reverse();
        let mut missing = self.missing.as_deref();
        while let Some(each) = missing {
            nested.missing.push((each.path.clone(), each.node));
            missing = each.before.as_deref();
        }
        nested.missing.reverse();
        nested
    }
}

/// How far a type is from that of the spec.
fn shape_cost(ours: &Kind, theirs: &str) -> u32 {
    let Some(theirs) = kind::read(theirs) else { return 0 };
    if kind::agree(ours, &theirs) {
        0
    } else if kind::holds_fields(ours) == kind::holds_fields(&theirs) {
        cost::OTHER_SCALAR
    } else {
        cost::OTHER_SHAPE
    }
}
