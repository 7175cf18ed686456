//! Many who want one name at the same time.

use futures_util::{TryStreamExt, future};
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt, PutMode, Result};

use crate::stage::{Stage, path};

async fn names(stage: &Stage) -> Vec<String> {
    let names = stage.store.list(None).map_ok(|meta| meta.location.to_string());
    let mut names: Vec<String> = names.try_collect().await.unwrap();
    names.sort_unstable();
    names
}

/// The one that won; the others were told that something is there.
fn only_winner(done: &[Result<()>]) -> usize {
    let winners: Vec<usize> = (0..done.len()).filter(|number| done[*number].is_ok()).collect();
    for error in done.iter().filter_map(|done| done.as_ref().err()) {
        assert!(matches!(error, Error::AlreadyExists { .. }), "{error}");
    }
    assert_eq!(winners.len(), 1, "{done:?}");
    winners[0]
}

async fn ten_sources(stage: &Stage) -> Vec<Path> {
    let sources: Vec<Path> = (0..10).map(|number| path(&format!("s/{number}"))).collect();
    for (number, source) in sources.iter().enumerate() {
        stage.store.put(source, number.to_string().into()).await.unwrap();
    }
    sources
}

async fn text(stage: &Stage, location: &Path) -> String {
    String::from_utf8(stage.store.get(location).await.unwrap().bytes().await.unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn of_fifty_who_create_an_object_one_does() {
    let stage = Stage::new().await;
    let target = path("new folder/one");
    let creates = (0..50).map(|number: usize| {
        let (store, target) = (&stage.store, &target);
        async move { store.put_opts(target, number.to_string().into(), PutMode::Create.into()).await.map(drop) }
    });
    let winner = only_winner(&future::join_all(creates).await);
    assert_eq!((text(&stage, &target).await, names(&stage).await), (winner.to_string(), vec![target.to_string()]));
}

#[tokio::test]
async fn of_ten_who_place_something_where_nothing_is_one_does_and_nothing_is_left_of_the_others() {
    let stage = Stage::new().await;
    let sources = ten_sources(&stage).await;
    let target = path("t/x");
    let copies = future::join_all(sources.iter().map(|source| stage.store.copy_if_not_exists(source, &target))).await;
    let winner = only_winner(&copies);
    assert_eq!((text(&stage, &target).await, names(&stage).await.len()), (winner.to_string(), 11));
    stage.store.delete(&target).await.unwrap();
    let renames =
        future::join_all(sources.iter().map(|source| stage.store.rename_if_not_exists(source, &target))).await;
    let winner = only_winner(&renames);
    assert_eq!((text(&stage, &target).await, names(&stage).await.len()), (winner.to_string(), 10));
    assert!(!names(&stage).await.contains(&sources[winner].to_string()));
}

#[tokio::test]
async fn all_who_replace_one_object_do_and_nothing_else_is_left() {
    let stage = Stage::new().await;
    let sources = ten_sources(&stage).await;
    let target = path("t/x");
    stage.store.put(&target, "before".into()).await.unwrap();
    let copies = future::join_all(sources.iter().map(|source| stage.store.copy(source, &target))).await;
    copies.into_iter().for_each(Result::unwrap);
    assert_eq!(names(&stage).await.len(), 11);
    let renames = future::join_all(sources.iter().map(|source| stage.store.rename(source, &target))).await;
    renames.into_iter().for_each(Result::unwrap);
    assert_eq!(names(&stage).await, ["t/x"]);
    let folder = stage.store.list_with_delimiter(Some(&path("t"))).await.unwrap();
    assert!(folder.common_prefixes.is_empty(), "{:?}", folder.common_prefixes);
}
