//! Every field of every example answer, written in each of the ways in which the server may write it. All answers
//! decode, and what comes out is what was meant: nothing turns into another value in silence.
#![allow(clippy::unwrap_used, reason = "a test whose set-up fails has failed")]

mod places;

use dingtalk_storage::NAMED;
use dingtalk_storage_tests::example::Example;
use places::{Kind, Place, Step};
use serde_json::{Value, json};

/// What comes out of a field that was changed.
#[derive(Debug, Clone)]
enum Outcome {
    /// The value of the example.
    Same,
    /// No field.
    Absent,
    /// This value.
    Value(Value),
    /// An error.
    Refused,
}

/// What the server writes for a field, or nothing, and what comes out.
type Mutation = (Option<Value>, Outcome);

#[test]
fn a_missing_field_is_absent() {
    each_place(|_, place| vec![(None, if place.always { Outcome::Refused } else { Outcome::Absent })]);
}

#[test]
fn a_null_is_absent() {
    each_place(|_, place| {
        let outcome = match (place.always, place.kind) {
            (true, Kind::List) => Outcome::Value(json!([])),
            (true, Kind::Map) => Outcome::Value(json!({})),
            (true, _) => Outcome::Refused,
            (false, _) => Outcome::Absent,
        };
        vec![(Some(Value::Null), outcome)]
    });
}

#[test]
fn an_empty_text_is_absent_but_where_it_is_a_text() {
    each_place(|_, place| {
        let outcome = match (place.kind, place.always) {
            (Kind::Text | Kind::Any, _) => Outcome::Value(json!("")),
            (Kind::List, true) => Outcome::Value(json!([])),
            (Kind::Map, true) => Outcome::Value(json!({})),
            (_, true) => Outcome::Refused,
            (_, false) => Outcome::Absent,
        };
        vec![(Some(json!("")), outcome)]
    });
}

#[test]
fn an_unknown_value_is_kept() {
    each_place(|_, place| match place.kind {
        Kind::Enum | Kind::ErrorCode => [json!("ADDED_LATER"), json!("added.later"), json!("字")].map(kept).into(),
        _ => Vec::new(),
    });
}

#[test]
fn a_number_is_the_text_of_its_digits() {
    each_place(|_, place| match place.kind {
        // The largest ids have more digits than a floating-point number keeps.
        Kind::Text | Kind::Id | Kind::Enum | Kind::ErrorCode => [0, 7, -7, 9_007_199_254_740_993, i64::MAX]
            .map(|number| (Some(json!(number)), Outcome::Value(json!(number.to_string()))))
            .into(),
        _ => Vec::new(),
    });
}

#[test]
fn digits_are_a_number() {
    each_place(|example, place| match place.kind {
        Kind::Int32 => vec![
            (Some(json!(example.to_string())), Outcome::Same),
            (Some(json!("-2147483648")), Outcome::Value(json!(i32::MIN))),
            (Some(json!(7.0)), Outcome::Value(json!(7))),
            (Some(json!(2_147_483_648_i64)), Outcome::Refused),
        ],
        Kind::Uint64 => vec![
            (Some(json!(example.to_string())), Outcome::Same),
            (Some(json!("9223372036854775807")), Outcome::Value(json!(i64::MAX))),
            (Some(json!(0)), Outcome::Value(json!(0))),
            (Some(json!(512.0)), Outcome::Value(json!(512))),
            (Some(json!(-1)), Outcome::Refused),
            (Some(json!("-1")), Outcome::Refused),
        ],
        Kind::Int64 => vec![
            (Some(json!(example.to_string())), Outcome::Same),
            (Some(json!("9223372036854775807")), Outcome::Value(json!(i64::MAX))),
            (Some(json!("-1")), Outcome::Value(json!(-1))),
            (Some(json!(512.0)), Outcome::Value(json!(512))),
            (Some(json!("9223372036854775808")), Outcome::Refused),
        ],
        _ => Vec::new(),
    });
}

