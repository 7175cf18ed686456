//! Which entries a search may find, without looking at all of them: an inverted index.
//!
//! Each entry has terms: every three neighbouring letters of its name, its space, its kind of content, and who made and
//! changed it. For each term there is a list of the entries that have it. A search takes the shortest of the lists that it
//! cannot do without, from the newest entry on, and looks up each of its entries in the others. What the lists leave is
//! still to be held against the search itself: lists keep entries that have lost a term until they are made anew.

use std::collections::{BinaryHeap, HashMap};

use super::{Entry, EntryId, SpaceId};

/// Stands behind the last letter of a name, so that its last letters have terms too.
const END: char = '\0';

/// Most lists that candidates are looked up in: the longer a list is, the less it leaves out.
const MOST_CHECKED: usize = 3;

/// Least number of entries that have lost terms before lists are made anew.
const LEAST_STALE: usize = 1000;

/// What an entry can be found by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Term {
    Letters([char; 3]),
    Space(SpaceId),
    Category(&'static str),
    Creator(String),
    Modifier(String),
}

/// Entries by their terms.
#[derive(Debug, Clone, Default)]
pub struct SearchIndex {
    /// Ids in rising order.
    lists: HashMap<Term, Vec<EntryId>>,
    live: usize,
    stale: usize,
}

impl SearchIndex {
    /// Takes an entry in; it may be in already.
    pub fn insert(&mut self, entry: &Entry) {
        self.live += 1;
        let name: Vec<char> = entry.name.to_lowercase().chars().chain([END, END]).collect();
        let letters = name.windows(3).filter_map(|letters| letters.try_into().ok()).map(Term::Letters);
        let others = [
            Term::Space(entry.space),
            Term::Category(entry.category()),
            Term::Creator(entry.creator.clone()),
            Term::Modifier(entry.modifier.clone()),
        ];
        for term in letters.chain(others) {
            let list = self.lists.entry(term).or_default();
            match list.last() {
                Some(newest) if *newest >= entry.id => {
                    if let Err(place) = list.binary_search(&entry.id) {
                        list.insert(place, entry.id);
                    }
                }
                _ => list.push(entry.id),
            }
        }
    }

    /// Notes that an entry is gone or has changed. Returns whether the lists are to be made anew.
    pub fn forget(&mut self) -> bool {
        self.live = self.live.saturating_sub(1);
        self.stale += 1;
        self.stale > self.live.max(LEAST_STALE)
    }

    /// Starts a search.
    pub fn search(&self) -> Search<'_> {
        Search { index: self, lists: Vec::new(), unions: Vec::new() }
    }

    fn list(&self, term: &Term) -> &[EntryId] {
        self.lists.get(term).map_or(&[], Vec::as_slice)
    }
}

/// What a search cannot do without.
#[derive(Debug, Clone)]
pub struct Search<'a> {
    index: &'a SearchIndex,
    /// Lists that each have all that is found.
    lists: Vec<&'a [EntryId]>,
    /// Lists that together have all that is found.
    unions: Vec<Vec<&'a [EntryId]>>,
}

impl<'a> Search<'a> {
    /// Names that have a word in them, which is in lower case.
    #[must_use]
    pub fn named(mut self, word: &str) -> Self {
        let letters: Vec<char> = word.chars().collect();
        if letters.len() >= 3 {
            let terms = letters.windows(3).filter_map(|letters| letters.try_into().ok()).map(Term::Letters);
            self.lists.extend(terms.map(|term| self.index.list(&term)));
        } else if !letters.is_empty() {
            let begins = |term: &Term| matches!(term, Term::Letters(found) if found.starts_with(&letters));
            let lists = self.index.lists.iter().filter(|(term, _)| begins(term));
            self.unions.push(lists.map(|(_, list)| list.as_slice()).collect());
        }
        self
    }

