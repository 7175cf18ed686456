//! Where requests go: regions, servers of one's own, the older API's server, and what the environment says.

use dingtalk_runtime::{
    AppState, Client, ClientBuilder, ErrorKind, Host, NamedSettings, Operation, Phase, Region, Token,
};

use crate::support::*;

/// An operation of the older API.
const OLDER: Operation = Operation { name: "test.Older", host: Host::Oapi, token: Token::Query, ..READ };

fn builder() -> ClientBuilder {
    ClientBuilder::new()
        .credentials(dingtalk_runtime::credentials::FixedToken::new("fixed-token").unwrap())
        .app(&AppState::new())
}

#[tokio::test]
async fn an_address_may_have_a_path_and_a_name_over_plain_http_where_that_is_allowed() {
    let server = Server::start_tcp(|_| json(200, GOOD)).await;
    let port = server.address().rsplit(':').next().unwrap().to_owned();
    for (address, prefix) in
        [("http://localhost:", "/gate/ding/"), ("http://127.0.0.1:", "/x"), ("http://localhost:", "")]
    {
        let address = format!("{address}{port}{prefix}");
        let client: Client =
            builder().base_url(&address).oapi_base_url(&address).allow_plain_http(true).build().unwrap();
        for operation in [&READ, &OLDER] {
            request(&client, operation).send::<Thing>().await.unwrap();
            let path = server.received().last().unwrap().path().to_owned();
            assert_eq!(path, format!("{}/v1.0/things/7/query", prefix.trim_end_matches('/')));
        }
    }
    for address in ["http://localhost:80", "http://emulator:80", "http://10.0.0.1"] {
        let error = builder().base_url(address).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("allow_plain_http"), "{error}");
    }
}

#[tokio::test]
async fn the_older_api_is_asked_at_its_own_server_or_not_at_all() {
    let server = Server::start_tcp(|_| json(200, GOOD)).await;
    let port = server.address().rsplit(':').next().unwrap().to_owned();
    let client: Client = builder().base_url(format!("http://localhost:{port}")).allow_plain_http(true).build().unwrap();
    request(&client, &READ).send::<Thing>().await.unwrap();
    let error = request(&client, &OLDER).send::<Thing>().await.unwrap_err();
    assert_eq!((error.kind(), error.phase()), (ErrorKind::Configuration, Phase::NotSent));
    assert_eq!(error.operation(), Some(&OLDER));
    assert!(error.to_string().contains("oapi_base_url"), "{error}");
    assert_eq!((server.received().len(), client.counter().count()), (1, 1));
    // A server on this machine is one for both, as the emulator is.
    let client: Client = builder().base_url(server.address()).build().unwrap();
    request(&client, &OLDER).send::<Thing>().await.unwrap();
}

#[test]
fn an_address_without_a_scheme_is_told_to_have_none() {
    for address in ["localhost:8080", "api.dingtalk.com", "127.0.0.1:80"] {
        let error = builder().base_url(address).build().unwrap_err().to_string();
        assert!(error.contains("no scheme") && error.contains("https://"), "{error}");
    }
}

