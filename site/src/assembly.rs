//! All pages in both languages and both forms, and what goes with them.

use std::collections::{BTreeMap, BTreeSet};

use dingtalk_storage_codegen::ir::Api;

use crate::address::{Addresses, Form, Linker, Page, Target};
use crate::block::{Block, Document};
use crate::context::{Context, items};
use crate::guide::{self, Repository};
use crate::names::Names;
use crate::shell::{self, Shell};
use crate::uses::Uses;
use crate::words::{Language, Words};
use crate::{Sources, file, llms, markdown, pages, search};

/// Makes all files of the site.
pub fn assemble(sources: Sources<'_>) -> BTreeMap<String, String> {
    let addresses = Addresses::of(all_pages(sources));
    let context = Context {
        sources,
        names: Names::of(sources.api, sources.spec.scopes.keys()),
        uses: Uses::of(sources),
        jobs: jobs(sources),
    };
    let mut files = BTreeMap::new();
    for language in Language::ALL {
        let words = language.words();
        let guides = guides(&context, &addresses, words);
        let listed: Vec<(String, String)> = listed(&guides);
        let documents = documents(&context, &addresses, words, guides);
        let shell = Shell { context: &context, guides: &listed, words };
        for document in &documents {
            add(&mut files, &shell, &addresses, document);
        }
        files.insert(format!("assets/{}", shell::index_file(language)), search::index(&documents, &addresses, words));
        if language == Language::English {
            files.insert("llms.txt".to_owned(), llms::index(&documents, &addresses));
            files.insert("llms-full.txt".to_owned(), llms::full(&documents, &addresses));
            for document in repository_files(sources, &addresses) {
                add(&mut files, &shell, &addresses, &document);
            }
        }
    }
    for (name, text) in [
        ("style.css", dingtalk_storage_pages::STYLE),
        ("page.js", dingtalk_storage_pages::SCRIPT),
        ("search.js", dingtalk_storage_pages::SEARCH_SCRIPT),
    ] {
        files.insert(format!("assets/{name}"), text.to_owned());
    }
    files
}

/// A page in both forms.
fn add(files: &mut BTreeMap<String, String>, shell: &Shell<'_>, addresses: &Addresses, document: &Document) {
    let language = shell.words.language;
    let [html, twin] = [Form::Html, Form::Markdown].map(|form| Linker::from(addresses, language, &document.page, form));
    let twin_path = addresses.path(language, &document.page, Form::Markdown);
    let beside = twin_path.rsplit('/').next().unwrap_or_default();
    files.insert(addresses.path(language, &document.page, Form::Html), shell.html(document, html, beside));
    files.insert(twin_path, markdown::page(document, twin));
}

/// Which pages there are.
fn all_pages(sources: Sources<'_>) -> BTreeSet<Page> {
    let Api { families, type_files, errors, events, .. } = sources.api;
    let mut pages = guide::pages(sources);
    pages.extend([
        Page::Index,
        Page::Jobs,
        Page::Operations,
        Page::Types,
        Page::Errors,
        Page::Scopes,
        Page::Events,
        Page::Guides,
    ]);
    pages.extend(items(sources).map(|item| Page::Operation(item.operation.full_name.clone())));
    pages.extend(families.iter().map(|family| Page::Family(family.name.clone())));
    pages.extend(sources.spec.groups.keys().map(|name| Page::Chapter(name.clone())));
    pages.extend(type_files.iter().flat_map(|file| &file.types).map(|item| Page::Type(item.name().to_owned())));
    pages.extend(errors.iter().map(|error| Page::Error(error.wire.clone())));
    pages.extend(events.iter().map(|event| Page::Event(event.wire.clone())));
    pages.extend(sources.spec.scopes.keys().map(|name| Page::Scope(name.clone())));
    pages.extend(sources.tree.files().map(|(path, _)| Page::File(format!("spec/{path}"))));
    pages
}

/// The pages of one language.
fn documents(context: &Context<'_>, addresses: &Addresses, words: &Words, guides: Vec<Document>) -> Vec<Document> {
    let api = context.api();
    let mut documents = vec![pages::index(context, words), jobs_page(context, addresses, words)];
    documents.extend(context.operations().map(|item| pages::operation(context, item, words)));
    for file in &api.type_files {
        documents.extend(file.types.iter().map(|item| pages::shared_type(context, file, item, words)));
    }
    documents.extend(api.errors.iter().map(|error| pages::error(context, error, words)));
    documents.extend(context.sources.spec.scopes.iter().map(|(name, doc)| pages::scope(context, name, doc, words)));
    documents.extend(api.events.iter().map(|event| pages::event(context, event, words)));
    documents
        .extend(context.sources.spec.groups.iter().map(|(name, group)| pages::chapter(context, name, group, words)));
    documents.extend(api.families.iter().map(|family| pages::family(context, family, words)));
    documents.push(pages::operations(context, words));
    documents.push(pages::types(context, words));
    documents.push(pages::errors(context, words));
    documents.push(pages::scopes(context, words));
    documents.push(pages::events(context, words));
    documents.push(shell::guides(&guides, words));
    documents.extend(guides);
    documents
}

