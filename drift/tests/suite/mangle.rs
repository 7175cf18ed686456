//! What happens to a page between its site and a file: copied from a browser, converted, cut, mended by hand.

use std::fmt::Write as _;

use fastrand::Rng;

/// A way to mangle a page.
pub struct Way {
    pub name: &'static str,
    /// Whether all facts are still there.
    pub keeps_facts: bool,
    pub mangle: fn(&str, &mut Rng) -> Vec<u8>,
}

const fn keeping(name: &'static str, mangle: fn(&str, &mut Rng) -> Vec<u8>) -> Way {
    Way { name, keeps_facts: true, mangle }
}

const fn losing(name: &'static str, mangle: fn(&str, &mut Rng) -> Vec<u8>) -> Way {
    Way { name, keeps_facts: false, mangle }
}

pub const WAYS: [Way; 37] = [
    keeping("byte order mark", |text, _| format!("\u{feff}{text}").into_bytes()),
    keeping("UTF-16", utf16),
    keeping("line ends", |text, rng| text.replace('\n', rng.choice(["\r\n", "\r", "\n\n"]).unwrap()).into_bytes()),
    keeping("other spaces", |text, rng| {
        const SPACES: [char; 5] = ['\u{a0}', '\u{2002}', '\u{202f}', '\u{3000}', ' '];
        let space = |rng: &mut Rng| *rng.choice(&SPACES).unwrap();
        text.chars().map(|each| if each == ' ' { space(rng) } else { each }).collect::<String>().into_bytes()
    }),
    keeping("characters without width", |text, rng| {
        let mut out = String::new();
        for each in text.chars() {
            out.push(each);
            if rng.u8(..12) == 0 {
                out.push(*rng.choice(&['\u{200b}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{ad}']).unwrap());
            }
        }
        out.into_bytes()
    }),
    keeping("full width", |text, _| outside_code(text, wide)),
    keeping("tabs in place of bars", |text, _| tables(text, |rows| lines_of(rows, "", "\t", "", false))),
    keeping("no bars around", |text, _| tables(text, |rows| lines_of(rows, "", " | ", "", true))),
    keeping("no bar at the end", |text, _| tables(text, |rows| lines_of(rows, "| ", " | ", "", true))),
    keeping("aligned columns", |text, _| {
        tables(text, |rows| {
            let line = lines_of(rows, "|   ", "   |  ", "  |", true);
            line.replace("---", ":---:")
        })
    }),
    keeping("cells over lines", |text, _| {
        tables(text, |rows| lines_of(rows, "| ", " | ", " |", true).replace(" - ", "\n- ").replace(". ", ".\n"))
    }),
    keeping("escaped bars and breaks", |text, rng| {
        let extra =
            *rng.choice(&[" One \\| other.", "<br/>One<br>other.", "<BR />More.", " One &#x7c; other."]).unwrap();
        tables(text, |rows| map_cells(rows, |cell| format!("{cell}{extra}"), |at, of| of > 2 && at + 1 == of))
    }),
    keeping("columns in another order", |text, rng| {
        tables(text, |rows| {
            let width = rows.iter().map(Vec::len).max().unwrap_or_default();
            if width < 3 || rows.iter().any(|row| row.len() != width) {
                return lines_of(rows, "| ", " | ", " |", true);
            }
            let mut order: Vec<usize> = (0..width).collect();
            rng.shuffle(&mut order);
            let rows: Vec<Vec<String>> =
                rows.iter().map(|row| order.iter().map(|at| row[*at].clone()).collect()).collect();
            lines_of(&rows, "| ", " | ", " |", true)
        })
    }),
    keeping("more columns", |text, rng| {
        let label = *rng.choice(&["Example", "示例值", "Notes", "Version"]).unwrap();
        tables(text, |rows| {
            let add = |(index, row): (usize, &Vec<String>)| {
                let mut row = row.clone();
                if row.len() > 2 {
                    row.insert(row.len() - 1, if index == 0 { label } else { "abc" }.to_owned());
                }
                row
            };
            lines_of(&rows.iter().enumerate().map(add).collect::<Vec<_>>(), "| ", " | ", " |", true)
        })
    }),
    keeping("other labels", |text, rng| {
        let set = rng.usize(..LABELS.len());
        tables(text, |rows| map_header(rows, |cell| relabel(cell, set)))
    }),
    keeping("labels of no language", |text, _| {
        tables(text, |rows| {
            if rows[0].len() < 3 || rows[0].iter().any(|cell| cell.contains("应用类型")) {
                return lines_of(rows, "| ", " | ", " |", true);
            }
            map_header(rows, |cell| cell.chars().map(|_| 'Ω').collect())
        })
    }),
    keeping("header lost", |text, _| {
        tables(text, |rows| {
            // A header can stand behind a sentence.
            let is_row = rows[0].iter().any(|cell| cell.parse::<u16>().is_ok());
            let lost = rows[0].len() > 2 && !is_row && !rows[0].iter().any(|cell| cell.contains("应用类型"));
            let rows = if lost { &rows[1..] } else { rows };
            lines_of(rows, "| ", " | ", " |", false)
        })
    }),
    keeping("HTML tables", |text, rng| {
        let (cell, row, attributes) = match rng.u8(..3) {
            0 => ("\n    ", "\n  ", ""),
            1 => ("", "\n", " class=\"x\" style=\"width: 20%\""),
            _ => ("", "", ""),
        };
        tables(text, |rows| html(rows, cell, row, attributes))
    }),
    keeping("HTML headings and paragraphs", |text, _| {
        outside_code(text, |line| match line.trim_start_matches('#') {
            rest if rest.len() < line.len() => format!("<h3 id=\"a\">{}</h3>", rest.trim().replace("**", "")),
            rest if rest.is_empty() || rest.contains('|') || !line.contains(' ') => line.to_owned(),
            rest if rest.starts_with(['-', '>']) || rest.contains(": \"") => line.to_owned(),
            rest => format!("<p>{rest}</p>"),
        })
    }),
    keeping("fences", |text, rng| {
        let kind = rng.usize(..4);
        text.replace("```", ["~~~", "````", "```jsonc", "  ```"][kind]).into_bytes()
    }),
    keeping("open fences", |text, rng| {
        let mut open = false;
        let keep = |line: &&str| {
            if line.trim() == "```" {
                open = !open;
            }
            line.trim() != "```" || open || rng.bool()
        };
        joined(text.lines().filter(keep))
    }),
    keeping("JSON with comments", |text, rng| {
        let mut out = String::new();
        for line in text.lines() {
            let entry = line.trim_start().starts_with('"') && line.contains("\" : ") || line.contains("\": ");
            let comment = [" // what it is", " /* a \"comment\" */", ""][rng.usize(..3)];
            let _ = writeln!(out, "{line}{}", if entry { comment } else { "" });
        }
        out.into_bytes()
    }),
    keeping("JSON with commas and dots", |text, rng| {
        let lines: Vec<&str> = text.lines().collect();
        let mut out = String::new();
        for (index, line) in lines.iter().enumerate() {
            let next = lines.get(index + 1).map_or("", |next| next.trim());
            let last =
                matches!(next, "}" | "]" | "}," | "],") && line.starts_with(' ') && !line.ends_with(['{', '[', ',']);
            let end = if last { [",", ", ...", ",\n  ……", ""][rng.usize(..4)] } else { "" };
            let _ = writeln!(out, "{line}{end}");
        }
        out.into_bytes()
    }),
    keeping("typeset quotes in JSON", |text, _| {
        let mut out = String::new();
        for line in text.lines() {
            let entry = line.trim_start().starts_with('"') && line.contains("\": ");
            let _ = writeln!(
                out,
                "{}",
                if entry { line.replacen('"', "“", 1).replacen('"', "”", 1) } else { line.to_owned() }
            );
        }
        out.into_bytes()
    }),
    keeping("entities", |text, rng| tables(text, |rows| map_cells(rows, |cell| entities(cell, rng), |_, _| true))),
    keeping("front matter", |text, rng| match rng.u8(..4) {
        0 => text.replacen("---\ntitle", "\n\n---\ntitle", 1).into_bytes(),
        1 => text.replacen("---\ntitle", "title", 1).into_bytes(),
        2 => text.replacen("\"\n---\n", "\"\n", 1).into_bytes(),
        _ => text.replacen("\"\n---\n", "\"\ntags: [\"a\n---\n", 1).into_bytes(),
    }),
    keeping("headings of other levels", |text, rng| {
        let level = ["", "# ", "## ", "###### ", "###", "#### 2.1 ", "1. ", "三、", "**3)** "][rng.usize(..9)];
        headings(text, |heading, _| format!("{level}{heading}"))
    }),
    keeping("headings of two languages", |text, rng| {
        let kind = rng.usize(..5);
        headings(text, |heading, other| match kind {
            0 => format!("### {heading} / {other}"),
            1 => format!("### {other}（{heading}）"),
            2 => format!("{heading} ({other})"),
            3 => format!("### {other}"),
            _ => format!("## {heading} {other}:"),
        })
    }),
    keeping("headings with links", |text, rng| {
        let kind = rng.usize(..4);
        headings(text, |heading, _| match kind {
            0 => format!("### [{heading}](#anchor)"),
            1 => format!("### {heading} ¶"),
            2 => format!("### {heading} {{#anchor}}"),
            _ => format!("### <a name=\"x\"></a>{heading} ###"),
        })
    }),
    keeping("marked names", |text, rng| {
        let (before, after) =
            [("`", "`"), ("**", "**"), ("*", "*"), ("<code>", "</code>"), ("__", "__"), ("<b>", "</b>")]
                [rng.usize(..6)];
        tables(text, |rows| {
            map_cells(rows, |cell| format!("{before}{}{after}", cell.trim_matches('`')), |at, of| at == 0 && of > 2)
        })
    }),
    keeping("other words for required", |text, rng| {
        let [yes, no] = FLAGS[rng.usize(..FLAGS.len())];
        tables(text, |rows| {
            let flag = |cell: &str| match cell.trim() {
                "Yes" | "是" | "yes" | "必填" | "Required" | "必须" => yes.to_owned(),
                "No" | "否" | "no" | "可选" | "Optional" | "非必填" => no.to_owned(),
                cell => cell.to_owned(),
            };
            // The matrix of the older layout has words of its own.
            if rows[0].iter().any(|cell| cell.contains("应用类型")) {
                return lines_of(rows, "| ", " | ", " |", true);
            }
            let mut rows = rows.to_vec();
            rows.iter_mut().skip(1).flatten().for_each(|cell| *cell = flag(cell));
            lines_of(&rows, "| ", " | ", " |", true)
        })
    }),
    keeping("lists in place of tables", |text, rng| {
        let kind = rng.usize(..4);
        tables(text, |rows| bullets(rows, kind))
    }),
    keeping("linked URL", |text, rng| {
        let kind = rng.usize(..3);
        tables(text, |rows| {
            let link = |cell: &str| match kind {
                _ if !cell.starts_with("https://") => cell.to_owned(),
                0 => format!("<{cell}>"),
                1 => format!("`{cell}`"),
                _ => format!("[{cell}]({cell})"),
            };
            map_cells(rows, link, |_, _| true)
        })
    }),
    keeping("prose after tables", |text, _| {
        tables(text, |rows| {
            let table = lines_of(rows, "| ", " | ", " |", true);
            format!("{table}\nNote: at most 7 are taken, the default value is 3. - ZETA: nothing of a field.\n")
        })
    }),
    losing("cut", cut),
    losing("a heading lost", |text, rng| {
        let all = headings_of(text);
        let lost = rng.choice(all);
        joined(text.lines().enumerate().filter(|(index, _)| Some(*index) != lost).map(|(_, line)| line))
    }),
    losing("garbled rows", |text, rng| {
        tables(text, |rows| {
            let at = rng.usize(..rows.len());
            let mut rows = rows.to_vec();
            let is_matrix = rows[0].iter().any(|cell| cell.contains("应用类型"));
            if at > 0 && rows[at].len() > 2 && !is_matrix {
                "?? ?".clone_into(&mut rows[at][0]);
            }
            lines_of(&rows, "| ", " | ", " |", true)
        })
    }),
];

