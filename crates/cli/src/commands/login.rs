//! `login`: asks for what a profile needs, tries it, and keeps it.

use std::io::{self, IsTerminal, Read, Write};
use std::path::PathBuf;

use clap::Args;
use dingtalk_storage::types::{AppKey, AppSecret, CorpId, GrantType, UnionId};

use crate::connection::{
    self, DEFAULT, Profile, Profiles, SecretSource, Setting, Settings, Source, checked, of_command, of_file,
    store_secret, without_line_end,
};
use crate::exit::Code;
use crate::{Context, Failure};

/// Keep key and secret of an app, its region and the operator in a profile
///
/// What is not given is asked for at a terminal. The secret is never an argument: it is asked for without being shown,
/// or comes from standard input, a file, or a command such as `secret-tool lookup app dingtalk` or
/// `security find-generic-password -s dingtalk -w`, which ask the keyring of the system.
#[derive(Debug, Args)]
pub struct Login {
    /// Read the secret from standard input, and keep it in a file that only you can read
    #[arg(long, conflicts_with_all = ["secret_file", "secret_command"])]
    secret_stdin: bool,
    /// Take the secret from this file, each time it is needed
    #[arg(long, value_name = "FILE", conflicts_with = "secret_command")]
    secret_file: Option<PathBuf>,
    /// Take the secret from what this command prints, each time it is needed
    #[arg(long, value_name = "COMMAND")]
    secret_command: Option<String>,
    /// Keep it without trying it
    #[arg(long)]
    no_check: bool,
}

pub async fn run(arguments: Login, context: &Context) -> Result<(), Failure> {
    let flags = &context.global.connection;
    let settings = &context.settings;
    let given = |setting: &Option<Setting>| setting.as_ref().map(|setting| setting.text.clone());
    let named = || std::env::var("DINGTALK_PROFILE").ok().filter(|name| !name.is_empty());
    let name = flags.profile.clone().or_else(named).unwrap_or_else(|| DEFAULT.to_owned());
    let endpoint = given(&settings.endpoint);
    let region = match given(&settings.region) {
        Some(region) => Some(region),
        None if endpoint.is_some() => None,
        None => Some(ask("Region, mainland or international", "--region").await?),
    };
    let app_key = match given(&settings.app_key) {
        Some(key) => key,
        None => ask("App key (client id)", "--app-key").await?,
    };
    let (source, secret) = secret(&arguments, settings, &name)?;
    let mut profile = Profile {
        region,
        endpoint,
        oapi_endpoint: given(&settings.oapi_endpoint),
        app_key: Some(app_key),
        corp_id: given(&settings.corp_id),
        union_id: None,
        secret: Some(source.clone()),
    };
    let trial = Settings::of_profile(&name, &profile, &secret)?;
    let client = connection::unshared_client(&trial)?;
    if !arguments.no_check {
        try_app(&client, &trial, &secret).await?;
    }
    let operator = operator(context, &client).await?;
    if !arguments.no_check {
        match connection::try_operator(&client, &UnionId::new(&*operator)).await {
            Err(failure) if failure.code == Code::Scope => {
                context.output.note("Whether there is such an operator is not known: the app may not list spaces.");
            }
            tried => {
                tried.map_err(|failure| failure.hint("nothing was kept; --no-check keeps it without trying it"))?;
            }
        }
    }
    profile.union_id = Some(operator);
    keep(&name, profile, &source, &secret)?;
    context.output.note(&format!("Kept as profile {name:?}. `dingtalk-storage doctor` looks whether all is well."));
    super::profiles::tell_one(&name, context)
}

/// Where the secret is, and the secret.
fn secret(arguments: &Login, settings: &Settings, name: &str) -> Result<(SecretSource, String), Failure> {
    let (source, text) = if let Some(path) = &arguments.secret_file {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
        let text = of_file(&path)?;
        (SecretSource::File(path), text)
    } else if let Some(command) = &arguments.secret_command {
        (SecretSource::Command(command.clone()), of_command(command)?)
    } else if arguments.secret_stdin {
        let mut text = String::new();
        let read = io::stdin().read_to_string(&mut text);
        read.map_err(|error| Failure::local("the secret cannot be read from standard input", &error))?;
        (SecretSource::Stored, without_line_end(&text))
    } else if let Some(secret) = settings.own_secret() {
        (SecretSource::Stored, secret.to_owned())
    } else {
        (SecretSource::Stored, ask_secret()?)
    };
    if text.is_empty() {
        return Err(Failure::usage("the secret is empty"));
    }
    let text = checked(&text, Source::Profile(name.to_owned()))?.text;
    Ok((source, text))
}

/// Asks for the token of the app, which is how its key and secret are tried.
async fn try_app(client: &dingtalk_storage::Client, settings: &Settings, secret: &str) -> Result<(), Failure> {
    let key = AppKey::new(settings.app_key.as_ref().map_or("", |key| &key.text));
    let secret = AppSecret::new(secret);
    match &settings.corp_id {
        None => drop(client.oauth2_v1().get_access_token(&key, &secret).send().await?),
        Some(corp) => {
            let corp = CorpId::new(&*corp.text);
            drop(client.oauth2_v1().get_token(&corp, &key, &secret, GrantType::ClientCredentials).send().await?);
        }
    }
    Ok(())
}

/// The operator by the unionId; one who is named by the id within the organization is looked up.
async fn operator(context: &Context, client: &dingtalk_storage::Client) -> Result<String, Failure> {
    let settings = &context.settings;
    let own = |setting: &Option<Setting>| setting.as_ref().map(|setting| setting.text.clone());
    if let Some(union) = own(&settings.union_id) {
        return Ok(union);
    }
    let user = if let Some(user) = own(&settings.user_id) {
        user
    } else {
        let answer = ask("Operator, by unionId, or by userId as user:ID", "--union-id or --user-id").await?;
        match answer.strip_prefix("user:") {
            None => return Ok(answer),
            Some(user) => user.to_owned(),
        }
    };
    Ok(connection::look_up(client, &user).await?.to_string())
}

fn keep(name: &str, profile: Profile, source: &SecretSource, secret: &str) -> Result<(), Failure> {
    let mut profiles = Profiles::read()?;
    // The secret first: a profile without one would not work.
    let stored = (*source == SecretSource::Stored).then_some(secret);
    store_secret(name, stored)?;
    profiles.profiles.insert(name.to_owned(), profile);
    profiles.default.get_or_insert_with(|| name.to_owned());
    profiles.write()
}

/// Asks a person.
async fn ask(what: &str, flag: &str) -> Result<String, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::usage(format!("{what}: nobody is here to be asked")).hint(format!("give {flag}")));
    }
    drop(write!(io::stderr(), "{what}: "));
    let answer = crate::context::answer().await?;
    let answer = checked(answer.trim(), Source::Flag("login"))?.text;
    if answer.is_empty() { Err(Failure::usage(format!("{what}: nothing was given"))) } else { Ok(answer) }
}

/// Asks a person, and does not show what is written.
fn ask_secret() -> Result<String, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::new(Code::Usage, "the secret: nobody is here to be asked")
            .hint("give --secret-stdin, --secret-file or --secret-command"));
    }
    rpassword::prompt_password("App secret (not shown): ")
        .map(|secret| secret.trim().to_owned())
        .map_err(|error| Failure::local("the secret cannot be read", &error))
}
