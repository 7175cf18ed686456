//! What is there to begin with: an organization with three people, an internal app and a third-party app, and where
//! the people meet.

use serde::{Deserialize, Serialize};

use super::meeting::{Meeting, meet, meetings};
use crate::auth::user_token;
use crate::options::Options;
use crate::state::{App, User, World};

/// Credentials and ids of a started emulator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Credentials {
    /// Id of the organization.
    pub corp_id: String,
    /// Client id of the internal app.
    pub app_key: String,
    /// Client secret of the internal app.
    pub app_secret: String,
    /// Client id of the third-party app.
    pub suite_key: String,
    /// Client secret of the third-party app.
    pub suite_secret: String,
    /// Newest ticket of the third-party app.
    pub suite_ticket: String,
    /// People: an administrator, and two others.
    pub users: Vec<Person>,
    /// Chats: one of all people, one of the first two, and one of another organization.
    pub chats: Vec<Meeting>,
}

/// A person of the organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// Id of the person for all apps of one developer; what most operations take as the operator.
    pub union_id: String,
    /// Id of the person within the organization.
    pub user_id: String,
    /// Name of the person.
    pub name: String,
    /// Access token of the person, for the calls that want that in place of the one of the app.
    pub access_token: String,
}

/// Fills an empty world.
pub fn seed(world: &mut World, options: &Options) {
    for (number, (name, department)) in [("Ada", "1"), ("Ben", "2"), ("Cui", "2")].into_iter().enumerate() {
        let union_id = format!("{}iE", world.ids.letters(26));
        let user = User {
            user_id: format!("{}{}", name.to_lowercase(), 1000 + number),
            name: name.to_owned(),
            departments: vec![department.to_owned()],
            tags: Vec::new(),
            admin: number == 0,
            union_id: union_id.clone(),
        };
        world.organisation.users.insert(union_id, user);
    }
    for (kind, name) in [("ding", "Emulated app"), ("suite", "Emulated third-party app")] {
        let app = App {
            app_id: world.ids.request().to_lowercase(),
            key: format!("{kind}{}", world.ids.letters(16).to_lowercase()),
            secret: world.ids.letters(48),
            suite_ticket: (kind == "suite").then(|| world.ids.letters(24)),
            name: name.to_owned(),
            scopes: options.scopes.clone(),
            created: world.now(),
        };
        world.organisation.apps.insert(app.key.clone(), app);
    }
    meet(world);
}

/// Reads the credentials out of a world that was seeded once.
pub fn credentials(world: &World) -> Credentials {
    let organisation = &world.organisation;
    let app = |third_party: bool| {
        organisation.apps.iter().map(|(_, app)| app).find(|app| app.is_third_party() == third_party)
    };
    let text = |app: Option<&App>, part: fn(&App) -> String| app.map(part).unwrap_or_default();
    let mut users: Vec<Person> = organisation
        .users
        .iter()
        .map(|(_, user)| Person {
            union_id: user.union_id.clone(),
            user_id: user.user_id.clone(),
            name: user.name.clone(),
            access_token: user_token(&user.union_id),
        })
        .collect();
    users.sort_by(|a, b| a.name.cmp(&b.name));
    Credentials {
        corp_id: organisation.corp_id.clone(),
        app_key: text(app(false), |app| app.key.clone()),
        app_secret: text(app(false), |app| app.secret.clone()),
        suite_key: text(app(true), |app| app.key.clone()),
        suite_secret: text(app(true), |app| app.secret.clone()),
        suite_ticket: text(app(true), |app| app.suite_ticket.clone().unwrap_or_default()),
        users,
        chats: meetings(world),
    }
}
