//! Spaces of both kinds.

use dingtalk_storage::types::{DriveSpaceType, OwnerType, SpaceStatus};

use crate::stage::Stage;

pub async fn a_scene_has_one_space(stage: &Stage) {
    let add = |scene| stage.ada.storage_v1().add_space().scene(scene).scene_id("2026").quota(1 << 20);
    let first = add("reports").name("Reports").send().await.unwrap().space;
    let again = add("reports").name("Another name").send().await.unwrap().space;
    let other = add("letters").send().await.unwrap().space;

    assert_eq!(first.id, again.id);
    assert_ne!(first.id, other.id);
    let read = stage.ada.storage_v1().get_space(&first.id.clone()).send().await.unwrap().space;
    assert_eq!(read, first);
    assert_eq!((read.name.as_deref(), read.quota, read.used_quota), (Some("Reports"), Some(1 << 20), Some(0)));
    assert_eq!((read.owner_type, read.status), (Some(OwnerType::User), Some(SpaceStatus::Normal)));
    assert_eq!((read.scene.as_deref(), read.scene_id.as_deref()), (Some("reports"), Some("2026")));
    assert_eq!(stage.emulator.effects("space.created"), 2);
}

pub async fn drive_spaces_are_made_listed_and_deleted(stage: &Stage) {
    let drive = stage.ada.drive_v1();
    let mut made = Vec::new();
    for name in ["One", "Two", "Three"] {
        made.push(drive.add_space(name).send().await.unwrap().space_id);
    }

    let mut spaces = drive.list_spaces(DriveSpaceType::Org, 2).items();
    let mut listed = Vec::new();
    while let Some(space) = spaces.try_next().await.unwrap() {
        listed.push((space.space_id, space.space_name.unwrap()));
    }
    listed.sort();
    let names: Vec<&str> = listed.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["One", "Two", "Three"], "ids grow");
    assert_eq!(stage.emulator.calls("drive_v1.ListSpaces"), 2, "two pages");

    drive.delete_space(&made[1]).send().await.unwrap();

    let left = drive.management_list_spaces(&made).send().await.unwrap().spaces;
    let left: Vec<_> = left.into_iter().map(|space| space.space_id).collect();
    assert_eq!(left, [made[0].clone(), made[2].clone()]);
    stage.ada.storage_v1().get_space(&made[1]).send().await.unwrap_err();
}
