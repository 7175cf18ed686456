//! Texts to Markdown that shows them as they are: every character stands for itself but backquotes around code.
//!
//! What a text may hold is written in [`dingtalk_storage_spec::model`]. Rustdoc and clippy say nothing of the result,
//! whatever the text: what they take for code gets backquotes, what Markdown takes for marks gets backslashes.

/// Width of a line of documentation, without what stands before it.
const WIDTH: usize = 110;

/// Words that look like code and are not; clippy knows them, too.
const PLAIN_WORDS: [&str; 4] = ["DingTalk", "OAuth", "WebOffice", "GitHub"];

/// What a space within code is while lines are broken: a line may not begin within code, where `- ` would be a list.
const INNER_SPACE: char = '\u{0}';

/// Breaks Markdown into lines; `indent` is what stands before each.
pub fn wrapped(markdown: &str, indent: usize) -> Vec<String> {
    let options = textwrap::Options::new(WIDTH - indent)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .word_separator(textwrap::WordSeparator::AsciiSpace);
    let lines = textwrap::wrap(markdown, options);
    lines.into_iter().map(|line| line.replace(INNER_SPACE, " ")).collect()
}

/// The text as Markdown, in one line that stays one.
pub fn one_line(text: &str) -> String {
    marked(text).replace(INNER_SPACE, " ")
}

/// The text as Markdown, to be broken into lines.
pub fn marked(text: &str) -> String {
    let mut marked = String::with_capacity(text.len() + 16);
    let parts: Vec<&str> = text.split('`').collect();
    for (index, part) in parts.iter().enumerate() {
        let is_code = index % 2 == 1;
        if is_code && index + 1 < parts.len() {
            marked.push_str(&code_span(part));
            continue;
        }
        // A backquote without a partner is refused by the checks; here it is a character as any other.
        marked.push_str(if is_code { "\\`" } else { "" });
        push_words(&mut marked, part);
    }
    marked.trim().to_owned()
}

/// Words with one space between them; the spaces at the edges stay, since code may follow.
fn push_words(marked: &mut String, part: &str) {
    for (index, word) in part.split(is_space).enumerate() {
        if index > 0 && !marked.ends_with(' ') {
            marked.push(' ');
        }
        let word = marked_word(word, marked.trim_start().is_empty());
        marked.push_str(&word);
    }
}

