//! Which objects can be hashed: those that no secret is in, however deep.

use std::collections::HashSet;

use crate::ir::{Api, Object, Type, TypeItem};

/// Marks the objects of an API. All are marked at first, so that objects that contain themselves stay so.
pub fn mark(api: &mut Api) {
    let mut unhashed: HashSet<String> = HashSet::new();
    for item in api.type_files.iter().flat_map(|file| &file.types) {
        if let TypeItem::Id(id) = item
            && id.secret
        {
            unhashed.insert(id.name.clone());
        }
    }
    loop {
        let shared = api.type_files.iter_mut().flat_map(|file| &mut file.types).filter_map(|item| match item {
            TypeItem::Object(object) => Some(object),
            _ => None,
        });
        if !spread(shared, &mut unhashed) {
            break;
        }
    }
    for operation in api.families.iter_mut().flat_map(|family| &mut family.operations) {
        let mut unhashed = unhashed.clone();
        while spread(operation.objects.iter_mut().chain(&mut operation.response), &mut unhashed) {}
    }
}

/// Whether an object more was found to have a secret in it.
fn spread<'a>(objects: impl Iterator<Item = &'a mut Object>, unhashed: &mut HashSet<String>) -> bool {
    let mut found = false;
    for object in objects.filter(|object| object.hashed) {
        let has_secret = object.fields.iter().any(|field| match field.ty.core() {
            Type::Id(name) | Type::Object(name) | Type::LocalObject(name) => unhashed.contains(name),
            _ => false,
        });
        if has_secret {
            object.hashed = false;
            found |= unhashed.insert(object.name.clone());
        }
    }
    found
}