    /// Entries of some spaces.
    #[must_use]
    pub fn within(self, spaces: impl IntoIterator<Item = SpaceId>) -> Self {
        self.any(spaces.into_iter().map(Term::Space))
    }

    /// Entries of some kinds of content.
    #[must_use]
    pub fn of(self, categories: impl IntoIterator<Item = &'static str>) -> Self {
        self.any(categories.into_iter().map(Term::Category))
    }

    /// Entries that some people made.
    #[must_use]
    pub fn made_by(self, people: impl IntoIterator<Item = String>) -> Self {
        self.any(people.into_iter().map(Term::Creator))
    }

    /// Entries that some people changed last.
    #[must_use]
    pub fn changed_by(self, people: impl IntoIterator<Item = String>) -> Self {
        self.any(people.into_iter().map(Term::Modifier))
    }

    fn any(mut self, terms: impl Iterator<Item = Term>) -> Self {
        self.unions.push(terms.map(|term| self.index.list(&term)).collect());
        self
    }

    /// How many entries are looked at, at most.
    pub fn most(&self) -> usize {
        let unions = self.unions.iter().map(|lists| lists.iter().map(|list| list.len()).sum());
        self.lists.iter().map(|list| list.len()).chain(unions).min().unwrap_or(usize::MAX)
    }

    /// What may be found, the newest first, from the last that is older than `behind` on.
    pub fn candidates(self, behind: Option<EntryId>) -> Candidates<'a> {
        let most = self.most();
        let mut lists = self.lists;
        lists.sort_by_key(|list| list.len());
        let union = self.unions.into_iter().find(|lists| lists.iter().map(|list| list.len()).sum::<usize>() <= most);
        let (driver, rest) = match (union, lists.split_first()) {
            (None, Some((shortest, rest))) => (vec![*shortest], rest.to_vec()),
            (union, _) => (union.unwrap_or_default(), lists),
        };
        let cut = |list: &'a [EntryId]| match behind {
            Some(behind) => list.get(..list.partition_point(|id| *id < behind)).unwrap_or_default(),
            None => list,
        };
        let driver: Vec<&[EntryId]> = driver.into_iter().map(cut).collect();
        let heads = driver.iter().enumerate().filter_map(|(place, list)| Some((*list.last()?, place))).collect();
        let checked = rest.into_iter().take(MOST_CHECKED).map(cut).collect();
        Candidates { driver, heads, checked, last: None }
    }
}

/// What may be found, the newest first.
#[derive(Debug)]
pub struct Candidates<'a> {
    driver: Vec<&'a [EntryId]>,
    /// The newest of what each list of the driver still has.
    heads: BinaryHeap<(EntryId, usize)>,
    checked: Vec<&'a [EntryId]>,
    last: Option<EntryId>,
}

impl Candidates<'_> {
    /// The next of the driver, which may have it in several lists.
    fn next_of_driver(&mut self) -> Option<EntryId> {
        loop {
            let (id, place) = self.heads.pop()?;
            if let Some(list) = self.driver.get_mut(place) {
                *list = list.split_last().map_or(&[][..], |(_, rest)| rest);
                self.heads.extend(list.last().map(|next| (*next, place)));
            }
            if self.last != Some(id) {
                self.last = Some(id);
                return Some(id);
            }
        }
    }
}

impl Iterator for Candidates<'_> {
    type Item = EntryId;

    fn next(&mut self) -> Option<EntryId> {
        loop {
            let id = self.next_of_driver()?;
            if self.checked.iter_mut().all(|list| ends_with(list, id)) {
                return Some(id);
            }
        }
    }
}

