//! Operations made of pages: what a page says of an operation comes back, for every operation of the spec.

use std::collections::BTreeMap;

use dingtalk_storage_codegen::{changes, lower};
use dingtalk_storage_drift::{Comparison, Disputes, Skeleton, Subject, Wanted, skeleton};
use dingtalk_storage_spec::{Code, SourceTree, Spec, compile, compile_draft};

use crate::Api;
use crate::render::{Form, page};
use crate::sheet::{Sheet, sheets};

/// A spec without an operation and what only that operation names; nothing where others need it.
fn without(tree: &SourceTree, file: &str) -> Option<SourceTree> {
    let mut tree = tree.with_only(|path| path != file);
    loop {
        let Err(report) = compile(&tree) else { return Some(tree) };
        let unused = |code| matches!(code, Code::UnusedType | Code::UnusedName);
        let finding = report.findings().first()?;
        if report.findings().iter().any(|finding| !unused(finding.code())) {
            return None;
        }
        let (path, (line, _)) = (finding.primary().path().to_owned(), finding.primary().position()?);
        tree = cut(&tree, &path, line);
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

fn make(tree: &SourceTree, form: Form, sheet: &Sheet) -> Result<Skeleton, String> {
    let spec = compile_draft(tree).map_err(|report| report.render(false))?;
    let disputes = Disputes::default();
    let text = page(sheet, form);
    let drift = Comparison::new(&spec, tree, &disputes, &|_| None).page(&form.file(&sheet.slug), text.as_bytes(), None);
    assert_eq!(drift.subject, Subject::Unknown, "{}", sheet.name);
    let (family, operation) = sheet.name.split_once('.').unwrap();
    let wanted = Wanted { family: Some(family.to_owned()), operation: Some(operation.to_owned()) };
    skeleton(&spec, tree, &drift, &wanted).map_err(|error| error.to_string())
}

/// The spec with a skeleton whose texts a person has written.
fn filled(tree: &SourceTree, skeleton: &Skeleton) -> Result<(SourceTree, Spec), String> {
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

fn sheet_of(spec: &Spec, name: &str) -> Sheet {
    sheets(spec).into_iter().find(|sheet| sheet.name == name).unwrap()
}

/// What the page of a form can say.
fn as_said(mut sheet: Sheet, form: Form) -> Sheet {
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
    let forms = [Form::Mdx, Form::Flattened, Form::Knowledge];
    let (mut made, mut alone, mut wrong) = (0, Vec::new(), Vec::new());
    for (index, sheet) in sheets(&api.spec).into_iter().enumerate() {
        let (family, operation) = sheet.name.split_once('.').unwrap();
        let file = format!("api/{family}/{}.yaml", dingtalk_storage_spec::naming::operation(operation));
        let Some(tree) = without(&api.tree, &file) else {
            alone.push(sheet.name.clone());
            continue;
        };
        // Each form has its turn; all of them for each operation would take minutes.
        for form in [forms[index % forms.len()]] {
            let skeleton = make(&tree, form, &sheet).unwrap_or_else(|error| panic!("{}: {error}", sheet.name));
            made += 1;
            if !skeleton.findings.is_empty() {
                wrong.push(format!("{} {form:?}: {:#?}", sheet.name, skeleton.findings));
                continue;
            }
            let texts: usize = skeleton.new.values().map(|text| text.matches("WRITE THIS TEXT").count()).sum();
            let drafted = skeleton.new.iter().chain(&skeleton.changed);
            let unwritten =
                drafted.fold(tree.clone(), |tree, (path, text)| tree.with_file(path, text.clone().into_bytes()));
            let report = compile(&unwritten).unwrap_err();
            assert!(report.findings().iter().all(|finding| finding.code() == Code::UnwrittenText), "{report}");
            assert!(texts > 0);
            let (_, spec) = filled(&tree, &skeleton).unwrap_or_else(|error| panic!("{}: {error}", sheet.name));
            let (ours, theirs) = (as_said(sheet.clone(), form), as_said(sheet_of(&spec, &sheet.name), form));
            if format!("{ours:#?}") != format!("{theirs:#?}") {
                wrong.push(format!("{} {form:?}: {}", sheet.name, first_difference(&ours, &theirs)));
            }
        }
    }
    println!("{made} operations made of pages; others need these, so that they cannot be left out: {alone:?}");
    assert!(alone.len() < 12, "{alone:?}");
    assert!(wrong.is_empty(), "{} of {made}:\n{}", wrong.len(), wrong.join("\n"));
}

fn first_difference(ours: &Sheet, theirs: &Sheet) -> String {
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
        let (family, operation) = sheet.name.split_once('.').unwrap();
        let file = format!("api/{family}/{}.yaml", dingtalk_storage_spec::naming::operation(operation));
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
        let is_text = |change: &&changes::Change| {
            matches!(change.kind, changes::Kind::Documentation | changes::Kind::Order)
        };
        let others: Vec<_> = found.all.iter().filter(|change| !is_text(change)).collect();
        same += usize::from(others.is_empty());
        for change in others {
            let told = format!("{} {}: {}", change.subject, change.place, change.what);
            kinds.entry(format!("{:?}", change.kind)).or_default().push(told);
        }
    }
    println!("{same} of {all} operations are the same to the generator, but for texts and order; {} refused", refused.len());
    for (kind, changes) in &kinds {
        println!("  {kind}: {} such as\n    {}", changes.len(), changes.iter().take(12).cloned().collect::<Vec<_>>().join("\n    "));
    }
    println!("{}", refused.join("\n"));
}

/// A skeleton beside the types of a spec that has the operation.
fn make_beside(api: &Api, tree: &SourceTree, form: Form, sheet: &Sheet) -> Result<Skeleton, String> {
    let mut spec = api.spec.clone();
    for family in &mut spec.families {
        family.operations.retain(|item| format!("{}.{}", family.family.family, item.operation.operation) != sheet.name);
    }
    let disputes = Disputes::default();
    let text = page(sheet, form);
    let drift =
        Comparison::new(&spec, tree, &disputes, &|_| None).page(&form.file(&sheet.slug), text.as_bytes(), None);
    let (family, operation) = sheet.name.split_once('.').unwrap();
    let wanted = Wanted { family: Some(family.to_owned()), operation: Some(operation.to_owned()) };
    skeleton(&spec, tree, &drift, &wanted).map_err(|error| error.to_string())
}
