//! What an emulator begins with: an organization, and on wish people, apps, spaces and files.

mod check;
mod meeting;
mod plan;
mod plant;
mod planted;
mod seed;

pub use check::check_scopes;
pub use meeting::Meeting;
pub use plan::{Plan, PlannedApp, PlannedFile, PlannedSpace, PlannedUser};
pub use plant::{Beginning, plant};
pub use planted::{Changed, Planted};
pub use seed::{Credentials, Person, credentials, seed};