#[test]
fn a_boolean_comes_as_text_and_as_number() {
    each_place(|_, place| match place.kind {
        Kind::Bool => [("true", true), ("TRUE", true), ("1", true), ("false", false), ("0", false)]
            .map(|(text, flag)| (Some(json!(text)), Outcome::Value(json!(flag))))
            .into_iter()
            .chain([0, 1].map(|number| (Some(json!(number)), Outcome::Value(json!(number == 1)))))
            .collect(),
        _ => Vec::new(),
    });
}

#[test]
fn a_time_comes_in_every_shape() {
    each_place(|_, place| match place.kind {
        // Sent again as the number that the wire has, whatever it came as.
        Kind::Timestamp => vec![
            (Some(json!("2022-07-29T14:55Z")), Outcome::Value(json!(1_659_106_500_000_i64))),
            (Some(json!("1659106500000")), Outcome::Value(json!(1_659_106_500_000_i64))),
            (Some(json!(0)), Outcome::Value(json!(0))),
            kept(json!("next week")),
        ],
        Kind::Time => {
            let texts = ["2022-07-29T14:55Z", "2022-01-01T10:00:00Z", "Thu May 28 09:37:16 CST 2026", "next week"];
            let numbers = [1_659_106_500_000_i64, 0];
            let kept = texts.map(|text| kept(json!(text)));
            let digits = numbers.map(|number| (Some(json!(number)), Outcome::Value(json!(number.to_string()))));
            kept.into_iter().chain(digits).collect()
        }
        _ => Vec::new(),
    });
}

#[test]
fn a_map_of_lists_comes_as_a_list() {
    each_place(|example, place| match place.kind {
        Kind::MapOrList => {
            let list = example.as_object().unwrap().values().next().unwrap();
            vec![
                kept(list.clone()),
                kept(json!({ "one": list, "two": list })),
                kept(json!([])),
                (Some(json!({ "one": null, "two": list })), Outcome::Value(json!({ "one": [], "two": list }))),
            ]
        }
        _ => Vec::new(),
    });
}

#[test]
fn a_list_or_map_has_what_is_there() {
    each_place(|example, place| {
        let empty = |value: Value| if place.always { Outcome::Value(value) } else { Outcome::Absent };
        match place.kind {
            Kind::List => {
                let first = example.as_array().unwrap().first().unwrap();
                let with_null = (Some(json!([null, first, null])), Outcome::Value(json!([first])));
                vec![with_null, kept(json!([first, first])), (Some(json!([])), empty(json!([])))]
            }
            Kind::Map => {
                let value = example.as_object().unwrap().values().next().unwrap();
                let with_null = (Some(json!({ "a": null, "b": value })), Outcome::Value(json!({ "b": value })));
                vec![with_null, kept(json!({ "c": value, "d": value })), (Some(json!({})), empty(json!({})))]
            }
            _ => Vec::new(),
        }
    });
}

#[test]
fn free_json_is_kept() {
    each_place(|_, place| match place.kind {
        Kind::Any => [json!("text"), json!(1.5), json!(false), json!([null, {}]), json!({ "a": [{ "b": null }] })]
            .map(kept)
            .into(),
        _ => Vec::new(),
    });
}

#[test]
fn another_type_is_refused() {
    each_place(|_, place| {
        let wrong = match place.kind {
            Kind::Any => return Vec::new(),
            Kind::Int32 | Kind::Int64 | Kind::Uint64 => {
                vec![json!("many"), json!("7 bytes"), json!(1.5), json!(true), json!([1])]
            }
            Kind::Bool => vec![json!("yes"), json!(2), json!([])],
            Kind::Object | Kind::Map => vec![json!("text"), json!(1), json!([1])],
            Kind::List => vec![json!("text"), json!(1), json!({ "a": 1 })],
            Kind::MapOrList => vec![json!("text"), json!(1), json!({ "a": { "b": 1 } })],
            Kind::Text | Kind::Id | Kind::NumericId | Kind::Enum | Kind::ErrorCode | Kind::Time | Kind::Timestamp => {
                vec![json!({ "a": 1 }), json!([1]), json!(1e300)]
            }
        };
        wrong.into_iter().map(|value| (Some(value), Outcome::Refused)).collect()
    });
}

