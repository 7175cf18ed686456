//! Texts that mean something to Markdown, rustdoc or clippy, in every kind of documentation.

use dingtalk_storage_spec::{SourceTree, compile};
use fastrand::Rng;

use crate::families::{common, family};
use crate::yaml::{file, operation, quoted};

const SEED: u64 = 8;
const RANDOM: usize = 400;

/// Pieces from which texts are put together.
const PIECES: [&str; 76] = [
    "word",
    "a longer sentence of several words",
    "-",
    "+",
    "*",
    "#",
    "##",
    "1.",
    "1)",
    "2.",
    "10)",
    "---",
    "***",
    "___",
    "===",
    "> quote",
    ">",
    "https://example.com",
    "http://a.b/c_d?e=f&g=h",
    "www.example.com",
    "ftp://host/file",
    "c:/temp",
    "a:b",
    "mailto:a@b.cc",
    "[text]",
    "[text][ref]",
    "[ref]: target",
    "[DentryId]",
    "[`DentryId`]",
    "[^1]",
    "[^1]: note",
    "!",
    "![image]",
    "<a href=\"x\">",
    "</a>",
    "<br/>",
    "<DentryId>",
    "<!-- comment",
    "<https://x.y>",
    "Vec<String>",
    "snake_case",
    "camelCase",
    "CamelCase",
    "SCREAMING_CASE",
    "HTTPServer",
    "IDs",
    "URLs",
    "foo::bar",
    "::",
    "call()",
    "a_",
    "_a",
    "_",
    "*bold*",
    "**",
    "_it_",
    "~~gone~~",
    "~",
    "`code`",
    "`- code # 1.`",
    "`a_b` c",
    "\\",
    "\\*",
    "|a|b|",
    "|---|",
    "&amp;",
    "&lt",
    "&",
    "\n\n",
    "\n",
    "\t",
    "{\"a\": [1, 2]}",
    "it's DentryId's",
    "中文，文字",
    "e\u{301}\u{212b}",
    "🎉",
];

/// Whole texts, as people write them.
const WRITTEN: [&str; 32] = [
    "#",
    "- a",
    "1. a",
    "+ b",
    "= c",
    "a\n===\nb",
    "a\n---\nb",
    "Ends with a colon:",
    "a\n- b\n- c",
    "a\n\n    b",
    "{\n  \"name\": \"x\",\n  \"list\": [1]\n}",
    "```json\n{}\n```",
    "~~~\na\n~~~",
    "See [text](url)",
    "Half a `tick",
    "<script>alert(1)</script>",
    "Ends the text\"# and \"## and \"; panic!();",
    "Ends the comment */ and begins // /* another //! and ///",
    "#[doc = \"x\"] #![allow(unused)] # use x;",
    "Two spaces end a line  \nso does a backslash\\\nand here a carriage\r\nreturns",
    "{braces} {0} {{twice}} %s $name $(x)* @it 'a b' b'c'",
    "The year\n1986. It was\n- good\n+ and\n> better",
    "\u{3000}全角，。：“引号”（括号）【】《》\u{3000}",
    "- [ ] a task and [x] another [!NOTE] of [`One`] and [One::Two] and [a b]: c",
    "a | b\n--|--\n1 | 2",
    "$x^2$ and H~2~O and ==marked== and :smile: and &#35; and &copy and &#x41;",
    "http://[::1]:80/a_b_c(d)?e=*f*#g, https://例子.测试/路径 and user@example.com",
    "<https://x and <a and a<b>c</b> and <!DOCTYPE x> and <?php ?> and <![CDATA[x]]>",
    "Option<T>, &'static str, fn(a_b: &[u8]) -> Result<(), E_F>, a::<B>::c_d()",
    "snake_case_ and __init__ and *args and **kwargs and ***both*** and 2*3*4 and a_b*c_d",
    "Setext\n-\n\nand\n=\n\n    not code\n\n\tnor this",
    "`a` `b``c` ``d`` `\\` `|` `<b>` `]` `",
];

