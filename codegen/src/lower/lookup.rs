//! Fields and parameters by the names that an operation gives for them.

use super::types::Scope;
use crate::error::Error;
use crate::ir::{Field, Parameter, Type};

/// The index of a parameter.
pub fn parameter(scope: &Scope<'_>, parameters: &[Parameter], name: &str) -> Result<usize, Error> {
    parameters.iter().position(|parameter| parameter.field.wire == name).ok_or_else(|| scope.undefined(name))
}

/// A field of an object.
pub fn field(scope: &Scope<'_>, fields: &[Field], name: &str) -> Result<Field, Error> {
    fields.iter().find(|field| field.wire == name).cloned().ok_or_else(|| scope.undefined(name))
}

/// A field of the elements of a list, or of the object itself where there is no list; none where it has no such field.
pub fn field_of_each(scope: &mut Scope<'_>, list: Option<&Field>, fields: &[Field], name: &str) -> Option<Field> {
    match list {
        Some(list) => field_of_element(scope, list, name).ok(),
        None => field(scope, fields, name).ok(),
    }
}

/// A field of the elements of a list.
pub fn field_of_element(scope: &mut Scope<'_>, list: &Field, name: &str) -> Result<Field, Error> {
    let Type::List(element) = &list.ty else { return Err(scope.undefined(name)) };
    match element.as_ref() {
        Type::LocalObject(object) => {
            let object = scope.objects.iter().find(|known| known.name == *object);
            field(scope, object.map_or(&[], |object| object.fields.as_slice()), name)
        }
        Type::Object(object) => {
            let fields = scope.spec.types.get(object).and_then(|item| item.def.fields.as_ref());
            let field = fields.and_then(|fields| fields.get(name)).ok_or_else(|| scope.undefined(name))?;
            scope.field(name, field)
        }
        _ => Err(scope.undefined(name)),
    }
}
