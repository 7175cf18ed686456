//! A sheet as a page, in each rendering that occurs.

use std::fmt::Write as _;

use crate::style::Style;

use crate::sheet::{Item, Sheet, example};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Cells that stand together, English.
    Flattened,
    /// The same in Chinese, where cells of one character are gone.
    FlattenedChinese,
    /// Tables without examples.
    Tables,
    /// Tables with examples that have lost their fences.
    TablesWithExamples,
    TablesChinese,
    /// Front matter, headings, fences, bold values.
    Mdx,
    Knowledge,
    /// The older layout: types in a template, a matrix of permissions.
    Legacy,
}

pub const FORMS: [Form; 8] = [
    Form::Flattened,
    Form::FlattenedChinese,
    Form::Tables,
    Form::TablesWithExamples,
    Form::TablesChinese,
    Form::Mdx,
    Form::Knowledge,
    Form::Legacy,
];

impl Form {
    pub fn is_chinese(self) -> bool {
        matches!(self, Self::FlattenedChinese | Self::TablesChinese | Self::Knowledge | Self::Legacy)
    }

    pub fn is_flat(self) -> bool {
        matches!(self, Self::Flattened | Self::FlattenedChinese)
    }

    fn has_marks(self) -> bool {
        matches!(self, Self::Mdx | Self::Knowledge | Self::Legacy)
    }

    pub fn has_required(self) -> bool {
        self != Self::FlattenedChinese
    }

    pub fn file(self, slug: &str) -> String {
        match self {
            Self::Mdx => format!("{slug}.mdx"),
            Self::Knowledge => format!("0042-{slug}.md"),
            _ => format!("{slug}.txt"),
        }
    }

    fn say<'a>(self, english: &'a str, chinese: &'a str) -> &'a str {
        if self.is_chinese() { chinese } else { english }
    }
}

/// Writes the page in the plainest way.
pub fn page(sheet: &Sheet, form: Form) -> String {
    styled(sheet, form, &Style::default())
}

/// Writes the page with the labels and words of a style.
pub fn styled(sheet: &Sheet, form: Form, style: &Style) -> String {
    let mut writer = Writer { form, style, text: String::new() };
    writer.start(sheet);
    writer.basic(sheet);
    let token = Item { required: true, ..Item::named("x-acs-dingtalk-access-token", "String") };
    if sheet.token {
        writer.table("Request header", "请求头", std::slice::from_ref(&token), true);
    }
    for (section, items) in sheet.tables[..3].iter().enumerate() {
        if !items.is_empty() {
            let (english, chinese) = style.heading(section, form == Form::Legacy);
            writer.table(english, chinese, items, true);
        }
    }
    writer.note();
    writer.request(sheet);
    writer.heading(2, "Response", "响应");
    if !sheet.tables[3].is_empty() {
        let (english, chinese) = style.heading(3, form == Form::Legacy);
        writer.table(english, chinese, &sheet.tables[3], false);
    }
    if form == Form::Legacy {
        writer.heading(3, "Response syntax", "返回语法");
        writer.code(&template(&sheet.tables[3]));
    }
    if !style.without_examples {
        writer.heading(3, "Response body example", "响应体示例");
        writer.code(&format!("HTTP/1.1 200 OK\nContent-Type:application/json\n\n{}", pretty(&sheet.tables[3])));
    }
    writer.errors(sheet);
    if style.carriage_returns { writer.text.replace('\n', "\r\n") } else { writer.text }
}

/// Fields with their types in place of values.
fn template(items: &[Item]) -> String {
    fn value(item: &Item) -> String {
        match item.kind.as_str() {
            "Object" => object(&item.items),
            "Array" => format!("[ {} ]", object(&item.items)),
            "Map<String, Array>" => format!("{{ \"key\" : [ {} ] }}", object(&item.items)),
            "Map<String, Object>" => format!("{{ \"key\" : {} }}", object(&item.items)),
            kind if kind.starts_with("Map") => "{ \"key\" : String }".to_owned(),
            kind => kind.strip_prefix("Array of ").map_or_else(|| kind.to_owned(), |inner| format!("[ {inner} ]")),
        }
    }
    fn object(items: &[Item]) -> String {
        let fields: Vec<String> = items.iter().map(|item| format!("\"{}\" : {}", item.name, value(item))).collect();
        format!("{{\n{}\n}}", fields.join(",\n"))
    }
    object(items)
}

fn pretty(items: &[Item]) -> String {
    serde_json::to_string_pretty(&serde_json::Value::Object(example(items))).unwrap()
}

struct Writer<'a> {
    form: Form,
    style: &'a Style,
    text: String,
}

