//! The list of scenarios: each is a test, and all of them together call every current operation.

use std::collections::BTreeSet;

use dingtalk_storage::OPERATIONS;
use dingtalk_storage::runtime::Status;
use tokio::task::JoinSet;

use crate::stage::Stage;

macro_rules! scenarios {
    ($($chapter:ident::$name:ident,)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                crate::$chapter::$name(&Stage::start().await).await;
            }
        )*

        /// Runs all of them, each on a stage of its own; the operations that did what they were asked to.
        async fn done_by_all() -> BTreeSet<String> {
            let mut running = JoinSet::new();
            $(
                running.spawn(async {
                    let stage = Stage::start().await;
                    crate::$chapter::$name(&stage).await;
                    stage.done()
                });
            )*
            running.join_all().await.into_iter().flatten().collect()
        }
    };
}

scenarios! {
    approvals::attachments_are_uploaded_shown_and_downloaded,
    chats::a_file_goes_to_a_chat,
    chats::a_link_goes_to_a_chat,
    chats::an_app_sends_a_file_to_a_person,
    copies::copies_are_things_of_their_own,
    copies::many_are_copied_moved_and_deleted,
    copies::moved_and_renamed_files_keep_their_uuid,
    documents::a_person_copies_a_folder_and_makes_a_shortcut,
    documents::documents_are_made_and_deleted,
    documents::ids_lead_to_each_other,
    documents::resources_go_up_into_a_document,
    documents::search_finds_files_by_name,
    events::subscribers_are_told_until_they_unsubscribe,
    files::files_are_listed_in_pages_and_in_trees,
    files::folders_hold_files,
    files::links_and_thumbnails_show_files,
    files::old_versions_come_back,
    files::properties_stay_with_a_file,
    knowledge::knowledge_bases_are_listed_read_and_found,
    knowledge::knowledge_bases_are_made,
    knowledge::nodes_are_files,
    media::media_files_are_uploaded,
    organisation::people_are_found_by_their_user_id,
    organisation::usage_grows_with_what_is_stored,
    permissions::folders_stop_inheriting,
    permissions::roles_are_given_changed_and_taken,
    recycle_bin::items_come_back_or_go_for_good,
    recycle_bin::many_items_come_back_or_go_for_good,
    spaces::a_scene_has_one_space,
    spaces::drive_spaces_are_made_listed_and_deleted,
    tasks::a_copied_tree_takes_a_task,
    tasks::a_deleted_tree_is_waited_for,
    tokens::tokens_come_from_four_operations,
    transfers::a_file_goes_up_and_down,
    transfers::a_file_goes_up_in_parts,
}

/// Also fails for an operation that is added later, until a scenario calls it.
#[tokio::test]
async fn every_current_operation_is_in_a_scenario() {
    let done = done_by_all().await;
    let current = OPERATIONS.iter().filter(|operation| operation.status == Status::Current);
    let missing: Vec<&str> = current.map(|operation| operation.name).filter(|name| !done.contains(*name)).collect();
    assert_eq!(missing, [""; 0]);
}