const FLAGS: [[&str; 2]; 9] = [
    ["Y", "N"],
    ["是", "否"],
    ["必填", "选填"],
    ["✓", "✗"],
    ["√", "×"],
    ["TRUE", "FALSE"],
    ["Required.", "Optional."],
    ["是（必填）", "否（可选）"],
    ["M", "O"],
];
const LABELS: [[&str; 4]; 5] = [
    ["Field", "Type", "Required?", "Meaning"],
    ["字段", "类型", "必需", "字段说明"],
    ["Property", "Data Type", "Mandatory?", "Details"],
    ["参数名", "参数类型", "是否必需", "参数说明"],
    ["Param", "类型", "Is it required", "Remarks"],
];

fn relabel(cell: &str, set: usize) -> String {
    let [name, kind, required, description] = LABELS[set];
    match cell.trim() {
        "Name" | "名称" | "Parameter" | "参数" | "Parameter name" | "参数名称" | "Field name" | "字段名" => {
            name
        }
        "Type" | "类型" | "Data type" | "参数类型" | "数据类型" => kind,
        "Required" | "是否必填" | "Required or not" | "是否必须" | "Is required" | "必填" | "Mandatory"
        | "是否必选" => required,
        "Description" | "描述" | "说明" | "含义" => description,
        other => other,
    }
    .to_owned()
}

