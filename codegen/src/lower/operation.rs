//! Operations.

use dingtalk_storage_spec::{OperationSpec, Spec, model};

use super::roles::Roles;
use super::types::Scope;
use super::usage::Usage;
use crate::error::Error;
use crate::ir::{Api, Field, Operation, Parameter, Place, Type};
use crate::names;

/// Lowers one operation of an API whose shared types are there.
pub fn lower(
    spec: &Spec,
    usage: &Usage,
    api: &Api,
    family: &model::Family,
    item: &OperationSpec,
) -> Result<Operation, Error> {
    let operation = &item.operation;
    let name = &operation.operation;
    let (method, path) = operation.http.split_once(' ').unwrap_or(("GET", &operation.http));
    let token = if operation.token == model::Token::Family { family.token } else { operation.token };
    let scope = |in_request| {
        let place = format!("{}: {name}", item.file);
        Scope { spec, usage, place, is_shared: false, in_request, in_answer: !in_request, objects: Vec::new() }
    };
    let (mut request, mut answer) = (scope(true), scope(false));
    let parameters = parameters(&mut request, operation, token)?;
    let doc = format!("Answer of `{name}`.");
    let response = answer.object(&format!("{name}Response"), doc, Vec::new(), &operation.response)?;
    let Scope { place, objects, .. } = answer;
    let objects: Vec<_> = request.objects.into_iter().chain(objects).collect();
    let roles = Roles { api, place: &place, parameters: &parameters, answer: &response, objects: &objects };
    let operator = operation.operator.as_ref().map(|name| roles.parameter(name)).transpose()?;
    // The handle of an operator knows who acts as a `UnionId` and in no other way.
    let union_id = Type::Id("UnionId".to_owned());
    let is_union_id = |index: &usize| parameters.get(*index).is_some_and(|found| found.field.ty == union_id);
    // Tasks are only told of where the family says how to ask for them.
    let task = operation.task.as_ref().filter(|_| family.tasks.is_some());
    let task = task.map(|path| roles.task(path)).transpose()?.unwrap_or_default();
    let page = operation.page.as_ref().map(|page| roles.page(page)).transpose()?;
    let batch = operation.batch.as_ref().map(|batch| roles.batch(batch, &task)).transpose()?;
    let apps = [model::App::Internal, model::App::ThirdParty];
    Ok(Operation {
        name: name.clone(),
        module: names::module(name),
        full_name: format!("{}.{name}", family.family),
        source: item.file.clone(),
        summary: operation.summary.clone(),
        details: operation.details.clone(),
        page_slug: operation.docs.clone().map(|slug| (slug, operation.language)),
        method: method.to_owned(),
        path: path.trim().to_owned(),
        group: operation.group.clone(),
        status: operation.status,
        apps: apps.into_iter().filter(|app| operation.apps.contains(app)).collect(),
        scope: operation.scope.clone().filter(|scope| scope != "unknown"),
        effect: operation.effect.unwrap_or(model::Effect::Write),
        effect_reason: operation.effect_reason.clone(),
        token,
        body: (!operation.body.is_empty()).then_some(operation.encoding),
        operator: operator.filter(is_union_id),
        response: Some(response).filter(|response| !response.fields.is_empty()),
        objects,
        page,
        batch,
        task,
        parameters,
        errors: operation.errors.iter().map(|(status, codes)| (*status, codes.clone())).collect(),
        quirks: operation.quirks.clone(),
    })
}

/// Parameters in the order token of a person, path, query, body; the fields of flattened objects follow in their place.
fn parameters(
    scope: &mut Scope<'_>,
    operation: &model::Operation,
    token: model::Token,
) -> Result<Vec<Parameter>, Error> {
    let mut parameters = Vec::new();
    let mut add = |place: Place, wire: &str, field: &model::Field, required: bool| -> Result<(), Error> {
        parameters.push(Parameter { place, field: Field { required, ..scope.field(wire, field)? } });
        Ok(())
    };
    if token == model::Token::User {
        add(Place::Token, model::Token::ARGUMENT, &token_of_a_person(), true)?;
    }
    for (wire, field) in &operation.path {
        add(Place::Path, wire, field, true)?;
    }
    for (wire, field) in &operation.query {
        add(Place::Query(field.style), wire, field, field.required)?;
    }
    for (wire, field) in &operation.body {
        match operation.encoding {
            _ if field.flatten => {
                for (inner, member) in &field.fields {
                    // An object that may be left out cannot demand its members.
                    add(Place::Body(Some(wire.clone())), inner, member, member.required && field.required)?;
                }
            }
            model::Encoding::Json => add(Place::Body(None), wire, field, field.required)?,
            model::Encoding::Form => add(Place::Part, wire, field, field.required)?,
        }
    }
    let is_operator = |parameter: &&mut Parameter| Some(&parameter.field.wire) == operation.operator.as_ref();
    if let Some(parameter) = parameters.iter_mut().find(is_operator) {
        "operator".clone_into(&mut parameter.field.rust);
    }
    Ok(parameters)
}

/// The argument for the token of a person, which no table of a page lists: there it is a header.
fn token_of_a_person() -> model::Field {
    model::Field {
        kind: Some(model::TypeRef::Named(model::Token::OF_A_PERSON.to_owned())),
        doc: Some("Token of the person on whose behalf the call is made, in place of that of the app.".to_owned()),
        ..model::Field::default()
    }
}
