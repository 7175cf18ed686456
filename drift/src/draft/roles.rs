//! What fields are for: who acts, what asks for a page, what is done in bulk, what goes on as a task. Pages say it in
//! words only, so it is guessed by the names and types that the spec has for it.

use std::collections::BTreeSet;

use dingtalk_storage_spec::Spec;
use dingtalk_storage_spec::model::TypeRef;

use super::Draft;
use super::field::NewField;

const PAGE_TOKEN: &str = "PageToken";
const UNION_ID: &str = "UnionId";

/// Fills the roles of a draft.
pub(crate) fn guess(spec: &Spec, draft: &mut Draft) {
    draft.operator = operator(spec, draft);
    draft.page = page(draft);
    draft.batch = batch(spec, draft);
    draft.task = task(spec, draft);
}

/// Parameters of the request itself: those of an object that is flattened, too.
fn parameters(draft: &Draft) -> impl Iterator<Item = &NewField> {
    let own = |field: &'_ NewField| !field.flatten;
    let of_body = draft.body.iter().flat_map(|field| if field.flatten { field.children.iter() } else { [].iter() });
    draft.query.iter().chain(draft.body.iter().filter(move |field| own(field))).chain(of_body)
}

fn operator(spec: &Spec, draft: &Draft) -> Option<String> {
    let operations = || spec.families.iter().flat_map(|family| &family.operations);
    let names: BTreeSet<&str> = operations().filter_map(|item| item.operation.operator.as_deref()).collect();
    let acts = |field: &&NewField| names.contains(field.name.as_str()) && field.reference.name() == UNION_ID;
    parameters(draft).filter(acts).max_by_key(|field| field.required).map(|field| field.name.clone())
}

fn page(draft: &Draft) -> Option<String> {
    let token = parameters(draft).find(|field| field.reference.name() == PAGE_TOKEN)?;
    let next = draft.response.iter().find(|field| field.reference.name() == PAGE_TOKEN)?;
    let items = draft.response.iter().find(|field| matches!(field.reference, TypeRef::List(_)))?;
    let size = parameters(draft).find(|field| matches!(field.name.as_str(), "maxResults" | "pageSize" | "size"));
    let next = if next.name == token.name { String::new() } else { format!(", next: {}", next.name) };
    let size = size.map(|size| format!(", size: {}", size.name)).unwrap_or_default();
    Some(format!("{{token: {}{next}{size}, items: {}}}", token.name, items.name))
}

fn batch(spec: &Spec, draft: &Draft) -> Option<String> {
    let is_list = |field: &&NewField| field.required && matches!(field.reference, TypeRef::List(_));
    let mut lists = parameters(draft).filter(is_list);
    let (items, none) = (lists.next()?, lists.next());
    let max = items.max.filter(|_| none.is_none())?;
    let results = results(spec, draft, items.name.strip_suffix('s').unwrap_or(&items.name));
    Some(format!("{{items: {}, max: {max}{results}}}", items.name))
}

/// The list of the answer whose elements name the elements of the request.
fn results(spec: &Spec, draft: &Draft, key: &str) -> String {
    let has_key = |field: &&NewField| {
        let shared = spec.types.get(field.reference.name()).and_then(|item| item.def.fields.as_ref());
        let own = field.children.iter().any(|child| child.name == key);
        matches!(field.reference, TypeRef::List(_)) && (own || shared.is_some_and(|fields| fields.contains_key(key)))
    };
    let found = draft.response.iter().find(has_key);
    found.map(|field| format!(", results: {}, key: {key}", field.name)).unwrap_or_default()
}

/// An answer with the id of a task is of work that goes on, unless the call asks about a task.
fn task(spec: &Spec, draft: &Draft) -> Option<String> {
    let asked = draft.path.iter().chain(&draft.query).any(|field| field.reference.name().ends_with("TaskId"));
    let is_task = |name: &str, reference: &TypeRef| {
        name == "taskId" && matches!(reference, TypeRef::Named(name) if name.ends_with("TaskId"))
    };
    if asked {
        return None;
    }
    for field in &draft.response {
        if is_task(&field.name, &field.reference) {
            return Some(field.name.clone());
        }
        let TypeRef::List(_) = field.reference else { continue };
        let own = field.children.iter().any(|child| is_task(&child.name, &child.reference));
        let shared = spec.types.get(field.reference.name()).and_then(|item| item.def.fields.as_ref());
        let text = TypeRef::Named("string".to_owned());
        let shared = shared.into_iter().flatten().any(|(name, of)| is_task(name, of.kind.as_ref().unwrap_or(&text)));
        if own || shared {
            return Some(format!("{}.taskId", field.name));
        }
    }
    None
}
