//! Patterns of paths, as rclone reads them.

use regex::Regex;

use super::go_syntax;

/// The regular expression of a pattern: against files by their paths, against folders with a slash behind.
pub(super) fn path_regex(glob: &str, ignore_case: bool) -> Result<Regex, String> {
    let case = if ignore_case { "(?i)" } else { "" };
    let (start, rest) = match glob.strip_prefix('/') {
        Some(rest) => ("^", rest),
        None => ("(^|/)", glob),
    };
    let pattern = Writer::default().write(rest)?;
    let pattern = go_syntax::translate(&format!("{case}{start}{pattern}$"));
    Regex::new(&pattern).map_err(|error| format!("it is no pattern: {error}"))
}

/// Writes the expression of a pattern, character by character.
#[derive(Default)]
struct Writer {
    text: String,
    stars: usize,
    braces: usize,
    brackets: usize,
    is_escaped: bool,
    is_regex: bool,
    /// Right behind a regular expression, whose end more braces can put off.
    is_behind_regex: bool,
    last: Option<char>,
}

impl Writer {
    fn write(mut self, glob: &str) -> Result<String, String> {
        for character in glob.chars() {
            self.take(character)?;
            self.last = Some(character);
        }
        self.end_stars()?;
        if self.is_regex {
            return Err("a `{{` has no `}}`".to_owned());
        }
        if self.brackets > 0 {
            return Err("a `[` has no `]`".to_owned());
        }
        if self.braces > 0 {
            return Err("a `{` has no `}`".to_owned());
        }
        Ok(self.text)
    }

    fn take(&mut self, character: char) -> Result<(), String> {
        if std::mem::take(&mut self.is_escaped) {
            self.text.push(character);
            return Ok(());
        }
        if self.is_behind_regex {
            if character == '}' {
                // The longest regular expression is meant: the brace belongs to it.
                self.text.pop();
                self.text.push_str("})");
                return Ok(());
            }
            self.is_behind_regex = false;
        }
        if self.is_regex {
            if character == '}' && self.last == Some('}') {
                (self.is_regex, self.is_behind_regex) = (false, true);
                self.text.pop();
                self.text.push(')');
            } else {
                self.text.push(character);
            }
            return Ok(());
        }
        if character != '*' {
            self.end_stars()?;
        }
        if self.brackets > 0 {
            self.text.push(character);
            match character {
                '[' => self.brackets += 1,
                ']' => self.brackets -= 1,
                _ => {}
            }
            return Ok(());
        }
        self.take_plain(character)
    }

    fn take_plain(&mut self, character: char) -> Result<(), String> {
        match character {
            '\\' => {
                self.text.push(character);
                self.is_escaped = true;
            }
            '*' => self.stars += 1,
            '?' => self.text.push_str("[^/]"),
            '[' => {
                self.text.push(character);
                self.brackets += 1;
            }
            ']' => return Err("a `]` has no `[`".to_owned()),
            '{' if self.braces > 0 && self.last == Some('{') => {
                // Its parenthesis is there already.
                self.is_regex = true;
                self.braces -= 1;
            }
            '{' => {
                self.braces += 1;
                self.text.push('(');
            }
            '}' if self.braces == 0 => return Err("a `}` has no `{`".to_owned()),
            '}' => {
                self.braces -= 1;
                self.text.push(')');
            }
            ',' if self.braces > 0 => self.text.push('|'),
            '.' | '+' | '(' | ')' | '|' | '^' | '$' => {
                self.text.push('\\');
                self.text.push(character);
            }
            _ => self.text.push(character),
        }
        Ok(())
    }

    fn end_stars(&mut self) -> Result<(), String> {
        match std::mem::take(&mut self.stars) {
            0 => {}
            1 => self.text.push_str("[^/]*"),
            2 => self.text.push_str(".*"),
            _ => return Err("more than two `*` in a row".to_owned()),
        }
        Ok(())
    }
}

/// Patterns of the folders in which what matches a pattern can be.
pub(super) fn folder_globs(glob: &str) -> Vec<String> {
    if is_too_hard(glob) {
        return vec!["/**".to_owned()];
    }
    let mut rest = String::with_capacity(glob.len());
    for character in glob.chars() {
        if character != '/' || !rest.ends_with('/') {
            rest.push(character);
        }
    }
    let mut globs: Vec<String> = Vec::new();
    loop {
        let (slash, stars) = (rest.rfind('/'), rest.rfind("**"));
        let (at, what) = match (slash, stars) {
            (slash, Some(stars)) if slash.is_none_or(|slash| stars > slash) => (stars, "**"),
            (Some(slash), _) => (slash, ""),
            (None, _) => break,
        };
        rest.truncate(at);
        let folder = format!("{rest}{what}/");
        if globs.last() != Some(&folder) {
            globs.push(folder);
        }
    }
    if globs.is_empty() {
        globs.push("/**".to_owned());
    }
    globs
}

/// Whether a pattern has slashes, `**` or braces within braces, or a regular expression.
fn is_too_hard(glob: &str) -> bool {
    if glob.contains("{{") || glob.contains("}}") {
        return true;
    }
    let mut rest = glob;
    while let Some(open) = rest.find('{') {
        rest = rest.get(open + 1..).unwrap_or_default();
        let end = rest.find(['{', '}']);
        let inner = end.map(|end| rest.split_at(end));
        let is_hard =
            |(inner, after): (&str, &str)| after.starts_with('{') || inner.contains('/') || inner.contains("**");
        if inner.is_some_and(is_hard) {
            return true;
        }
    }
    false
}
