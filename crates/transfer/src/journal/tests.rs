#![allow(clippy::unwrap_used, reason = "what is missing is a failed test")]

use serde::Deserialize;

use super::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Note(String, u64);

fn notes() -> Vec<Note> {
    (0..3).map(|number| Note(format!("part\n{number} \u{fffd}"), u64::MAX - number)).collect()
}

async fn written(folder: &Path) -> PathBuf {
    let (journal, before) = Journal::<Note>::open(folder, "a").await.unwrap();
    assert!(before.is_empty());
    for note in notes() {
        journal.append(&note).await.unwrap();
    }
    journal.path().to_owned()
}

#[tokio::test]
async fn what_was_noted_is_there_the_next_time_and_gone_once_it_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    written(folder.path()).await;
    let (journal, before) = Journal::<Note>::open(folder.path(), "a").await.unwrap();
    assert_eq!(before, notes());
    let (_other, none) = Journal::<Note>::open(folder.path(), "b").await.unwrap();
    assert!(none.is_empty());
    journal.remove().await.unwrap();
    let (journal, before) = Journal::<Note>::open(folder.path(), "a").await.unwrap();
    assert!(before.is_empty());
    journal.append(&Note("again".into(), 1)).await.unwrap();
    journal.clear().await.unwrap();
    journal.append(&Note("anew".into(), 2)).await.unwrap();
    drop(journal);
    let (_, before) = Journal::<Note>::open(folder.path(), "a").await.unwrap();
    assert_eq!(before, [Note("anew".into(), 2)]);
}

#[tokio::test]
async fn a_torn_or_damaged_tail_costs_itself_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = written(folder.path()).await;
    let whole = std::fs::read(&path).unwrap();
    let ends: Vec<usize> = (1..=whole.len()).filter(|end| whole.get(end - 1) == Some(&b'\n')).collect();
    for length in 0..=whole.len() {
        std::fs::write(&path, whole.get(..length).unwrap()).unwrap();
        let (journal, before) = Journal::<Note>::open(folder.path(), "a").await.unwrap();
        let intact = ends.iter().filter(|end| **end <= length).count();
        assert_eq!(before, notes().into_iter().take(intact).collect::<Vec<_>>(), "{length}");
        journal.append(&Note("more".into(), 0)).await.unwrap();
        drop(journal);
        let (_, after) = Journal::<Note>::open(folder.path(), "a").await.unwrap();
        assert_eq!(after.len(), intact + 1, "{length}");
        assert_eq!(after.last(), Some(&Note("more".into(), 0)));
    }
    for at in (0..whole.len()).step_by(3) {
        let mut damaged = whole.clone();
        *damaged.get_mut(at).unwrap() ^= 0x10;
        std::fs::write(&path, &damaged).unwrap();
        let (_, before) = Journal::<Note>::open(folder.path(), "a").await.unwrap();
        let intact = ends.iter().filter(|end| **end <= at).count();
        assert_eq!(before, notes().into_iter().take(intact).collect::<Vec<_>>(), "{at}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_journal_in_use_is_refused_and_free_again_when_its_transfer_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, _) = Journal::<Note>::open(folder.path(), "a").await.unwrap();
    let refused = Journal::<Note>::open(folder.path(), "a").await.unwrap_err();
    assert!(matches!(&refused, Error::InUse { path } if path == journal.path()), "{refused}");
    drop(journal);
    Journal::<Note>::open(folder.path(), "a").await.unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_user_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = written(&folder.path().join("made/here")).await;
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
}

#[tokio::test]
async fn old_journals_are_collected_unless_they_are_in_use_and_nothing_else_is() {
    let folder = tempfile::tempdir().unwrap();
    let old = written(folder.path()).await;
    let (used, _) = Journal::<Note>::open(folder.path(), "b").await.unwrap();
    let other = folder.path().join("notes.txt");
    std::fs::write(&other, "mine").unwrap();
    let day = Duration::from_secs(24 * 3600);
    let now = std::time::SystemTime::now();
    collect::collect_now(folder.path(), now + 13 * day, |_| panic!("it is too young")).unwrap();
    assert!(old.exists());
    collect::collect_now(folder.path(), now + 15 * day, |_| {}).unwrap();
    assert_eq!((old.exists(), used.path().exists(), other.exists()), (false, true, true));
}
