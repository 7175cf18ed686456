//! Mistakes that share a code with another one, each with the report that a person sees.

use crate::fixture::{replaced, snapshot, with_bytes, with_excerpts};

const GET: &str = "api/demo_v1/get_thing.yaml";
const LIST: &str = "api/demo_v1/list_things.yaml";
const DELETE: &str = "api/demo_v1/delete_things.yaml";
const EMPTY_FAMILY: &str = "api/empty_v1/family.yaml";
const FAMILY: &str = "api/demo_v1/family.yaml";
const PERSON: &str = "types/person.yaml";
const TYPES: &str = "types/example.yaml";
const ERRORS: &str = "errors.yaml";
const GROUPS: &str = "groups.yaml";
const EVENTS: &str = "events.yaml";

/// Declares tests: a name, and excerpts that are merged into the minimal spec.
macro_rules! mistakes {
    ($($name:ident: $($path:ident = $text:literal),+;)*) => {
        $(#[test] fn $name() { snapshot(stringify!($name), &with_excerpts([$(($path, $text)),+])); })*
    };
}

// Signed URLs, and forms on the wire
mistakes! {
    signed_urls: GET = "query:\n  userId: {type: UnionId, required: true, signed: {}, doc: Who asks.}\nresponse:\n  thing: {type: Thing, doc: The thing.}\n  a: {type: Url, signed: {headers: heads}, doc: A URL.}\n  headers: {type: {string: string}, doc: Headers.}\n  b: {type: [Url], signed: {headers: headers}, doc: URLs.}\n  c: {type: [[Url]], signed: {}, doc: Lists of URLs.}\n  signed: {type: bool, doc: Whether it is signed.}", TYPES = "types:\n  Url: {doc: A URL., id: {secret: true}}";
    ranks_of_nothing: TYPES = "types:\n  Level: {doc: A level., values: {HIGH: High., LOW: Low.}, ranked: \"\"}\n  Only: {doc: One value., values: {ONE: One.}, ranked: It is alone.}\n  ShadeId: {doc: Id of a shade., id: {}, ranked: Shades are.}", GET = "response:\n  level: {type: Level, doc: Its level.}\n  only: {type: Only, doc: The one.}\n  shade: {type: ShadeId, doc: Its shade.}\n  thing: {type: Thing, doc: The thing.}";
    ids_that_are_other_ids: TYPES = "types:\n  ShadeId: {doc: Id of a shade., id: {from: {ShadeId: It is., UnionIds: A person., Thing: A thing., Url: A URL., UnionId: \"\"}}}\n  Url: {doc: A URL., id: {secret: true, from: {UnionId: A person has one.}}}", GET = "response:\n  thing: {type: Thing, doc: The thing.}\n  shade: {type: ShadeId, doc: Its shade.}\n  url: {type: Url, doc: Its URL.}";
    numbers_on_the_wire: GET = "response:\n  thing: {type: Thing, numeric: true, doc: The thing.}\n  a: {type: {string: UnionId}, numeric: true, doc: People.}\n  b: {type: [UnionId], numeric: true, doc: People.}\n  c: {type: {string: timestamp}, doc: Times.}\n  d: {type: [timestamp], example: [-1], doc: Times.}\n  e: {type: uint64, min: 3, max: 2, example: -5, doc: A number.}\n  f: {type: timestamp, min: 0, example: 2022-01-01, doc: A time.}\n  g: {type: string, numeric: true, doc: A text.}";
}

// YAML
mistakes! {
    tab_in_the_indentation: GET = "query:\n\tuserId: {type: UnionId, doc: Who asks.}";
    wrong_indentation: GET = "query:\n    userId: {type: UnionId, doc: Who asks.}\n  language: {type: string, doc: Language.}";
    quote_that_is_not_closed: GET = "summary: \"Reads a thing.";
    colon_in_a_text: GET = "details: Two ways: by id or by name.";
    brace_that_is_not_closed: GET = "path:\n  thingId: {type: ThingId, doc: The thing.";
    duplicate_key_in_a_map: GET = "query:\n  userId: {type: UnionId, required: true, doc: Who asks.}\n  userId: {type: UnionId, doc: Who is asked.}";
    duplicate_key_in_braces: GET = "query:\n  userId: {type: UnionId, required: true, doc: Who asks., required: false}";
    second_document: GET = "---\noperation: GetThing\n---\noperation: GetOther";
    tag_and_list_as_key: GET = "summary: !text Reads a thing.\n? [a, b]\n: c";
}

// Shape
mistakes! {
    comma_in_a_text: GET = "response:\n  thing: {type: Thing, doc: The thing, with its parts.}";
    commas_in_a_text: GET = "response:\n  thing: {type: Thing, doc: The thing, its parts, and so on, always: true}";
    unknown_key_without_a_neighbour: GET = "colour: red";
    missing_keys: ERRORS = "codes:\n  notFound: {class: missing, meaning: It is gone.}";
    key_without_a_value: GET = "summary:\nscope: Thing.Read";
    number_out_of_range: DELETE = "batch: {items: thingIds, max: 4294967296, results: results}";
    type_that_is_no_type: GET = "response:\n  thing: {type: Thing, doc: The thing.}\n  a: {type: [Thing, Colour], doc: Both.}\n  b: {type: {int32: Thing}, doc: By number.}\n  c: {type: 5, doc: Five.}";
    status_that_is_no_number: GET = "errors:\n  notFound: [notFound]";
    list_in_place_of_a_map: GET = "query:\n  - userId\n  - language";
}

// Names
mistakes! {
    duplicate_operation_by_case: LIST = "operation: GetThings", GET = "operation: GETThings";
    duplicate_type_in_one_file: TYPES = "types:\n  Shade: {doc: A shade., values: {DARK: Like the night.}}\n  Shade: {doc: A shade., values: {PALE: Like snow.}}", GET = "response:\n  thing: {type: Thing, doc: The thing.}\n  shade: {type: Shade, doc: Its shade.}";
    duplicate_inline_type: GET = "response:\n  a: {as: Part, doc: A part., fields: {thing: {type: Thing, doc: A thing.}}}\n  b: {as: Part, doc: A part., fields: {thing: {type: Thing, doc: A thing.}}}\n  c: {as: Thing, doc: A thing., fields: {name: {type: string, doc: Its name.}}}\n  d: {as: GetThingResponse, doc: An answer., fields: {name: {type: string, doc: Its name.}}}";
    duplicate_error_code: ERRORS = "codes:\n  notFound: {class: missing, meaning: It is gone., advice: Look elsewhere.}\n  notFound: {class: missing, meaning: It is lost., advice: Look for it.}";
    values_that_collide: TYPES = "types:\n  Shade:\n    doc: A shade.\n    values: {DARK_RED: Like wine., darkRed: Like blood., unknown_value: Like nothing., self: Like itself., 2: Like two.}", GET = "response:\n  thing: {type: Thing, doc: The thing.}\n  shade: {type: Shade, doc: Its shade.}";
    error_codes_that_collide: ERRORS = "codes:\n  notFound: {class: missing, meaning: It is gone., advice: Look elsewhere.}\n  not.found: {class: missing, anyOperation: true, meaning: It is gone., advice: Look elsewhere.}\n  33012: {class: parameter, anyOperation: true, meaning: The user is wrong., advice: Correct it.}\n  busy: {class: server, anyOperation: true, rust: too_busy, meaning: It is busy., advice: Wait.}";
    fields_that_collide: TYPES = "types:\n  Shade:\n    doc: A shade.\n    fields:\n      deepRed: {type: bool, doc: Whether it is deep.}\n      DeepRed: {type: bool, doc: Whether it is deeper.}\n      more: {type: bool, rust: Other, doc: Whether there is more.}", GET = "response:\n  thing: {type: Thing, doc: The thing.}\n  shade: {type: Shade, doc: Its shade.}";
    parameters_that_collide: LIST = "query:\n  max_results: {type: int32, doc: The same again.}";
    keywords: DELETE = "operation: Move", FAMILY = "family: mod";
    constants: TYPES = "types:\n  ShadeId:\n    doc: Id of a shade.\n    id:\n      constants:\n        new: {value: \"0\", doc: The newest one.}\n        Root: {value: \"1\", doc: The first one.}\n        loop: {value: \"2\", doc: The round one.}", GET = "response:\n  thing: {type: Thing, doc: The thing.}\n  shade: {type: ShadeId, doc: Its shade.}";
    types_that_generated_files_have: TYPES = "types:\n  Calls: {doc: Calls., fields: {a: {type: BTreeMap, doc: A map.}}}\n  BTreeMap: {doc: A map., values: {A: The first.}}\n  Iterator: {doc: An iterator., values: {A: The first.}}", GET = "response:\n  thing: {type: Thing, doc: The thing.}\n  calls: {type: Calls, doc: The calls.}\n  iterator: {type: Iterator, doc: An iterator.}\n  handle: {as: OperatorCalls, doc: A handle., fields: {text: {type: string, doc: In words.}}}";
    families_that_the_crate_has: FAMILY = "family: types";
    family_like_a_feature: FAMILY = "family: legacy";
    operations_that_their_family_has: GET = "operation: New", LIST = "operation: Runtime", DELETE = "operation: Calls";
    parameters_that_generated_code_has: GET = "query:\n  userId: {type: UnionId, required: true, doc: Who asks.}\n  request: {type: string, required: true, doc: What is asked.}";
    fields_of_requests: TYPES = "types:\n  Shade: {doc: A shade., fields: {new: {type: bool, doc: Whether it is new.}, default: {type: bool, rust: clone, doc: Whether it is usual.}}}\n  Tone: {doc: A tone., fields: {new: {type: bool, doc: Fine in answers.}}}", LIST = "body:\n  nextToken: {type: string, doc: Where the page starts.}\n  maxResults: {type: int32, doc: Most things of a page.}\n  shade: {type: Shade, doc: Only things of this shade.}\n  more: {as: More, doc: More., fields: {default: {type: bool, doc: Whether it is usual.}}}", GET = "response:\n  thing: {type: Thing, doc: The thing.}\n  tone: {type: Tone, doc: Its tone.}";
    events_that_collide: EVENTS = "events:\n  thing_made: {summary: A happened., docs: a, bizType: 1, data: Thing}\n  thingMade: {summary: A happened., docs: a, bizType: 2, data: Thing}\n  \"5\": {summary: A happened., docs: a, bizType: 3, data: Thing}\n  unknown: {summary: A happened., docs: a, bizType: 4, data: Thing}\n  self: {summary: A happened., docs: a, bizType: 5, data: Thing}\n  unknown_value: {summary: This is fine., docs: a, bizType: 6, data: Thing}";
    error_codes_like_statuses: ERRORS = "codes:\n  notFound: {class: missing, meaning: It is gone., advice: Look elsewhere.}\n  \"404\": {class: missing, anyOperation: true, rust: Gone, meaning: It is gone., advice: Look elsewhere.}\n  \"600\": {class: missing, anyOperation: true, rust: Fine, meaning: It is gone., advice: Look elsewhere.}\n  \"too\\tmany\": {class: throttled, anyOperation: true, meaning: It is busy., advice: Wait.}";
    types_that_everybody_has: TYPES = "types:\n  Option: {doc: A choice., values: {A: The first.}}", GET = "response:\n  thing: {type: Thing, doc: The thing.}\n  option: {type: Option, doc: Its choice.}\n  error: {as: Error, doc: What went wrong., fields: {text: {type: string, doc: In words.}}}";
}

// References
mistakes! {
    types_of_other_languages: GET = "response:\n  thing: {type: Thing, doc: The thing.}\n  a: {type: String, doc: A.}\n  b: {type: [integer], doc: B.}\n  c: {type: {string: [boolean]}, doc: C.}\n  d: {type: Date, doc: D.}\n  e: {type: long, doc: E.}\n  f: {type: float, doc: F.}";
    type_used_by_an_unused_type: TYPES = "types:\n  Shade: {doc: A shade., fields: {depth: {type: Depth, doc: How deep.}}}\n  Depth: {doc: A depth., values: {LOW: Not deep.}}";
    cycle_of_three_types: TYPES = "types:\n  A: {doc: A type., fields: {list: {type: [A], doc: Fine.}, b: {type: B, doc: Not fine.}}}\n  B: {doc: A type., fields: {c: {as: Inner, doc: Within., fields: {c: {type: C, doc: Not fine.}}}}}\n  C: {doc: A type., fields: {a: {type: A, doc: Not fine.}, maybe: {type: C, indirect: true, doc: Fine.}, more: {type: [object], as: More, doc: Fine., fields: {a: {type: A, doc: Fine.}}}}}", GET = "response:\n  thing: {type: Thing, doc: The thing.}\n  a: {type: A, doc: A value.}";
    event_without_an_object: EVENTS = "events:\n  a: {summary: A happened., docs: a, bizType: 1, data: Colour}\n  b: {summary: B happened., docs: b, bizType: 2, data: [Thing]}\n  c: {summary: C happened., docs: c, bizType: 3, data: Thin}\n  d: {summary: D happened., docs: d, bizType: 4, data: object}";
}

// HTTP
mistakes! {
    path_without_a_method: GET = "http: /v1.0/things/{thingId}";
    method_that_is_misspelt: LIST = "http: PSOT /v1.0/things/query";
    path_with_a_query: LIST = "http: POST /v1.0/things/query?all=true";
    path_with_a_space: LIST = "http: POST  /v1.0/things/query";
    path_without_a_slash: LIST = "http: POST v1.0/things/query";
    placeholder_that_is_not_finished: GET = "http: GET /v1.0/things/{thingId";
    placeholder_without_a_name: GET = "http: GET /v1.0/things/{}";
    placeholder_twice: GET = "http: GET /v1.0/things/{thingId}/{thingId}";
    body_of_a_delete: DELETE = "http: DELETE /v1.0/things";
    lists_and_objects_as_parameters: GET = "http: GET /v1.0/things/{thingId}/{when}/{all}\npath:\n  thingId: {type: ThingId, doc: The thing.}\n  when: {type: time, doc: When.}\n  all: {type: [string], doc: All.}\nquery:\n  userId: {type: UnionId, required: true, style: json, doc: Who asks.}\n  lists: {type: [[string]], style: indexed, doc: Lists.}";
}

// Page, task, batch, operator
mistakes! {
    page_of_nothing: LIST = "page: {token: token, next: next, size: colour, items: thing}";
    page_with_another_next_token: LIST = "response:\n  things: {type: [Thing], doc: Things of the page.}\n  next: {type: string, doc: Where the next page starts.}";
    task_and_operator: DELETE = "task: results\noperator: thingIds";
    task_and_operator_of_nothing: DELETE = "task: task\noperator: userID";
    batch_key_without_results: DELETE = "batch: {items: thingIds, max: 30, key: thingId}";
    batch_key_of_nothing: DELETE = "batch: {items: thingIds, max: 30, results: results, key: thingID}";
    batch_key_of_another_type: DELETE = "batch: {items: thingIds, max: 30, results: results, key: success}";
    task_within_results: DELETE = "task: results.thing\nquirks:\n  - Each result has a task.";
    task_within_a_text: DELETE = "task: taskId.id";
    tasks_of_no_operation: FAMILY = "tasks: {operation: GetThings, id: thingId, task: thing, status: colour}";
    tasks_of_nothing: FAMILY = "tasks: {operation: GetThing, id: thingID, task: thing, status: color}";
    tasks_without_a_task: FAMILY = "tasks: {operation: GetThing, id: thingId, task: things, status: colour}";
    tasks_with_another_parameter: FAMILY = "tasks: {operation: GetThing, id: thingId, task: thing, status: parts}", GET = "query:\n  userId: {type: UnionId, required: true, doc: Who asks.}\n  language: {type: string, required: true, doc: Language of the texts.}";
    batch_of_nothing: DELETE = "batch: {items: things, max: 30, results: taskId}";
}

// Values
mistakes! {
    defaults_of_the_wrong_type: LIST = "body:\n  nextToken: {type: string, default: 5, doc: Where the page starts.}\n  maxResults: {type: int32, default: many, doc: Most things of a page.}\n  colour: {type: Colour, default: true, doc: Only things of this colour.}\n  deep: {type: bool, default: 1, doc: Whether parts are listed.}\n  share: {type: int64, default: 0.5, doc: How many of all.}\n  big: {type: int32, default: 3000000000, doc: A large one.}";
    defaults_outside_the_limits: LIST = "body:\n  nextToken: {type: string, max: 3, default: abcd, doc: Where the page starts.}\n  maxResults: {type: int32, min: 1, default: 0, doc: Most things of a page.}\n  colours: {type: [Colour], max: 1, default: [RED, BLUE], doc: Only things of these colours.}";
    examples_within_examples: GET = "response:\n  thing: {type: Thing, doc: The thing., example: {id: 17, nam: chair, colour: REED, parts: [{name: 5}]}}\n  things: {type: {string: [Thing]}, orList: true, doc: All things., example: [{name: leg}, {name: 6}]}";
    default_of_a_path_parameter: GET = "path:\n  thingId: {type: ThingId, default: \"1\", doc: The thing.}";
    limits_of_everything: GET = "response:\n  thing: {type: Thing, max: 1, doc: The thing.}\n  at: {type: time, min: 1, doc: When.}\n  colour: {type: Colour, max: 3, doc: Its colour.}\n  name: {type: string, min: 1, max: 64, doc: Its name.}\n  any: {type: any, max: 3, doc: Anything.}\n  all: {type: {string: Thing}, max: 5, doc: Fine.}";
    limits_that_nothing_keeps: GET = "response:\n  thing: {type: Thing, doc: The thing.}\n  name: {type: string, max: -1, doc: Its name.}\n  small: {type: int32, max: 2147483648, doc: A number.}\n  list: {type: [Thing], min: 2, max: 1, doc: A list.}";
}

// Objects
mistakes! {
    fields_of_another_type: GET = "response:\n  thing: {type: Thing, as: Other, doc: The thing., fields: {name: {type: string, doc: Its name.}}}\n  name: {type: string, as: Name, doc: Its name.}\n  nothing: {doc: Nothing at all.}\n  empty: {as: Empty, doc: Empty., fields: {}}";
    type_of_two_kinds: TYPES = "types:\n  Shade: {doc: A shade., values: {DARK: Like the night.}, id: {}}", GET = "response:\n  thing: {type: Thing, doc: The thing.}\n  shade: {type: Shade, doc: Its shade.}";
    always_in_a_request: GET = "query:\n  userId: {type: UnionId, required: true, always: true, evidence: The page says so., doc: Who asks.}";
    always_in_a_type_of_requests: TYPES = "types:\n  Wish: {doc: A wish., fields: {text: {type: string, always: true, evidence: The page says so., doc: In words.}}}", DELETE = "body:\n  wish: {type: Wish, doc: A wish.}\n  thingIds: {type: [ThingId], required: true, max: 30, doc: Things to delete.}";
    default_in_an_answer: GET = "response:\n  thing: {type: Thing, doc: The thing.}\n  name: {type: string, default: chair, evidence: A sample., doc: Its name.}";
    flattened_in_the_query: GET = "query:\n  userId: {type: UnionId, required: true, doc: Who asks.}\n  option: {flatten: true, fields: {deep: {type: bool, doc: Whether parts are read.}}}";
    flattened_list: LIST = "body:\n  nextToken: {type: string, doc: Where the page starts.}\n  maxResults: {type: int32, doc: Most things of a page.}\n  option: {type: [object], flatten: true, fields: {colour: {type: Colour, doc: Only things of this colour.}}}";
}

// Documentation
mistakes! {
    texts_without_full_stop: GET = "summary: Reads a thing\ndetails: >-\n  It is read\n  as a whole\neffectReason: It only reads\nquirks:\n  - The page says nothing.\n  - The page is old\ndiscrepancies:\n  - The table is older than the example\nresponse:\n  thing: {type: Thing, always: true, evidence: A sample, doc: The thing.}", FAMILY = "doc: A family", ERRORS = "codes:\n  notFound: {class: missing, meaning: It is gone, advice: Look elsewhere}";
    texts_that_are_empty: FAMILY = "doc: \"\"", ERRORS = "codes:\n  notFound: {class: missing, meaning: \" \", advice: Look elsewhere.}";
    types_without_documentation: TYPES = "types:\n  Shade: {values: {DARK: \"\", PALE: Like snow}}\n  ShadeId: {doc: Id of a shade, id: {constants: {first: {value: \"1\", doc: The first}}}}", GET = "response:\n  thing: {type: Thing, doc: The thing.}\n  shade: {type: Shade, doc: Its shade.}\n  shadeId: {type: ShadeId, doc: Its shade.}";
    event_without_full_stop: EVENTS = "events:\n  a: {summary: A happened, details: It did, docs: a, bizType: 1, data: Thing}";
}

// What would not compile, or could not be sent
mistakes! {
    batch_list_that_may_be_left_out: DELETE = "body:\n  thingIds: {type: [ThingId], max: 30, doc: Things to delete.}";
    batch_list_of_an_object_that_may_be_left_out: DELETE = "body:\n  option:\n    flatten: true\n    fields:\n      thingIds: {type: [ThingId], required: true, max: 30, doc: Things to delete.}";
    operators_without_an_id: PERSON = "types:\n  UnionId: {doc: Id of a person., id: {secret: true}}";
    batch_key_of_another_shape: DELETE = "response:\n  results:\n    type: [object]\n    as: DeleteResult\n    doc: One result for each thing.\n    fields:\n      thingId: {as: Key, doc: The thing., fields: {id: {type: ThingId, doc: The thing.}}}\n      success: {type: bool, doc: Whether it is gone.}\n  taskId: {type: string, doc: Work that goes on.}";
    token_of_a_family: FAMILY = "token: family";
    token_of_a_person_that_is_no_secret: GET = "token: user", TYPES = "types:\n  UserAccessToken: {doc: A token., id: {}}";
    status_by_a_way: FAMILY = "tasks: {operation: GetThing, id: thingId, status: thing.colour, succeeded: [RED], failed: [BLUE]}";
    numbers_that_no_status_is: FAMILY = "tasks: {operation: GetThing, id: thingId, status: status, succeeded: [\"+1\", \"01\", \"1\"], failed: [\"99999999999\"]}", GET = "response:\n  thing: {type: Thing, doc: The thing.}\n  status: {type: int32, doc: How it stands.}";
    error_codes_with_marks: ERRORS = "codes:\n  notFound: {class: missing, meaning: It is gone., advice: Look elsewhere.}\n  \"a`[b]\": {class: missing, anyOperation: true, rust: Odd, meaning: It is odd., advice: Look elsewhere.}";
    path_that_leads_elsewhere: LIST = "http: GET /v1.0/../things", GET = "http: GET /v1.0/./things/{thingId}";
}

// One name for two things
mistakes! {
    parameters_of_one_name: LIST = "http: POST /v1.0/things/{colour}\npath:\n  colour: {type: Colour, rust: shade, doc: Its colour.}\nquery:\n  colour: {type: Colour, doc: Its colour.}\nbody:\n  nextToken: {type: string, doc: Where the page starts.}\n  maxResults: {type: int32, doc: Most things of a page.}\n  option:\n    flatten: true\n    fields:\n      colour: {type: Colour, rust: tone, doc: Its colour.}\n      nextToken: {type: string, rust: again, doc: Where the page starts.}";
    elements_of_a_list_in_the_query: GET = "query:\n  userId: {type: UnionId, required: true, doc: Who asks.}\n  types: {type: [string], style: indexed, doc: Types.}\n  types.1: {type: string, doc: The first type.}\n  other.1: {type: string, doc: Fine.}";
    token_in_the_query: FAMILY = "token: query", GET = "query:\n  userId: {type: UnionId, required: true, doc: Who asks.}\n  access_token: {type: string, doc: The token.}", LIST = "token: header\nquery:\n  access_token: {type: string, doc: Fine.}";
    token_of_a_person_twice: GET = "token: user\nquery:\n  userId: {type: UnionId, required: true, doc: Who asks.}\n  userAccessToken: {type: string, rust: token, doc: The token.}", TYPES = "types:\n  UserAccessToken: {doc: A token., id: {secret: true}}";
}

// One mistake that is met in several places
mistakes! {
    names_that_are_used_again_and_again: GET = "group: thign_elsewhere\nscope: Other.Scope\nresponse:\n  a: {type: Nothing, doc: A.}\n  b: {type: [Nothing], doc: B.}\n  c: {type: Nothing, doc: C.}\n  thing: {type: Thing, doc: The thing.}", LIST = "group: thign_elsewhere\nbody:\n  nextToken: {type: string, doc: Where the page starts.}\n  maxResults: {type: int32, doc: Most things of a page.}\n  d: {type: Nothing, doc: D.}\n  e: {type: Nothing, doc: E.}\n  colour: {type: Colour, doc: Its colour.}";
    reader_of_tasks_under_another_name: FAMILY = "tasks: {operation: GetThing, id: thingId, task: thing, status: colour, succeeded: [RED], failed: [BLUE]}", GET = "operation: GetThng";
    ends_of_tasks_that_nobody_listed: FAMILY = "tasks: {operation: GetThing, id: thingId, task: thing, status: colour}";
    token_of_a_page_of_no_type: LIST = "response:\n  things: {type: [Thing], doc: Things of the page.}\n  nextToken: {type: Tokne, doc: Where the next page starts.}";
    marks_that_are_no_marks: GET = "response:\n  thing: {type: Thing, always: treu, evidence: A sample., doc: The thing.}", DELETE = "body:\n  thingIds: {type: [ThingId], required: [], max: 30, doc: Things to delete.}";
    key_that_stands_twice_the_first_time_empty: GET = "response:\nresponse:\n  thing: {type: Thing, doc: The thing.}";
    family_without_operations: EMPTY_FAMILY = "family: empty_v1\ntitle: Empty 1.0\ndoc: Nothing yet.";
    null_as_an_example: GET = "response:\n  thing: {type: Thing, doc: The thing.}\n  a: {type: any, example: null, doc: Anything.}";
    types_in_quotes: GET = "response:\n  thing: {type: Thing, doc: The thing.}\n  a: {type: \"[Thing]\", doc: A.}\n  b: {type: \"{string: Thing}\", doc: B.}";
    values_after_a_chinese_colon: TYPES = "types:\n  Shade:\n    doc: A shade.\n    values：{DARK: Like the night.}", GET = "response:\n  thing: {type: Thing, doc: The thing.}\n  shade: {type: Shade, doc: Its shade.}";
}

// Who waits
mistakes! {
    reader_with_a_token_of_a_person: FAMILY = "tasks: {operation: GetThing, id: thingId, task: thing, status: colour, succeeded: [RED], failed: [BLUE]}", GET = "token: user", TYPES = "types:\n  UserAccessToken: {doc: A token., id: {secret: true}}";
    reader_with_an_operator_that_the_call_lacks: FAMILY = "tasks: {operation: GetThing, id: thingId, task: thing, status: colour, succeeded: [RED], failed: [BLUE]}", DELETE = "query:\n  language: {type: string, doc: Language.}";
    task_with_an_id_of_another_type: FAMILY = "tasks: {operation: GetThing, id: thingId, task: thing, status: colour, succeeded: [RED], failed: [BLUE]}", TYPES = "types:\n  WorkId: {doc: Id of work., id: {}}", DELETE = "response:\n  taskId: {type: WorkId, doc: Work that goes on.}\n  results:\n    type: [object]\n    as: DeleteResult\n    doc: One result for each thing.\n    fields:\n      thingId: {type: ThingId, doc: The thing.}\n      success: {type: bool, doc: Whether it is gone.}";
    numbers_without_quotes_end_a_task: FAMILY = "tasks: {operation: GetThing, id: thingId, status: status, succeeded: [1], failed: [2, 3]}", GET = "response:\n  thing: {type: Thing, doc: The thing.}\n  status: {type: int32, doc: How it stands.}";
    task_that_is_named_by_an_enum: FAMILY = "tasks: {operation: GetThing, id: thingId, task: thing, status: colour, succeeded: [RED], failed: [BLUE]}", GET = "path:\n  thingId: {type: Colour, doc: The thing.}";
}

// Forms
mistakes! {
    conditions_of_rules: LIST = "encoding: form\nbody:\n  nextToken: {type: string, doc: Where the page starts.}\n  maxResults: {type: int32, doc: Most things of a page.}\n  deep: {type: bool, doc: Whether parts count.}\n  key: {type: Key, doc: A key.}\n  a:\n    type: file\n    example: a.gif\n    doc: A file.\n    accepts:\n      - {when: {deep: \"yes\"}, extensions: [jpg]}\n      - {when: {deep: \"true\"}, extensions: [jpg]}\n      - {when: {maxResults: \"03\"}, extensions: [png]}\n      - {when: {maxResults: \"3\"}, extensions: [png]}\n      - {when: {key: open}, extensions: [png]}\n      - {when: {maxResults: \"3\"}, extensions: [bmp]}", TYPES = "types:\n  Key: {doc: A key., id: {secret: true}}";
    files_outside_of_forms: GET = "query:\n  userId: {type: UnionId, required: true, doc: Who asks.}\n  a: {type: file, doc: A file.}\nresponse:\n  thing: {type: Thing, doc: The thing.}\n  b: {type: [file], doc: Files.}\n  c: {as: Part, doc: A part., fields: {d: {type: file, doc: A file.}}}\n  e: {type: string, accepts: [{extensions: [jpg]}], doc: No file.}", TYPES = "types:\n  Shade: {doc: A shade., fields: {picture: {type: {string: file}, doc: Files.}}}", DELETE = "body:\n  thingIds: {type: [ThingId], required: true, max: 30, doc: The things.}\n  shade: {type: Shade, doc: A shade.}";
    parts_that_no_form_has: LIST = "encoding: form\nbody:\n  nextToken: {type: string, nullable: true, doc: Where the page starts.}\n  maxResults: {type: int32, doc: Most things of a page.}\n  option: {flatten: true, fields: {colour: {type: Colour, doc: Its colour.}}}\n  a: {type: [file], doc: Files.}\n  b: {type: {string: string}, doc: Names.}\n  c: {type: Thing, doc: A thing.}\n  d: {type: any, doc: Anything.}\n  e: {type: time, doc: When.}\n  f: {type: file, default: a.txt, min: 1, doc: A file.}\n  g: {type: file, example: a.txt, max: 5, doc: A file.}";
    form_of_a_request_without_a_body: GET = "encoding: form\nbody:\n  a: {type: file, doc: A file.}";
    rules_for_files: LIST = "encoding: form\nbody:\n  nextToken: {type: string, doc: Where the page starts.}\n  maxResults: {type: int32, doc: Most things of a page.}\n  colour: {type: Colour, doc: Its colour.}\n  a:\n    type: file\n    max: 100\n    doc: A file.\n    accepts:\n      - {max: 101}\n      - {max: 0}\n      - {when: {colour: RED}}\n      - {when: {colour: REDD}, max: 9}\n      - {when: {color: RED}, max: 9}\n      - {when: {a: x}, max: 9}\n      - {when: {maxResults: \"3\"}, max: 9, extensions: [jpg, JPEG, .png, \"\"]}";
    statuses_that_end_a_task: FAMILY = "tasks: {operation: GetThing, id: thingId, status: status, failed: [NO, SUCCESS]}", GET = "response:\n  thing: {type: Thing, doc: The thing.}\n  status: {type: int32, doc: How it stands.}";
    statuses_that_nothing_has: FAMILY = "tasks: {operation: GetThing, id: thingId, task: thing, status: colour, succeeded: [RED], failed: [REDD]}", GET = "response:\n  thing: {as: Work, doc: The thing., fields: {thing: {type: Thing, doc: A thing.}, colour: {type: Colour, doc: How it stands.}}}";
}

#[test]
fn files_of_types_that_cannot_be_modules() {
    let of = |name: &str| format!("types:\n  {name}: {{doc: A shade., values: {{DARK: Like the night.}}}}");
    let response = "response:\n  thing: {type: Thing, doc: The thing.}\n  a: {type: A, doc: A.}\n  b: {type: B, doc: B.}\n  c: {type: C, doc: C.}";
    let [a, b, c] = ["A", "B", "C"].map(of);
    let tree = with_excerpts([
        ("types/open-info.yaml", a.as_str()),
        ("types/mod.yaml", b.as_str()),
        ("types/std.yaml", c.as_str()),
        (GET, response),
    ]);
    snapshot("files_of_types_that_cannot_be_modules", &tree);
}

#[test]
fn a_file_lacks_a_key() {
    snapshot("missing_key_of_a_file", &replaced(GET, "group: thing\n", ""));
}

#[test]
fn only_comments() {
    snapshot("only_comments", &with_bytes(GROUPS, "# yaml-language-server: $schema=schema.json\n# Nothing yet.\n"));
}

#[test]
fn the_first_line_is_missing() {
    snapshot(
        "first_line_is_missing",
        &with_bytes(GROUPS, "groups:\n  thing: {title: Things, doc: All about things.}\n"),
    );
}

#[test]
fn an_undocumented_operation_needs_no_page() {
    let tree = replaced(GET, "docs: get-thing\n", "").with_file(GET, fixture_text().into_bytes());
    dingtalk_storage_spec::compile(&tree).unwrap();
}

fn fixture_text() -> String {
    crate::fixture::text(GET).replace("docs: get-thing\n", "").replace("status: current", "status: undocumented")
}

/// The call takes the token by a type of the spec, which then is no type that nobody needs.
#[test]
fn the_token_of_a_person_has_a_type() {
    let taking = |tree: dingtalk_storage_spec::SourceTree| tree.with_file(GET, of_a_person().into_bytes());
    snapshot("token_of_a_person_without_its_type", &taking(replaced(GET, "docs: get-thing\n", "docs: get-a-thing\n")));
    let ids = "types:\n  UserAccessToken: {doc: A token., id: {secret: true}}\n";
    let ids = format!("# yaml-language-server: $schema=../schema.json\n{ids}");
    let tree = taking(with_bytes("types/ids.yaml", ids.as_str()));
    dingtalk_storage_spec::compile(&tree).unwrap();
    // Where the only key that needs it is misspelt, that is the one finding.
    for (from, to) in [("token: user", "tokn: user"), ("token: user", "token: usr")] {
        let report = crate::fixture::report(&tree.with_file(GET, of_a_person().replace(from, to).into_bytes()));
        assert!(report.findings().iter().all(|finding| finding.primary().path() == GET), "{report}");
    }
}

fn of_a_person() -> String {
    crate::fixture::text(GET).replace("effect: read\n", "effect: read\ntoken: user\n")
}
