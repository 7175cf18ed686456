//! Facts that stand in the prose of a description: values, defaults, limits.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::text::plain;

/// What a description says beyond its meaning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Values in a list, as `- VALUE: meaning`.
    pub values: Vec<String>,
    /// What is taken when it is left out.
    pub default: Option<String>,
    /// Largest value or most elements.
    pub max: Option<i64>,
    /// Whether it speaks of a default at all.
    pub mentions_default: bool,
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap_or_else(|error| unreachable!("{text}: {error}"))
}

static VALUE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(-?[A-Za-z0-9_.-]+)\s*(?:[（(]\s*(?:default|Default|默认|默认值|the default)\s*[）)])?\s*[:：]")
});
static DEFAULT_MARK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:[（(]\s*(?:default|Default|默认|默认值)\s*[）)]|This is the default value|\b[Dd]efault(?: value)?\.?$|[,，。]\s*默认(?:值)?[。.]?$)",
    )
});
static DEFAULTS: LazyLock<[Regex; 2]> = LazyLock::new(|| {
    [
        pattern(r"\b[Dd]efault(?: value)?(?: is |: ?|：| of | to )\s*([A-Za-z0-9_-]+)"),
        pattern(r"默认(?:值)?(?:为|是|：|:)?\s*([A-Za-z0-9_-]+)"),
    ]
});
static LIMITS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    [
        pattern(
            r"\b[Mm]ax(?:imum)?(?: (?:value|size|number|length))?(?: (?:of|is))?(?: (?:of|is))?[:：]?\s*(\d[\d,]*)(\s*(?:[KMGT]B|M\b|bytes))?",
        ),
        pattern(r"(?:\b[Uu]p to|\b[Aa]t most|\b[Nn]ot exceed|\bcannot exceed)\s+(\d[\d,]*)(\s*(?:[KMGT]B|bytes))?"),
        pattern(
            r"(?:最多|最大|不超过|上限)(?:支持|可传|传入|可|传|值|size|列表|长度|数量|个数|数)*(?:为|是|：|:)?\s*(\d[\d,]*)(\s*(?:[KMGT]B?\b|字节))?",
        ),
    ]
});

/// A space, a quote or a comma between the thousands of a number.
static GROUPS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(\d{1,3}(?:\d{3})*)[,，' ](\d{3})\b"));

/// Reads a description.
pub(crate) fn facts(description: &str) -> Facts {
    let mut facts = Facts::default();
    let text = GROUPS.replace_all(&plain(description), "$1$2").into_owned();
    let text = GROUPS.replace_all(&text, "$1$2").into_owned();
    for (index, part) in bullets(&text).into_iter().enumerate() {
        let value = VALUE.captures(part.trim()).and_then(|found| found.get(1)).map(|found| found.as_str().to_owned());
        if let Some(value) = value.filter(|_| index > 0) {
            if DEFAULT_MARK.is_match(part.trim()) {
                facts.default.get_or_insert_with(|| value.clone());
            }
            if !facts.values.contains(&value) {
                facts.values.push(value);
            }
        }
    }
    facts.mentions_default = text.to_lowercase().contains("default") || text.contains("默认");
    let stated = DEFAULTS.iter().find_map(|each| each.captures(&text)?.get(1).map(|found| found.as_str().to_owned()));
    if facts.default.is_none() {
        facts.default = stated.filter(|word| !matches!(word.as_str(), "value" | "the" | "not" | "no" | "is"));
    }
    facts.max = LIMITS.iter().find_map(|each| {
        let found = each.captures(&text)?;
        // Sizes with a unit are rounded, and so no limits to the byte.
        if found.get(2).is_some() { None } else { found.get(1)?.as_str().replace(',', "").parse().ok() }
    });
    facts
}

/// The parts of a description; all but the first begin with a bullet.
fn bullets(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    if rest.starts_with("- ") {
        parts.push("");
    }
    while let Some(at) = next_bullet(rest) {
        let (part, after) = rest.split_at(at);
        parts.push(part);
        rest = after.trim_start().trim_start_matches(['-', '•', '*']).trim_start_matches(' ');
        // A value can be a negative number: its sign is no bullet.
        if let Some(sign) = after.trim_start().strip_prefix("- ").filter(|value| value.trim_start().starts_with('-')) {
            rest = sign.trim_start();
        }
    }
    parts.push(rest);
    parts
}

fn next_bullet(text: &str) -> Option<usize> {
    let marks = ["- ", "• "];
    marks
        .iter()
        .filter_map(|mark| {
            text.match_indices(mark)
                .map(|(at, _)| at)
                .find(|at| text.get(..*at).and_then(|before| before.chars().next_back()).is_none_or(is_break))
        })
        .min()
}

/// What can stand before a bullet.
fn is_break(before: char) -> bool {
    before.is_whitespace() || matches!(before, ':' | '：' | '.' | '。' | ';' | '；' | ',' | '，')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        facts(text).values
    }

    #[test]
    fn values_stand_after_bullets_and_before_colons() {
        assert_eq!(values("The owner. - USER: A user. - APP: An app."), ["USER", "APP"]);
        assert_eq!(values("状态：   - **-1**：等待中 - **0**：执行中"), ["-1", "0"]);
        assert_eq!(values(r"语言：   - **zh\_CN**：中文（默认值） - **en\_US**：英文"), ["zh_CN", "en_US"]);
        assert!(values("Naming rules:- No leading spaces. - Must not end with .").is_empty());
        assert!(values("Obtain it: - For internal apps, call this: now.").is_empty());
    }

    #[test]
    fn defaults_are_marked_or_told() {
        for (text, default) in [
            ("Conflicts. - AUTO_RENAME: Rename. Default. - OVERWRITE: Overwrite.", Some("AUTO_RENAME")),
            ("Search. - true: Yes. - false: No. This is the default value.", Some("false")),
            ("Which. - false (default): No. - true: Yes.", Some("false")),
            ("If it is missing, the default value is 0.", Some("0")),
            ("是否获取。     默认值false。", Some("false")),
            ("分页大小，默认值50。    最大值50。", Some("50")),
            ("By default, nothing is set.", None),
            ("默认在根目录创建。", None),
        ] {
            assert_eq!(facts(text).default.as_deref(), default, "{text}");
        }
    }

    #[test]
    fn limits_are_told_in_many_words() {
        for (text, max) in [
            ("Maximum: 50.", Some(50)),
            ("Up to 1,000 items are supported.", Some(1000)),
            ("Maximum: 10 000 000.", Some(10_000_000)),
            ("最大值1，000。", Some(1000)),
            ("A maximum of 50.", Some(50)),
            ("The maximum value is 3.", Some(3)),
            ("最多30个。", Some(30)),
            ("节点id。    最大size20。", Some(20)),
            ("最大size：20。", Some(20)),
            ("支持批量授权，最大列表长度为10。", Some(10)),
            ("图片最大20MB。", None),
            ("The maximum capacity, in bytes.", None),
        ] {
            assert_eq!(facts(text).max, max, "{text}");
        }
    }
}
