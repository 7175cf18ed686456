//! Files and folders: reading, listing, versions, properties, and ways to look at them.

use dingtalk_storage::ErrorCode;
use dingtalk_storage::types::{
    AppProperty, ConflictStrategy, DentryId, DentrySortField, DentryType, OpenType, PropertyVisibility, SortOrder,
};

use crate::stage::{Stage, id, name, uuid};

pub async fn folders_hold_files(stage: &Stage) {
    let (space, _) = stage.space("folders").await;
    let folder = stage.folder(&space, &DentryId::root(), "Reports").await;
    let add = |strategy| {
        stage.ada.storage_v1().add_folder(&space, &DentryId::root(), "Reports").conflict_strategy(strategy).send()
    };
    let same = add(ConflictStrategy::ReturnDentryIfExists).await.unwrap().dentry;
    let renamed = add(ConflictStrategy::AutoRename).await.unwrap().dentry;
    let file = stage.upload(&uuid(&folder), "a.txt", b"hello").await;

    assert_eq!(same.id, folder.id);
    assert_eq!(name(&renamed), "Reports(1)");
    assert_eq!(stage.names(&space, &DentryId::root()).await, ["Reports", "Reports(1)"]);
    let read = stage.dentry(&space, &id(&file)).await;
    assert_eq!((read.kind, read.size, read.path.as_deref()), (DentryType::File, Some(5), Some("/Reports/a.txt")));
    assert_eq!((read.parent_id, read.uuid), (Some(folder.id.clone()), file.uuid.clone()));

    let ids = [id(&file), DentryId::new("77"), id(&folder)];
    let results = stage.ada.storage_v1().get_dentries(&space, &ids).send().await.unwrap().result_items;
    let read: Vec<_> = results.iter().map(|result| result.dentry.as_ref().map(name)).collect();
    assert_eq!(read, [Some("a.txt"), None, Some("Reports")]);
    assert_eq!(results[1].error_code, Some(ErrorCode::DentryNotExist));
}

pub async fn files_are_listed_in_pages_and_in_trees(stage: &Stage) {
    let (space, root) = stage.space("lists").await;
    let folder = stage.folder(&space, &DentryId::root(), "folder").await;
    stage.upload(&uuid(&folder), "inside.txt", b"1").await;
    for (file, bytes) in [("b.txt", &b"22"[..]), ("a.txt", b"4444"), ("c.txt", b"333")] {
        stage.upload(&root, file, bytes).await;
    }

    let list = stage.ada.storage_v1().list_dentries(&space, &DentryId::root()).max_results(2);
    let mut items = list.order_by(DentrySortField::Name).order(SortOrder::Desc).items();
    let mut names = Vec::new();
    while let Some(dentry) = items.try_next().await.unwrap() {
        names.push(name(&dentry).to_owned());
    }
    assert_eq!(names, ["folder", "c.txt", "b.txt", "a.txt"]);
    assert_eq!(stage.emulator.calls("storage_v1.ListDentries"), 2);

    let mut pages = stage.ada.storage_v1().list_all_dentries(&space).max_results(3).pages();
    let mut all = Vec::new();
    while let Some(page) = pages.try_next().await.unwrap() {
        all.extend(page.iter().map(|dentry| name(dentry).to_owned()));
    }
    all.sort();
    assert_eq!(all, ["a.txt", "b.txt", "c.txt", "folder", "inside.txt"], "with what is in folders");
}

pub async fn old_versions_come_back(stage: &Stage) {
    let (space, root) = stage.space("versions").await;
    let file = stage.upload(&root, "a.txt", b"one").await;
    let key = stage.uploaded(&root, b"two!").await;
    let commit = stage.ada.storage_v2().commit_file(&root, &key, "a.txt");
    let second = commit.conflict_strategy(ConflictStrategy::Overwrite).send().await.unwrap().dentry;
    assert_eq!((second.id, second.version), (file.id.clone(), Some(2)));

    stage.ada.storage_v1().revert_dentry_version(&space, &id(&file), 1).send().await.unwrap();

    assert_eq!(stage.download(&space, &id(&file)).await, b"one");
    let mut versions = stage.ada.storage_v1().list_dentry_versions(&space, &id(&file)).max_results(2).items();
    let mut sizes = Vec::new();
    while let Some(version) = versions.try_next().await.unwrap() {
        sizes.push((version.version.unwrap(), version.size.unwrap()));
    }
    assert_eq!(sizes, [(3, 3), (2, 4), (1, 3)]);
}

pub async fn properties_stay_with_a_file(stage: &Stage) {
    let (space, root) = stage.space("properties").await;
    let file = id(&stage.upload(&root, "a.txt", b"a").await);
    let properties = ["draft", "reviewed"].map(|name| AppProperty::new(name, "yes", PropertyVisibility::Private));
    let names = async || -> Vec<String> {
        let properties = stage.dentry(&space, &file).await.app_properties;
        let names = properties
            .iter()
            .flat_map(dingtalk_storage::runtime::MapOrList::iter)
            .map(|property| property.name.clone().unwrap());
        names.collect()
    };

    stage.ada.storage_v1().update_dentry_app_properties(&space, &file, &properties).send().await.unwrap();
    assert_eq!(names().await, ["draft", "reviewed"]);
    let gone = ["draft".to_owned()];
    stage.ada.storage_v1().delete_dentry_app_properties(&space, &file, &gone).send().await.unwrap();
    assert_eq!(names().await, ["reviewed"]);
}

pub async fn links_and_thumbnails_show_files(stage: &Stage) {
    let (space, root) = stage.space("views").await;
    let image = id(&stage.upload(&root, "a.png", b"an image").await);
    let sheet = id(&stage.upload(&root, "b.xlsx", b"a sheet").await);

    let folder = id(&stage.folder(&space, &DentryId::root(), "folder").await);
    let ids = [image, folder];
    let thumbnails = stage.ada.storage_v1().get_dentry_thumbnails(&space, &ids).send().await.unwrap().result_items;
    let url = thumbnails[0].thumbnail.as_ref().unwrap().url.as_ref().unwrap();
    assert_eq!(stage.http.get(url.expose()).send().await.unwrap().status(), 200);
    assert_eq!(thumbnails[1].error_code, Some(ErrorCode::DentryFormatNotSupport));

    let open = stage.ada.storage_v1().get_dentry_open_info(&space, &sheet).kind(OpenType::Edit).water_mark(true);
    let open = open.send().await.unwrap();
    assert_eq!(open.has_water_mark, Some(true));
    let page = stage.http.get(open.url.unwrap().expose()).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("edit: b.xlsx"), "{page}");
}