/// Cuts off what is newer than an id; whether it is there. As ids come in falling order, each step begins where the last
/// one has ended.
fn ends_with(list: &mut &[EntryId], id: EntryId) -> bool {
    let mut step = 1;
    while list.len() > step && list.get(list.len() - step).is_some_and(|newer| *newer > id) {
        step *= 2;
    }
    let from = list.len().saturating_sub(step);
    let tail = list.get(from..).unwrap_or_default();
    let end = from + tail.partition_point(|newer| *newer <= id);
    *list = list.get(..end).unwrap_or_default();
    list.last() == Some(&id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Time;
    use crate::state::EntryKind;

    fn entry(id: u64, name: &str, space: u64, creator: &str) -> Entry {
        Entry {
            id: EntryId(id),
            uuid: id.to_string(),
            space: SpaceId(space),
            parent: Some(EntryId(0)),
            kind: EntryKind::File,
            name: name.to_owned(),
            creator: creator.to_owned(),
            modifier: creator.to_owned(),
            created: Time(0),
            modified: Time(0),
            size: 0,
            version: 1,
            properties: std::collections::BTreeMap::new(),
            breaks_inheritance: false,
            deleted: false,
        }
    }

    fn found(search: Search<'_>, behind: Option<u64>) -> Vec<u64> {
        search.candidates(behind.map(EntryId)).map(|id| id.0).collect()
    }

    /// Every search is held against one that looks at everything.
    #[test]
    fn nothing_is_missed() {
        let mut random = fastrand::Rng::with_seed(5);
        let mut index = SearchIndex::default();
        let mut entries = Vec::new();
        for id in 1..=600 {
            let name: String = (0..random.usize(1..12))
                .map(|_| random.choice(['a', 'b', 'A', 'B', '.', 'É', '界']).unwrap_or('a'))
                .collect();
            let entry = entry(id, &name, random.u64(1..4), random.choice(["ada", "ben"]).unwrap_or_default());
            index.insert(&entry);
            entries.push(entry);
        }
        for _ in 0..500 {
            let word: String =
                (0..random.usize(0..5)).map(|_| random.choice(['a', 'b', '.', 'é', '界']).unwrap_or('a')).collect();
            let spaces: Vec<SpaceId> = (1..4).filter(|_| random.bool()).map(SpaceId).collect();
            let behind = random.bool().then(|| random.u64(0..700));
            let fits = |entry: &&Entry| {
                entry.name.to_lowercase().contains(&word)
                    && spaces.contains(&entry.space)
                    && entry.creator == "ada"
                    && behind.is_none_or(|behind| entry.id.0 < behind)
            };
            let expected: Vec<u64> = entries.iter().rev().filter(fits).map(|entry| entry.id.0).collect();
            let search = index.search().named(&word).within(spaces.clone()).made_by(["ada".to_owned()]);
            let candidates = found(search, behind);
            assert!(candidates.is_sorted_by(|a, b| a > b), "{word} {candidates:?}");
            let entry = |id: &u64| entries.get(usize::try_from(*id).unwrap_or_default() - 1);
            let kept: Vec<u64> = candidates.into_iter().filter(|id| entry(id).as_ref().is_some_and(fits)).collect();
            assert_eq!(kept, expected, "{word:?} in {spaces:?} behind {behind:?}");
        }
    }

    #[test]
    fn only_what_has_the_rarest_letters_is_looked_at() {
        let mut index = SearchIndex::default();
        for id in 1..=1000 {
            index.insert(&entry(id, &format!("file-{id:04}.txt"), 1, "ada"));
        }
        assert!(index.search().named("file-0777").most() < 30);
        assert_eq!(found(index.search().named("0777"), None), [777]);
        assert_eq!(index.search().named("xyz").most(), 0);
        assert_eq!(index.search().named("file").within([SpaceId(2)]).most(), 0);
        assert_eq!(found(index.search().named("7.").named("77."), Some(500)).first(), Some(&477));
    }

    #[test]
    fn lists_are_made_anew_when_half_of_them_is_stale() {
        let mut index = SearchIndex::default();
        for id in 1..=3000 {
            index.insert(&entry(id, "a", 1, "ada"));
        }
        let kept = (1..=3000).take_while(|_| !index.forget()).count();
        assert!((1000..2000).contains(&kept), "{kept}");
    }
}
