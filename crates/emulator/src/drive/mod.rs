//! What the drive does, apart from how a single operation asks for it.

mod chats;
mod content;
mod deleting;
mod granting;
mod names;
mod placing;
mod room;
mod signing;
mod spaces;
mod tasks;
mod trees;
mod view;
mod workspaces;

pub use crate::state::{SHORTCUT, category};
pub use chats::{chat, chat_space, chat_with_app, new_chat_id, put_into_chat};
pub use content::{assemble, commit};
pub use deleting::{delete, may_handle, purge, recycle_bin, remove_space, restore};
pub use granting::{
    Change, People, change_grants, check_manages, grants_in_force, read_member, read_members, shown_member,
};
pub use names::{Landing, Strategy, check_name, land};
pub use placing::{Placed, add_version, copy, copy_alone, relocate, rename, replace, target_folder};
pub use room::{check_quota, check_room, organisation_room};
pub use signing::{presigned, signature_info, sts_signature};
pub use spaces::{NewSpace, create_space};
pub use tasks::{Touch, advance_task, catch_up, check_idle, finish_task, move_bytes, start_task, stored_bytes};
pub use trees::{create_folder, erase, erase_each, forget_grants, new_entry};
pub use view::{View, dentry, dentry_of, read_properties, space, thumbnail, without_absent};
pub use workspaces::{
    create_workspace, hand_over_workspace, node_of_url, node_url, page_here, shown_node, shown_workspace, user_id,
    workspace_url,
};