#[test]
fn the_environment_says_where_and_as_whom() {
    const MARK: &str = "DINGTALK_RUNTIME_TEST_ENVIRONMENT";
    if let Ok(expected) = std::env::var(MARK) {
        let shown = match ClientBuilder::<Client>::from_env().and_then(ClientBuilder::build) {
            Ok(client) => format!("{client:?}"),
            Err(error) => error.to_string(),
        };
        let operator = dingtalk_runtime::credentials::operator_from_env().unwrap_or_default();
        assert!(format!("{shown} {operator}").contains(&expected), "{shown}");
        return;
    }
    assert_eq!(Region::from_env().unwrap(), None);
    let cases: [(&[(&str, &str)], &str); 12] = [
        (&[], "DINGTALK_REGION=mainland"),
        (&[("REGION", "international")], r#"api: "https://api.dingtalk.io", tokens: None"#),
        (&[("REGION", "mainland")], r#"api: "https://api.dingtalk.com""#),
        (&[("REGION", "moon")], "it is `international` or `mainland`"),
        (&[("ENDPOINT", "https://gate.example/x/")], r#"api: "https://gate.example/x""#),
        (&[("ENDPOINT", "http://gate.example")], "DINGTALK_ALLOW_PLAIN_HTTP"),
        (&[("ENDPOINT", "http://gate.example"), ("ALLOW_PLAIN_HTTP", "true")], r#"api: "http://gate.example""#),
        (&[("REGION", "mainland"), ("ACCESS_TOKEN", "t")], "tokens: Some(FixedToken"),
        (&[("APP_KEY", "key")], "DINGTALK_APP_SECRET is not set"),
        (&[("REGION", "mainland"), ("OPERATOR", "union-7")], " union-7"),
        (&[("REGION", "mainland"), ("UNION_ID", "union-8")], " union-8"),
        (&[("REGION", "mainland"), ("UNION_ID", "union-8"), ("OPERATOR", "union-7")], " union-7"),
    ];
    for (variables, expected) in cases {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "endpoints::the_environment_says_where_and_as_whom"]).env(MARK, expected);
        for (name, value) in variables {
            child.env(format!("DINGTALK_{name}"), value);
        }
        let output = child.output().unwrap();
        assert!(output.status.success(), "{variables:?}: {}", String::from_utf8_lossy(&output.stdout));
    }
}

/// Settings of a program, as it calls them.
fn named<'a>(settings: &'a [(&str, &str)]) -> NamedSettings<'a> {
    let read = |name: &str| settings.iter().find(|(each, _)| *each == name).map(|(_, value)| (*value).to_owned());
    NamedSettings::new(read).spelled_as(|name| format!("--{}", name.replace('_', "-")))
}

#[test]
fn settings_of_a_program_say_the_same_as_the_environment() {
    let app = [("region", "mainland"), ("app_key", "key"), ("app_secret", "not-to-be-seen")];
    let in_corp = [&app[..], &[("corp_id", "corp")]].concat();
    let with_token = [&app[..], &[("access_token", "t")]].concat();
    let plain = |allow| [("endpoint", "http://gate.example"), ("allow_plain_http", allow), ("app_key", "")];
    let cases: [(&[(&str, &str)], &str); 10] = [
        (&app, r#"api: "https://api.dingtalk.com", tokens: Some(InternalApp"#),
        (&in_corp, "tokens: Some(ClientCredentials"),
        (&with_token, "tokens: Some(FixedToken"),
        (&plain("true"), r#"api: "http://gate.example", tokens: None"#),
        (&plain("1"), r#"api: "http://gate.example""#),
        (&plain("0"), "allow_plain_http"),
        (&plain("perhaps"), "--allow-plain-http is neither true nor false"),
        (&[("region", "moon")], "--region is unknown"),
        (&[("app_key", "key")], "--app-secret is not set"),
        (&[("app_secret", "not-to-be-seen")], "--app-key is not set"),
    ];
    for (settings, expected) in cases {
        let settings = named(settings);
        let shown = match ClientBuilder::from_settings(&settings).and_then(ClientBuilder::<Client>::build) {
            Ok(client) => format!("{client:?}"),
            Err(error) => error.to_string(),
        };
        assert!(shown.contains(expected), "{expected}: {shown}");
        assert!(!shown.contains("not-to-be-seen") && !shown.contains("perhaps") && !shown.contains("moon"), "{shown}");
    }
}

#[test]
fn what_settings_lack_is_called_as_they_call_it() {
    let told = |settings: &[(&str, &str)]| named(settings).operator().unwrap_or_else(|error| error.to_string());
    assert!(told(&[("operator", "")]).contains("--operator is not set"));
    assert_eq!(told(&[("union_id", "a")]), "a");
    assert_eq!(told(&[("union_id", "a"), ("operator", "b")]), "b");
    let error = named(&[("corp_id", "corp")]).check_credentials().unwrap_err().to_string();
    for name in ["--app-key", "--app-secret", "--access-token"] {
        assert!(error.contains(name), "{error}");
    }
    for name in ["app_key", "app_secret", "access_token"] {
        named(&[(name, "x")]).check_credentials().unwrap();
    }
}
