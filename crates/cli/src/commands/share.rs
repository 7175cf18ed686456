//! `share` and `unshare`: roles given and taken.

use std::collections::HashMap;

use clap::{Args, ValueEnum};
use dingtalk_storage::types::{CorpId, MemberId, MemberType, PermissionMember, RoleId, SpaceId};
use dingtalk_storage_transfer::Drive;

use super::get::found;
use crate::context::{Confirmation, Items};
use crate::output::{GrantRecord, Record, escaped};
use crate::remote::{Found, Remote};
use crate::{Context, Failure};

/// Give people, departments or everybody a role on files, folders or spaces
#[derive(Debug, Args)]
pub struct Share {
    /// Files or folders, also with wildcards; the root of a space stands for the space
    #[arg(value_name = "PLACE", required = true, add = super::completions::places())]
    places: Vec<String>,
    #[command(flatten)]
    grant: Grant,
    /// For so long, an hour at most; spaces of the app alone know that, in others grants are for good
    #[arg(long = "for", value_name = "TIME", value_parser = super::find::age)]
    duration: Option<std::time::Duration>,
    #[command(flatten)]
    confirmation: Confirmation,
}

/// Take a role on files, folders or spaces away
#[derive(Debug, Args)]
pub struct Unshare {
    /// Files or folders, also with wildcards; the root of a space stands for the space
    #[arg(value_name = "PLACE", required = true, add = super::completions::places())]
    places: Vec<String>,
    #[command(flatten)]
    grant: Grant,
    #[command(flatten)]
    confirmation: Confirmation,
}

/// Which role, and whose.
#[derive(Debug, Args)]
struct Grant {
    /// The role
    #[arg(long, value_enum)]
    role: Role,
    /// Whose: a person by the userId, `everybody` in the organization of the space, or TYPE:ID with one of user, dept, tag,
    /// conversation, org, all-users, where the id of org is the corpId; may be given more than once
    #[arg(long = "with", value_name = "MEMBER", required = true)]
    members: Vec<String>,
    /// The organization of the members, for those of several
    #[arg(long, value_name = "ID")]
    member_corp: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Role {
    Owner,
    Manager,
    Editor,
    Downloader,
    Reader,
}

impl Role {
    fn id(self) -> RoleId {
        match self {
            Self::Owner => RoleId::Owner,
            Self::Manager => RoleId::Manager,
            Self::Editor => RoleId::Editor,
            Self::Downloader => RoleId::Downloader,
            Self::Reader => RoleId::Reader,
        }
    }
}

impl Grant {
    fn members(&self) -> Result<Members, Failure> {
        let corp = self.member_corp.as_deref();
        let (everybody, named): (Vec<_>, Vec<_>) = self.members.iter().partition(|text| *text == EVERYBODY);
        let mut named = named.into_iter().map(|text| member(text, corp)).collect::<Result<Vec<_>, _>>()?;
        let everybody = !everybody.is_empty();
        if let (true, Some(corp)) = (everybody, corp) {
            named.push(organization(&CorpId::new(corp)));
            return Ok(Members { named, everybody: false });
        }
        Ok(Members { named, everybody })
    }
}

/// Who gets a role.
struct Members {
    named: Vec<PermissionMember>,
    /// Also the organization of the space, whichever that is.
    everybody: bool,
}

impl Members {
    fn count(&self) -> usize {
        self.named.len() + usize::from(self.everybody)
    }

    /// Whether it reaches more than single people.
    fn is_wide(&self) -> bool {
        self.everybody || self.named.iter().any(|member| matches!(member.kind, MemberType::Org | MemberType::AllUsers))
    }

