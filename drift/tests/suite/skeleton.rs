//! Operations made of pages: what a page says of an operation comes back, for every operation of the spec.

use std::collections::BTreeMap;

use dingtalk_storage_codegen::{changes, lower};
use dingtalk_storage_drift::{Comparison, Disputes, Drift, NoSkeleton, Skeleton, Subject, Wanted, skeleton};
use dingtalk_storage_spec::{Code, SourceTree, Spec, compile, compile_draft};

use crate::Api;
use crate::render::{Form, page};
use crate::sheet::{Sheet, sheets};

/// A spec without an operation and what only that operation names; nothing where others need it.
pub fn without(tree: &SourceTree, file: &str) -> Option<(SourceTree, Spec)> {
    let mut tree = tree.with_only(|path| path != file);
    loop {
        let report = match compile(&tree) {
            Ok(spec) => return Some((tree, spec)),
            Err(report) => report,
        };
        // From the end, so that lines stay what they are.
        for finding in report.findings().iter().rev() {
            if !matches!(finding.code(), Code::UnusedType | Code::UnusedName) {
                return None;
            }
            tree = cut(&tree, finding.primary().path(), finding.primary().position()?.0);
        }
    }
}

/// Leaves out an entry of the only map of a file, by the line of its key.
fn cut(tree: &SourceTree, path: &str, line: usize) -> SourceTree {
    let (_, text) = tree.files().find(|(name, _)| *name == path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let is_inner = |line: &&&str| line.starts_with("   ") || line.trim().is_empty();
    let inner = lines[line..].iter().take_while(is_inner).count();
    let kept = lines[..line - 1].iter().chain(&lines[line + inner..]);
    let text: Vec<&str> = kept.copied().collect();
    if text.len() <= 2 {
        return tree.with_only(|name| name != path);
    }
    tree.with_file(path, (text.join("\n") + "\n").into_bytes())
}

fn make(tree: &SourceTree, spec: &Spec, form: Form, sheet: &Sheet) -> Result<Skeleton, String> {
    let disputes = Disputes::default();
    let text = page(sheet, form);
    let drift = Comparison::new(spec, tree, &disputes, &|_| None).page(&form.file(&sheet.slug), text.as_bytes(), None);
    assert_eq!(drift.subject, Subject::Unknown, "{}", sheet.name);
    make_of(tree, spec, &drift, sheet)
}

pub fn make_of(tree: &SourceTree, spec: &Spec, drift: &Drift, sheet: &Sheet) -> Result<Skeleton, String> {
    let (family, operation) = sheet.name.split_once('.').unwrap();
    let wanted = Wanted { family: Some(family.to_owned()), operation: Some(operation.to_owned()) };
    skeleton(spec, tree, drift, &wanted).map_err(|error| error.to_string())
}

/// The spec with a skeleton whose texts a person has written.
pub fn filled(tree: &SourceTree, skeleton: &Skeleton) -> Result<(SourceTree, Spec), String> {
    let mut tree = tree.clone();
    for (path, text) in skeleton.new.iter().chain(&skeleton.changed) {
        let parts: Vec<&str> = text.split("WRITE THIS TEXT").collect();
        let rest = parts[1..].iter().map(|part| part.find('"').map_or(*part, |end| &part[end..]));
        let text = [parts[0]].into_iter().chain(rest).collect::<Vec<_>>().join("A text.");
        tree = tree.with_file(path, text.into_bytes());
    }
    let spec = compile(&tree).map_err(|report| report.render(false))?;
    Ok((tree, spec))
}

pub fn sheet_of(spec: &Spec, name: &str) -> Sheet {
    sheets(spec).into_iter().find(|sheet| sheet.name == name).unwrap()
}

/// What the page of a form can say.
pub fn as_said(mut sheet: Sheet, form: Form) -> Sheet {
    if !form.has_required() {
        sheet.tables.iter_mut().flatten().for_each(forget_required);
    }
    // An answer is not asked for.
    sheet.tables[3].iter_mut().for_each(forget_defaults);
    sheet.errors.sort();
    sheet
}

fn forget_required(item: &mut crate::sheet::Item) {
    item.required = false;
    item.items.iter_mut().for_each(forget_required);
}

fn forget_defaults(item: &mut crate::sheet::Item) {
    item.default = None;
    item.required = false;
    item.items.iter_mut().for_each(forget_defaults);
}

#[test]
fn every_operation_comes_back_from_its_page() {
    let api = Api::read();
    let sheets = sheets(&api.spec);
    // Two threads: the specs without an operation take their time.
    let (first, second) = sheets.split_at(sheets.len() / 2);
    let (first, second) = std::thread::scope(|scope| {
        let second = scope.spawn(|| Tally::of(&api, second));
        (Tally::of(&api, first), second.join().unwrap())
    });
    let made = first.made + second.made;
    let alone = [first.alone, second.alone].concat();
    let wrong = [first.wrong, second.wrong].concat();
    println!("{made} operations made of pages; others need these, so that they cannot be left out: {alone:?}");
    assert!(alone.len() < 12, "{alone:?}");
    assert!(wrong.is_empty(), "{} of {made}:\n{}", wrong.len(), wrong.join("\n"));
}

#[derive(Default)]
struct Tally {
    made: usize,
    /// Operations that others need.
    alone: Vec<String>,
    wrong: Vec<String>,
}

impl Tally {
    fn of(api: &Api, sheets: &[Sheet]) -> Self {
        const FORMS: [Form; 3] = [Form::Mdx, Form::Flattened, Form::Knowledge];
        let mut tally = Self::default();
        for (index, sheet) in sheets.iter().enumerate() {
            let Some((tree, spec)) = without(&api.tree, &file_of(sheet)) else {
                tally.alone.push(sheet.name.clone());
                continue;
            };
            let form = FORMS[index % FORMS.len()];
            let skeleton = make(&tree, &spec, form, sheet).unwrap_or_else(|error| panic!("{}: {error}", sheet.name));
            tally.made += 1;
            if let Err(why) = comes_back(&tree, sheet, form, &skeleton) {
                tally.wrong.push(format!("{} {form:?}: {why}", sheet.name));
            }
        }
        tally
    }
}

pub fn file_of(sheet: &Sheet) -> String {
    let (family, operation) = sheet.name.split_once('.').unwrap();
    format!("api/{family}/{}.yaml", dingtalk_storage_spec::naming::operation(operation))
}

/// `check` finds nothing but texts to write, and with these the spec says what the page says.
fn comes_back(tree: &SourceTree, sheet: &Sheet, form: Form, skeleton: &Skeleton) -> Result<(), String> {
    if !skeleton.findings.is_empty() {
        return Err(format!("{:#?}", skeleton.findings));
    }
    let (_, spec) = filled(tree, skeleton)?;
    let (ours, theirs) = (as_said(sheet.clone(), form), as_said(sheet_of(&spec, &sheet.name), form));
    if format!("{ours:#?}") == format!("{theirs:#?}") { Ok(()) } else { Err(first_difference(&ours, &theirs)) }
}

/// Before a person has written the texts, `check` names each of them and nothing else.
#[test]
fn texts_are_what_is_left_to_write() {
    let api = Api::read();
    let sheet = sheet_of(&api.spec, "storage_v1.GetDentryOpenInfo");
    let (tree, spec) = without(&api.tree, &file_of(&sheet)).unwrap();
    let skeleton = make(&tree, &spec, Form::Mdx, &sheet).unwrap();
    let files = skeleton.new.iter().chain(&skeleton.changed);
    let tree = files.fold(tree, |tree, (path, text)| tree.with_file(path, text.clone().into_bytes()));
    let report = compile(&tree).unwrap_err();
    assert!(report.findings().iter().all(|finding| finding.code() == Code::UnwrittenText), "{report}");
    assert!(report.to_string().contains(&format!("of {}", Form::Mdx.file(&sheet.slug))), "{report}");
    assert!(compile_draft(&tree).is_ok());
}

/// What is there already is not made again, and no name leads out of its folder.
#[test]
fn a_skeleton_takes_no_place_that_is_taken() {
    let api = Api::read();
    let page = "| HTTP URL | https://api.dingtalk.com/v1.0/storage/soups |\n| HTTP Method | POST |\n";
    let drift = api.drift("make-soup.md", page.as_bytes());
    let make = |family: Option<&str>, operation: Option<&str>| {
        let wanted = Wanted { family: family.map(str::to_owned), operation: operation.map(str::to_owned) };
        skeleton(&api.spec, &api.tree, &drift, &wanted).map(|skeleton| skeleton.operation)
    };
    assert_eq!(make(None, None), Ok("storage_v1.MakeSoup".to_owned()));
    assert!(
        matches!(make(None, Some("AddSpace")), Err(NoSkeleton::FileExists(path)) if path.ends_with("add_space.yaml"))
    );
    for name in ["../Soup", "makeSoup", "", "Make/Soup"] {
        assert!(matches!(make(None, Some(name)), Err(NoSkeleton::Name(_))), "{name}");
    }
    assert!(matches!(make(Some("soup_v1"), None), Err(NoSkeleton::NoFamily(_))));
    let known = api.drift("add-space.md", page.replace("soups", "spaces").as_bytes());
    assert!(matches!(skeleton(&api.spec, &api.tree, &known, &Wanted::default()), Err(NoSkeleton::Known(_))));
}

pub fn first_difference(ours: &Sheet, theirs: &Sheet) -> String {
    let [ours, theirs] = [ours, theirs].map(|sheet| format!("{sheet:#?}"));
    let all: Vec<&str> = ours.lines().collect();
    let at = all.iter().zip(theirs.lines()).position(|(a, b)| *a != b).unwrap_or_default();
    let from = at.saturating_sub(4);
    let part = |text: &str| text.lines().skip(from).take(9).collect::<Vec<_>>().join("\n");
    format!("spec:\n{}\nskeleton:\n{}", part(&ours), part(&theirs))
}

/// With the types still there, what the generator makes of a skeleton is what it makes of the file that a person wrote:
/// but for texts, and what no page says.
#[test]
fn the_generator_makes_the_same_of_a_skeleton() {
    let api = Api::read();
    let before = lower(&api.spec).unwrap();
    let (mut same, mut all, mut kinds, mut refused) = (0, 0, BTreeMap::<String, Vec<String>>::new(), Vec::new());
    for sheet in sheets(&api.spec) {
        let file = file_of(&sheet);
        // The types stay, so that a missing one is told; the family may need the operation.
        let tree = api.tree.with_only(|path| path != file);
        let Ok(skeleton) = make_beside(&api, &tree, Form::Mdx, &sheet) else { continue };
        all += 1;
        let spec = match filled(&tree, &skeleton) {
            Ok((_, spec)) => spec,
            Err(report) => {
                refused.push(format!("{}: {report}", sheet.name));
                continue;
            }
        };
        let after = lower(&spec).unwrap();
        let found = changes::compare(&before, &after);
        let is_text =
            |change: &&changes::Change| matches!(change.kind, changes::Kind::Documentation | changes::Kind::Order);
        let others: Vec<_> = found.all.iter().filter(|change| !is_text(change)).collect();
        same += usize::from(others.is_empty());
        for change in others {
            let told = format!("{} {}: {}", change.subject, change.place, change.what);
            kinds.entry(format!("{:?}", change.kind)).or_default().push(told);
        }
    }
    // What every page says comes back: nothing of this is among what a person has to decide.
    let said = ["Wire", "Place", "Required", "Optional", "Access", "Class", "FileSize", "BatchSize", "ArgumentOrder"];
    let lost: Vec<_> = said.iter().filter_map(|kind| kinds.get(*kind)).collect();
    println!(
        "{same} of {all} operations are the same to the generator, but for texts and order; {} refused",
        refused.len()
    );
    for (kind, changes) in &kinds {
        println!(
            "  {kind}: {} such as\n    {}",
            changes.len(),
            changes.iter().take(12).cloned().collect::<Vec<_>>().join("\n    ")
        );
    }
    println!("{}", refused.join("\n"));
    assert!(lost.is_empty(), "{lost:#?}");
    assert!(refused.len() * 10 < all, "{}", refused.join("\n"));
}

/// A skeleton beside the types of a spec that has the operation.
fn make_beside(api: &Api, tree: &SourceTree, form: Form, sheet: &Sheet) -> Result<Skeleton, String> {
    let mut spec = api.spec.clone();
    for family in &mut spec.families {
        family.operations.retain(|item| format!("{}.{}", family.family.family, item.operation.operation) != sheet.name);
    }
    let disputes = Disputes::default();
    let text = page(sheet, form);
    let drift = Comparison::new(&spec, tree, &disputes, &|_| None).page(&form.file(&sheet.slug), text.as_bytes(), None);
    let (family, operation) = sheet.name.split_once('.').unwrap();
    let wanted = Wanted { family: Some(family.to_owned()), operation: Some(operation.to_owned()) };
    skeleton(&spec, tree, &drift, &wanted).map_err(|error| error.to_string())
}
