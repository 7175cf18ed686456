//! Wildcards.

use dingtalk_storage_transfer::Drive;

use super::resolve::recent_children;
use super::{Found, Remote};
use crate::Failure;
use crate::exit::Code;

impl Remote {
    /// All that it stands for: itself, or what its wildcards match, by name. Nothing is an error.
    pub async fn expand(&self, drive: &Drive) -> Result<Vec<Found>, Failure> {
        if !self.is_pattern() {
            return Ok(vec![self.resolve(drive).await?]);
        }
        let names: Vec<&str> = self.path.split('/').filter(|name| !name.is_empty()).collect();
        let fixed = names.iter().take_while(|name| !name.contains('*')).count();
        let (before, patterns) = names.split_at(fixed);
        let base = Self { path: before.iter().flat_map(|name| ["/", name]).collect(), is_folder: true, ..self.clone() };
        let mut found = Vec::new();
        let mut open = vec![(base.resolve(drive).await?, patterns)];
        while let Some((folder, patterns)) = open.pop() {
            let Some((pattern, rest)) = patterns.split_first() else { continue };
            let inside = recent_children(drive, &folder.entry).await?;
            if *pattern == "**" && !rest.is_empty() {
                // No folder at all is one of the depths.
                open.push((folder.clone(), rest));
            }
            for entry in inside.into_iter().rev() {
                let child = folder.child(entry);
                let is_deep = *pattern == "**";
                if is_deep && child.entry.is_folder() {
                    open.push((child.clone(), patterns));
                }
                let is_end = rest.is_empty();
                if !matches(pattern, &child.entry.name) || (is_deep && !is_end) {
                    continue;
                }
                if !is_end && child.entry.is_folder() {
                    open.push((child, rest));
                } else if is_end && (!self.is_folder || child.entry.is_folder()) {
                    found.push(child);
                }
            }
        }
        if found.is_empty() {
            return Err(Failure::new(Code::NotFound, format!("nothing matches {}", self.text())));
        }
        found.sort_by(|one, other| (&one.place.path, &one.entry.id).cmp(&(&other.place.path, &other.entry.id)));
        found.dedup_by(|one, other| one.entry.uuid == other.entry.uuid);
        Ok(found)
    }
}

/// Whether a name is one of a pattern, where `*` stands for any letters, also for none.
pub fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_asterisk_stands_for_any_letters() {
        for (pattern, name, expected) in [
            ("*", "a", true),
            ("*.pdf", "a.pdf", true),
            ("*.pdf", ".pdf", true),
            ("*.pdf", "a.pdf.txt", false),
            ("a*b*c", "a1b2c", true),
            ("a*b*c", "abc", true),
            ("a*b*c", "ac", false),
            ("a*a", "a", false),
            ("*報*", "2026 報告", true),
            ("a?", "ab", false),
            ("plain", "plain", true),
            ("plain", "plain2", false),
            ("**", "anything", true),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }
}
