//! Web pages in place of answers.

/// How far into a text its markup must show.
const LOOK: usize = 1024;
/// Tags that are those of a page and of no other document.
const TAGS: [&[u8]; 7] = [b"<!doctype html", b"<html", b"<head", b"<body", b"<title", b"<script", b"<center"];

/// Whether a body is a web page. Its content type says nothing: pages come as anything, and JSON comes as
/// `text/html`.
pub(super) fn is_page(body: &[u8]) -> bool {
    let body = without_comments(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body));
    body.starts_with(b"<") && begins(body).any(|rest| TAGS.iter().any(|tag| is_tag(rest, tag)))
}

/// A text without the comments before it, which may be long.
fn without_comments(mut text: &[u8]) -> &[u8] {
    loop {
        text = text.trim_ascii_start();
        let comment = text.strip_prefix(b"<!--");
        match comment.and_then(|comment| comment.get(memchr::memmem::find(comment, b"-->")? + 3..)) {
            Some(rest) => text = rest,
            None => return text,
        }
    }
}

/// The beginnings of all tags near the start.
fn begins(body: &[u8]) -> impl Iterator<Item = &[u8]> {
    let near = body.len().min(LOOK);
    (0..near).filter_map(|place| body.get(place..)).filter(|rest| rest.starts_with(b"<"))
}

fn is_tag(text: &[u8], tag: &[u8]) -> bool {
    let is_named = text.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag));
    is_named && text.get(tag.len()).is_none_or(|next| !next.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_told_from_everything_else_by_their_text() {
        for page in [
            "<html>Go away</html>",
            "<HTML lang=zh>",
            "\u{feff}\r\n<!DOCTYPE html><html>",
            "<!-- 403 --><head><title>403 Forbidden</title></head>",
            "<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0\"><html/>",
            "<center><h1>502</h1></center>",
            "<script>location='/punish'</script>",
            "<html",
            &format!("\u{feff}<!-- {} -->\n<!----><html>", "x".repeat(2 * LOOK)),
        ] {
            assert!(is_page(page.as_bytes()), "{page}");
        }
        for other in [
            "",
            "<",
            "{\"code\":\"x\",\"message\":\"<html>\"}",
            "\"<html>\"",
            "Too many requests",
            "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>",
            "<header>1</header>",
            "html",
            "<!-- <html> --> {}",
        ] {
            assert!(!is_page(other.as_bytes()), "{other}");
        }
    }
}