/// Any text as code, between as many backquotes as it takes.
pub fn code_span(text: &str) -> String {
    let words: Vec<_> = text.split(is_space).filter(|word| !word.is_empty()).collect();
    let code = words.join(&INNER_SPACE.to_string());
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    match code.as_str() {
        "" => "\"\"".to_owned(),
        code if code.starts_with('`') || code.ends_with('`') => {
            format!("{fence}{INNER_SPACE}{code}{INNER_SPACE}{fence}")
        }
        code => format!("{fence}{code}{fence}"),
    }
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// Puts names between backquotes and hides characters that mean something in Markdown.
fn marked_word(word: &str, is_first: bool) -> String {
    if is_mark(word, is_first) {
        return with_backslashes(word, |c| c.is_ascii_punctuation());
    }
    let edge = |c: char| !c.is_alphanumeric();
    let (start, end) = (word.len() - word.trim_start_matches(edge).len(), word.trim_end_matches(edge).len());
    let (Some(before), Some(core), Some(after)) = (word.get(..start), word.get(start..end), word.get(end..)) else {
        return escaped(word);
    };
    if core.contains("://") && is_address(core) {
        return format!("{}<{core}>{}", escaped(before), escaped(after));
    }
    // Calls and paths end with punctuation that belongs to them.
    if word.contains("::") || word.contains("()") {
        return whole_word_as_code(word);
    }
    if core.contains(":/") {
        return format!("{}{}{}", escaped(before), code_span(core), escaped(after));
    }
    if core.contains(['[', ']', '{', '}', '(', ')', '=', '"', '<', '>']) && looks_like_code(core) {
        return whole_word_as_code(word);
    }
    // Clippy takes an apostrophe for the end of a word.
    let pieces: Vec<_> = core.split('\'').map(marked_name).collect();
    format!("{}{}{}", escaped(before), pieces.join("'"), escaped(after))
}

/// The word as code, but for the punctuation of the sentence around it.
fn whole_word_as_code(word: &str) -> String {
    let in_brackets = word.strip_prefix('(').filter(|rest| !rest.contains('('));
    let (before, word) = in_brackets.map_or(("", word), |rest| ("(", rest));
    let code = word.trim_end_matches(['.', ',', ';', ':', '!', '?']);
    let code = if before.is_empty() { code } else { code.strip_suffix(')').unwrap_or(code) };
    let after = word.get(code.len()..).unwrap_or_default();
    format!("{before}{}{}", code_span(code), escaped(after))
}

fn marked_name(name: &str) -> String {
    if looks_like_code(name) { code_span(name) } else { escaped(name) }
}

/// What Markdown would take for the mark of a heading, list, rule or underline, were it to begin a line. Which word
/// begins a line is not known before the lines are broken; a numbered list within a paragraph begins with 1.
fn is_mark(word: &str, is_first: bool) -> bool {
    let number = word.strip_suffix(['.', ')']).and_then(|number| number.parse::<u64>().ok());
    number.is_some_and(|number| number == 1 || is_first)
        || (!word.is_empty() && word.chars().all(|c| "#+-=*_~:|>".contains(c)))
}

fn escaped(word: &str) -> String {
    with_backslashes(word, |c| "*<>[]|_\\~`&".contains(c))
}

fn with_backslashes(word: &str, before: impl Fn(char) -> bool) -> String {
    word.chars().flat_map(|c| before(c).then_some('\\').into_iter().chain([c])).collect()
}

/// Whether it can stand between `<` and `>` as the link that it is.
fn is_address(core: &str) -> bool {
    let is_web = core.starts_with("https://") || core.starts_with("http://");
    let host = core.split("://").nth(1).unwrap_or_default();
    is_web
        && host.starts_with(|c: char| c.is_ascii_alphanumeric())
        && core.chars().all(|c| c.is_ascii_alphanumeric() || "-._~:/?#@!$&*+,;=%".contains(c))
}

/// `dentryId`, `CommitFile`, `HEADER_SIGNATURE`, `paramError.name`: names, not words. What clippy takes for a name is
/// one, and what holds one is one as a whole.
fn looks_like_code(word: &str) -> bool {
    let is_code = |run: &str| {
        let upper = run.chars().filter(|c| c.is_uppercase()).count();
        let lower = run.chars().filter(|c| c.is_lowercase()).count();
        let inner_upper = run.chars().zip(run.chars().skip(1)).any(|(a, b)| a.is_lowercase() && b.is_uppercase());
        let is_plural =
            run.strip_suffix("es").or(run.strip_suffix('s')).is_some_and(|run| run.chars().all(char::is_uppercase));
        !PLAIN_WORDS.contains(&run)
            && (inner_upper || (upper > 1 && lower > 0 && !is_plural && run.starts_with(char::is_uppercase)))
    };
    let has_underscore = word.contains('_') && word.chars().any(char::is_alphanumeric);
    has_underscore || word.split(|c: char| !c.is_alphanumeric()).any(is_code)
}

#[cfg(test)]
mod tests {
    use super::{code_span, marked, one_line, wrapped};

    #[test]
    fn names_become_code_and_words_stay_words() {
        assert_eq!(
            marked("Pass HEADER_SIGNATURE, not dentryId (of DingTalk)."),
            "Pass `HEADER_SIGNATURE`, not `dentryId` (of DingTalk)."
        );
        assert_eq!(marked("No tab, *, \", < or |."), "No tab, \\*, \", \\< or \\|.");
        assert_eq!(marked("Already `a_b` marked."), "Already `a_b` marked.");
        assert_eq!(marked("The SpaceId's IDs, of std::fmt."), "The `SpaceId`'s IDs, of `std::fmt`.");
    }

    #[test]
    fn what_markdown_would_read_is_hidden() {
        let hidden = [
            ("See [x](DentryId) & <a href=x>.", "See `[x](DentryId)` \\& \\<a href=x\\>."),
            ("2. or 1. - # + ~~~ ==", "2\\. or 1\\. \\- \\# \\+ \\~\\~\\~ \\=\\="),
            ("In a list=[\"aB\"], 200.", "In a `list=[\"aB\"]`, 200."),
            ("At https://example.com/a_b.", "At <https://example.com/a_b>."),
            ("At c:/x and foo::bar().", "At `c:/x` and `foo::bar()`."),
            ("    {\"a\": 1}\n\ttwo", "{\"a\": 1} two"),
        ];
        for (text, markdown) in hidden {
            assert_eq!(one_line(text), markdown, "{text}");
        }
    }

    #[test]
    fn no_line_begins_within_code() {
        let text = format!("{} `a - b - c - d`", "word ".repeat(21));
        assert_eq!(wrapped(&marked(&text), 0).last().map(String::as_str), Some("`a - b - c - d`"));
        assert_eq!(wrapped(&code_span("`a` b"), 0), ["`` `a` b ``"]);
    }
}
