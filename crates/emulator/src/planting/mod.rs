//! What an emulator begins with: an organization, and on wish people, apps, spaces and files.

mod meeting;
mod plan;
mod plant;
mod seed;

pub use meeting::Meeting;
pub use plan::{Plan, PlannedApp, PlannedFile, PlannedSpace, PlannedUser};
pub use plant::plant;
pub use seed::{Credentials, Person, credentials, seed};
