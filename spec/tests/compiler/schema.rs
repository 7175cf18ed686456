//! The JSON Schema that editors use.

use dingtalk_storage_spec::schema::json_schema_text;

#[test]
fn the_text_can_be_written_to_a_file_as_it_is() {
    let text = json_schema_text();
    assert!(text.starts_with("{\n") && text.ends_with("}\n") && !text.ends_with("\n\n"));
    assert_eq!(text, json_schema_text());
}

#[test]
fn each_kind_of_file_is_one_of_its_choices() {
    let schema: serde_json::Value = serde_json::from_str(&json_schema_text()).unwrap();
    let choices = schema["anyOf"].as_array().unwrap().iter().map(|choice| choice["$ref"].as_str().unwrap());
    let names: Vec<&str> = choices.map(|reference| reference.trim_start_matches("#/$defs/")).collect();
    assert_eq!(names, ["Operation", "Family", "Types", "Errors", "Groups", "Scopes", "Events"]);
    assert_eq!(schema["$defs"]["Operation"]["additionalProperties"], false);
    assert!(schema["$defs"]["Field"]["properties"]["max"]["description"].as_str().unwrap().contains("Largest"));
}

#[test]
fn the_file_that_editors_read_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.json");
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == json_schema_text(), "schema.json is stale; `cargo xtask schema` writes it again");
}
