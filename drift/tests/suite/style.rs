//! What varies between pages of one rendering: labels, headings, words for limits and defaults, what is lost.

use fastrand::Rng;

use crate::render::Form;

#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is a habit of its own")]
pub struct Style {
    labels: usize,
    headings: usize,
    flags: usize,
    limit: usize,
    default: usize,
    permission: usize,
    errors: usize,
    pub bullet: &'static str,
    pub message: &'static str,
    pub without_examples: bool,
    pub bold_basic: bool,
    pub marked_default: bool,
    pub required_first: bool,
    pub marked_names: bool,
    pub narrow_cells: bool,
    pub blank_lines: bool,
    pub carriage_returns: bool,
    pub note: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            labels: 0,
            headings: 0,
            flags: 0,
            limit: 0,
            default: 0,
            permission: 0,
            errors: 0,
            bullet: " - ",
            message: "%s",
            without_examples: false,
            bold_basic: false,
            marked_default: false,
            required_first: false,
            marked_names: false,
            narrow_cells: false,
            blank_lines: false,
            carriage_returns: false,
            note: false,
        }
    }
}

const LABELS: [[[&str; 4]; 2]; 4] = [
    [["Name", "Type", "Required", "Description"], ["名称", "类型", "是否必填", "描述"]],
    [["Parameter", "Type", "Required or not", "Description"], ["参数", "类型", "是否必须", "说明"]],
    [["Parameter name", "Data type", "Is required", "Description"], ["参数名称", "参数类型", "必填", "描述"]],
    [["Field name", "Type", "Mandatory", "Description"], ["字段名", "数据类型", "是否必选", "含义"]],
];
const HEADINGS: [[(&str, &str); 4]; 3] = [
    [
        ("Path parameters", "路径参数"),
        ("Query parameter", "查询参数"),
        ("request body", "请求体"),
        ("Response body", "响应体"),
    ],
    [
        ("Path parameter", "请求路径参数"),
        ("Query parameters", "请求查询参数"),
        ("Request body", "请求体参数"),
        ("Response parameters", "响应参数"),
    ],
    [
        ("Request path parameters", "Path参数"),
        ("Request query parameters", "请求查询参数"),
        ("Body parameters", "请求参数"),
        ("Response body", "返回参数"),
    ],
];
const LEGACY: [(&str, &str); 4] = [("", "Path参数"), ("", "Query参数"), ("", "Body参数"), ("", "返回参数")];
const FLAGS: [[[&str; 2]; 2]; 3] =
    [[["Yes", "No"], ["是", "否"]], [["yes", "no"], ["必填", "可选"]], [["Required", "Optional"], ["必须", "非必填"]]];
const PERMISSIONS: [[&str; 2]; 4] = [
    ["Permission requirements", "权限要求"],
    ["Required permissions", "权限要求"],
    ["Permissions", "权限"],
    ["Permission scope", "权限点"],
];
const ERRORS: [[[&str; 4]; 2]; 2] = [
    [["HttpCode", "Error code", "Error message", "Description"], ["HttpCode", "错误码", "错误信息", "说明"]],
    [
        ["HTTP status code", "Error code", "Error message", "Error description"],
        ["状态码", "错误码", "错误描述", "说明"],
    ],
];

fn side<T: Copy>(pair: [T; 2], chinese: bool) -> T {
    pair[usize::from(chinese)]
}

impl Style {
    /// Any of them.
    pub fn random(rng: &mut Rng) -> Self {
        Self {
            labels: rng.usize(..LABELS.len()),
            headings: rng.usize(..HEADINGS.len()),
            flags: rng.usize(..FLAGS.len()),
            limit: rng.usize(..6),
            default: rng.usize(..4),
            permission: rng.usize(..PERMISSIONS.len()),
            errors: rng.usize(..ERRORS.len()),
            bullet: ["  - ", " - ", "   - ", "<br>- ", " • "][rng.usize(..5)],
            message: ["%s", "Unknown Error", "The thing is wrong", ""][rng.usize(..4)],
            without_examples: rng.u8(..4) == 0,
            bold_basic: rng.bool(),
            marked_default: rng.bool(),
            required_first: rng.u8(..4) == 0,
            marked_names: rng.bool(),
            narrow_cells: rng.u8(..3) == 0,
            blank_lines: rng.u8(..3) == 0,
            carriage_returns: rng.u8(..4) == 0,
            note: rng.bool(),
        }
    }

    pub fn labels(&self, chinese: bool) -> [&'static str; 4] {
        side(LABELS[self.labels], chinese)
    }

    pub fn heading(&self, section: usize, legacy: bool) -> (&'static str, &'static str) {
        if legacy { LEGACY[section] } else { HEADINGS[self.headings][section] }
    }

    /// Words for what is required. Where cells stand together, only the usual ones occur.
    pub fn flags(&self, form: Form) -> [&'static str; 2] {
        let set = if form.is_flat() { 0 } else { self.flags };
        side(FLAGS[set], form.is_chinese())
    }

    pub fn permission(&self, chinese: bool) -> &'static str {
        side(PERMISSIONS[self.permission], chinese)
    }

    pub fn error_labels(&self, chinese: bool) -> [&'static str; 4] {
        side(ERRORS[self.errors], chinese)
    }

    pub fn limit(&self, chinese: bool, max: i64) -> String {
        match (self.limit, chinese) {
            (0, false) => format!("Maximum: {max}."),
            (1, false) => format!("Up to {max} items are supported."),
            (2, false) => format!("A maximum of {max}."),
            (3, false) => format!("The maximum value is {max}."),
            (4, false) => format!("At most {max}."),
            (_, false) => format!("It cannot exceed {max}."),
            (0, true) => format!("最大值{max}。"),
            (1, true) => format!("最多{max}个。"),
            (2, true) => format!("不超过{max}个。"),
            (3, true) => format!("最大size：{max}。"),
            (4, true) => format!("最大列表长度为{max}。"),
            (_, true) => format!("最多支持{max}个。"),
        }
    }

    pub fn stated_default(&self, chinese: bool, value: &str) -> String {
        match (self.default, chinese) {
            (0, false) => format!("The default value is {value}."),
            (1, false) => format!("Default value: {value}."),
            (2, false) => format!("Default: {value}."),
            (_, false) => format!("The default is {value}."),
            (0, true) => format!("默认值为{value}。"),
            (1, true) => format!("默认值：{value}。"),
            (2, true) => format!("默认{value}。"),
            (_, true) => format!("默认值是{value}。"),
        }
    }
}
