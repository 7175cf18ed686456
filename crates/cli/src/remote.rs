//! Places of the drive as they are written on the command line: `ding:SPACE/path`, and links as they stand in the browser.

mod below;
mod expand;
mod location;
mod resolve;

pub use below::{below, is_root};
pub use expand::matches;
pub use location::{Base, Location, Remote};
pub use resolve::{Found, children, is_filled, spaces};

/// What can be written, for the help.
pub const HELP: &str = "\
Places of the drive:
  ding:SPACE/path          A space by its id or name; ding:id=.. and ding:name=.. say which
  ding:@my-docs/path       \"My documents\" of the operator
  ding:@wiki/NAME/path     A knowledge base
  ding:uuid=UUID/path      A file or folder by its uuid
  https://alidocs.dingtalk.com/i/nodes/..   A link as it stands in the browser
* stands for any part of a name and ** for folders of any depth; no name of the drive can have an asterisk.
Anything else is a file of this machine; ./ding:x is one that is called so.";
