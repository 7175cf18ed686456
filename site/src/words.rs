//! Labels in both languages. The texts of the spec itself are English.

use dingtalk_storage_codegen::ir::Type;
use dingtalk_storage_pages::FrameWords;
use dingtalk_storage_spec::model::{App, Effect, ErrorClass, Status};

/// A language of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Simplified Chinese.
    Chinese,
}

impl Language {
    /// Both.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// The folder of its pages.
    pub fn tree(self) -> &'static str {
        match self {
            Self::English => "",
            Self::Chinese => "zh/",
        }
    }

    /// As in `lang`.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// Its name in itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Chinese => "中文",
        }
    }

    /// Its words.
    pub fn words(self) -> &'static Words {
        match self {
            Self::English => &ENGLISH,
            Self::Chinese => &CHINESE,
        }
    }
}

macro_rules! words {
    ($($name:ident: $english:literal, $chinese:literal;)*) => {
        /// Labels of one language.
        #[derive(Debug)]
        #[allow(missing_docs, reason = "each is named by what it says in English")]
        pub struct Words {
            pub language: Language,
            $(pub $name: &'static str,)*
        }

        const ENGLISH: Words = Words { language: Language::English, $($name: $english,)* };
        const CHINESE: Words = Words { language: Language::Chinese, $($name: $chinese,)* };
    };
}

words! {
    // Punctuation
    between: ", ", "、";
    full_stop: ". ", "。";

    // The frame
    site: "DingTalk Storage", "钉钉存储";
    skip: "Skip to the content", "跳到正文";
    contents: "Contents", "目录";
    on_this_page: "On this page", "本页内容";
    colours: "Light or dark", "浅色或深色";
    copy: "Copy", "复制";
    copied: "Copied", "已复制";
    search: "Search operations, fields, codes", "搜索接口、字段、错误码";
    nothing_found: "Nothing is called that.", "没有找到。";
    as_markdown: "This page as Markdown", "本页的 Markdown";
    made_from: "Made from the spec", "由规格文件生成";
    line: "Line", "行";
    link_to_section: "Link to this section", "本节链接";
    texts_are_english: "", "接口说明取自规格文件，原文为英文；页面框架和指南为中文。";
    guide_of_crate: "Using the crate", "使用 Rust 库";
    guide_not_translated: "", "本页尚无中文版，以下为英文原文。";

    // Parts
    start: "Overview", "概览";
    jobs: "Which call for which job", "按任务找接口";
    jobs_text: "What you want to do, and the calls that do it.", "想做什么，用哪个接口。";
    guides: "Guides", "指南";
    guides_text: "How to use the crate, the command line and the emulator.", "如何使用 Rust 库、命令行和模拟器。";
    chapters: "Chapters", "章节";
    reference: "Reference", "参考";
    operations: "Operations", "接口";
    types: "Types", "类型";
    errors: "Error codes", "错误码";
    scopes: "Scopes", "权限点";
    events: "Events", "事件";
    families: "Versions", "版本";
    start_lead: "Every operation of DingTalk's cloud drive, with its parameters, answers, errors and peculiarities, transcribed from the official documentation, checked against the official SDK, and compiled into a Rust crate.",
        "钉钉企业云盘的全部接口：参数、返回值、错误码与特殊之处。内容整理自官方文档，与官方 SDK 核对，并据此生成 Rust 库。";
    operations_text: "All operations by chapter.", "按章节列出的全部接口。";
    types_text: "Objects, enums and ids that operations share.", "各接口共用的对象、枚举和 ID。";
    errors_text: "What each code means and what to do about it.", "每个错误码的含义与处理办法。";
    scopes_text: "The permissions that apps ask for.", "应用需要申请的权限点。";
    events_text: "What the server pushes to subscribers.", "服务端推送给订阅者的事件。";
    lacks: "Left out", "未收录";

    // An operation
    request: "Request", "请求";
    path_parameters: "In the path", "路径参数";
    query_parameters: "In the query", "查询参数";
    body_parameters: "In the body", "请求体";
    form_parameters: "In the form", "表单";
    header_parameters: "In the header", "请求头";
    no_parameters: "It takes no parameters.", "没有参数。";
    answer: "Answer", "返回";
    empty_answer: "The answer is empty: that it came says that it was done.", "返回体为空：收到即表示已完成。";
    example: "Example", "示例";
    example_value: "For example", "例如";
    body_example: "Body of the request", "请求体";
    answer_example: "Body of the answer", "返回体";
    command_line: "Command line", "命令行";
    quirks: "What you would not expect", "需要注意";
    evidence: "Evidence", "依据";
    evidence_text: "Where the sources contradict themselves or each other, and what this spec makes of it.", "资料之间或资料自身的矛盾，以及本规格的取舍。";
    always_because: "Why it is always there", "为何总会返回";
    sdk_differs: "Where the official SDK differs", "与官方 SDK 的差异";
    spec_says: "Spec", "规格";
    sdk_says: "SDK", "SDK";
    reason: "Reason", "理由";
    about: "About", "方面";
    name: "Name", "名称";
    kind: "Type", "类型";
    meaning: "Meaning", "含义";
    required: "required", "必填";
    always: "always", "总有";
    status: "HTTP", "HTTP";
    code: "Code", "错误码";
    class: "Class", "类别";
    advice: "What to do", "如何处理";
    any_operation: "Every operation may answer with it.", "任何接口都可能返回。";
    no_errors: "Its page lists no errors. Any operation can fail with those of the platform.", "文档未列出错误码；平台级错误码对所有接口都适用。";
    platform_errors: "Errors of the platform, such as throttling and tokens", "限流、令牌等平台级错误码";

    // Facts
    scope: "Scope", "权限点";
    scope_unknown: "No source names one.", "资料未说明。";
    apps: "Apps", "应用类型";
    internal: "internal", "企业内部应用";
    third_party: "third-party", "第三方企业应用";
    apps_unknown: "No source says which.", "资料未说明。";
    effect: "Effect", "副作用";
    effect_read: "read: changes nothing", "read：不改变任何东西";
    effect_idempotent: "idempotent: twice is the same as once", "idempotent：重复执行结果相同";
    effect_write: "write: not to be repeated blindly", "write：不可盲目重试";
    operator: "Operator", "操作人";
    paging: "Pages", "分页";
    paging_text: "send back", "把返回的";
    paging_as: "as", "作为";
    paging_until: "until it is empty; elements are in", "传回，直到为空；元素在";
    bulk: "Bulk", "批量";
    bulk_at_most: "at most", "每次最多";
    bulk_per_call: "elements per call", "个元素";
    task: "Task", "异步任务";
    task_read_by: "goes on after the answer; how it stands tells", "返回后继续执行；状态查询：";
    official: "Official page", "官方文档";
    official_english: "English", "英文";
    official_chinese: "Chinese", "中文";
    official_none: "None; only the official SDK has this operation.", "无；仅见于官方 SDK。";
    spec_file: "In the spec", "规格文件";
    search_chapter: "chapter", "章节";
    version: "Version", "版本";
    legacy: "legacy", "已下线文档";
    legacy_text: "Its documentation is retired; it may stop working. In the crate it needs the feature `legacy`.", "官方已下线其文档，接口可能停止服务。Rust 库中需启用 `legacy` 特性。";
    undocumented: "undocumented", "无文档";
    undocumented_text: "Only the official SDK has it. In the crate it needs the feature `undocumented`.", "仅见于官方 SDK。Rust 库中需启用 `undocumented` 特性。";
    used_for: "Used for", "用途";
    token_in_query: "The token of the app travels in the query parameter `access_token`.", "应用令牌放在查询参数 `access_token` 中。";
    token_of_person: "It takes the token of a person in place of that of the app.", "使用个人用户令牌而非应用令牌。";
    no_token: "It needs no token.", "无需令牌。";
    token: "Token", "令牌";
    server: "Server", "服务器";

    // Types, codes, scopes, events
    fields: "Fields", "字段";
    values: "Values", "取值";
    value: "Value", "取值";
    values_open: "Other values may come; the crate keeps them.", "可能出现其他取值；Rust 库会保留。";
    constants: "Values with a meaning", "有特定含义的值";
    converts_from: "Made from", "可由此转换";
    object: "object", "对象";
    enumeration: "enum", "枚举";
    id: "id", "ID";
    secret: "secret", "机密";
    secret_text: "It is never shown in debug output, logs or errors.", "不会出现在调试输出、日志或错误信息中。";
    used_by: "Used by", "使用处";
    in_requests: "In requests", "请求中";
    in_answers: "In answers", "返回中";
    in_types: "In other types", "其他类型中";
    not_used: "No operation names it.", "没有接口使用。";
    answered_by: "Operations that answer with it", "可能返回它的接口";
    operations_of_scope: "Operations that need it", "需要它的接口";
    payload: "Payload", "载荷";
    number: "Number in the synchronous push", "同步推送编号";
    how_many: "Operations", "接口数";

    // The search
    search_operation: "operation", "接口";
    search_type: "type", "类型";
    search_error: "error", "错误码";
    search_event: "event", "事件";
    search_guide: "guide", "指南";
    search_field: "field", "字段";

    // Types in words
    list_of: "list of", "列表：";
    map_of: "map to", "映射到";
    map_or_list_of: "map to lists, or one list, of", "到列表的映射，或一个列表，元素为";
    nullable: "may be null", "可为 null";
    as_number: "as a number", "以数字传输";
}

impl Words {
    /// Words of the frame.
    pub fn frame(&self) -> FrameWords {
        FrameWords {
            skip: self.skip,
            contents: self.contents,
            on_this_page: self.on_this_page,
            colours: self.colours,
            copy: self.copy,
            copied: self.copied,
        }
    }

    /// What may be sent again.
    pub fn effect(&self, effect: Effect) -> &'static str {
        match effect {
            Effect::Read => self.effect_read,
            Effect::Idempotent => self.effect_idempotent,
            Effect::Write => self.effect_write,
        }
    }

    /// The title of a chapter, which is a label of the navigation too; of one that is new, that of the spec.
    pub fn chapter<'a>(&self, name: &str, title: &'a str) -> &'a str {
        if self.language == Language::English {
            return title;
        }
        match name {
            "organization" => "企业管理",
            "app" => "应用",
            "space" => "空间管理",
            "file" => "文件管理",
            "transfer" => "文件传输",
            "permission" => "权限管理",
            "recycle-bin" => "回收站管理",
            "task" => "任务管理",
            "event" => "事件订阅",
            "search" => "搜索",
            "activity" => "动态",
            "management" => "管理员操作",
            "drive" => "钉盘",
            "document" => "文档",
            "knowledge-base" => "知识库",
            "media" => "媒体文件",
            "approval" => "审批",
            "contact" => "通讯录",
            "token" => "访问令牌",
            _ => title,
        }
    }

    /// A kind of app.
    pub fn app(&self, app: App) -> &'static str {
        match app {
            App::Internal => self.internal,
            App::ThirdParty => self.third_party,
        }
    }

    /// A status other than the usual, and what it means.
    pub fn status(&self, status: Status) -> Option<(&'static str, &'static str)> {
        match status {
            Status::Current => None,
            Status::Legacy => Some((self.legacy, self.legacy_text)),
            Status::Undocumented => Some((self.undocumented, self.undocumented_text)),
        }
    }
}

/// The name of a type that is no link.
pub fn plain_type(ty: &Type) -> &'static str {
    match ty {
        Type::Text => "string",
        Type::Int32 => "int32",
        Type::Int64 => "int64",
        Type::Uint64 => "uint64",
        Type::Bool => "bool",
        Type::Time => "time",
        Type::Timestamp => "timestamp",
        Type::ErrorCode => "error code",
        Type::File => "file",
        _ => "any",
    }
}

/// The name of a class of errors, as in the spec.
pub fn class(class: ErrorClass) -> String {
    serde_json::to_value(class).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}
