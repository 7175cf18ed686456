//! The answer of `GetDentries` with 30 files, as types of the generated kind and as a derived struct.

use std::fmt::Write as _;

use dingtalk_runtime::{MapOrList, Time, UnknownValue};
use serde::Deserialize;

macro_rules! ids {
    ($($name:ident)*) => { $(
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $name(String);
        dingtalk_runtime::__private::id!($name);
    )* };
}

ids!(DentryId SpaceId UnionId DentryUuid);

macro_rules! enums {
    ($($name:ident { $($wire:literal => $variant:ident),* })*) => { $(
        #[derive(Debug, Clone, PartialEq)]
        pub enum $name { $($variant,)* UnknownValue(UnknownValue) }

        dingtalk_runtime::__private::open_enum!($name { $($wire => $variant,)* });
    )* };
}

enums! {
    DentryType { "FILE" => File, "FOLDER" => Folder }
    DentryStatus { "NORMAL" => Normal, "DELETED" => Deleted, "EXPIRED" => Expired }
    PartitionType { "PUBLIC_OSS_PARTITION" => Public, "MINI_OSS_PARTITION" => Mini }
    StorageDriver { "DINGTALK" => Dingtalk, "ALIDOC" => Alidoc, "SHANJI" => Shanji }
    Visibility { "PUBLIC" => Public, "PRIVATE" => Private }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    pub results: Vec<Outcome>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    pub space_id: Option<SpaceId>,
    pub dentry_id: Option<DentryId>,
    pub success: Option<bool>,
    pub dentry: Option<Dentry>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Dentry {
    pub id: Option<DentryId>,
    pub space_id: Option<SpaceId>,
    pub parent_id: Option<DentryId>,
    pub kind: Option<DentryType>,
    pub name: Option<String>,
    pub size: Option<i64>,
    pub path: Option<String>,
    pub version: Option<i64>,
    pub status: Option<DentryStatus>,
    pub extension: Option<String>,
    pub creator_id: Option<UnionId>,
    pub modifier_id: Option<UnionId>,
    pub create_time: Option<Time>,
    pub modified_time: Option<Time>,
    pub properties: Option<Properties>,
    pub app_properties: Option<MapOrList<Property>>,
    pub uuid: Option<DentryUuid>,
    pub partition_type: Option<PartitionType>,
    pub storage_driver: Option<StorageDriver>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Properties {
    pub read_only: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Property {
    pub name: Option<String>,
    pub value: Option<String>,
    pub visibility: Option<Visibility>,
}

dingtalk_runtime::__private::answer_object!(Answer { "resultItems" => results: list, });
dingtalk_runtime::__private::answer_object!(Outcome {
    "spaceId" => space_id: text,
    "dentryId" => dentry_id: text,
    "success" => success: boolean,
    "dentry" => dentry: object,
});
dingtalk_runtime::__private::answer_object!(Dentry {
    "id" => id: text,
    "spaceId" => space_id: text,
    "parentId" => parent_id: text,
    "type" => kind: text,
    "name" => name: text,
    "size" => size: integer,
    "path" => path: text,
    "version" => version: integer,
    "status" => status: text,
    "extension" => extension: text,
    "creatorId" => creator_id: text,
    "modifierId" => modifier_id: text,
    "createTime" => create_time: time,
    "modifiedTime" => modified_time: time,
    "properties" => properties: object,
    "appProperties" => app_properties: map_or_list,
    "uuid" => uuid: text,
    "partitionType" => partition_type: text,
    "storageDriver" => storage_driver: text,
});
dingtalk_runtime::__private::answer_object!(Properties { "readOnly" => read_only: boolean, });
dingtalk_runtime::__private::answer_object!(Property {
    "name" => name: text,
    "value" => value: text,
    "visibility" => visibility: text,
});

/// The same by derive, with texts for ids, enums and times: what one writes by hand.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Derived {
    pub result_items: Vec<DerivedOutcome>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "it is only read")]
pub struct DerivedOutcome {
    pub space_id: Option<String>,
    pub dentry_id: Option<String>,
    pub success: Option<bool>,
    pub dentry: Option<DerivedDentry>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "it is only read")]
pub struct DerivedDentry {
    pub id: Option<String>,
    pub space_id: Option<String>,
    pub parent_id: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub name: Option<String>,
    pub size: Option<i64>,
    pub path: Option<String>,
    pub version: Option<i64>,
    pub status: Option<String>,
    pub extension: Option<String>,
    pub creator_id: Option<String>,
    pub modifier_id: Option<String>,
    pub create_time: Option<String>,
    pub modified_time: Option<String>,
    pub properties: Option<DerivedProperties>,
    pub app_properties: Option<Vec<DerivedProperty>>,
    pub uuid: Option<String>,
    pub partition_type: Option<String>,
    pub storage_driver: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "it is only read")]
pub struct DerivedProperties {
    pub read_only: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "it is only read")]
pub struct DerivedProperty {
    pub name: Option<String>,
    pub value: Option<String>,
    pub visibility: Option<String>,
}

/// The answer as JSON.
pub fn json() -> String {
    let mut json = String::from(r#"{"resultItems":["#);
    for number in 0..30 {
        let comma = if number > 0 { "," } else { "" };
        let id = 222_892_787_485_u64 + number;
        write!(
            json,
            r#"{comma}{{"spaceId":"2256226585","dentryId":"{id}","success":true,"dentry":{{"id":"{id}","spaceId":"2256226585","parentId":"0","type":"FILE","name":"Quarterly report {number} 报告.docx","size":{},"path":"/Reports/2026/Quarterly report {number} 报告.docx","version":3,"status":"NORMAL","extension":"docx","creatorId":"nQ1iSvVzJDVDk7xiSWeSivCwiEiE","modifierId":"nQ1iSvVzJDVDk7xiSWeSivCwiEiE","createTime":"2026-05-28T09:37:16Z","modifiedTime":"2026-05-29T10:47:08Z","properties":{{"readOnly":false}},"appProperties":[{{"name":"case","value":"A-{number}","visibility":"PRIVATE"}}],"uuid":"P7QG4Yx2JpXDvjzBIMk1m46eJ9dEq{number:03}","partitionType":"PUBLIC_OSS_PARTITION","storageDriver":"DINGTALK"}}}}"#,
            1 << number
        )
        .unwrap();
    }
    json.push_str("]}");
    json
}
