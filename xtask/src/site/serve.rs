//! The site at an address of this machine, made again when its sources have changed.

use std::cell::RefCell;
use std::convert::Infallible;
use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::SystemTime;

use dingtalk_storage_site::Site;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::LocalSet;

use super::{is_page, make};
use crate::Failure;
use crate::repository::root;

/// Serves until the process is ended.
pub fn serve(folder: &Path, port: u16) -> Result<(), Failure> {
    let pages = Rc::new(RefCell::new(Pages::new(folder)));
    pages.borrow_mut().refresh();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // One thread, so that a page that is loaded waits for the site that is being made.
    LocalSet::new().block_on(&runtime, async move {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
        let listener = listener
            .map_err(|error| format!("error: cannot listen at port {port}: {error}; --port names another one"))?;
        println!("http://{}/ until Ctrl-C", listener.local_addr()?);
        loop {
            let (stream, _) = listener.accept().await?;
            let pages = Rc::clone(&pages);
            tokio::task::spawn_local(async move {
                let service = service_fn(move |request: Request<Incoming>| {
                    let answer = pages.borrow_mut().answer(request.uri().path());
                    async move { Ok::<_, Infallible>(answer) }
                });
                // A browser that goes away is no failure.
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
            });
        }
    })
}

/// The site, and what it was made of.
struct Pages {
    folder: PathBuf,
    made_of: Vec<(PathBuf, SystemTime)>,
    /// What was made, or why it could not be.
    site: Result<Site, String>,
}

impl Pages {
    fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), made_of: Vec::new(), site: Ok(Site::default()) }
    }

    /// Makes the site again if something has changed.
    fn refresh(&mut self) {
        let mut made_of = Vec::new();
        let root = root();
        for folder in [self.folder.clone(), root.join("docs"), root.join("crates")] {
            files(&folder, &mut made_of);
        }
        for file in ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "CHANGELOG.md", "generated/GUIDE.md"] {
            add(root.join(file), &mut made_of);
        }
        if made_of != self.made_of {
            self.made_of = made_of;
            self.site = make(&self.folder).map_err(|failure| failure.to_string());
        }
    }

    fn answer(&mut self, path: &str) -> Response<Full<Bytes>> {
        let path = path.trim_start_matches('/');
        let path = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
        if is_page(&path) {
            self.refresh();
        }
        let path = percent_encoding::percent_decode_str(&path).decode_utf8_lossy().into_owned();
        match &self.site {
            Err(report) => answer(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", report),
            Ok(site) => match site.file(&path) {
                Some(text) => answer(StatusCode::OK, kind(&path), text),
                None => answer(StatusCode::NOT_FOUND, "text/plain", &format!("There is no page {path}.\n")),
            },
        }
    }
}

fn answer(status: StatusCode, kind: &str, text: &str) -> Response<Full<Bytes>> {
    let mut answer = Response::new(Full::new(Bytes::copy_from_slice(text.as_bytes())));
    *answer.status_mut() = status;
    if let Ok(kind) = HeaderValue::from_str(&format!("{kind}; charset=utf-8")) {
        answer.headers_mut().insert(CONTENT_TYPE, kind);
    }
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

fn kind(path: &str) -> &'static str {
    match Path::new(path).extension().and_then(|end| end.to_str()) {
        Some("html") => "text/html",
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("md") => "text/markdown",
        _ => "text/plain",
    }
}

/// The texts below a folder with the times of their last change.
fn files(folder: &Path, found: &mut Vec<(PathBuf, SystemTime)>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths {
        let is_text = path.extension().is_some_and(|end| ["md", "yaml", "json"].iter().any(|text| end == *text));
        if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
            files(&path, found);
        } else if is_text {
            add(path, found);
        }
    }
}

fn add(path: PathBuf, found: &mut Vec<(PathBuf, SystemTime)>) {
    if let Ok(time) = fs::metadata(&path).and_then(|about| about.modified()) {
        found.push((path, time));
    }
}
