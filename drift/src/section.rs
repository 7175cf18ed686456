//! Headings: which part of a page begins.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::text::{has_han, label, plain};

/// A part of a page, in the order of pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Section {
    /// Introduction, notes, and what else is not compared.
    Other,
    Basic,
    Headers,
    Path,
    Query,
    Body,
    RequestExample,
    /// The request with types in place of values, in the older layout.
    RequestTemplate,
    Response,
    ResponseExample,
    ResponseTemplate,
    Errors,
    /// A table whose heading is lost.
    Orphan,
}

impl Section {
    /// Whether its lines are code.
    pub(crate) fn is_code(self) -> bool {
        matches!(self, Self::RequestExample | Self::ResponseExample | Self::RequestTemplate | Self::ResponseTemplate)
    }
}

const HEADINGS: &[(Section, &[&str])] = &[
    (Section::Other, &["api call description", "接口调用说明", "notes", "调用说明", "request", "请求", "请求说明"]),
    (Section::Basic, &["basic information", "基本信息", "请求方式"]),
    (
        Section::Headers,
        &[
            "request header",
            "request headers",
            "header",
            "headers",
            "请求头",
            "header参数",
            "header parameters",
            "请求头参数",
        ],
    ),
    (
        Section::Path,
        &["path parameter", "path parameters", "request path parameters", "路径参数", "path参数", "请求路径参数"],
    ),
    (
        Section::Query,
        &["query parameter", "query parameters", "request query parameters", "查询参数", "query参数", "请求查询参数"],
    ),
    (
        Section::Body,
        &[
            "request body",
            "body parameter",
            "body parameters",
            "body",
            "请求体",
            "body参数",
            "请求体参数",
            "请求参数",
            "request body parameters",
        ],
    ),
    (
        Section::RequestExample,
        &[
            "request example",
            "request examples",
            "sample request",
            "sample requests",
            "request body example",
            "请求示例",
        ],
    ),
    (Section::RequestTemplate, &["request syntax", "request template", "请求语法", "请求格式", "请求结构", "请求方法"]),
    (
        Section::ResponseTemplate,
        &["response syntax", "response template", "返回语法", "返回格式", "返回结构", "响应语法"],
    ),
    (
        Section::Response,
        &[
            "response",
            "responses",
            "httpresponse",
            "response body",
            "response parameters",
            "响应",
            "http响应",
            "响应体",
            "返回",
            "返回参数",
            "返回值",
            "返回结果",
            "return parameters",
            "响应参数",
        ],
    ),
    (
        Section::ResponseExample,
        &[
            "response body example",
            "response example",
            "response examples",
            "sample response",
            "响应体示例",
            "响应示例",
            "返回示例",
            "返回结果示例",
        ],
    ),
    (Section::Errors, &["error codes", "error code", "错误码", "error code description", "错误码说明", "错误码列表"]),
];

/// The part that a line begins, when it is a heading.
pub(crate) fn heading(line: &str) -> Option<Section> {
    let trimmed = line.trim();
    if trimmed.is_empty() || trimmed.starts_with('|') {
        return None;
    }
    // A text may be glued to the heading that follows it.
    let glued = || {
        let (start, stop) = trimmed.char_indices().rfind(|(_, each)| matches!(each, '.' | '。' | '!' | ')' | '）'))?;
        let tail = trimmed.get(start + stop.len_utf8()..)?;
        let begins = tail.chars().next().is_some_and(|first| first.is_uppercase() || !first.is_ascii());
        if begins { exact(tail) } else { None }
    };
    named(trimmed).or_else(glued)
}

static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    let number = r"^[(（]?(?:\d+(?:\.\d+)*|[一二三四五六七八九十]+)(?:[.)）、．:]|\s)+";
    Regex::new(number).unwrap_or_else(|error| unreachable!("{error}"))
});
static ANCHOR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\s*(?:¶|\{#[^{}]*\}|#+)$").unwrap_or_else(|error| unreachable!("{error}")));

fn exact(text: &str) -> Option<Section> {
    let text = label(text);
    let find = |text: &str| HEADINGS.iter().find(|(_, labels)| labels.contains(&text)).map(|(section, _)| *section);
    // `Query 参数` is `Query参数`.
    find(&text).or_else(|| if has_han(&text) { find(&text.replace(' ', "")) } else { None })
}

/// What a heading says, without its number and its anchor.
fn bare(text: &str) -> String {
    let text = plain(text.trim_start_matches('#'));
    let text = NUMBER.replace(text.trim_start_matches(['*', ' ']), "");
    ANCHOR.replace(text.trim(), "").into_owned()
}

/// The ways to read a heading: alone, or as names in two languages.
fn readings(text: &str) -> Vec<Vec<&str>> {
    let parts: Vec<&str> =
        text.split(['/', '(', ')', '（', '）', '|']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let mut readings = vec![vec![text], parts];
    for ((at, left), right) in text.char_indices().zip(text.chars().skip(1)) {
        let is_border = left.is_whitespace() && !right.is_ascii() || !left.is_ascii() && right.is_ascii();
        if is_border {
            let (left, right) = text.split_at(at + left.len_utf8());
            readings.push(vec![left, right]);
        }
    }
    readings
}

/// All names that a heading may have, in small letters and without the spaces beside Chinese ones.
pub(crate) fn names(line: &str) -> Vec<String> {
    if line.len() > LONGEST {
        return Vec::new();
    }
    let squeeze = |text: &str| {
        let text = label(text);
        if has_han(&text) { text.replace(' ', "") } else { text }
    };
    readings(&bare(line.trim())).into_iter().flatten().map(squeeze).collect()
}

/// Longer lines are no headings.
const LONGEST: usize = 120;

fn named(text: &str) -> Option<Section> {
    if text.len() > LONGEST {
        return None;
    }
    let text = bare(text);
    let first = |parts: Vec<&str>| {
        let sections: Option<Vec<Section>> = parts.into_iter().map(exact).collect();
        sections?.first().copied()
    };
    readings(&text).into_iter().find_map(first)
}

/// Names of code samples. What follows is a sample until the next heading.
pub(crate) fn is_sample_language(line: &str) -> bool {
    const LANGUAGES: &[&str] =
        &["java", "python", "php", "go", "node.js", "nodejs", "c#", "javascript", "typescript", "curl", "shell", "c++"];
    LANGUAGES.contains(&label(line).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_may_have_numbers_anchors_and_two_languages() {
        for line in [
            "Query parameters",
            "### **Query parameters**:",
            "## 2.1 Query parameters",
            "三、查询参数",
            "**3)** Query 参数",
            "### 查询参数（Query parameters）",
            "Query parameters / 查询参数",
            "## 查询参数 Query parameters:",
            "### [Query parameters](#anchor)",
            "#### Query parameters {#anchor}",
            "### <a name=\"x\"></a>Query parameters ###",
        ] {
            assert_eq!(heading(line), Some(Section::Query), "{line}");
        }
        for line in ["Query parameters are sent in the URL", "Response: OK", "1. Obtain it", "Error code (400)", ""] {
            assert_eq!(heading(line), None, "{line}");
        }
    }
}