impl Writer<'_> {
    fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "{line}");
    }

    fn heading(&mut self, depth: usize, english: &str, chinese: &str) {
        let heading = self.form.say(english, chinese).to_owned();
        match self.form {
            Form::Legacy => self.line(&format!("\n{} {heading}\n", "#".repeat(depth))),
            Form::Mdx | Form::Knowledge => self.line(&format!("\n{} **{heading}**\n", "#".repeat(depth))),
            Form::Flattened | Form::FlattenedChinese => self.line(&format!("\n{heading}\n")),
            _ => self.line(&heading),
        }
    }

    fn row(&mut self, cells: &[&str]) {
        if self.form.is_flat() {
            let lost = |cell: &&&str| !(self.form.is_chinese() && cell.chars().count() == 1);
            let line: String = cells.iter().filter(lost).copied().collect();
            self.line(&line);
            if self.style.blank_lines {
                self.line("");
            }
        } else if self.style.narrow_cells {
            self.line(&format!("|{}|", cells.join("|")));
        } else {
            self.line(&format!("| {} |", cells.join(" | ")));
        }
    }

    fn header(&mut self, cells: &[&str]) {
        self.row(cells);
        if !self.form.is_flat() {
            self.line(&format!("|{}", "---|".repeat(cells.len())));
        }
    }

    fn start(&mut self, sheet: &Sheet) {
        if self.form.has_marks() {
            let (slug, title) = (&sheet.slug, &sheet.name);
            let front =
                format!("---\ntitle: \"{title}\"\nslug: \"{slug}\"\nupdated_at: \"2026-02-03 10:00:00\"\n---\n");
            self.line(&front);
            self.line(&format!("# {title}\n"));
        } else if self.form.is_flat() {
            self.line("Skip to main content");
        }
        self.line(self.form.say("Call this API to do what its name says.", "调用本接口，完成其名称所述的操作。"));
    }

    fn basic(&mut self, sheet: &Sheet) {
        self.heading(2, "Request", "请求");
        self.heading(3, "Basic information", "基本信息");
        if self.form == Form::Legacy {
            return self.legacy_basic(sheet);
        }
        if self.style.bold_basic && !self.form.is_flat() {
            self.header(&[self.form.say("**Basic information**", "**基本信息**"), ""]);
        } else {
            self.header(&[self.form.say("Field", "字段"), self.form.say("Value", "值")]);
        }
        let host = if sheet.path.starts_with("/v") { "api" } else { "oapi" };
        let url = format!("https://{host}.dingtalk.{}{}", self.form.say("io", "com"), sheet.path);
        let url = if self.form == Form::Mdx { url.replace('{', "&#123;").replace('}', "&#125;") } else { url };
        self.row(&["HTTP URL", &url]);
        self.row(&["HTTP Method", &sheet.method]);
        let apps: Vec<String> = sheet
            .apps
            .iter()
            .map(|app| match (app.as_str(), self.form.is_chinese()) {
                ("internal", false) => "appType-Internal app".to_owned(),
                ("internal", true) => "appType-企业内部应用".to_owned(),
                (_, false) => "appType-Third-party enterprise app".to_owned(),
                (_, true) => "appType-第三方企业应用".to_owned(),
            })
            .collect();
        let glue = if self.form == Form::Mdx { "\u{3000}" } else { " " };
        self.row(&[self.form.say("Supported app types", "支持的应用类型"), &apps.join(glue)]);
        if let Some(scope) = &sheet.scope {
            let scope = if self.form.has_marks() { scope.replace('_', "\\_") } else { scope.clone() };
            let label = self.style.permission(self.form.is_chinese());
            self.row(&[label, &format!("permission-{scope}-{}", self.form.say("The right to do so", "操作权限"))]);
        }
    }

    /// A matrix with a row for each kind of app; method and path stand in the template.
    fn legacy_basic(&mut self, sheet: &Sheet) {
        self.header(&["应用类型", "是否支持调用", "权限", "API Explorer调试"]);
        for (app, name) in [("internal", "企业内部应用"), ("third-party", "第三方企业应用")] {
            let scope = sheet.scope.as_ref().map(|scope| format!("操作权限（{scope}）")).unwrap_or_default();
            if sheet.apps.iter().any(|own| own == app) {
                self.row(&[name, "支持", &scope, "调试"]);
            } else {
                self.row(&[name, "不支持", "-", "-"]);
            }
        }
        self.row(&["第三方个人应用", "不支持", "-", "-"]);
        self.heading(3, "Request syntax", "请求语法");
        let kind = |item: &Item| item.kind.strip_prefix("Array of ").map_or(item.kind.clone(), |of| format!("{of}[]"));
        let query: Vec<String> = sheet.tables[1].iter().map(|item| format!("{}={}", item.name, kind(item))).collect();
        let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
        let head = format!(
            "{} {}{query} HTTP/1.1\nHost:api.dingtalk.com\nContent-Type:application/json\n",
            sheet.method, sheet.path
        );
        let body = if sheet.tables[2].is_empty() { String::new() } else { template(&sheet.tables[2]) };
        self.code(&format!("{head}\n{body}"));
    }

    fn table(&mut self, english: &str, chinese: &str, items: &[Item], request: bool) {
        self.heading(3, english, chinese);
        let [name, kind, required, description] = self.style.labels(self.form.is_chinese());
        let cells = self.cells(name, kind, required, description, request);
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        self.header(&cells);
        self.items(items, request);
    }

    /// The cells of a row in the order of the style.
    fn cells(&self, name: &str, kind: &str, required: &str, description: &str, request: bool) -> Vec<String> {
        let mut cells = vec![name.to_owned()];
        if self.form != Form::Legacy {
            cells.push(kind.to_owned());
        }
        if request {
            let at = if self.style.required_first && !self.form.is_flat() { 1 } else { cells.len() };
            cells.insert(at, required.to_owned());
        }
        cells.push(description.to_owned());
        cells
    }

    fn items(&mut self, items: &[Item], request: bool) {
        for item in items {
            let description = self.description(item);
            let name = if self.form.has_marks() { item.name.replace('_', "\\_") } else { item.name.clone() };
            let name = if self.style.marked_names && self.form.has_marks() { format!("`{}`", item.name) } else { name };
            let [yes, no] = self.style.flags(self.form);
            let flag = if item.required { yes } else { no };
            let kind = if self.form == Form::Mdx && item.kind.contains('<') {
                format!("`{}`", item.kind)
            } else {
                item.kind.clone()
            };
            let cells = self.cells(&name, &kind, flag, &description, request);
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            self.row(&cells);
            if item.kind == "Map<String, Array>" && self.form != Form::Legacy {
                let element = self.form.say("The list of it.", "列表。");
                match self.form {
                    Form::Flattened | Form::FlattenedChinese => self.row(&["Array", element]),
                    _ if self.style.required_first => {}
                    Form::Mdx | Form::Knowledge => self.row(&["", "Array", element]),
                    _ => self.row(&["Array", element, ""]),
                }
            }
            self.items(&item.items, request);
        }
    }

    fn description(&self, item: &Item) -> String {
        let form = self.form;
        let style = self.style;
        let mut text = form.say("What it is for.", "其含义说明。").to_owned();
        let marked = item.default.as_ref().filter(|default| style.marked_default && item.values.contains(default));
        if let Some(default) = item.default.as_ref().filter(|_| marked.is_none()) {
            let _ = write!(text, " {}", style.stated_default(form.is_chinese(), default));
        }
        if let Some(max) = item.max {
            let _ = write!(text, " {}", style.limit(form.is_chinese(), max));
        }
        for value in &item.values {
            let mark = match (marked == Some(value), form.is_chinese()) {
                (false, _) => "",
                (true, false) => " (default)",
                (true, true) => "（默认）",
            };
            let start = if form.is_flat() { " - " } else { style.bullet };
            let _ = match form {
                Form::Knowledge => write!(text, "{start}**{}**{mark}：含义", value.replace('_', "\\_")),
                Form::Mdx => write!(text, "{start}**{value}**{mark}: Its meaning."),
                form if form.is_chinese() => write!(text, "{start}{value}{mark}：含义。"),
                _ => write!(text, "{start}{value}{mark}: Its meaning."),
            };
        }
        text
    }

    /// What is no part of the description of the operation.
    fn note(&mut self) {
        if self.style.note && !self.form.is_flat() {
            self.heading(3, "Notes", "调用说明");
            self.row(&["Version", "Date", "What changed"]);
            self.line("|---|---|---|");
            self.row(&["1.0", "2025-01-01", "Maximum: 7. - ZETA: nothing of a field."]);
        }
    }

    fn request(&mut self, sheet: &Sheet) {
        if self.style.without_examples {
            return;
        }
        self.heading(3, "Request example", "请求示例");
        let path: String = sheet
            .path
            .split('/')
            .map(|part| if part.starts_with('{') { "abc" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        let query: Vec<String> = sheet.tables[1].iter().map(|item| format!("{}=abc", item.name)).collect();
        let target = if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) };
        let body = if sheet.tables[2].is_empty() { String::new() } else { format!("\n{}", pretty(&sheet.tables[2])) };
        let method = &sheet.method;
        let code = format!("{method} {target} HTTP/1.1\nHost:api.dingtalk.com\nContent-Type:application/json\n{body}");
        if self.form == Form::TablesWithExamples {
            return self.code(&format!("HTTP{code}"));
        }
        self.line("HTTP\n");
        self.code(&code);
        self.line("\nJava\n");
        self.code("public class Sample {\n  // nothing of the page: \"size\" : 3\n  {\n  }\n}");
    }

    fn code(&mut self, code: &str) {
        match self.form {
            Form::Tables => {}
            // Indentation is lost.
            Form::TablesWithExamples | Form::TablesChinese => {
                for line in code.lines() {
                    self.line(line.trim());
                }
            }
            form if form.has_marks() => self.line(&format!("```python\n{code}\n```")),
            _ => self.line(code),
        }
    }

    fn errors(&mut self, sheet: &Sheet) {
        self.heading(3, "Error codes", "错误码");
        let form = self.form;
        let header = self.style.error_labels(form.is_chinese());
        self.header(&header);
        for (status, code) in &sheet.errors {
            let message = if form.is_flat() { "%s" } else { self.style.message };
            self.row(&[&status.to_string(), code, message, self.form.say("What happened.", "出错了。")]);
        }
    }
}
