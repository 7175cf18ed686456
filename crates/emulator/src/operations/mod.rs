//! The operations: which handler does the work of which.
//!
//! [`handler`] is the one table. What is missing from it answers `501 NotEmulated`.

mod approvals;
mod chats;
mod codes;
mod documents;
mod drive;
mod entries;
mod events;
mod media;
mod organisation;
mod permissions;
mod placing;
mod properties;
mod recycle_bin;
mod search;
mod spaces;
mod tasks;
mod tokens;
mod transfers;
mod versions;
mod viewing;
mod wiki;

use crate::call::Handler;

pub use codes::as_documented;

/// What does the work of an operation; nothing for one that is not emulated.
pub fn handler(operation: &str) -> Option<Handler> {
    let (family, operation) = operation.split_once('.')?;
    match family {
        "oauth2_v1" => oauth2_v1(operation),
        "storage_v1" => storage_v1(operation).or_else(|| storage_v1_recycle_bin(operation)),
        "storage_v2" => storage_v2(operation),
        "conv_file_v1" => conv_file_v1(operation),
        "wiki_v2" => wiki_v2(operation),
        "doc_v1" => doc_v1(operation),
        "doc_v2" => doc_v2(operation),
        "workflow_v1" => workflow_v1(operation),
        "drive_v1" => drive_v1(operation),
        "media" => (operation == "UploadMedia").then_some(media::upload_media),
        "contact" => (operation == "GetUser").then_some(organisation::get_user),
        _ => None,
    }
}

fn oauth2_v1(operation: &str) -> Option<Handler> {
    Some(match operation {
        "GetAccessToken" => tokens::get_access_token,
        "GetCorpAccessToken" => tokens::get_corp_access_token,
        "GetSuiteAccessToken" => tokens::get_suite_access_token,
        "GetToken" => tokens::get_token,
        _ => return None,
    })
}

fn storage_v1(operation: &str) -> Option<Handler> {
    Some(match operation {
        "AddSpace" => spaces::add_space,
        "GetSpace" => spaces::get_space,

        "AddFolder" => entries::add_folder,
        "GetDentry" => entries::get_dentry,
        "GetDentries" => entries::get_dentries,
        "ListDentries" => entries::list_dentries,
        "ListAllDentries" => entries::list_all_dentries,

        "CopyDentry" => placing::copy_dentry,
        "CopyDentries" => placing::copy_dentries,
        "MoveDentry" => placing::move_dentry,
        "MoveDentries" => placing::move_dentries,
        "RenameDentry" => placing::rename_dentry,
        "DeleteDentry" => placing::delete_dentry,
        "DeleteDentries" => placing::delete_dentries,
        "GetTask" => tasks::get_task,
        "ListDentryVersions" => versions::list_dentry_versions,
        "RevertDentryVersion" => versions::revert_dentry_version,
        "UpdateDentryAppProperties" => properties::update_dentry_app_properties,
        "DeleteDentryAppProperties" => properties::delete_dentry_app_properties,
        "GetDentryThumbnails" => viewing::get_dentry_thumbnails,
        "GetDentryOpenInfo" => viewing::get_dentry_open_info,

        "AddPermission" => permissions::add_permission_v1,
        "UpdatePermission" => permissions::update_permission_v1,
        "DeletePermission" => permissions::delete_permission_v1,
        "ListPermissions" => permissions::list_permissions_v1,

        "GetOrg" => organisation::get_org,
        "GetCurrentApp" => organisation::get_current_app,
        "SubscribeEvent" => events::subscribe_event,
        "UnsubscribeEvent" => events::unsubscribe_event,

        "GetFileUploadInfo" => transfers::get_file_upload_info_v1,
        "InitMultipartFileUpload" => transfers::init_multipart_file_upload,
        "GetMultipartFileUploadInfos" => transfers::get_multipart_file_upload_infos,
        "CommitFile" => transfers::commit_file_v1,
        "GetFileDownloadInfo" => transfers::get_file_download_info,
        _ => return None,
    })
}

fn storage_v1_recycle_bin(operation: &str) -> Option<Handler> {
    Some(match operation {
        "GetRecycleBin" => recycle_bin::get_recycle_bin,
        "ListRecycleItems" => recycle_bin::list_recycle_items,
        "GetRecycleItem" => recycle_bin::get_recycle_item,
        "RestoreRecycleItem" => recycle_bin::restore_recycle_item,
        "RestoreRecycleItems" => recycle_bin::restore_recycle_items,
        "DeleteRecycleItem" => recycle_bin::delete_recycle_item,
        "DeleteRecycleItems" => recycle_bin::delete_recycle_items,
        "ClearRecycleBin" => recycle_bin::clear_recycle_bin,
        _ => return None,
    })
}

fn storage_v2(operation: &str) -> Option<Handler> {
    Some(match operation {
        "GetFileUploadInfo" => transfers::get_file_upload_info_v2,
        "CommitFile" => transfers::commit_file_v2,

        "AddPermission" => permissions::add_permission_v2,
        "UpdatePermission" => permissions::update_permission_v2,
        "DeletePermission" => permissions::delete_permission_v2,
        "ListPermissions" => permissions::list_permissions_v2,
        "GetPermissionInheritance" => permissions::get_permission_inheritance,
        "SetPermissionInheritance" => permissions::set_permission_inheritance,

        "SearchDentries" => search::search_dentries,
        "SearchWorkspaces" => search::search_workspaces,
        _ => return None,
    })
}