/// Texts that the compiler of the spec takes, each with a full stop.
pub fn accepted() -> Vec<String> {
    assert!(is_accepted("A sentence."), "the spec around the texts is refused");
    let mut rng = Rng::with_seed(SEED);
    let random = |_| {
        let pieces: Vec<_> = (0..rng.usize(1..30)).map(|_| rng.choice(PIECES).unwrap_or_default()).collect();
        pieces.join(if rng.u8(..8) == 0 { "" } else { " " })
    };
    let random: Vec<_> = (0..RANDOM).map(random).collect();
    let texts = WRITTEN.iter().chain(&PIECES).map(|text| (*text).to_owned()).chain(random);
    texts.map(|text| format!("{text}.")).filter(|text| is_accepted(text)).collect()
}

/// Whether the spec may have the text.
pub fn is_accepted(text: &str) -> bool {
    let details = format!("details: {}\n", quoted(text));
    let files = common().into_iter().chain([operation("matrix_v1", "Text", "GET /v1.0/text", &details)]);
    compile(&SourceTree::from_files(files)).is_ok()
}

pub fn files(texts: &[String]) -> Vec<(String, Vec<u8>)> {
    let quoted: Vec<_> = texts.iter().map(|text| quoted(text)).collect();
    let all = || quoted.iter().enumerate();
    let mut types = String::from("types:\n");
    let first = quoted.first().map_or("x.", String::as_str);
    let values: String = all().map(|(index, text)| format!("      value{index}: {text}\n")).collect();
    let fields: String =
        all().take(200).map(|(index, text)| format!("      field{index}: {{type: int64, doc: {text}}}\n")).collect();
    let constants: String =
        all().map(|(index, text)| format!("        value{index}: {{value: {text}, doc: {text}}}\n")).collect();
    let quirks: String = quoted.iter().map(|text| format!("      - {text}\n")).collect();
    types += &format!("  TextKind:\n    doc: {first}\n    values:\n{values}    quirks:\n{quirks}");
    types += &format!("  TextObject:\n    doc: {first}\n    fields:\n{fields}");
    types += &format!("  TextId:\n    doc: {first}\n    id:\n      constants:\n{constants}");
    let uses = "body:\n  kind: {type: TextKind, doc: Kind.}\n  object: {type: TextObject, doc: Object.}\n  \
                id: {type: TextId, doc: Id.}\nresponse:\n  object: {type: TextObject, doc: Object.}\n";
    let (path, _) = family("texts_v1");
    let title = format!("family: texts_v1\ntitle: {first}\ndoc: {}\n", quoted.last().map_or("x.", String::as_str));
    let mut files = vec![
        file(&path, &title),
        file("types/texts.yaml", &types),
        operation("texts_v1", "UseTexts", "POST /v1.0/texts", uses),
    ];
    for (number, chunk) in quoted.chunks(8).enumerate() {
        let text = |index: usize| chunk.get(index).or_else(|| chunk.first()).map_or(first, String::as_str);
        let rest = format!(
            "details: {}\neffectReason: {}\nquirks: [{}, {}]\npath:\n  id: {{type: string, example: {}, doc: {}}}\n\
             query:\n  one: {{type: string, default: {}, doc: {}}}\n\
             body:\n  object: {{as: Inner, doc: {}, fields: {{name: {{type: string, example: {}, doc: {}}}}}}}\n\
             response:\n  name: {{type: string, example: {}, doc: {}}}\n",
            text(0),
            text(1),
            text(2),
            text(3),
            text(4),
            text(4),
            text(5),
            text(5),
            text(6),
            text(6),
            text(6),
            text(7),
            text(7)
        );
        let (path, operation) =
            operation("texts_v1", &format!("Text{number}"), &format!("POST /v1.0/texts/{number}/{{id}}"), &rest);
        let summary = format!("summary: {}\n", text(0));
        let operation =
            String::from_utf8_lossy(&operation).replacen(&format!("summary: Does text{number}.\n"), &summary, 1);
        files.push((path, operation.into_bytes()));
    }
    files
}
