//! The forms in which one page can occur.

use std::fmt;

use crate::section;
use crate::text::has_han;

/// How a page is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rendering {
    /// None of those below.
    #[default]
    Unknown,
    /// Text without marks: the cells of a row stand together without anything between them.
    Flattened,
    /// Markdown tables; headings are lines without marks, examples may be gone.
    Tables,
    /// Markdown with headings, fences and front matter.
    Markdown,
    /// The older layout, with `Header参数` and `Body参数`.
    Legacy,
}

impl fmt::Display for Rendering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "unknown",
            Self::Flattened => "flattened",
            Self::Tables => "tables",
            Self::Markdown => "markdown",
            Self::Legacy => "legacy",
        })
    }
}

/// Language of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Chinese.
    Chinese,
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Self::English { "en" } else { "zh" })
    }
}

/// Tells the rendering by its marks, which are looked for outside of code.
pub(crate) fn recognise(lines: &[&str]) -> Rendering {
    let mut fenced = false;
    let (mut tables, mut headings, mut legacy, mut facts) = (0, 0, 0, 0);
    for line in lines {
        let line = line.trim();
        if line.starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        tables += usize::from(line.starts_with("|-") || line.starts_with("| -") || line.starts_with("|:"));
        headings += usize::from(line.starts_with("## ") || line.starts_with("### "));
        legacy += usize::from(is_legacy_heading(line));
        facts += usize::from(line.starts_with("HTTP URL") || line.starts_with("HTTP Method"));
    }
    match (tables, headings, legacy, facts) {
        (_, _, 1.., _) => Rendering::Legacy,
        (1.., 1.., _, _) => Rendering::Markdown,
        (1.., 0, _, _) => Rendering::Tables,
        (0, _, _, 1..) => Rendering::Flattened,
        _ => Rendering::Unknown,
    }
}

/// Headings that only the older layout has.
fn is_legacy_heading(line: &str) -> bool {
    const HEADINGS: &[&str] =
        &["header参数", "query参数", "body参数", "请求语法", "返回语法", "request syntax", "response syntax"];
    section::names(line).iter().any(|name| HEADINGS.contains(&name.as_str()))
}

/// A page is Chinese when the headings and labels are.
pub(crate) fn language(lines: &[&str]) -> Language {
    const LABELS: &[&str] = &["请求", "响应", "错误码", "名称", "返回", "参数", "字段"];
    let is_label = |line: &&&str| line.chars().count() < 60 && LABELS.iter().any(|label| line.contains(label));
    let chinese = lines.iter().filter(is_label).filter(|line| has_han(line)).count();
    if chinese >= 3 { Language::Chinese } else { Language::English }
}