/// Cut within a sentence: behind one, nothing tells that there were more.
fn cut(text: &str, rng: &mut Rng) -> Vec<u8> {
    let bytes = &text.as_bytes()[..rng.usize(text.len() / 4..text.len())];
    let ends = ["\n", "\r", "|", " ", ".", "。", ")", "）", "!", "！", "]", "}", ">"];
    let mut bytes = bytes;
    while let Some(rest) = ends.iter().find_map(|end| bytes.strip_suffix(end.as_bytes())) {
        bytes = rest;
    }
    bytes.to_vec()
}

fn utf16(text: &str, rng: &mut Rng) -> Vec<u8> {
    let (big, mark) = (rng.bool(), rng.bool());
    let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
    units.flat_map(|unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

fn wide(line: &str) -> String {
    let facts = line.contains("HTTP") || line.contains("ermission") || line.contains("appType") || line.contains("://");
    let to_wide = |each: char| match each {
        '0'..='9' | '|' | ':' | '(' | ')' => char::from_u32(u32::from(each) + 0xfee0).unwrap_or(each),
        _ => each,
    };
    let is_front = line.contains(": \"");
    if facts || is_front { line.to_owned() } else { line.chars().map(to_wide).collect() }
}

fn joined<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<u8> {
    lines.flat_map(|line| [line, "\n"]).collect::<String>().into_bytes()
}

/// Each line that is no code.
fn outside_code(text: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut fenced = false;
    let mut out = String::new();
    for line in text.lines() {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        let is_code = fenced || fence || line.starts_with([' ', '{', '}']);
        let _ = writeln!(out, "{}", if is_code { line.to_owned() } else { change(line) });
    }
    out.into_bytes()
}

/// Each table, as rows of cells; the line below the header is no row.
fn tables(text: &str, mut write: impl FnMut(&[Vec<String>]) -> String) -> Vec<u8> {
    let mut out = String::new();
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut flush = |rows: &mut Vec<Vec<String>>, out: &mut String| {
        if !rows.is_empty() {
            out.push_str(&write(rows));
            rows.clear();
        }
    };
    for line in text.lines() {
        if line.starts_with('|') {
            if !line.chars().all(|each| matches!(each, '|' | '-' | ' ' | ':')) || !line.contains('-') {
                let inner = line.trim().trim_start_matches('|');
                let inner = inner.strip_suffix('|').unwrap_or(inner);
                rows.push(
                    inner.replace("\\|", "\u{1}").split('|').map(|cell| cell.trim().replace('\u{1}', "\\|")).collect(),
                );
            }
        } else {
            flush(&mut rows, &mut out);
            out.push_str(line);
            out.push('\n');
        }
    }
    flush(&mut rows, &mut out);
    out.into_bytes()
}

fn lines_of(rows: &[Vec<String>], before: &str, between: &str, after: &str, separated: bool) -> String {
    let mut out = String::new();
    for (index, row) in rows.iter().enumerate() {
        let _ = writeln!(out, "{before}{}{after}", row.join(between));
        if index == 0 && separated {
            let marks = vec!["---"; row.len()];
            let _ = writeln!(out, "{before}{}{after}", marks.join(between));
        }
    }
    out
}

fn map_header(rows: &[Vec<String>], change: impl Fn(&str) -> String) -> String {
    let mut rows = rows.to_vec();
    if rows[0].len() > 2 {
        rows[0].iter_mut().for_each(|cell| *cell = change(cell));
    }
    lines_of(&rows, "| ", " | ", " |", true)
}

fn map_cells(
    rows: &[Vec<String>],
    mut change: impl FnMut(&str) -> String,
    which: impl Fn(usize, usize) -> bool,
) -> String {
    let mut rows = rows.to_vec();
    for row in rows.iter_mut().skip(1) {
        let of = row.len();
        for (at, cell) in row.iter_mut().enumerate() {
            if which(at, of) && !cell.is_empty() {
                *cell = change(cell);
            }
        }
    }
    lines_of(&rows, "| ", " | ", " |", true)
}

fn html(rows: &[Vec<String>], cell: &str, line: &str, attributes: &str) -> String {
    let mut out = format!("<table{attributes}>{line}");
    for (index, row) in rows.iter().enumerate() {
        let tag = if index == 0 { "th" } else { "td" };
        let _ = write!(out, "<tr>");
        for text in row {
            let text = text.replace("\\|", "|").replace('<', "&lt;").replace('>', "&gt;").replace("&lt;br&gt;", "<br>");
            let _ = write!(out, "{cell}<{tag}{attributes}>{text}</{tag}>");
        }
        let _ = write!(out, "{line}</tr>{line}");
    }
    out.push_str("</table>\n");
    out
}

fn bullets(rows: &[Vec<String>], kind: usize) -> String {
    let header: Vec<String> = rows[0].iter().map(|cell| cell.to_lowercase()).collect();
    let at = |words: &[&str]| header.iter().position(|cell| words.iter().any(|word| cell.contains(word)));
    let name = at(&["name", "parameter", "名", "参数"]);
    let kinds = at(&["type", "类型"]);
    let (Some(name), Some(kinds)) = (name, kinds) else { return lines_of(rows, "| ", " | ", " |", true) };
    if name == kinds || header.iter().any(|cell| cell.contains("应用类型")) || header.len() < 3 {
        return lines_of(rows, "| ", " | ", " |", true);
    }
    let required = (header.len() == 4)
        .then(|| {
            (0..4).find(|index| {
                at(&["descr", "描述", "说明", "含义"]) != Some(*index) && *index != name && *index != kinds
            })
        })
        .flatten();
    let description = at(&["descr", "描述", "说明", "含义"]).unwrap_or(header.len() - 1);
    let mut out = String::new();
    for row in rows.iter().skip(1) {
        let cell = |at: usize| row.get(at).map_or("", String::as_str);
        let flag = required.map(|at| match cell(at) {
            flag if FLAGS.iter().any(|[yes, _]| *yes == flag)
                || matches!(flag, "Yes" | "yes" | "Required" | "必须") =>
            {
                "required"
            }
            _ => "optional",
        });
        let text = cell(description);
        let (name, kind_text) = (cell(name), cell(kinds));
        if name.is_empty() || kind_text.is_empty() {
            continue;
        }
        let flagged = |before: &str| flag.map(|flag| format!("{before}{flag}")).unwrap_or_default();
        let _ = match kind {
            0 => writeln!(out, "- {name} ({kind_text}{}): {text}", flagged(", ")),
            1 => writeln!(out, "* **{name}** `{kind_text}` {} {text}", flagged("")),
            2 => writeln!(out, "- {name}（{kind_text}{}）：{text}", flagged("，")),
            _ => writeln!(out, "- `{name}`: {kind_text}{}. {text}", flagged(", ")),
        };
    }
    out
}

fn entities(cell: &str, rng: &mut Rng) -> String {
    let mut out = String::new();
    for each in cell.chars() {
        let _ = match each {
            '{' | '}' | '.' | '_' | '/' | ':' | 'e' if rng.bool() && !cell.contains('&') && !cell.contains('\\') => {
                write!(out, "&#{};", u32::from(each))
            }
            '-' | 'n' if rng.u8(..4) == 0 && !cell.contains('&') && !cell.contains('\\') => {
                write!(out, "&#x{:X};", u32::from(each))
            }
            '"' => write!(out, "&quot;"),
            each => write!(out, "{each}"),
        };
    }
    out
}

const HEADINGS: [(&str, &str); 24] = [
    ("Basic information", "基本信息"),
    ("Request header", "请求头"),
    ("Path parameters", "路径参数"),
    ("Path parameter", "请求路径参数"),
    ("Request path parameters", "Path参数"),
    ("Query parameter", "查询参数"),
    ("Query parameters", "请求查询参数"),
    ("Request query parameters", "请求查询参数"),
    ("request body", "请求体"),
    ("Request body", "请求体参数"),
    ("Body parameters", "请求参数"),
    ("Body parameters", "Body参数"),
    ("Query parameters", "Query参数"),
    ("Request example", "请求示例"),
    ("Request syntax", "请求语法"),
    ("Response", "响应"),
    ("Response body", "响应体"),
    ("Response parameters", "响应参数"),
    ("Response body", "返回参数"),
    ("Response syntax", "返回语法"),
    ("Response body example", "响应体示例"),
    ("Error codes", "错误码"),
    ("Error code", "错误码"),
    ("Error codes", "错误码说明"),
];

fn bare(line: &str) -> &str {
    line.trim_start_matches('#').trim().trim_matches('*')
}

fn heading_of(line: &str) -> Option<(&'static str, &'static str)> {
    HEADINGS.into_iter().find_map(|(english, chinese)| match bare(line) {
        text if text == english => Some((english, chinese)),
        text if text == chinese => Some((chinese, english)),
        _ => None,
    })
}

/// Places of headings that begin a part.
fn headings_of(text: &str) -> Vec<usize> {
    text.lines().enumerate().filter(|(_, line)| heading_of(line).is_some()).map(|(index, _)| index).collect()
}

/// Each heading, with what it is called in the other language.
fn headings(text: &str, write: impl Fn(&str, &str) -> String) -> Vec<u8> {
    let mut out = String::new();
    for line in text.lines() {
        let line = heading_of(line).map_or_else(|| line.to_owned(), |(heading, other)| write(heading, other));
        let _ = writeln!(out, "{line}");
    }
    out.into_bytes()
}
