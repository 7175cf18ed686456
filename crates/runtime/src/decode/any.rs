//! Values of no particular type.

use serde_json::{Map, Value};

use super::Failure;
use super::failure::Step;
use super::number::{NotWhole, Number};
use super::reader::{Kind, Reader};
use crate::error::ErrorBody;

/// Floating-point numbers below hold every whole number.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Reader<'_> {
    /// Reads any value.
    ///
    /// A number that `Value` cannot hold is its text: nothing is rounded, and nothing is too large.
    pub(super) fn any(&mut self) -> Result<Value, Failure> {
        match self.kind()? {
            kind @ Kind::Null => self.pass_word(kind).map(|()| Value::Null),
            kind @ Kind::Boolean(flag) => self.pass_word(kind).map(|()| Value::Bool(flag)),
            Kind::Number => self.number().map(number),
            Kind::Text => {
                let text = self.text()?;
                self.state.budget.take(text.len())?;
                Ok(Value::String(text.into_owned()))
            }
            Kind::List => self.any_list(),
            Kind::Object => self.any_object(),
        }
    }

    fn any_list(&mut self) -> Result<Value, Failure> {
        self.descend()?;
        self.take(b'[');
        let mut list = Vec::new();
        let mut is_open = !self.take(b']');
        while is_open {
            self.state.budget.element()?;
            self.state.budget.grow(&mut list)?;
            list.push(self.any().map_err(|failure| failure.below(Step::Element(list.len())))?);
            is_open = self.has_next(b']')?;
        }
        self.ascend();
        Ok(Value::Array(list))
    }

    fn any_object(&mut self) -> Result<Value, Failure> {
        self.descend()?;
        self.take(b'{');
        let is_outermost = self.is_outermost();
        let mut map = Map::new();
        let mut is_open = !self.take(b'}');
        while is_open {
            let name = self.name().map_err(|failure| failure.below(Step::Hidden))?;
            if is_outermost {
                self.state.may_be_failure |= ErrorBody::is_telling(&name);
            }
            self.state.budget.element()?;
            self.state.budget.entry::<Value>(map.len(), &name)?;
            let value = self.any().map_err(|failure| failure.below(Step::Hidden))?;
            map.insert(name.into_owned(), value);
            is_open = self.has_next(b'}')?;
        }
        self.ascend();
        Ok(Value::Object(map))
    }
}

fn number(number: Number<'_>) -> Value {
    let text = number.text;
    let approximate = || text.parse::<f64>().ok().filter(|value| value.is_finite());
    match number.whole() {
        Ok(whole) if number.is_plain => whole.into(),
        Err(_) if number.is_plain => text.parse::<u64>().map_or_else(|_| text.into(), Value::from),
        Ok(whole) => approximate().filter(|value| value.abs() < EXACT).map_or(whole.into(), Value::from),
        Err(NotWhole::TooLarge) => approximate().map_or(text.into(), Value::from),
        // Rounded, it must not become a whole number.
        Err(NotWhole::Fraction) => approximate().filter(|value| value.fract() != 0.0).map_or(text.into(), Value::from),
    }
}
