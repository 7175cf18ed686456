//! Roles: given, taken, listed, and audited.

use crate::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn roles_are_given_listed_audited_and_taken() {
    let stage = Stage::new().await;
    stage.write("a.txt", "a");
    stage.ok(&["mkdir", "-p", "ding:Reports/2026/secret"]);
    stage.ok(&["put", "a.txt", "ding:Reports/2026/secret/"]);
    let user = stage.emulator.credentials().users[1].user_id.clone();
    let corp = stage.emulator.credentials().corp_id.clone();
    stage.ok(&["share", "ding:Reports/2026", "--role", "editor", "--with", &user]);
    stage.ok(&["share", "ding:Reports/2026/secret/a.txt", "--role", "reader", "--with", &user, "--for", "30m"]);
    let (code, word, _) =
        stage.failure(&["share", "ding:Reports/2026", "--role", "reader", "--with", &format!("org:{corp}")]);
    assert_eq!((code, word.as_str()), (2, "needs-yes"));
    stage.ok(&["share", "--yes", "ding:Reports/2026", "--role", "reader", "--with", &format!("org:{corp}")]);

    let roles = |arguments: &[&str], of: &str| -> Vec<String> {
        let rows = stage.json(arguments);
        let rows = rows.iter().map(|row| &row["data"]).filter(|row| row["path"] == of && row["role"] != "OWNER");
        rows.map(|row| {
            format!("{} {} {}", row["role"].as_str().unwrap(), row["memberType"].as_str().unwrap(), row["flags"])
        })
        .collect()
    };
    let secret = "ding:Reports/2026/secret";
    assert_eq!(roles(&["permissions", "ding:Reports/2026"], "ding:Reports/2026").len(), 2);
    assert_eq!(roles(&["permissions", secret], secret), Vec::<String>::new());
    // What is granted above is in force below, and the higher of two roles.
    let file = "ding:Reports/2026/secret/a.txt";
    let expected = ["EDITOR USER []", "READER ORG [\"organization\"]"];
    assert_eq!(roles(&["audit", "ding:Reports"], file), expected);
    assert_eq!(roles(&["audit", secret], file), expected);
    assert_eq!(roles(&["audit", "--flagged", secret], file), expected[1..]);
    assert_eq!(roles(&["audit", "--folders", "ding:Reports"], file), Vec::<String>::new());

    // Roles from above end, and managers stay.
    let uuid = stage.json(&["stat", secret]).remove(0)["data"]["uuid"].as_str().unwrap().to_owned();
    let parameters = serde_json::json!({ "dentryUuid": uuid, "unionId": stage.person(), "inheritance": "BREAK" });
    stage.ok(&["api", "storage_v2.SetPermissionInheritance", "--params", &parameters.to_string()]);
    assert_eq!(roles(&["audit", "ding:Reports"], file), ["READER USER []"]);
    assert_eq!(roles(&["audit", "ding:Reports"], secret), Vec::<String>::new());

    let csv = stage.ok(&["audit", "--as", "csv", "ding:Reports/2026"]);
    assert!(csv.lines().next().unwrap().starts_with("path,type,role,"), "{csv}");
    assert!(csv.lines().all(|line| line.split(',').count() == 9), "{csv}");

    let taken = ["unshare", "ding:Reports/2026", "--role", "editor", "--with", &user];
    assert_eq!(stage.failure(&taken).0, 2);
    stage.ok(&[&taken[..], &["--yes"]].concat());
    assert_eq!(roles(&["audit", "ding:Reports/2026"], "ding:Reports/2026"), ["READER ORG [\"organization\"]"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_several_places_those_that_are_there_are_shared_and_unshared() {
    let stage = Stage::new().await;
    stage.ok(&["mkdir", "ding:Reports/a", "ding:Reports/b"]);
    let user = stage.emulator.credentials().users[1].user_id.clone();
    let readers = || {
        let rows = ["a", "b"].map(|name| stage.json(&["permissions", &format!("ding:Reports/{name}")]));
        rows.map(|rows| rows.iter().filter(|row| row["data"]["role"] == "READER").count())
    };
    let places = ["ding:Reports/a", "ding:Reports/MISSING", "ding:Reports/b", "--role", "reader", "--yes", "--with"];
    for (command, there) in [("share", [1, 1]), ("unshare", [0, 0])] {
        let arguments = [&[command][..], &places[..], &[user.as_str()]].concat();
        let (code, word, message) = stage.failure(&arguments);
        assert_eq!((code, word.as_str()), (1, "some-failed"), "{command}: {message}");
        assert_eq!(readers(), there, "{command}");
        // One thing fails with its own code, and nothing is changed.
        let alone = [command, "ding:Reports/MISSING", "--role", "reader", "--yes", "--with", &user];
        assert_eq!(stage.failure(&alone).0, 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_the_organization_of_the_space() {
    let stage = Stage::new().await;
    stage.ok(&["mkdir", "ding:Reports/a", "ding:Reports/b"]);
    let corp = stage.emulator.credentials().corp_id.clone();
    let readers = || -> Vec<String> {
        let rows = stage.json(&["permissions", "ding:Reports/a", "ding:Reports/b"]);
        let rows = rows.iter().map(|row| &row["data"]).filter(|row| row["role"] == "READER");
        rows.map(|row| format!("{}:{}", row["memberType"].as_str().unwrap(), row["member"].as_str().unwrap())).collect()
    };
    let to_all = ["ding:Reports/*", "--role", "reader", "--with", "everybody"];
    // It is as wide as naming the organization, so it asks.
    let (code, word, _) = stage.failure(&[&["share"], &to_all[..]].concat());
    assert_eq!((code, word.as_str()), (2, "needs-yes"));
    let before = asked_for_the_space(&stage);
    stage.ok(&[&["share", "--yes"], &to_all[..]].concat());
    assert_eq!(asked_for_the_space(&stage) - before, 1);
    let everybody = format!("ORG:{corp}");
    assert_eq!(readers(), vec![everybody.clone(), everybody]);
    stage.ok(&[&["unshare", "--yes"], &to_all[..]].concat());
    assert_eq!(readers(), Vec::<String>::new());
    // Who names the organization is asked for none.
    let before = asked_for_the_space(&stage);
    stage.ok(&[&["share", "--yes", "--member-corp", &corp], &to_all[..]].concat());
    assert_eq!((asked_for_the_space(&stage) - before, readers().len()), (0, 2));
}

fn asked_for_the_space(stage: &Stage) -> usize {
    stage.emulator.calls("storage_v1.GetSpace")
}