fn conv_file_v1(operation: &str) -> Option<Handler> {
    Some(match operation {
        "GetSpace" => chats::get_space,
        "Send" => chats::send,
        "SendByApp" => chats::send_by_app,
        "SendLink" => chats::send_link,
        _ => return None,
    })
}

fn wiki_v2(operation: &str) -> Option<Handler> {
    Some(match operation {
        "AddWorkspace" => wiki::add_workspace,
        "GetMineWorkspace" => wiki::get_mine_workspace,
        "GetWorkspace" => wiki::get_workspace,
        "GetWorkspaces" => wiki::get_workspaces,
        "ListWorkspaces" => wiki::list_workspaces,
        "GetNode" => wiki::get_node,
        "GetNodeByUrl" => wiki::get_node_by_url,
        "GetNodes" => wiki::get_nodes,
        "ListNodes" => wiki::list_nodes,
        _ => return None,
    })
}

fn doc_v1(operation: &str) -> Option<Handler> {
    Some(match operation {
        "CreateWorkspaceDoc" => documents::create_workspace_doc,
        "DeleteWorkspaceDoc" => documents::delete_workspace_doc,
        "GetResourceUploadInfo" => documents::get_resource_upload_info,
        _ => return None,
    })
}

fn workflow_v1(operation: &str) -> Option<Handler> {
    Some(match operation {
        "AddApproveDentryAuth" => approvals::add_approve_dentry_auth,
        "GetAttachmentSpace" => approvals::get_attachment_space,
        "GetSpaceWithDownloadAuth" => approvals::get_space_with_download_auth,
        "GrantProcessInstanceForDownloadFile" => approvals::grant_process_instance_for_download_file,
        _ => return None,
    })
}

fn doc_v2(operation: &str) -> Option<Handler> {
    Some(match operation {
        "CopyDoc" => documents::copy_doc,
        "CreateShortcut" => documents::create_shortcut,
        "GetTaskInfo" => tasks::get_task_info,
        "GetDentryIdByUuid" => documents::get_dentry_id_by_uuid,
        "GetUuidByDentryId" => documents::get_uuid_by_dentry_id,
        _ => return None,
    })
}

fn drive_v1(operation: &str) -> Option<Handler> {
    Some(match operation {
        "AddSpace" => drive::spaces::add_space,
        "DeleteSpace" => drive::spaces::delete_space,
        "GetMySpaceInfo" => drive::spaces::get_my_space_info,
        "InfoSpace" => drive::spaces::info_space,
        "ListSpaces" => drive::spaces::list_spaces,
        "ManagementListSpaces" => drive::spaces::management_list_spaces,
        "ManagementModifySpace" => drive::spaces::management_modify_space,

        "GetAsyncTaskInfo" => tasks::get_async_task_info,
        "AddFile" => drive::transfers::add_file,
        "GetUploadInfo" => drive::transfers::get_upload_info,
        "GetDownloadInfo" => drive::transfers::get_download_info,
        "GetFileInfo" => drive::files::get_file_info,
        "ListFiles" => drive::files::list_files,
        "CopyFile" => drive::files::copy_file,
        "MoveFile" => drive::files::move_file,
        "RenameFile" => drive::files::rename_file,
        "DeleteFile" => drive::files::delete_file,

        "AddPermission" => drive::permissions::add_permission,
        "ModifyPermission" => drive::permissions::modify_permission,
        "DeletePermission" => drive::permissions::delete_permission,
        "ListPermissions" => drive::permissions::list_permissions,

        "ListRecycleFiles" => drive::recycle::list_recycle_files,
        "DeleteRecycleFiles" => drive::recycle::delete_recycle_files,
        "ClearRecycleFiles" => drive::recycle::clear_recycle_files,
        "RecoverRecycleFiles" => drive::recycle::recover_recycle_files,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Status, contract};

    #[test]
    fn every_current_operation_is_emulated() {
        let current = contract().operations.iter().filter(|operation| operation.status == Status::Current);
        let missing: Vec<&str> =
            current.map(|operation| operation.name.as_str()).filter(|name| handler(name).is_none()).collect();
        assert_eq!(missing, [""; 0]);
    }

    #[test]
    fn of_the_legacy_operations_one_is_not_emulated() {
        let legacy = contract().operations.iter().filter(|operation| operation.status == Status::Legacy);
        let missing: Vec<&str> =
            legacy.map(|operation| operation.name.as_str()).filter(|name| handler(name).is_none()).collect();
        // It works on the spaces of an operation that no page describes.
        assert_eq!(missing, ["drive_v1.GrantPrivilegeOfCustomSpace"]);
    }

    /// A name that no operation has would be a handler that nothing reaches.
    #[test]
    fn codes_are_those_of_the_spec() {
        for (code, others) in codes::ELSEWHERE {
            for code in others.iter().chain([&code]) {
                assert!(contract().codes.contains_key(*code), "{code}");
            }
        }
    }
}
