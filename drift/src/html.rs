//! Elements of HTML as Markdown: a page can be written in them, or have some in its Markdown.

use crate::source::Line;

/// Elements that stand within a line.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "code", "del", "em", "font", "i", "ins", "kbd", "label", "mark", "s", "small", "span", "strong",
    "sub", "sup", "u", "var",
];
/// Elements that begin a line.
const BLOCK: &[&str] = &[
    "article",
    "blockquote",
    "body",
    "caption",
    "center",
    "col",
    "colgroup",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];
/// Elements without text for a reader.
const HIDDEN: &[&str] = &["script", "style"];

struct Tag<'a> {
    name: String,
    closes: bool,
    after: &'a str,
}

/// The element at the start of a text, when it is one of HTML: `<String, Array>` is none.
fn tag(text: &str) -> Option<Tag<'_>> {
    let inner = text.strip_prefix('<')?;
    let (closes, inner) = inner.strip_prefix('/').map_or((false, inner), |rest| (true, rest));
    let name: String = inner.chars().take_while(char::is_ascii_alphanumeric).collect();
    let (attributes, after) = inner.get(name.len()..)?.split_once('>')?;
    let name = name.to_lowercase();
    let known = [INLINE, BLOCK, HIDDEN, &["br"]].iter().any(|names| names.contains(&name.as_str()));
    let is_separate = attributes.is_empty() || attributes.starts_with([' ', '\t', '/']);
    (known && is_separate).then_some(Tag { name, closes, after })
}

/// A line without elements, for a cell or a sentence.
pub(crate) fn strip(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        rest = if let Some(tag) = tag(from) {
            out.push_str(match tag.name.as_str() {
                "li" if !tag.closes => " - ",
                name if INLINE.contains(&name) => "",
                _ => " ",
            });
            tag.after
        } else {
            out.push('<');
            from.get(1..).unwrap_or_default()
        };
    }
    out + rest
}

/// Lines of Markdown for lines that may have elements.
pub(crate) fn to_markdown(lines: Vec<Line>) -> Vec<Line> {
    let mut writer = Writer::default();
    for line in lines {
        if line.is_code && writer.row.is_none() {
            writer.out.push(line);
        } else {
            writer.line(&line);
        }
    }
    writer.end_row();
    writer.out
}

#[derive(Default)]
struct Writer {
    out: Vec<Line>,
    text: String,
    /// The row that is open, and the number of its line.
    row: Option<(usize, Vec<String>)>,
    in_code: bool,
    hidden: Option<String>,
    is_comment: bool,
}

impl Writer {
    fn line(&mut self, line: &Line) {
        // Elements within the row of a table of Markdown belong to their cells.
        let is_cells = self.row.is_none() && line.text.trim_start().starts_with('|');
        if is_cells && !self.in_code {
            self.out.push(line.clone());
            return;
        }
        let mut rest = line.text.as_str();
        let mut is_begun = rest.trim().is_empty();
        while !rest.is_empty() {
            if self.is_comment {
                let Some((_, after)) = rest.split_once("-->") else { break };
                self.is_comment = false;
                rest = after;
            } else if let Some(after) = rest.strip_prefix("<!--") {
                self.is_comment = true;
                rest = after;
            } else if let Some(tag) = tag(rest) {
                self.tag(&tag, line.number, rest);
                rest = tag.after;
            } else {
                let end = rest.get(1..).and_then(|rest| rest.find('<')).map_or(rest.len(), |at| at + 1);
                // A character can be longer than a byte.
                let end = if rest.is_char_boundary(1) { end } else { rest.find('<').unwrap_or(rest.len()) };
                let (text, after) = rest.split_at(end);
                if self.hidden.is_none() {
                    self.push(text);
                    is_begun = true;
                }
                rest = after;
            }
        }
        if self.row.is_some() {
            self.push(" ");
        } else if is_begun || !self.text.is_empty() {
            self.flush(line.number);
        }
    }

    fn push(&mut self, text: &str) {
        match &mut self.row {
            Some((_, cells)) => {
                if let Some(cell) = cells.last_mut() {
                    cell.push_str(&text.replace('|', "\\|"));
                }
            }
            None => self.text.push_str(text),
        }
    }

    fn flush(&mut self, number: usize) {
        let text = std::mem::take(&mut self.text);
        self.out.push(Line { number, text, is_code: self.in_code });
    }

    fn break_line(&mut self, number: usize) {
        if !self.text.trim().is_empty() {
            self.flush(number);
        }
        self.text.clear();
    }

    fn end_row(&mut self) {
        if let Some((number, cells)) = self.row.take() {
            let cells: Vec<&str> = cells.iter().map(|cell| cell.trim()).collect();
            let text = format!("| {} |", cells.join(" | "));
            self.out.push(Line { number, text, is_code: false });
        }
    }

    fn tag(&mut self, tag: &Tag<'_>, number: usize, text: &str) {
        let name = tag.name.as_str();
        if let Some(hidden) = &self.hidden {
            if tag.closes && hidden == name {
                self.hidden = None;
            }
            return;
        }
        match (name, tag.closes) {
            (name, false) if HIDDEN.contains(&name) => self.hidden = Some(name.to_owned()),
            ("tr", false) => {
                self.end_row();
                self.break_line(number);
                self.row = Some((number, Vec::new()));
            }
            ("td" | "th", false) => {
                let row = self.row.get_or_insert_with(|| (number, Vec::new()));
                row.1.push(String::new());
            }
            ("tr", true) | ("table", _) => self.end_row(),
            ("li", false) if self.row.is_some() => self.push(" - "),
            (name, _) if self.row.is_some() => self.push(if INLINE.contains(&name) { "" } else { " " }),
            ("pre", closes) => {
                self.break_line(number);
                self.in_code = !closes;
            }
            (name, _) if INLINE.contains(&name) => {}
            // It may stand within a cell whose row has no bars.
            ("br", _) => self.push(text.get(..text.len() - tag.after.len()).unwrap_or(" ")),
            (name, closes) => {
                self.break_line(number);
                if !closes && name.len() == 2 && name.starts_with('h') && name != "hr" {
                    self.text.push_str("### ");
                } else if !closes && name == "li" {
                    self.text.push_str("- ");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source;

    #[test]
    fn tables_headings_and_code_become_lines() {
        let text = "<h3 id=\"x\">Request body</h3>\n<table><tr><th>Name</th><th>Type</th></tr>\n<tr>\n<td>a</td>\n<td>Map&lt;\n<b>x</b>|y<ul><li>A: b</li></ul></td>\n</tr></table>\n<pre>{\n}</pre><!-- <td>\n --> end Map<String, Array>";
        let lines = to_markdown(source::lines(text));
        let lines: Vec<(usize, &str, bool)> = lines
            .iter()
            .map(|line| (line.number, line.text.trim(), line.is_code))
            .filter(|(_, text, _)| !text.is_empty())
            .collect();
        assert_eq!(
            lines,
            [
                (1, "### Request body", false),
                (2, "| Name | Type |", false),
                (3, "| a | Map&lt; x\\|y  - A: b |", false),
                (8, "{", true),
                (9, "}", true),
                (10, "end Map<String, Array>", false),
            ]
        );
    }
}
