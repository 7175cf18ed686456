//! A plan for people.

use std::fmt;

use super::{Action, Item, Plan, Route, SyncDirection};

impl fmt::Display for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for item in &self.items {
            writeln!(formatter, "{}", Line(item))?;
        }
        for refused in &self.refused {
            writeln!(formatter, "left alone  {}: {}", Plain(&refused.path), Plain(&refused.reason))?;
        }
        for kept in &self.kept {
            writeln!(formatter, "kept        {}", Plain(kept))?;
        }
        if let Some(withheld) = &self.withheld {
            writeln!(formatter, "nothing is deleted: {}", Plain(withheld))?;
        }
        let count = |action| self.count(action);
        let (transfers, verb) = match self.route.direction {
            SyncDirection::Up => (count(Action::Upload), "sent"),
            SyncDirection::Down => (count(Action::Download), "fetched"),
        };
        writeln!(formatter, "{}", self.route)?;
        writeln!(
            formatter,
            "{transfers} files {verb} ({} bytes), {} folders made, {} moved, {} times set, {} files and {} folders deleted, \
             {} files the same",
            self.bytes(),
            count(Action::MakeFolder),
            count(Action::Move),
            count(Action::SetTime),
            count(Action::Delete),
            count(Action::DeleteFolder),
            self.same,
        )?;
        write!(formatter, "{}", self.cost())
    }
}

impl fmt::Display for Route {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (local, folder) = (self.local.display().to_string(), &self.folder);
        let below: String = folder.missing.iter().flat_map(|name| ["/", name]).collect();
        let drive = format!("folder {}{} of space {}", folder.id, Plain(&below), folder.space);
        match self.direction {
            SyncDirection::Up => write!(formatter, "{} -> {drive}", Plain(&local)),
            SyncDirection::Down => write!(formatter, "{drive} -> {}", Plain(&local)),
        }
    }
}

/// An item in one line.
struct Line<'a>(&'a Item);

impl fmt::Display for Line<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let item = self.0;
        let replaces = item.entry.is_some() && item.action == Action::Upload || item.replaces.is_some();
        let verb = match item.action {
            Action::MakeFolder => "make folder",
            Action::Move => "move",
            Action::Upload | Action::Download if replaces => "replace",
            Action::Upload => "send",
            Action::Download => "fetch",
            Action::SetTime => "set time",
            Action::Delete if item.backs_up => "put away",
            Action::Delete | Action::DeleteFolder => "delete",
        };
        write!(formatter, "{verb:<11} {}", Plain(&item.path))?;
        match (&item.from, item.action) {
            (Some(from), _) => write!(formatter, " (from {})", Plain(from)),
            (None, Action::MakeFolder | Action::DeleteFolder) => formatter.write_str("/"),
            (None, _) => write!(formatter, " ({} bytes)", item.size),
        }
    }
}

/// Text that cannot steer a terminal.
struct Plain<'a>(&'a str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| match character {
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                write!(formatter, "{}", character.escape_unicode())
            }
            _ if character.is_control() => write!(formatter, "{}", character.escape_default()),
            _ => write!(formatter, "{character}"),
        })
    }
}