/// Paths and titles of the guides that the navigation lists.
fn listed(guides: &[Document]) -> Vec<(String, String)> {
    let by_path = |wanted: &str| guides.iter().find(|guide| guide.page == Page::Guide(wanted.to_owned()));
    guide::LISTED.iter().filter_map(|path| Some(((*path).to_owned(), by_path(path)?.title.clone()))).collect()
}

/// The guides in a language; those that are not translated in English, which is said.
fn guides(context: &Context<'_>, addresses: &Addresses, words: &Words) -> Vec<Document> {
    let paths = addresses.pages().filter_map(|page| match page {
        Page::Guide(path) => Some(path),
        _ => None,
    });
    let guide = |path: &String| {
        let (base, text, is_translated) = guide::text(context.sources, words.language, path)?;
        let page = Page::Guide(path.clone());
        let rendered = rendered(context, addresses, words, &page, &base, &text);
        let title = rendered.title.clone().unwrap_or_else(|| words.guide_of_crate.to_owned());
        let mut document = Document::new(page, Page::Guides, title, rendered.description.clone());
        if !is_translated {
            document.push(Block::Note(crate::inline::text(words.guide_not_translated)));
        }
        document.push(ready(rendered));
        Some(document)
    };
    paths.filter_map(guide).collect()
}

fn ready(rendered: guide::Rendered) -> Block {
    Block::Ready { html: rendered.html, markdown: rendered.markdown, headings: rendered.headings }
}

fn rendered(
    context: &Context<'_>,
    addresses: &Addresses,
    words: &Words,
    page: &Page,
    base: &str,
    text: &str,
) -> guide::Rendered {
    let repository = Repository { file: context.sources.file };
    let href = |form: Form, destination: &str| {
        let linker = Linker::from(addresses, words.language, page, form);
        let of = |target: &Target| match target {
            Target::Page(page, _) if !linker.has(page) => None,
            target => Some(linker.href(target)),
        };
        let resolved = repository.resolve(base, destination).in_language(context.sources, words.language, base);
        guide::address(resolved, &of, &|path| item_target(context.api(), path))
    };
    let [html, markdown] = [Form::Html, Form::Markdown];
    guide::render(base, text, &|it| href(html, it), &|it| href(markdown, it), words.link_to_section)
}

/// What an item of the crate is on the site.
fn item_target(api: &Api, path: &str) -> Option<Target> {
    if let Some(name) = path.strip_prefix("types::") {
        let name = name.split("::").next().unwrap_or(name);
        return api.shared_type(name).map(|_| Target::Page(Page::Type(name.to_owned()), None));
    }
    if let Some(operation) = operation_of(api, path) {
        return Some(Target::Page(Page::Operation(operation.to_owned()), None));
    }
    if path == "events" {
        return Some(Target::Page(Page::Events, None));
    }
    api.families
        .iter()
        .find(|family| family.name == path)
        .map(|family| Target::Page(Page::Family(family.name.clone()), None))
}

/// The operation that `storage_v1::Calls::add_space` calls.
fn operation_of<'a>(api: &'a Api, path: &str) -> Option<&'a str> {
    let (family, method) = path.split_once("::Calls::")?;
    let family = api.families.iter().find(|of| of.name == family)?;
    family.operations.iter().find(|operation| operation.module == method).map(|operation| operation.full_name.as_str())
}

/// What each operation is used for, as the guide of the crate tells.
fn jobs(sources: Sources<'_>) -> BTreeMap<String, Vec<String>> {
    let mut jobs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let text = (sources.file)(guide::GUIDE).unwrap_or_default();
    let mut part = String::new();
    for (job, items) in guide::jobs(guide::GUIDE, &text) {
        if items.is_empty() {
            part = job;
            continue;
        }
        let job = format!("{part}: {job}");
        for operation in items.iter().filter_map(|path| operation_of(sources.api, path)) {
            jobs.entry(operation.to_owned()).or_default().push(job.clone());
        }
    }
    jobs
}

/// The part of the guide of the crate that says which call is for which job.
fn jobs_page(context: &Context<'_>, addresses: &Addresses, words: &Words) -> Document {
    let mut document = Document::new(Page::Jobs, Page::Jobs, words.jobs, words.jobs_text);
    document.push(Block::Lead(crate::inline::text(words.jobs_text)));
    if let Some((base, text, _)) = guide::text(context.sources, words.language, guide::GUIDE) {
        let part = guide::part_with_table(&base, &text);
        document.push(ready(rendered(context, addresses, words, &Page::Jobs, &base, part)));
    }
    document
}

/// Files that other pages lead to.
fn repository_files(sources: Sources<'_>, addresses: &Addresses) -> Vec<Document> {
    let spec: BTreeMap<String, &str> =
        sources.tree.files().map(|(path, text)| (format!("spec/{path}"), text)).collect();
    let paths = addresses.pages().filter_map(|page| match page {
        Page::File(path) => Some(path),
        _ => None,
    });
    let text = |path: &String| spec.get(path).map(|text| (*text).to_owned()).or_else(|| (sources.file)(path));
    paths.filter_map(|path| Some(file::file(path, &text(path)?))).collect()
}
