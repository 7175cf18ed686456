//! Operations.

use dingtalk_storage_spec::{OperationSpec, Spec, model};

use super::types::Scope;
use super::{lookup, task};
use crate::error::Error;
use crate::ir::{Batch, Field, Object, Operation, Page, Parameter, Place, Type};
use crate::names;

/// Lowers one operation.
pub fn lower(spec: &Spec, family: &model::Family, item: &OperationSpec) -> Result<Operation, Error> {
    let operation = &item.operation;
    let (method, path) = operation.http.split_once(' ').unwrap_or(("GET", &operation.http));
    let mut request = scope(spec, item, true);
    let token = if operation.token == model::Token::Family { family.token } else { operation.token };
    let parameters = parameters(&mut request, operation, token)?;
    let mut answer = scope(spec, item, false);
    let fields = answer.fields(&operation.response)?;
    let page = operation.page.as_ref().map(|page| lower_page(&answer, page, &parameters, &fields)).transpose()?;
    let batch = operation
        .batch
        .as_ref()
        .map(|batch| lower_batch(&mut answer, operation, family.tasks.is_some(), batch, &parameters, &fields))
        .transpose()?;
    let task = task::lower(&mut answer, family, operation, &fields)?;
    let operator = operation.operator.as_ref().map(|name| lookup::parameter(&answer, &parameters, name)).transpose()?;
    // The handle of an operator knows who acts as a `UnionId` and in no other way.
    let is_union_id = |index: &usize| parameters.get(*index).is_some_and(|found| found.field.ty == union_id());
    Ok(Operation {
        name: operation.operation.clone(),
        module: names::module(&operation.operation),
        full_name: format!("{}.{}", family.family, operation.operation),
        source: item.file.clone(),
        summary: operation.summary.clone(),
        details: operation.details.clone(),
        page_slug: operation.docs.clone().map(|slug| (slug, operation.language)),
        method: method.to_owned(),
        path: path.trim().to_owned(),
        group: operation.group.clone(),
        status: operation.status,
        apps: [model::App::Internal, model::App::ThirdParty]
            .into_iter()
            .filter(|app| operation.apps.contains(app))
            .collect(),
        scope: operation.scope.clone().filter(|scope| scope != "unknown"),
        effect: operation.effect.unwrap_or(model::Effect::Write),
        effect_reason: operation.effect_reason.clone(),
        token,
        body: (!operation.body.is_empty()).then_some(operation.encoding),
        operator: operator.filter(is_union_id),
        response: (!fields.is_empty()).then(|| response(operation, fields)),
        objects: request.objects.into_iter().chain(answer.objects).collect(),
        page,
        batch,
        task,
        task_reader: task::lower_reader(spec, family, operation),
        parameters,
        errors: operation.errors.iter().map(|(status, codes)| (*status, codes.clone())).collect(),
        quirks: operation.quirks.clone(),
    })
}

fn union_id() -> Type {
    Type::Id("UnionId".to_owned())
}

fn scope<'a>(spec: &'a Spec, item: &OperationSpec, in_request: bool) -> Scope<'a> {
    let place = format!("{}: {}", item.file, item.operation.operation);
    Scope { spec, place, is_shared: false, in_request, in_answer: !in_request, objects: Vec::new() }
}

fn response(operation: &model::Operation, fields: Vec<Field>) -> Object {
    Object {
        name: format!("{}Response", operation.operation),
        doc: format!("Answer of `{}`.", operation.operation),
        fields,
        in_request: false,
        in_answer: true,
        hashed: true,
        quirks: Vec::new(),
    }
}

/// Parameters in the order token of a person, path, query, body; the fields of flattened objects follow in their place.
fn parameters(
    scope: &mut Scope<'_>,
    operation: &model::Operation,
    token: model::Token,
) -> Result<Vec<Parameter>, Error> {
    let mut parameters = Vec::new();
    if token == model::Token::User {
        parameters
            .push(Parameter { place: Place::Token, field: scope.field(model::Token::ARGUMENT, &token_of_a_person())? });
    }
    for (wire, field) in &operation.path {
        let field = Field { required: true, ..scope.field(wire, field)? };
        parameters.push(Parameter { place: Place::Path, field });
    }
    for (wire, field) in &operation.query {
        parameters.push(Parameter { place: Place::Query(field.style), field: scope.field(wire, field)? });
    }
    for (wire, field) in &operation.body {
        if field.flatten {
            for (inner, member) in &field.fields {
                // An object that may be left out cannot demand its members.
                let required = member.required && field.required;
                let lowered = Field { required, ..scope.field(inner, member)? };
                parameters.push(Parameter { place: Place::Body(Some(wire.clone())), field: lowered });
            }
        } else {
            let place = match operation.encoding {
                model::Encoding::Json => Place::Body(None),
                model::Encoding::Form => Place::Part,
            };
            parameters.push(Parameter { place, field: scope.field(wire, field)? });
        }
    }
    if let Some(operator) = &operation.operator
        && let Some(parameter) = parameters.iter_mut().find(|parameter| parameter.field.wire == *operator)
    {
        "operator".clone_into(&mut parameter.field.rust);
    }
    Ok(parameters)
}

/// The argument for the token of a person, which no table of a page lists: there it is a header.
fn token_of_a_person() -> model::Field {
    model::Field {
        kind: Some(model::TypeRef::Named(model::Token::OF_A_PERSON.to_owned())),
        doc: Some("Token of the person on whose behalf the call is made, in place of that of the app.".to_owned()),
        required: true,
        ..model::Field::default()
    }
}

fn lower_page(
    scope: &Scope<'_>,
    page: &model::Page,
    parameters: &[Parameter],
    fields: &[Field],
) -> Result<Page, Error> {
    Ok(Page {
        token: lookup::parameter(scope, parameters, &page.token)?,
        next: lookup::field(scope, fields, page.next.as_ref().unwrap_or(&page.token))?,
        // By the name that this API has for it.
        more: lookup::field(scope, fields, "hasMore").ok().filter(|field| field.ty == Type::Bool),
        items: lookup::field(scope, fields, &page.items)?,
    })
}

fn lower_batch(
    scope: &mut Scope<'_>,
    operation: &model::Operation,
    has_tasks: bool,
    batch: &model::Batch,
    parameters: &[Parameter],
    fields: &[Field],
) -> Result<Batch, Error> {
    let results = batch.results.as_ref().map(|name| lookup::field(scope, fields, name)).transpose()?;
    let key = match (&results, &batch.key) {
        (Some(results), Some(key)) => Some(lookup::field_of_element(scope, results, key)?),
        _ => None,
    };
    // What each result, or the one answer for all elements, says by the names that this API has for it.
    let mut of_type = |name: &str, ty: &Type| {
        lookup::field_of_each(scope, results.as_ref(), fields, name).filter(|field| field.ty == *ty)
    };
    let (success, code) = (of_type("success", &Type::Bool), of_type("errorCode", &Type::ErrorCode));
    let task =
        operation.task.as_deref().filter(|_| has_tasks).and_then(|task| match (&batch.results, task.split_once('.')) {
            (Some(results), Some((list, name))) if list == results => Some(name),
            (None, None) => Some(task),
            _ => None,
        });
    let task = task.and_then(|name| lookup::field_of_each(scope, results.as_ref(), fields, name));
    let items = lookup::parameter(scope, parameters, &batch.items)?;
    Ok(Batch { items, max: batch.max, results, key, success, code, task })
}