#[test]
fn a_field_that_is_added_later_is_left_out() {
    for (operation, example) in Example::all().iter().filter(|(_, example)| example.answer.is_object()) {
        for value in [json!(null), json!(1e300), json!({ "deep": [[{ "errcode": 1 }], "x"] })] {
            let answer = with_added_fields(operation, &example.answer, &value);
            assert_ne!(answer, example.answer, "{operation}");
            assert_eq!(decoded(operation, &answer).unwrap(), example.answer, "{operation}");
        }
    }
}

/// A value that comes out as it is.
fn kept(value: Value) -> Mutation {
    (Some(value.clone()), Outcome::Value(value))
}

/// Changes one field at a time and checks what comes out.
fn each_place(mutations: impl Fn(&Value, &Place) -> Vec<Mutation>) {
    let mut count = 0;
    let mut wrong = Vec::new();
    for place in places::all() {
        let answer = &Example::of(&place.operation).answer;
        for (written, outcome) in mutations(at(answer, &place.path).unwrap(), place) {
            count += 1;
            wrong.extend(check(answer, place, written.as_ref(), &outcome));
        }
    }
    assert!(count > 0, "no field was changed");
    assert!(wrong.is_empty(), "{} of {count} came out wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// What is wrong with what comes out of a changed field, if anything is.
fn check(answer: &Value, place: &Place, written: Option<&Value>, outcome: &Outcome) -> Option<String> {
    let expected = match outcome {
        Outcome::Same => Some(answer.clone()),
        Outcome::Absent => Some(with(answer, &place.path, None)),
        Outcome::Value(value) => Some(with(answer, &place.path, Some(value))),
        Outcome::Refused => None,
    };
    let decoded = decoded(&place.operation, &with(answer, &place.path, written));
    let came_out = match &decoded {
        Ok(decoded) if expected.as_ref() == Some(decoded) => return None,
        Err(_) if expected.is_none() => return None,
        Ok(decoded) => format!("{:?}", at(decoded, &place.path)),
        Err(error) => error.to_string(),
    };
    let Place { operation, path, kind, always } = place;
    Some(format!("{operation} {path:?} ({kind:?}, always: {always}): {written:?} gave {came_out}, not {outcome:?}"))
}

fn decoded(operation: &str, answer: &Value) -> Result<Value, serde_json::Error> {
    let named = NAMED.iter().find(|named| named.operation().name == operation).unwrap();
    named.decode(answer.to_string().as_bytes())
}

fn at<'a>(value: &'a Value, path: &[Step]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, step| match step {
        Step::Name(name) => value.get(name),
        Step::First => value.get(0),
    })
}

/// The answer with another value at the place, or none.
fn with(answer: &Value, path: &[Step], value: Option<&Value>) -> Value {
    let Some((Step::Name(last), parents)) = path.split_last() else { panic!("a place is a field: {path:?}") };
    let mut changed = answer.clone();
    let parent = parents.iter().fold(&mut changed, |value, step| match step {
        Step::Name(name) => value.get_mut(name).unwrap(),
        Step::First => value.get_mut(0).unwrap(),
    });
    let fields = parent.as_object_mut().unwrap();
    match value {
        Some(value) => fields.insert(last.clone(), value.clone()),
        None => fields.remove(last),
    };
    changed
}

/// The answer with one more field in each object that the spec describes; maps and free JSON take any name anyway.
fn with_added_fields(operation: &str, answer: &Value, value: &Value) -> Value {
    let places = places::all().iter().filter(|place| place.operation == operation);
    places.fold(answer.clone(), |changed, place| {
        let (_, object) = place.path.split_last().unwrap();
        let added = [object, &[Step::Name("addedLater".to_owned())]].concat();
        with(&changed, &added, Some(value))
    })
}
