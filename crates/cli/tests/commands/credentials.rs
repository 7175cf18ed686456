//! Credentials, settings, and the token that processes share.

use crate::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_is_told_with_what_to_do() {
    let stage = Stage::new().await;
    let run = stage.bare(&["ls", "ding:Reports"]).run();
    assert_eq!(run.code, Some(4), "{}", run.err);
    assert!(run.err.contains("login") && run.err.contains("DINGTALK_APP_SECRET"), "{}", run.err);
    let run = stage.bare(&["ls", "ding:Reports"]).env("DINGTALK_APP_KEY", "k").env("DINGTALK_APP_SECRET", "s").run();
    assert_eq!(run.code, Some(2), "{}", run.err);
    assert!(run.err.contains("--union-id") && run.err.contains("DINGTALK_USER_ID"), "{}", run.err);
    let run = stage.program(&["ls", "ding:Reports"]).env("DINGTALK_APP_SECRET", "wrong").run();
    assert_eq!(run.code, Some(4), "{}", run.err);
    let run = stage.program(&["ls"]).env("DINGTALK_ENDPOINT", "").run();
    assert_eq!(run.code, Some(2), "{}", run.err);
    assert!(run.err.contains("DINGTALK_REGION=mainland"), "{}", run.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn values_with_characters_that_nobody_sees_are_refused_with_what_they_are() {
    let stage = Stage::new().await;
    for (value, told) in [
        ("secret\r", "a carriage return (U+000D) at its character 7"),
        ("\u{feff}secret", "a byte order mark (U+FEFF) at its character 1"),
        ("sec\u{200b}ret", "an invisible character (U+200B) at its character 4"),
        ("sec\u{7}ret", "a control character (U+0007)"),
        (" secret", "a blank at its beginning or end"),
    ] {
        let run = stage.program(&["ls"]).env("DINGTALK_APP_SECRET", value).run();
        assert_eq!(run.code, Some(2), "{}", run.err);
        assert!(run.err.contains("DINGTALK_APP_SECRET") && run.err.contains(told), "{}", run.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_id_is_looked_up() {
    let stage = Stage::new().await;
    let credentials = stage.emulator.credentials();
    let user = credentials.users[0].user_id.clone();
    let run = stage
        .bare(&["ls", "ding:Reports", "--user-id", &user])
        .env("DINGTALK_APP_KEY", &credentials.app_key)
        .env("DINGTALK_APP_SECRET", &credentials.app_secret)
        .run();
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert_eq!(stage.emulator.calls("contact.GetUser"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_processes_that_start_together_ask_for_one_token() {
    let stage = Stage::new().await;
    let tokens = stage.home.path().join(".local/state/dingtalk-storage/tokens");
    std::fs::remove_dir_all(&tokens).unwrap();
    stage.emulator.clear_journal();
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..50).map(|_| scope.spawn(|| stage.run(&["ls", "ding:Reports"]))).collect();
        for run in runs {
            let run = run.join().unwrap();
            assert_eq!(run.code, Some(0), "{}", run.err);
        }
    });
    assert_eq!(stage.emulator.calls("oauth2_v1.GetAccessToken"), 1);
    #[cfg(unix)]
    for file in std::fs::read_dir(&tokens).unwrap() {
        use std::os::unix::fs::PermissionsExt;
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.path());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_token_that_is_rejected_is_replaced_once() {
    let stage = Stage::new().await;
    stage.emulator.revoke_tokens();
    stage.emulator.clear_journal();
    for _ in 0..3 {
        stage.ok(&["ls", "ding:Reports"]);
    }
    assert_eq!(stage.emulator.calls("oauth2_v1.GetAccessToken"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_is_kept_tried_and_taken() {
    let stage = Stage::new().await;
    let credentials = stage.emulator.credentials();
    let login = ["login", "--app-key", &credentials.app_key, "--user-id", &credentials.users[0].user_id];
    let wrong = stage.bare(&[&login[..], &["--secret-stdin"]].concat()).run_with_input("wrong\n");
    assert_eq!(wrong.code, Some(4), "{}", wrong.err);
    assert!(!stage.home.path().join(".config").exists());
    let nobody = ["login", "--app-key", &credentials.app_key, "--union-id", "nobody", "--secret-stdin"];
    let wrong = stage.bare(&nobody).run_with_input(&credentials.app_secret);
    assert!(wrong.code == Some(2) && wrong.err.contains("--no-check"), "{}", wrong.err);
    assert!(!stage.home.path().join(".config").exists());

    let right = stage.bare(&[&login[..], &["--secret-stdin"]].concat());
    let run = right.run_with_input(&format!("{}\r\n", credentials.app_secret));
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(!run.out.contains(&credentials.app_secret) && !run.err.contains(&credentials.app_secret));
    let config = stage.home.path().join(".config/dingtalk-storage");
    #[cfg(unix)]
    for file in ["profiles.json", "secrets.json"] {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(config.join(file).metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file}");
    }
    // Nothing but the profile says where to and as whom.
    let with_profile = |arguments: &[&str]| stage.bare(arguments).env("DINGTALK_ENDPOINT", "").run();
    let run = with_profile(&["ls", "ding:Reports"]);
    assert_eq!(run.code, Some(0), "{}", run.err);

    // A flag goes before the environment, and that before the profile.
    let whoami = |program: crate::program::Program| {
        let run = program.run();
        assert_eq!(run.code, Some(0), "{}", run.err);
        let line = run.out.lines().find(|line| line.starts_with("unionId")).unwrap().to_owned();
        line.split_whitespace().skip(1).collect::<Vec<_>>().join(" ")
    };
    let person = stage.person();
    assert_eq!(whoami(stage.bare(&["whoami"])), format!("{person} from profile \"default\""));
    let named = stage.bare(&["whoami"]).env("DINGTALK_UNION_ID", "u");
    assert_eq!(whoami(named), "u from DINGTALK_UNION_ID");
    let named = stage.bare(&["whoami", "--union-id", "v"]).env("DINGTALK_UNION_ID", "u");
    assert_eq!(whoami(named), "v from --union-id");

    // Another app does not get the secret of this one.
    let run = stage.bare(&["ls", "ding:Reports", "--app-key", "other"]).run();
    assert_eq!(run.code, Some(4), "{}", run.err);

    let by_command = [&login[..], &["--profile", "ci", "--secret-command", "cat secret"]].concat();
    stage.write("secret", &credentials.app_secret);
    let run = stage.bare(&by_command).run();
    assert_eq!(run.code, Some(0), "{}", run.err);
    let run = with_profile(&["ls", "ding:Reports", "--profile", "ci"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    std::fs::remove_file(stage.work.path().join("secret")).unwrap();
    std::fs::remove_dir_all(stage.home.path().join(".local")).unwrap();
    let run = with_profile(&["ls", "ding:Reports", "--profile", "ci"]);
    assert_eq!(run.code, Some(4), "{}", run.err);

    let run = with_profile(&["profiles", "use", "ci"]);
    assert!(run.out.starts_with("* ci"), "{}", run.out);
    assert_eq!(with_profile(&["profiles", "remove", "ci"]).code, Some(2));
    assert_eq!(with_profile(&["profiles", "remove", "ci", "--yes"]).code, Some(0));
    let run = with_profile(&["profiles"]);
    assert!(run.out.starts_with("* default") && run.out.lines().count() == 1, "{}", run.out);
    assert_eq!(with_profile(&["ls", "--profile", "ci"]).code, Some(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_looks_at_everything_and_says_what_to_do() {
    let stage = Stage::on(dingtalk_storage_emulator::Emulator::builder().seed(1)).await;
    let run = stage.run(&["doctor", "ding:Reports"]);
    assert_eq!(run.code, Some(0), "{}{}", run.out, run.err);
    let checks: Vec<_> = run.out.lines().map(|line| line.split(':').next().unwrap()).collect();
    assert_eq!(
        checks,
        ["ok  settings", "ok  proxy", "ok  server", "ok  token", "ok  operator", "ok  scopes", "ok  storage"]
    );
    assert_eq!(stage.ok(&["ls", "ding:Reports"]), "");

    // What is wrong is named, and so is what helps.
    let run = stage.program(&["doctor"]).env("DINGTALK_UNION_ID", "nobody").run();
    assert!(run.out.contains("NO  operator: ") && run.out.contains("--union-id"), "{}", run.out);
    for place in ["ding:Nowhere", "ding:Reports/not/there"] {
        let run = stage.run(&["doctor", place]);
        assert!(run.out.contains("NO  storage: ") && run.out.contains("name a folder"), "{}", run.out);
    }
    let run = stage.program(&["doctor"]).env("DINGTALK_APP_SECRET", "wrong").run();
    assert_eq!(run.code, Some(1), "{}", run.out);
    assert!(run.out.contains("NO  token") && run.out.contains("-> compare key and secret"), "{}", run.out);
    let run = stage.program(&["doctor"]).env("DINGTALK_ENDPOINT", "http://127.0.0.1:1").run();
    assert_eq!(run.code, Some(1), "{}", run.out);
    assert!(run.out.contains("NO  server") && run.out.contains("-> look at the network"), "{}", run.out);
    let run = stage.bare(&["doctor"]).env("DINGTALK_ENDPOINT", "").run();
    assert!(run.out.contains("NO  settings") && run.out.contains("--region mainland"), "{}", run.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_scopes_of_commands_are_those_of_their_operations() {
    let stage = Stage::new().await;
    let scopes = stage.json(&["scopes", "put"]);
    let names: Vec<_> = scopes.iter().filter_map(|scope| scope["data"]["scope"].as_str()).collect();
    assert!(names.contains(&"Storage.UploadInfo.Read") && names.contains(&"Storage.File.Write"), "{names:?}");
    assert!(!names.contains(&"Storage.RecycleBin.Read"), "{names:?}");
    assert_eq!(stage.failure(&["scopes", "fly"]).0, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_command_has_cost_is_told_in_the_form_that_was_asked_for() {
    let stage = Stage::new().await;
    stage.write("a.txt", "hello");
    let run = stage.run(&["put", "a.txt", "ding:Reports/", "-v", "--json"]);
    let cost: serde_json::Value = serde_json::from_str(run.err.lines().last().unwrap()).unwrap();
    assert_eq!((&cost["kind"], &cost["data"]["bytesUp"]), (&"cost".into(), &5.into()), "{cost}");
    let api_calls = u64::try_from(stage.calls().len()).unwrap();
    assert!(cost["data"]["calls"].as_u64().unwrap() >= api_calls && api_calls > 0, "{cost}");
    assert_eq!(cost["data"]["callsByOperation"]["storage_v2.CommitFile"], 1, "{cost}");
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_need_permissions_too() {
    let stage = Stage::new().await;
    let scopes = stage.ok(&["scopes", "share", "permissions", "audit"]);
    assert!(scopes.contains("Permission"), "{scopes}");
    assert_eq!(stage.failure(&["scopes", "fly"]).0, 2);
}
