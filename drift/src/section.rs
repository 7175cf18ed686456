//! Headings: which part of a page begins.

use crate::text::label;

/// A part of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
        &["request header", "request headers", "header", "headers", "请求头", "header参数", "header parameters"],
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
        &["request body", "body parameter", "body parameters", "body", "请求体", "body参数", "请求体参数", "请求参数"],
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
    (Section::Errors, &["error codes", "error code", "错误码", "error code description"]),
];

/// The part that a line begins, when it is a heading.
pub(crate) fn heading(line: &str) -> Option<Section> {
    let trimmed = line.trim();
    if trimmed.is_empty() || trimmed.starts_with('|') {
        return None;
    }
    let exact = |text: &str| {
        let text = label(text);
        HEADINGS.iter().find(|(_, labels)| labels.contains(&text.as_str())).map(|(section, _)| *section)
    };
    // A text may be glued to the heading that follows it.
    let glued = || {
        let (start, stop) = trimmed.char_indices().rfind(|(_, each)| matches!(each, '.' | '。' | '!' | ')' | '）'))?;
        let tail = trimmed.get(start + stop.len_utf8()..)?;
        let begins = tail.chars().next().is_some_and(|first| first.is_uppercase() || !first.is_ascii());
        if begins { exact(tail) } else { None }
    };
    exact(trimmed).or_else(glued)
}

/// Names of code samples. What follows is a sample until the next heading.
pub(crate) fn is_sample_language(line: &str) -> bool {
    const LANGUAGES: &[&str] =
        &["java", "python", "php", "go", "node.js", "nodejs", "c#", "javascript", "typescript", "curl", "shell", "c++"];
    LANGUAGES.contains(&label(line).as_str())
}
