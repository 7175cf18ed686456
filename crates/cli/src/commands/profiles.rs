//! `profiles`: what `login` has kept.

use clap::{Args, Subcommand};

use crate::connection::{DEFAULT, Profile, Profiles as Kept, SecretSource, store_secret};
use crate::context::Confirmation;
use crate::exit::Code;
use crate::output::{ProfileRecord, Record, escaped};
use crate::{Context, Failure};

/// List profiles, choose the one that is taken where none is named, remove one
#[derive(Debug, Args)]
pub struct Profiles {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List them
    List,
    /// Take this one where none is named
    Use {
        /// Its name
        name: String,
    },
    /// Remove one, with its secret
    Remove {
        /// Its name
        name: String,
        #[command(flatten)]
        confirmation: Confirmation,
    },
}

pub async fn run(arguments: Profiles, context: &Context) -> Result<(), Failure> {
    let mut kept = Kept::read()?;
    match arguments.command {
        None | Some(Command::List) => {
            for (name, profile) in &kept.profiles {
                tell(name, profile, &kept, context)?;
            }
            Ok(())
        }
        Some(Command::Use { name }) => {
            find(&kept, &name)?;
            kept.default = Some(name.clone());
            kept.write()?;
            tell_one(&name, context)
        }
        Some(Command::Remove { name, confirmation }) => {
            find(&kept, &name)?;
            context.confirm(confirmation, &format!("Remove profile {name:?} with its secret?")).await?;
            kept.profiles.remove(&name);
            kept.default.take_if(|default| *default == name);
            kept.write()?;
            store_secret(&name, None)
        }
    }
}

fn find<'a>(kept: &'a Kept, name: &str) -> Result<&'a Profile, Failure> {
    kept.get(name).ok_or_else(|| Failure::new(Code::NotFound, format!("there is no profile {name:?}")))
}

/// Shows one that is there.
pub fn tell_one(name: &str, context: &Context) -> Result<(), Failure> {
    let kept = Kept::read()?;
    tell(name, find(&kept, name)?, &kept, context)
}

fn tell(name: &str, profile: &Profile, kept: &Kept, context: &Context) -> Result<(), Failure> {
    let secret = profile.secret.as_ref().map(|secret| match secret {
        SecretSource::Stored => "stored".to_owned(),
        SecretSource::File(path) => format!("file {}", path.display()),
        SecretSource::Command(command) => format!("command {command}"),
    });
    let record = ProfileRecord {
        name: name.to_owned(),
        default: kept.default.as_deref().unwrap_or(DEFAULT) == name,
        region: profile.region.clone(),
        endpoint: profile.endpoint.clone(),
        app_key: profile.app_key.clone(),
        union_id: profile.union_id.clone(),
        secret,
    };
    let server = record.endpoint.as_ref().or(record.region.as_ref());
    let text = |text: Option<&String>| escaped(text.map_or("-", |text| text));
    let line = format!(
        "{} {:<12}  {}  app {}  operator {}  secret {}",
        if record.default { '*' } else { ' ' },
        escaped(name),
        text(server),
        text(record.app_key.as_ref()),
        text(record.union_id.as_ref()),
        text(record.secret.as_ref())
    );
    context.output.record(&Record::Profile(record), || line)
}
