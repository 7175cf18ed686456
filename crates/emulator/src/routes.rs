//! From method and path to an operation of the spec.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;

use crate::call::Handler;
use crate::contract::{Operation, contract};
use crate::operations;

/// An operation, and what does its work.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// The operation.
    pub operation: &'static Operation,
    /// Its handler; without one, the operation is not emulated.
    pub handler: Option<Handler>,
}

/// Where a path leads.
pub enum Found {
    /// To an operation, with the values of its path parameters.
    Operation(Route, Vec<(&'static str, String)>),
    /// To operations of other methods only.
    OtherMethod,
    /// Nowhere.
    Nothing,
}

impl Found {
    /// The operation that it leads to.
    pub fn operation(&self) -> Option<&'static Operation> {
        match self {
            Self::Operation(route, _) => Some(route.operation),
            Self::OtherMethod | Self::Nothing => None,
        }
    }
}

/// All routes, by the number of segments of their paths.
#[derive(Debug, Clone)]
pub struct Routes {
    by_length: HashMap<usize, Vec<(Vec<&'static str>, Route)>>,
}

impl Routes {
    /// The routes of the spec.
    pub fn new() -> Self {
        let mut by_length: HashMap<usize, Vec<(Vec<&'static str>, Route)>> = HashMap::new();
        for operation in &contract().operations {
            let segments: Vec<&'static str> = operation.path.split('/').skip(1).collect();
            let route = Route { operation, handler: operations::handler(&operation.name) };
            by_length.entry(segments.len()).or_default().push((segments, route));
        }
        for routes in by_length.values_mut() {
            routes.sort_by_key(|(segments, _)| segments.iter().filter(|each| is_parameter(each)).count());
        }
        Self { by_length }
    }

    /// Finds the operation of a request.
    pub fn find(&self, method: &str, path: &str) -> Found {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let mut other_method = false;
        for (pattern, route) in self.by_length.get(&segments.len()).into_iter().flatten() {
            let Some(values) = matching(pattern, &segments) else { continue };
            if route.operation.method == method {
                return Found::Operation(*route, values);
            }
            other_method = true;
        }
        if other_method { Found::OtherMethod } else { Found::Nothing }
    }
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{')
}

fn matching(pattern: &[&'static str], segments: &[&str]) -> Option<Vec<(&'static str, String)>> {
    let mut values = Vec::new();
    for (pattern, segment) in pattern.iter().zip(segments) {
        match pattern.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            None if pattern == segment => {}
            Some(name) if !segment.is_empty() => {
                values.push((name, percent_decode_str(segment).decode_utf8_lossy().into_owned()));
            }
            _ => return None,
        }
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every operation is reached by its own method and path, whatever the values of its parameters are.
    #[test]
    fn every_operation_is_found_by_its_path() {
        let routes = Routes::new();
        for operation in &contract().operations {
            let path = operation.path.replace('{', "value-of-").replace('}', "");
            let Found::Operation(route, values) = routes.find(&operation.method, &path) else {
                panic!("{} {path} leads nowhere", operation.method)
            };
            assert_eq!(route.operation.name, operation.name);
            for (name, value) in values {
                assert_eq!(value, format!("value-of-{name}"));
            }
        }
    }

    #[test]
    fn path_parameters_are_decoded_and_never_empty() {
        let routes = Routes::new();
        let Found::Operation(_, values) = routes.find("GET", "/v1.0/storage/spaces/a%2Fb%20c") else { panic!() };
        assert_eq!(values, [("spaceId", "a/b c".to_owned())]);
        assert!(matches!(routes.find("GET", "/v1.0/storage/spaces/"), Found::Nothing));
        assert!(matches!(routes.find("PATCH", "/v1.0/storage/spaces/1"), Found::OtherMethod));
    }
}
