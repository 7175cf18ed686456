//! Operators by their scheme, and what is said about what is wrong.

use dingtalk_storage_emulator::Emulator;
use dingtalk_storage_opendal::{DingtalkStorage, DingtalkStorageConfig, register};
use opendal_core::{Configurator, ErrorKind, Operator};
use opendal_testkit::{ReadAction, ReadChecker};

#[tokio::test]
async fn a_scheme_leads_to_the_drive() {
    let emulator = Emulator::start().await.unwrap();
    let credentials = emulator.credentials();
    register();
    register();
    let options = [
        ("endpoint", emulator.api_url()),
        ("app_key", &credentials.app_key),
        ("app_secret", &credentials.app_secret),
        ("operator", &credentials.users[0].union_id),
    ];
    let options = options.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let client = dingtalk_storage::Client::builder().base_url(emulator.api_url());
    let app = dingtalk_storage::credentials::InternalApp::new(&*credentials.app_key, &*credentials.app_secret);
    let client = client.credentials(app).build().unwrap();
    let operator: dingtalk_storage::types::UnionId = credentials.users[0].union_id.as_str().into();
    let space = client.drive_v1().add_space(&operator, "Registry").send().await.unwrap().space_id;

    let by_uri = Operator::from_uri((format!("dingtalk://{space}/folder"), options.clone())).unwrap();
    assert_eq!((by_uri.info().scheme(), by_uri.info().root().as_ref()), ("dingtalk", "/folder/"));
    let mut checker = ReadChecker::new(300_000);
    by_uri.write("checked", checker.data()).await.unwrap();
    let actions =
        [(0, 1), (0, 300_000), (1, 7), (299_999, 1), (100_000, 150_000)].map(|(at, size)| ReadAction::Read(at, size));
    checker.check(by_uri.reader("checked").await.unwrap(), &actions).await;

    let named = options.into_iter().chain([("space".to_owned(), space.to_string())]);
    let by_name = Operator::via_iter("dingtalk", named).unwrap();
    assert_eq!(by_name.stat("folder/checked").await.unwrap().content_length(), 300_000);
}

#[test]
fn what_is_missing_or_wrong_is_said_and_no_secret() {
    let told = |service: DingtalkStorage| {
        let error = Operator::new(service).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConfigInvalid);
        error.to_string()
    };
    assert!(told(DingtalkStorage::default()).contains("space"));
    assert!(told(DingtalkStorage::default().space("7")).contains("operator"));
    let config = |options: &[(&str, &str)]| {
        let options = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        DingtalkStorageConfig::from_iter(options)
    };
    let known = config(&[("space", "7"), ("operator", "ada"), ("region", "moon"), ("app_secret", "not-to-be-seen")]);
    let known = known.unwrap();
    assert!(!format!("{known:?}").contains("not-to-be-seen"));
    assert!(told(known.into_builder()).contains("cannot be set up"));
    assert!(config(&[("bucket", "x")]).is_err());
}