    /// Those of each space that something was found in: one call for each, where its organization has to be known.
    async fn by_space(&self, items: &Items, drive: &Drive) -> Result<HashMap<SpaceId, Vec<PermissionMember>>, Failure> {
        let mut all = HashMap::new();
        for found in found(items) {
            let space = &found.entry.space;
            if !all.contains_key(space) {
                let mut members = self.named.clone();
                if self.everybody {
                    let answer = drive.client().storage_v1().get_space(space).send().await?;
                    members.push(organization(answer.space.corp_id()?));
                }
                all.insert(space.clone(), members);
            }
        }
        Ok(all)
    }
}

/// How everybody in the organization of a space is written.
const EVERYBODY: &str = "everybody";

fn organization(corp: &CorpId) -> PermissionMember {
    PermissionMember::new(MemberType::Org, &MemberId::new(corp.as_str()))
}

/// Types of members, as they are written.
const MEMBER_TYPES: [&str; 6] = ["user", "dept", "tag", "conversation", "org", "all-users"];

fn member(text: &str, corp: Option<&str>) -> Result<PermissionMember, Failure> {
    // A word that is a type is no id: it would be looked for among people, and nobody would be asked.
    let is_type = MEMBER_TYPES.contains(&text);
    let (kind, id) = text.split_once(':').unwrap_or(if is_type { (text, "") } else { ("user", text) });
    let kind = match kind {
        "user" => MemberType::User,
        "dept" => MemberType::Dept,
        "tag" => MemberType::Tag,
        "conversation" => MemberType::Conversation,
        "org" => MemberType::Org,
        "all-users" => MemberType::AllUsers,
        other => {
            return Err(Failure::usage(format!("{other:?} is no type of member"))
                .hint(format!("there are {}, and {EVERYBODY} without an id", MEMBER_TYPES.join(", "))));
        }
    };
    if id.is_empty() {
        return Err(Failure::usage(format!("{text:?} has no id: write {kind}:ID", kind = text.trim_end_matches(':')))
            .hint(format!(
                "{EVERYBODY} is the organization of the space; the id of another org is its corpId; no page of the \
                 documentation says what that of all-users is"
            )));
    }
    let member = PermissionMember::new(kind, &MemberId::new(id));
    Ok(match corp {
        Some(corp) => member.with_corp_id(&CorpId::new(corp)),
        None => member,
    })
}

pub async fn share(arguments: Share, context: &Context) -> Result<(), Failure> {
    let members = arguments.grant.members()?;
    let items = expand(&arguments.places, context).await?;
    if members.is_wide() {
        let question = format!("Share {} files or folders with everybody of an organization?", found(&items).count());
        context.confirm(arguments.confirmation, &question).await?;
    }
    let drive = context.drive().await?;
    let members = members.by_space(&items, drive).await?;
    let (role, seconds) = (arguments.grant.role, arguments.duration.map(|time| time.as_secs()));
    context
        .each(items, async |found| {
            let found = found?;
            let members = of(&found, &members);
            let calls = drive.client().storage_v2();
            let mut call = calls.add_permission(&found.entry.uuid, role.id(), members);
            if let Some(seconds) = seconds {
                call = call.duration(i64::try_from(seconds).unwrap_or(i64::MAX));
            }
            call.send().await?;
            tell(&found, role, members, "given", context)
        })
        .await
}

pub async fn unshare(arguments: Unshare, context: &Context) -> Result<(), Failure> {
    let members = arguments.grant.members()?;
    let items = expand(&arguments.places, context).await?;
    let question =
        format!("Take the role from {} members on {} files or folders?", members.count(), found(&items).count());
    context.confirm(arguments.confirmation, &question).await?;
    let drive = context.drive().await?;
    let members = members.by_space(&items, drive).await?;
    let role = arguments.grant.role;
    context
        .each(items, async |found| {
            let found = found?;
            let members = of(&found, &members);
            drive.client().storage_v2().delete_permission(&found.entry.uuid, role.id(), members).send().await?;
            tell(&found, role, members, "taken", context)
        })
        .await
}

fn of<'a>(found: &Found, members: &'a HashMap<SpaceId, Vec<PermissionMember>>) -> &'a [PermissionMember] {
    members.get(&found.entry.space).map(Vec::as_slice).unwrap_or_default()
}

async fn expand(places: &[String], context: &Context) -> Result<Items, Failure> {
    let places: Vec<_> = places.iter().map(|place| Remote::parse(place)).collect::<Result<_, _>>()?;
    context.expand(&places).await
}

fn tell(found: &Found, role: Role, members: &[PermissionMember], what: &str, context: &Context) -> Result<(), Failure> {
    let shown = |member: &PermissionMember| {
        format!("{}:{}", member.kind.as_str(), member.id.as_ref().map(ToString::to_string).unwrap_or_default())
    };
    let members: Vec<String> = members.iter().map(shown).collect();
    let role = role.id().as_str().to_owned();
    let line = format!("{}: {role} {what} ({})", escaped(&found.path()), escaped(&members.join(", ")));
    let record = GrantRecord { path: found.path(), role, members };
    let record = if what == "given" { Record::Shared(record) } else { Record::Unshared(record) };
    context.output.record(&record, || line)
}
