//! What a hurried person writes, with a Chinese keyboard or the habits of another language: each mistake is one finding,
//! at the character that is wrong, and says what to write. The snapshot has them all, to be read as that person.

use std::fmt::Write;

use crate::fixture::{self, replaced, report};

const GET: &str = "api/demo_v1/get_thing.yaml";
const LIST: &str = "api/demo_v1/list_things.yaml";
const THING: &str = "types/thing.yaml";

/// A mistake: what takes the place of what, where the caret stands, and a word that the finding has to say.
type Mistake = (&'static str, &'static str, &'static str, &'static str, &'static str);

/// What keyboards, word processors and web pages leave in a file.
const LOOK_ALIKES: &[Mistake] = &[
    (GET, "status: current", "status：current", "：", "write `:`"),
    (GET, "status: current", "status： current", "：", "full-width"),
    (GET, "status: current", "status:\u{a0}current", "\u{a0}", "no-break space"),
    (GET, "status: current", "status:\u{3000}current", "\u{3000}", "full-width space"),
    (GET, "status: current", "status: “current”", "“current”", "typographic quote"),
    (GET, "status: current", "status: ｃurrent", "ｃurrent", "`current`"),
    (GET, "  thingId:", "\u{a0} thingId:", "\u{a0}", "no-break space"),
    (GET, "  thingId:", "\u{3000}thingId:", "\u{3000}", "full-width space"),
    (GET, "{type: ThingId,", "{type：ThingId,", "：", "write `:`"),
    (GET, "{type: ThingId,", "{type:\u{a0}ThingId,", "\u{a0}", "no-break space"),
    (GET, "{type: ThingId, doc", "{type: ThingId，doc", "，", "write `,`"),
    (GET, "{type: ThingId, doc", "{type: ThingId， doc", "，", "write `,`"),
    (GET, "{type: ThingId, doc: The thing.}", "｛type: ThingId, doc: The thing.｝", "｛", "write `{`"),
    (GET, "{type: ThingId, doc: The thing.}", "{type: ThingId, doc: The thing.｝", "｝", "write `}`"),
    (GET, "404: [notFound]", "404: 【notFound】", "【notFound】", "write `[`"),
    (GET, "404: [notFound]", "404：[notFound]", "：", "write `:`"),
    (GET, "404: [notFound]", "404: [notFound]\n  403: [notFound，notFound]", "notFound，notFound", "write `,`"),
    (GET, "required: true", "required： true", "：", "write `:`"),
    (GET, "doc: Who asks.", "doc: Who asks。", "Who asks。", "write `.`"),
    (GET, "summary: Reads a thing.", "summary: “Reads a thing.”", "“Reads", "typographic quote"),
    (GET, "  thingId:", "  “thingId:", "“thingId", "write `thingId`"),
    (GET, "  thingId:", "  “thingId”:", "“thingId”", "typographic quote"),
    (GET, "  thingId:", "  “thingId\":", "“thingId", "write `thingId`"),
    (GET, "group: thing", "group: th\u{200b}ing", "th", "invisible"),
    (GET, "group: thing", "group: thіng", "thіng", "Cyrillic"),
    (GET, "docs: get-thing", "docs: get–thing", "get–thing", "dash"),
    (LIST, "max: 50", "max: ５０", "５０", "`50`"),
    (LIST, "max: 50", "max：50", "：", "write `:`"),
    (THING, "type: [Thing]", "type: ［Thing］", "［Thing］", "[Thing]"),
    (THING, "{RED: Like fire.", "{RED：Like fire.", "：", "write `RED: Like fire.`"),
    (GET, "404: [notFound]", "40４: [notFound]", "40４", "write `404`"),
    (GET, "doc: The thing.}\nquery", "doc: The thing.}；\nquery", "；", "after the end of the value"),
    (LIST, "max: 50", "max: １００", "１００", "`100`"),
    (LIST, "max: 50", "max: 50。", "50。", "`50`"),
    (GET, "group: thing", "group：\u{3000}thing", "：", "write `:`"),
    (GET, "status: current", "\u{feff}status: current", "\u{feff}", "invisible"),
    (GET, "status: current", "状态: current", "状态", "did you mean `status`?"),
    (GET, "{type: Thing, doc: The thing.}", "{type: Thing, 说明: The thing.}", "说明", "did you mean `doc`?"),
];

/// Marks that YAML reads as its own.
const MARKS: &[Mistake] = &[
    (GET, "doc: The thing.}", "doc: The thing.", "{", "not closed"),
    (GET, "{type: ThingId,", "type: ThingId,", "", ""),
    (GET, "404: [notFound]", "404: [notFound", "[", "not closed"),
    (GET, "summary: Reads a thing.", "summary: [Draft Reads a thing.", "[", "in quotes"),
    (GET, "summary: Reads a thing.", "summary: {Draft Reads a thing.", "{", "in quotes"),
    (GET, "summary: Reads a thing.", "<<: {a: b}\nsummary: Reads a thing.", "<<", "write the keys out"),
    (GET, "{type: Thing, doc", "{type: Thing, rust: async, doc", "async", "choose another name"),
    (GET, "404: [notFound]", "404: [notFound]]", "]", "closes nothing"),
    (GET, "404: [notFound]", "404: [notFound}", "[", "not closed"),
    (
        LIST,
        "page: {token: nextToken, size: maxResults, items: things}",
        "page: {token: nextToken, size: maxResults, items: things",
        "{",
        "not closed",
    ),
    (THING, "type: [Thing], doc", "type: [Thing, doc", "[", "not closed"),
    (GET, "summary: Reads a thing.", "summary: `Reads` a thing.", "`", "in quotes"),
    (GET, "summary: Reads a thing.", "summary: @all read a thing.", "@", "in quotes"),
    (GET, "summary: Reads a thing.", "summary: %5 of a thing.", "%", "in quotes"),
    (GET, "summary: Reads a thing.", "summary: *Reads* a thing.", "*", "quotes"),
    (GET, "summary: Reads a thing.", "summary: &Reads a thing.", "&", "quotes"),
    (GET, "summary: Reads a thing.", "summary: !Reads a thing.", "!", "quote"),
    (GET, "summary: Reads a thing.", "summary: [beta] Reads a thing.", "[", "in quotes"),
    (GET, "summary: Reads a thing.", "summary: {beta} Reads a thing.", "{", "in quotes"),
    (GET, "summary: Reads a thing.", "summary: > Reads a thing.", ">", "in quotes"),
    (GET, "summary: Reads a thing.", "summary: | Reads a thing.", "|", "in quotes"),
    (GET, "summary: Reads a thing.", "summary: - Reads a thing.", "-", "in quotes"),
    (GET, "summary: Reads a thing.", "summary: # Reads a thing.", "summary", "`#` begins a comment"),
    (GET, "summary: Reads a thing.", "summary: Reads thing #1 of all.", "Reads thing", "`#` begins a comment"),
    (GET, "summary: Reads a thing.", "summary: Reads: a thing.", ":", "in quotes"),
    (GET, "summary: Reads a thing.", "summary: \"Reads\" a thing.", " a thing.", "write `'\"Reads\" a thing.'`"),
    (GET, "summary: Reads a thing.", "summary: 'Reads' a thing.", " a thing.", "write `\"'Reads' a thing.\"`"),
    (GET, "summary: Reads a thing.", "summary: 'It's a thing.'", "s a thing.'", "write `\"It's a thing.\"`"),
    (GET, "summary: Reads a thing.", "summary: \"Reads a thing.", "\"", "not closed"),
    (GET, "summary: Reads a thing.", "summary: 'Reads a thing.", "'", "not closed"),
    (GET, "summary: Reads a thing.", "summary: \"Reads C:\\path.\"", "\\", "backslash"),
    (GET, "doc: Who asks.}", "doc: \"Who asks.}", "\"", "not closed"),
    (GET, "doc: Who asks.}", "doc: `Who` asks.}", "`", "in quotes"),
    (GET, "doc: Who asks.}", "doc: Who [if any] asks.}", "[", "in quotes"),
    (GET, "doc: Who asks.}", "doc: Who asks: a person.}", ":", "in quotes"),
    (GET, "doc: Who asks.}", "doc: \"Who\" asks.}", " asks.", "write `'\"Who\" asks.'`"),
    (GET, "doc: Who asks.}", "doc: Who, if any, asks.}", "if any", "put the text in quotes"),
    (GET, "type: UnionId, required", "type: UnionId required", "required", "a comma is missing"),
    (GET, "status: current", "status:current", ":", "a space is missing"),
    (GET, "status: current", "status = current", " ", "a colon is missing"),
    (GET, "status: current", "status current", " ", "a colon is missing"),
    (GET, "status: current", "status: current;", "current;", "did you mean `current`?"),
    (GET, "status: current", "<<<<<<< HEAD\nstatus: current", "<<<<<<< HEAD", "merge conflict"),
    (GET, "status: current", "// the status\nstatus: current", "// the status", "`#`"),
    (GET, "errors:\n", "# errors:\n", "# errors:", "the lines below it are none"),
    (GET, "query:\n", "#query:\n", "#query:", "delete the `#`"),
    (GET, "{type: ThingId,", "{type:ThingId,", ":", "a space is missing"),
    (GET, "{type: ThingId,", "{type=ThingId,", "=", "`: `"),
    (GET, "effect: read", " effect: read", "e", "indented"),
    (GET, "  thingId:", "\tthingId:", "\t", "spaces"),
    (GET, "status: current", "status; current", ";", "write `status: current`"),
    (GET, "status: current", "status - current", " ", "write `status: current`"),
    (GET, "status: current", "status:: current", "status:", "did you mean `status`?"),
    (GET, "status: current", "\"status\": \"current\",", ",", "after the end of the value"),
    (GET, "status: current", "status: [current]", "[current]", "write `current`"),
    (
        GET,
        "thing: {type: Thing, doc: The thing.}",
        "thing: {type: Thing, doc: The thing.},",
        ",",
        "after the end of the value",
    ),
    (
        GET,
        "thing: {type: Thing, doc: The thing.}",
        "thing {type: Thing, doc: The thing.}",
        " ",
        "write `thing: {type: Thing, doc: The thing.}`",
    ),
    (
        GET,
        "thing: {type: Thing, doc: The thing.}",
        "thing: (type: Thing, doc: The thing.)",
        "(",
        "write `{type: Thing, doc: The thing.}`",
    ),
    (
        GET,
        "thing: {type: Thing, doc: The thing.}",
        "thing: type: Thing, doc: The thing.",
        "type",
        "write `{type: Thing, doc: The thing.}`",
    ),
    (
        GET,
        "thing: {type: Thing, doc: The thing.}",
        "thing: {type: Thing; doc: The thing.}",
        "doc",
        "a comma is missing",
    ),
    (
        GET,
        "thing: {type: Thing, doc: The thing.}",
        "thing: {type: Thing, doc; The thing.}",
        ";",
        "write `doc: The thing.`",
    ),
    (
        GET,
        "thing: {type: Thing, doc: The thing.}",
        "thing: {type:\tThing, doc: The thing.}",
        ":",
        "write `type: Thing`",
    ),
    (
        GET,
        "thing: {type: Thing, doc: The thing.}",
        "thing: {type: Thing, doc: See #3.}",
        "#3",
        "put the text in quotes: `'See #3.'`",
    ),
    (
        GET,
        "thing: {type: Thing, doc: The thing.}",
        "thing:\n    type Thing\n    doc: The thing.",
        " ",
        "write `type: Thing`",
    ),
    (GET, "404: [notFound]", "404:\n  - notFound\n  -notFound", "-notFound", "write `- notFound`"),
    (GET, "404: [notFound]", "404 [notFound]", "", ""),
    (GET, "404: [notFound]", "404: -notFound", "-notFound", "write `[notFound]`"),
    (LIST, "flatten: true\n    fields", "flatten\n    fields", "flatten", "a colon is missing"),
    (GET, "summary: Reads a thing.", "summary: Reads a thing and\nreturns it.", "returns", "indent it"),
];

/// Words of other formats and languages.
const OTHER_LANGUAGES: &[Mistake] = &[
    (GET, "required: true", "required: yes", "yes", "write `true`"),
    (GET, "required: true", "required: on", "on", "write `true`"),
    (GET, "required: true", "required: \"true\"", "\"true\"", "write `true`"),
    (GET, "required: true", "required: 1", "1", "write `true`"),
    (GET, "required: true", "required: no", "no", "write `false`"),
    (LIST, "flatten: true", "flatten: Yes", "Yes", "write `true`"),
    (LIST, "max: 50", "max: 50,000", "000", "`50000`"),
    (LIST, "min: 1, max: 50", "min: 50, max: 1", "1,", "exchange the two"),
    (LIST, "max: 50", "max: 4294967296", "4294967296", "`int64`"),
    (LIST, "default: 20", "default: \"20\"", "\"20\"", "delete the quotes: `20`"),
    (LIST, "default: 20", "default: 20.5", "20.5", "no fractions"),
    (LIST, "default: RED", "default: [RED]", "[RED]", "without brackets"),
    (LIST, "default: RED", "default: red", "red", "did you mean `RED`?"),
    (LIST, "default: RED", "default: GREEN", "GREEN", "`RED`, `BLUE`"),
    (GET, "type: Thing,", "type: Thing[10],", "Thing[10]", "write `[Thing]`"),
    (GET, "type: Thing,", "type: string?,", "string?", "`string`"),
    (GET, "type: Thing,", "type: { Thing },", "{ Thing }", "`{string: Thing}`"),
    (GET, "type: Thing,", "type: {string, Thing},", "{string, Thing}", "`{string: Thing}`"),
    (GET, "type: Thing,", "type: thing,", "thing", "did you mean `Thing`?"),
    (THING, "  Thing:\n", "  thing:\n", "thing", "write `Thing`"),
    (THING, "{RED: Like fire., BLUE: Like the sea.}", "RED | BLUE", "RED | BLUE", "as a key"),
    (GET, "404: [notFound]", "404: [notFound; notFound]", "notFound; notFound", "`notFound, notFound`"),
    (GET, "404: [notFound]", "404: (notFound)", "(notFound)", "write `[notFound]`"),
    (GET, "404: [notFound]", "404: {notFound}", "{notFound}", "write `[notFound]`"),
    (GET, "404: [notFound]", "4O4: [notFound]", "4O4", "write `404`"),
    (GET, "http: GET /v1.0", "http: GET  /v1.0", "GET  /v1.0", "write `GET /v1.0/things/{thingId}`"),
    (GET, "things/{thingId}", "things/{thingId}/", "/v1.0/things/{thingId}/", "without the `/` at the end"),
    (GET, "required: true", "requried: true", "requried", "did you mean `required`?"),
    (LIST, "max: 50", "max: \"50\"", "\"50\"", "delete the quotes: `50`"),
    (LIST, "max: 50", "max: fifty", "fifty", "in digits"),
    (LIST, "max: 50", "max: 50.0", "50.0", "write `50`"),
    (LIST, "max: 50", "max: 1_000", "1_000", "`1000`"),
    (LIST, "max: 50", "max: 0x32", "0x32", "`50`"),
    (LIST, "max: 50", "max: 50 MB", "50 MB", "`50`"),
    (LIST, "max: 50", "max: 99999999999999999999", "99999999999999999999", "from -9223372036854775808 to"),
    (LIST, "max: 50", "maximum: 50", "maximum", "did you mean `max`?"),
    (GET, "type: Thing,", "type: String,", "String", "`string`"),
    (GET, "type: Thing,", "type: int,", "int", "`int32` or an `int64`"),
    (GET, "type: Thing,", "type: integer,", "integer", "`int32` or an `int64`"),
    (GET, "type: Thing,", "type: number,", "number", "`int32` or an `int64`"),
    (GET, "type: Thing,", "type: Long,", "Long", "`int64`"),
    (GET, "type: Thing,", "type: double,", "double", "no fractions"),
    (GET, "type: Thing,", "type: boolean,", "boolean", "`bool`"),
    (GET, "type: Thing,", "type: datetime,", "datetime", "`time`"),
    (GET, "type: Thing,", "type: array,", "array", "`[T]`"),
    (GET, "type: Thing,", "type: map,", "map", "`{string: T}`"),
    (GET, "type: Thing,", "type: List<int64>,", "List<int64>", "`[int64]`"),
    (GET, "type: Thing,", "type: array<string>,", "array<string>", "`[string]`"),
    (GET, "type: Thing,", "type: int64[],", "int64[]", "`[int64]`"),
    (GET, "type: Thing,", "type: Things[],", "Things[]", "[Thing"),
    (GET, "type: Thing,", "type: Map<String,Thing>,", "Thing>", "`{string: Thing}`"),
    (GET, "type: Thing,", "type: Things,", "Things", "did you mean `Thing`?"),
    (GET, "type: Thing,", "type: List<Thingg>,", "List<Thingg>", "`[Thing]`"),
    (
        GET,
        "thing: {type: Thing, doc: The thing.}",
        "thing:\n    type: int64[]\n    doc: The thing.",
        "int64[]",
        "`[int64]`",
    ),
    (
        GET,
        "thing: {type: Thing, doc: The thing.}",
        "thing:\n    type: Map<String, Thing>\n    doc: The thing.",
        "Map<String, Thing>",
        "`{string: Thing}`",
    ),
    (GET, "doc: Who asks.", "rust: my-name, doc: Who asks.", "my-name", "write `my_name`"),
    (GET, "doc: Who asks.", "description: Who asks.", "description", "did you mean `doc`?"),
    (GET, "http: GET", "http: get", "get", "did you mean `GET`?"),
    (GET, "http: GET /v1.0", "http: GET v1.0", "v1.0/things/{thingId}", "start with `/`"),
    (GET, "http: GET /v1.0", "http: GET https://api.dingtalk.com/v1.0", "https", "without the host"),
    (GET, "things/{thingId}", "things/:thingId", "/v1.0/things/:thingId", "`{thingId}`"),
    (GET, "docs: get-thing", "docs: https://example.com/docs/get-thing", "https", "`get-thing`"),
    (GET, "docs: get-thing", "docs: Get Thing", "Get Thing", "`get-thing`"),
    (GET, "404: [notFound]", "404: notFound", "notFound", "write `[notFound]`"),
    (
        GET,
        "thing: {type: Thing, doc: The thing.}",
        "thing: Thing",
        "Thing",
        "write `{type: Thing, doc: What it means.}`",
    ),
    (GET, "effect: read", "effect: Read", "Read", "did you mean `read`?"),
    (GET, "effect: read", "effect: null", "effect", "write a value"),
];

#[test]
fn each_mistake_is_one_finding_at_its_place() {
    let mut text = String::new();
    let mut wrong = Vec::new();
    for (path, from, to, caret, says) in [LOOK_ALIKES, MARKS, OTHER_LANGUAGES].concat() {
        if caret.is_empty() {
            continue;
        }
        let report = report(&replaced(path, from, to));
        let drawn = report.render(false);
        let drawn = drawn.trim_end().rsplit_once('\n').map_or("", |(findings, _)| findings);
        let _ = write!(text, "## {from:?} → {to:?}\n{drawn}\n");
        let file = fixture::text(path).replacen(from, to, 1);
        let [finding] = report.findings() else {
            wrong.push(format!("{to:?} is {} findings", report.findings().len()));
            continue;
        };
        let (line, column) = finding.primary().position().unwrap();
        let rest: String = file.lines().nth(line - 1).unwrap().chars().skip(column - 1).collect();
        let changed = fixture::text(path).split(from).next().unwrap().matches('\n').count() + 1;
        if !rest.starts_with(caret) || line < changed || line > changed + to.matches('\n').count() {
            wrong.push(format!("{to:?}: the caret stands at {line}:{column}, {rest:?}"));
        }
        let said = [finding.message(), finding.primary().text(), finding.help_text().unwrap_or_default()].join("\n");
        if !said.contains(says) {
            wrong.push(format!("{to:?} does not say {says:?}, but {said:?}"));
        }
        if finding.help_text().is_none() && !finding.message().contains("has to be") {
            wrong.push(format!("{to:?} does not say what to do"));
        }
    }
    fixture::snapshot_text("hurried", &text);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
