//! Changes as they come.

use crate::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn changes_since_the_checkpoint_are_told_once() {
    let stage = Stage::new().await;
    stage.write("a.txt", "a");
    stage.ok(&["put", "a.txt", "ding:Reports/"]);
    let look = || -> Vec<(String, String)> {
        let changes = stage.json(&["watch", "--once", "--checkpoint", "seen", "ding:Reports"]);
        let text = |change: &serde_json::Value, name: &str| change["data"][name].as_str().unwrap().to_owned();
        changes.iter().map(|change| (text(change, "change"), text(change, "name"))).collect()
    };
    let told = |change: &str, name: &str| (change.to_owned(), name.to_owned());
    assert_eq!(look(), [told("added", "a.txt")]);
    assert_eq!(look(), []);
    stage.ok(&["mv", "ding:Reports/a.txt", "ding:Reports/b.txt"]);
    stage.ok(&["put", "a.txt", "ding:Reports/c.txt"]);
    let mut changes = look();
    changes.sort();
    assert_eq!(changes, [told("added", "c.txt"), told("moved", "b.txt")]);
    stage.ok(&["rm", "--yes", "ding:Reports/c.txt"]);
    assert_eq!(look(), [told("deleted", "c.txt")]);
    assert_eq!(stage.failure(&["watch", "--once", "ding:Reports/b.txt"]).0, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_of_another_space_is_refused_and_stays() {
    let stage = Stage::new().await;
    stage.add_space("Other");
    stage.ok(&["watch", "--once", "--checkpoint", "seen", "ding:Reports"]);
    let before = stage.read("seen");
    let (code, _, message) = stage.failure(&["watch", "--once", "--checkpoint", "seen", "ding:Other"]);
    assert!(code == 2 && message.contains("another space"), "{code} {message}");
    assert_eq!(stage.read("seen"), before);
}
