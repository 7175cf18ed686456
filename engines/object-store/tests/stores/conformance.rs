//! What `object_store` itself asks of every store, without faults and with 5 % of all calls throttled.
//!
//! Two of its functions are not called, because they are about traits that this store does not have: `multipart` is about
//! `MultipartStore`, whose parts come in any order, while an upload of the drive is one stream; `list_paginated` is about
//! `PaginatedListStore`, which promises an order that the drive's flat list does not have.

use dingtalk_storage_emulator::{Fault, FaultKind};
use dingtalk_storage_object_store::AttributePolicy;
use object_store::integration;
use object_store::path::Path;

use crate::stage::Stage;

/// Each function on a drive of its own, twice.
macro_rules! conforms {
    ($($name:ident($($argument:expr),*);)*) => {$(
        mod $name {
            use super::*;

            #[tokio::test]
            async fn without_faults() {
                let stage = Stage::new().await;
                integration::$name(&stage.store, $($argument),*).await;
            }

            #[tokio::test]
            async fn with_one_call_in_twenty_throttled() {
                let stage = throttled(20).await;
                integration::$name(&stage.store, $($argument),*).await;
            }
        }
    )*};
}

async fn throttled(seed: u64) -> Stage {
    let stage = Stage::new().await;
    println!("seed {seed}");
    stage.emulator.add_fault(Fault::new(FaultKind::Throttle { code: None }).with_probability(0.05, seed));
    stage
}

conforms! {
    put_get_delete_list();
    put_get_attributes();
    get_opts();
    put_opts(false);
    stream_get();
    list_uses_directories_correctly();
    list_with_delimiter();
    rename_and_copy();
    copy_if_not_exists();
    copy_rename_nonexistent_object();
    multipart_race_condition(true);
    multipart_out_of_order();
    list_with_offset_exclusivity();
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    for stage in [Stage::new().await, throttled(21).await] {
        for location in [None, Some(Path::from("not/there"))] {
            let error = integration::get_nonexistent_object(&stage.store, location).await.unwrap_err();
            assert!(matches!(error, object_store::Error::NotFound { .. }), "{error}");
        }
    }
}

#[tokio::test]
async fn attributes_are_kept_on_wish() {
    let stage = Stage::with(|store| store.with_attributes(AttributePolicy::Keep)).await;
    integration::put_get_attributes(&stage.store).await;
}

/// The same in a folder that is not there yet, and with everything asked for anew.
#[tokio::test]
async fn a_folder_is_a_store_too() {
    let stage = Stage::with(|store| store.with_prefix("a/b c").with_freshness(std::time::Duration::ZERO)).await;
    integration::put_get_delete_list(&stage.store).await;
    integration::get_opts(&stage.store).await;
    integration::rename_and_copy(&stage.store).await;
}
