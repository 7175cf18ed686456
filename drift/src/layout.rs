//! Tables that have lost their form: cells between tabs, rows without bars around them, cells that go over lines.

use crate::row::is_separator;
use crate::section;
use crate::source::Line;

/// Rows with bars around them, each in one line.
pub(crate) fn settle(lines: Vec<Line>) -> Vec<Line> {
    joined(&barred(&tabbed(lines)))
}

fn is_barred(line: &Line) -> bool {
    !line.is_code && line.text.trim_start().starts_with('|')
}

/// Cells between tabs, as a browser copies them. An empty cell at the start of a row is kept.
fn tabbed(mut lines: Vec<Line>) -> Vec<Line> {
    for line in lines.iter_mut().filter(|line| !line.is_code && line.text.trim().contains('\t')) {
        let text = line.text.trim_end();
        if !text.trim_start().starts_with(['"', '{', '}', '[', ']', '|']) {
            line.text = format!("| {} |", text.replace('|', "\\|").replace('\t', " | "));
        }
    }
    lines
}

/// A table without bars around its rows is known by the line below its header.
fn barred(lines: &[Line]) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    let mut in_table = false;
    for line in lines {
        let text = line.text.trim();
        let has_bar = !line.is_code && text.replace("\\|", "").contains('|');
        let wrapped = || Line { text: format!("| {text} |"), ..line.clone() };
        if has_bar && !text.starts_with('|') && is_separator(text) {
            let header = out.iter_mut().rfind(|line| !line.text.trim().is_empty());
            in_table = header.as_ref().is_some_and(|header| header.text.contains('|'));
            if let Some(header) = header.filter(|header| in_table && !is_barred(header)) {
                header.text = format!("| {} |", header.text.trim());
            }
            out.push(if in_table { wrapped() } else { line.clone() });
        } else if in_table && has_bar && !(text.starts_with('|') && closes(text)) {
            // A bar at the start stands behind an empty cell.
            out.push(wrapped());
        } else {
            in_table &= text.is_empty() || has_bar;
            out.push(line.clone());
        }
    }
    out
}

/// A row whose last cell goes on in the lines below ends with the line that has its last bar.
fn joined(lines: &[Line]) -> Vec<Line> {
    const MOST_LINES: usize = 60;
    let mut out = Vec::new();
    let mut index = 0;
    while let Some(line) = lines.get(index) {
        index += 1;
        let mut row = line.clone();
        if is_barred(line) && !closes(&line.text) && !is_separator(&line.text) {
            let rest = lines.get(index..).unwrap_or_default();
            let ends =
                rest.iter().take(MOST_LINES).take_while(|next| may_go_on(next)).position(|next| closes(&next.text));
            if let Some(count) = ends.map(|at| at + 1) {
                for next in rest.iter().take(count) {
                    row.text.push(' ');
                    row.text.push_str(next.text.trim());
                }
                index += count;
            }
        }
        out.push(row);
    }
    out
}

/// Whether a line can belong to the row above.
fn may_go_on(line: &Line) -> bool {
    let text = line.text.trim();
    let begins = text.starts_with(['|', '#']) && text != "|";
    !line.is_code && !begins && section::heading(text).is_none()
}

fn closes(text: &str) -> bool {
    let text = text.trim_end();
    text.ends_with('|') && !text.ends_with("\\|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source;

    fn settled(text: &str) -> Vec<(usize, String)> {
        let lines = settle(source::lines(text));
        lines.into_iter().filter(|line| !line.text.trim().is_empty()).map(|line| (line.number, line.text)).collect()
    }

    #[test]
    fn rows_of_any_form_get_their_bars() {
        assert_eq!(settled("a\tb c\n\td\t"), [(1, "| a | b c |".to_owned()), (2, "\td\t".to_owned())]);
        let found = settled("x | y\n--- | ---\n1 | 2\n\n | 4\nend\nno | row");
        let found: Vec<&str> = found.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(found, ["| x | y |", "| --- | --- |", "| 1 | 2 |", "| | 4 |", "end", "no | row"]);
    }

    #[test]
    fn cells_over_lines_come_together() {
        let found = settled("| a | b\n- A: c\n- B: d\n|\n| e | f |\n| g | h\n## i |\n| cut");
        let found: Vec<(usize, &str)> = found.iter().map(|(number, text)| (*number, text.as_str())).collect();
        assert_eq!(
            found,
            [(1, "| a | b - A: c - B: d |"), (5, "| e | f |"), (6, "| g | h"), (7, "## i |"), (8, "| cut")]
        );
    }
}
