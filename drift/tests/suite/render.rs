//! A sheet as a page, in each rendering that occurs.

use std::fmt::Write as _;

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
}

pub const FORMS: [Form; 7] = [
    Form::Flattened,
    Form::FlattenedChinese,
    Form::Tables,
    Form::TablesWithExamples,
    Form::TablesChinese,
    Form::Mdx,
    Form::Knowledge,
];

impl Form {
    pub fn is_chinese(self) -> bool {
        matches!(self, Self::FlattenedChinese | Self::TablesChinese | Self::Knowledge)
    }

    fn is_flat(self) -> bool {
        matches!(self, Self::Flattened | Self::FlattenedChinese)
    }

    fn has_marks(self) -> bool {
        matches!(self, Self::Mdx | Self::Knowledge)
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

    /// Words before a fact, and the stop after it.
    fn say_both<'a>(self, english: &'a str, chinese: &'a str) -> [&'a str; 2] {
        [self.say(english, chinese), self.say(".", "。")]
    }
}

/// Writes the page.
pub fn page(sheet: &Sheet, form: Form) -> String {
    let mut writer = Writer { form, text: String::new() };
    writer.start(sheet);
    writer.basic(sheet);
    let token = Item { required: true, ..Item::named("x-acs-dingtalk-access-token", "String") };
    if sheet.token {
        writer.table("Request header", "请求头", std::slice::from_ref(&token), true);
    }
    let headings = [("Path parameters", "路径参数"), ("Query parameter", "查询参数"), ("request body", "请求体")];
    for ((english, chinese), items) in headings.iter().zip(&sheet.tables) {
        if !items.is_empty() {
            writer.table(english, chinese, items, true);
        }
    }
    writer.request(sheet);
    writer.heading(2, "Response", "响应");
    if !sheet.tables[3].is_empty() {
        writer.table("Response body", "响应体", &sheet.tables[3], false);
    }
    writer.heading(3, "Response body example", "响应体示例");
    writer.code(&format!("HTTP/1.1 200 OK\nContent-Type:application/json\n\n{}", pretty(&sheet.tables[3])));
    writer.errors(sheet);
    writer.text
}

fn pretty(items: &[Item]) -> String {
    serde_json::to_string_pretty(&serde_json::Value::Object(example(items))).unwrap()
}

struct Writer {
    form: Form,
    text: String,
}

impl Writer {
    fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "{line}");
    }

    fn heading(&mut self, depth: usize, english: &str, chinese: &str) {
        let heading = self.form.say(english, chinese).to_owned();
        match self.form {
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
        self.header(&[self.form.say("Field", "字段"), self.form.say("Value", "值")]);
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
            let label = self.form.say("Permission requirements", "权限要求");
            self.row(&[label, &format!("permission-{scope}-{}", self.form.say("The right to do so", "操作权限"))]);
        }
    }

    fn table(&mut self, english: &str, chinese: &str, items: &[Item], request: bool) {
        self.heading(3, english, chinese);
        let form = self.form;
        let mut header = vec![form.say("Name", "名称"), form.say("Type", "类型")];
        if request {
            header.push(form.say("Required", "是否必填"));
        }
        header.push(form.say("Description", "描述"));
        self.header(&header);
        self.items(items, request);
    }

    fn items(&mut self, items: &[Item], request: bool) {
        for item in items {
            let description = self.description(item);
            let name = if self.form.has_marks() { item.name.replace('_', "\\_") } else { item.name.clone() };
            let flag = if item.required { self.form.say("Yes", "是") } else { self.form.say("No", "否") };
            let kind = if self.form == Form::Mdx && item.kind.contains('<') {
                format!("`{}`", item.kind)
            } else {
                item.kind.clone()
            };
            let mut cells = vec![name.as_str(), kind.as_str()];
            if request {
                cells.push(flag);
            }
            cells.push(&description);
            self.row(&cells);
            if item.kind == "Map<String, Array>" {
                let element = self.form.say("The list of it.", "列表。");
                match self.form {
                    Form::Mdx | Form::Knowledge => self.row(&["", "Array", element]),
                    Form::Flattened | Form::FlattenedChinese => self.row(&["Array", element]),
                    _ => self.row(&["Array", element, ""]),
                }
            }
            self.items(&item.items, request);
        }
    }

    fn description(&self, item: &Item) -> String {
        let form = self.form;
        let mut text = form.say("What it is for.", "其含义说明。").to_owned();
        if let Some(default) = &item.default {
            let [before, after] = form.say_both(" The default value is ", " 默认值为");
            let _ = write!(text, "{before}{default}{after}");
        }
        if let Some(max) = item.max {
            let [before, after] = form.say_both(" Maximum: ", " 最大值");
            let _ = write!(text, "{before}{max}{after}");
        }
        for value in &item.values {
            let _ = match form {
                Form::Knowledge => write!(text, "   - **{}**：含义", value.replace('_', "\\_")),
                Form::Mdx => write!(text, " - **{value}**: Its meaning."),
                form if form.is_chinese() => write!(text, " - {value}：含义。"),
                _ => write!(text, " - {value}: Its meaning."),
            };
        }
        text
    }

    fn request(&mut self, sheet: &Sheet) {
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
        let header = [
            "HttpCode",
            form.say("Error code", "错误码"),
            form.say("Error message", "错误信息"),
            form.say("Description", "说明"),
        ];
        self.header(&header);
        for (status, code) in &sheet.errors {
            self.row(&[&status.to_string(), code, "%s", self.form.say("What happened.", "出错了。")]);
        }
    }
}
