//! The types that parameters name.

use std::fmt;

use dingtalk_storage::by_name::{Parameter, Shape};

/// Types with names, each once, in the order in which they are met.
#[derive(Debug, Default)]
pub struct Types(Vec<(&'static str, Shape)>);

impl Types {
    /// The types of the parameters, and of the fields of their objects.
    pub fn of(parameters: &[Parameter]) -> Self {
        let mut types = Self::default();
        for parameter in parameters {
            types.add(parameter.shape());
        }
        types
    }

    /// Whether all types explain themselves.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn add(&mut self, shape: Shape) {
        match shape {
            Shape::List(inner) | Shape::Map(inner) | Shape::Nullable(inner) => self.add(inner()),
            Shape::Id { name, .. } | Shape::OneOf { name, .. } => {
                self.add_named(name, shape);
            }
            // An object may contain itself.
            Shape::Object { name, members } if self.add_named(name, shape) => {
                for member in members {
                    self.add(member.shape());
                }
            }
            _ => {}
        }
    }

    /// Whether the type is a new one.
    fn add_named(&mut self, name: &'static str, shape: Shape) -> bool {
        let is_new = self.0.iter().all(|(known, _)| *known != name);
        if is_new {
            self.0.push((name, shape));
        }
        is_new
    }
}

impl fmt::Display for Types {
    fn fmt(&self, page: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, shape) in &self.0 {
            match shape {
                Shape::Id { is_secret: true, .. } => writeln!(page, "  {name}: text, secret")?,
                Shape::OneOf { values, .. } => writeln!(page, "  {name}: {}", values.join(" | "))?,
                Shape::Object { members, .. } => {
                    writeln!(page, "  {name}: object")?;
                    for member in *members {
                        let star = if member.is_required { '*' } else { ' ' };
                        writeln!(page, "    {star} {}: {}", member.name, member.shape())?;
                        writeln!(page, "          {}", member.doc())?;
                    }
                }
                _ => writeln!(page, "  {name}: text")?,
            }
        }
        Ok(())
    }
}
