//! The state, the journal and the faults as pages, for a person who debugs a test.
//!
//! They stand at the addresses of the admin API, for whoever prefers HTML: a browser gets a page where a program gets
//! JSON. Nothing can be changed with them.

mod journal;
mod operation;
mod overview;
mod state;
mod table;

use bytes::Bytes;
use dingtalk_storage_pages::{Frame, FrameWords, Link, SCRIPT, STYLE};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use maud::{Markup, html};

use crate::http::Body;
use crate::query;
use crate::shared::Shared;

/// The pages that the navigation lists, with their addresses.
const PAGES: [(&str, &str); 6] = [
    ("Overview", "/_emulator"),
    ("State", "/_emulator/state"),
    ("Journal", "/_emulator/journal"),
    ("Effects", "/_emulator/effects"),
    ("Faults", "/_emulator/faults"),
    ("Operations", "/_emulator/operations"),
];

/// Nothing but the style sheet and the script of the emulator itself: a text that got through would still do nothing.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; base-uri 'none'; \
                      form-action 'self'; frame-ancestors 'none'";

/// A page: its heading and its content.
struct Page {
    title: String,
    main: Markup,
}

/// The page at an address, if a person asks for it and there is one.
pub fn serve(
    shared: &Shared,
    method: &Method,
    path: &str,
    query: Option<&str>,
    headers: &HeaderMap,
) -> Option<Response<Body>> {
    if method != Method::GET {
        return None;
    }
    match path {
        "/_emulator/assets/style.css" => return Some(answer("text/css", STYLE.to_owned())),
        "/_emulator/assets/page.js" => return Some(answer("text/javascript", SCRIPT.to_owned())),
        _ => {}
    }
    if !prefers_html(headers) {
        return None;
    }
    let query = query::pairs(query.unwrap_or_default());
    let page = match path {
        "/_emulator" | "/_emulator/" => overview::page(shared),
        "/_emulator/state" => state::page(shared),
        "/_emulator/journal" => journal::calls(shared, query::first(&query, "operation")),
        "/_emulator/effects" => journal::effects(shared),
        "/_emulator/faults" => journal::faults(shared),
        "/_emulator/operations" => operation::list(shared),
        path => operation::page(shared, path.strip_prefix("/_emulator/operations/")?)?,
    };
    Some(answer("text/html", framed(path, page)))
}

/// A browser says that it takes HTML; programs that take anything get JSON.
fn prefers_html(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|kind| kind.split(';').next().unwrap_or_default().trim() == "text/html")
}

fn framed(path: &str, page: Page) -> String {
    let path = if path == "/_emulator/" { "/_emulator" } else { path };
    let links: Vec<Link> = PAGES
        .iter()
        .map(|(text, href)| {
            let is_current = path == *href || (*href != "/_emulator" && path.starts_with(href));
            Link { text: (*text).to_owned(), href: (*href).to_owned(), is_current }
        })
        .collect();
    let navigation = html! {
        ul {
            @for link in &links {
                li { a href=(link.href) aria-current=[link.is_current.then_some("page")] { (link.text) } }
            }
        }
    };
    let title = format!("{} · Emulator", page.title);
    let frame = Frame {
        language: "en",
        title: &title,
        description: "What an emulator of DingTalk Storage holds, was asked, and does wrong on command.",
        style: "/_emulator/assets/style.css",
        scripts: &["/_emulator/assets/page.js".to_owned()],
        markdown: None,
        languages: &[],
        brand: Link { text: "DingTalk Storage emulator".to_owned(), href: "/_emulator".to_owned(), is_current: false },
        search: None,
        words: FrameWords {
            skip: "Skip to the content",
            contents: "Contents",
            on_this_page: "On this page",
            colours: "Light or dark",
            copy: "Copy",
            copied: "Copied",
        },
        navigation,
        headings: &[],
        main: html! { h1 { (page.title) } (page.main) },
        foot: html! {
            span { "As it is now; load the page again for what has changed." }
            span { "Programs get the same as JSON." }
        },
    };
    frame.html()
}

fn answer(kind: &'static str, text: String) -> Response<Body> {
    let mut answer = Response::new(Body::bytes(Bytes::from(text)));
    *answer.status_mut() = StatusCode::OK;
    let headers = answer.headers_mut();
    let kind = HeaderValue::from_str(&format!("{kind};charset=utf-8"));
    headers.extend(kind.map(|kind| (header::CONTENT_TYPE, kind)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("accept"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer
}

/// Where the page of an operation is, if it is one of the API.
fn operation_address(name: &str) -> Option<String> {
    crate::contract::contract().operation(name).map(|operation| format!("/_emulator/operations/{}", operation.name))
}

/// The name of an operation, with the way to its page.
fn operation_name(name: &str) -> Markup {
    html! {
        @match operation_address(name) {
            Some(address) => { a href=(address) { code { (name) } } }
            None => { code { @if name.is_empty() { "–" } @else { (name) } } }
        }
    }
}
