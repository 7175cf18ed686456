//! What the compiler gives when nothing is wrong.

use dingtalk_storage_spec::model::TypeRef;
use dingtalk_storage_spec::{SourceTree, compile};

use crate::fixture;

#[test]
fn everything_is_in_an_order_that_people_can_rely_on() {
    let tree = SourceTree::from_files(fixture::minimal());
    let spec = compile(&tree).unwrap();
    let operations: Vec<&str> =
        spec.families[0].operations.iter().map(|each| each.operation.operation.as_str()).collect();
    assert_eq!(operations, ["DeleteThings", "GetThing", "ListThings"]);
    assert_eq!(spec.families[0].operations[1].file, "api/demo_v1/get_thing.yaml");
    assert_eq!(spec.families[0].file, "api/demo_v1/family.yaml");
    let types: Vec<&String> = spec.types.keys().collect();
    assert_eq!(types, ["Colour", "Thing", "ThingId", "UnionId"]);
    assert_eq!(spec.types["Thing"].file, "types/thing.yaml");
    assert_eq!(spec.errors.keys().collect::<Vec<_>>(), ["notFound"]);
    assert_eq!(spec.groups.keys().collect::<Vec<_>>(), ["thing"]);
}

#[test]
fn fields_keep_the_order_of_the_file() {
    let spec = compile(&SourceTree::from_files(fixture::minimal())).unwrap();
    let fields = spec.types["Thing"].def.fields.as_ref().unwrap();
    assert_eq!(fields.keys().collect::<Vec<_>>(), ["id", "name", "colour", "parts"]);
    let parts = TypeRef::List(Box::new(TypeRef::Named("Thing".to_owned())));
    assert_eq!(fields["parts"].kind, Some(parts));
}

#[test]
fn texts_that_look_like_numbers_stay_texts() {
    let spec = compile(&fixture::with_excerpts([
        ("errors.yaml", "codes:\n  notFound: {class: missing, meaning: It is gone., advice: Look elsewhere.}\n  33012: {class: parameter, rust: BadUser, meaning: The user is wrong., advice: Correct it.}\n"),
        ("api/demo_v1/get_thing.yaml", "query:\n  userId: {type: UnionId, required: true, example: 007, doc: Who asks.}\nerrors:\n  404: [notFound, \"33012\"]\n"),
    ]))
    .unwrap();
    assert_eq!(spec.errors.keys().collect::<Vec<_>>(), ["notFound", "33012"]);
    let operation = &spec.families[0].operations[1].operation;
    assert_eq!(operation.query["userId"].example, Some("007".into()));
    assert_eq!(operation.errors[&404], ["notFound", "33012"]);
}

#[test]
fn families_that_tell_errors_in_the_body_list_them_under_200() {
    let excerpts = [
        ("api/demo_v1/family.yaml", "doc: Shows how a spec is written.\nenvelope: errcode\n"),
        ("api/demo_v1/get_thing.yaml", "errors:\n  200: [notFound]\n"),
    ];
    compile(&fixture::with_excerpts(excerpts)).unwrap();
    assert!(compile(&fixture::with_excerpts([excerpts[1]])).is_err());
}

#[test]
fn events_need_types_too() {
    let types = (
        "types/example.yaml",
        "types:\n  ThingEvent: {doc: What an event carries., fields: {id: {type: ThingId, doc: The thing.}}}\n",
    );
    let events = (
        "events.yaml",
        "events:\n  thing_changed: {summary: A thing changed., docs: thing-changed, bizType: 7, data: ThingEvent}\n",
    );
    let spec = compile(&fixture::with_excerpts([types, events])).unwrap();
    assert_eq!(spec.events["thing_changed"].biz_type, 7);
}

#[test]
fn a_task_can_be_in_each_result() {
    let excerpts = [
        (
            "api/demo_v1/family.yaml",
            "tasks: {operation: GetThing, id: thingId, task: thing, status: colour, succeeded: [RED], failed: [BLUE]}\n",
        ),
        ("api/demo_v1/delete_things.yaml", "task: results.thingId\n"),
    ];
    compile(&fixture::with_excerpts(excerpts)).unwrap();
}

#[test]
fn a_task_may_have_no_bad_end() {
    let excerpts = [
        (
            "api/demo_v1/family.yaml",
            "tasks: {operation: GetThing, id: thingId, status: status, succeeded: [\"1\"], failed: []}\n",
        ),
        (
            "api/demo_v1/get_thing.yaml",
            "response:\n  thing: {type: Thing, doc: The thing.}\n  status: {type: int32, doc: How it stands.}\n",
        ),
    ];
    compile(&fixture::with_excerpts(excerpts)).unwrap();
}
