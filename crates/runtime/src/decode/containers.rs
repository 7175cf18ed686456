//! Lists, and objects with their fields; and what happens where a part of one cannot be read.
//!
//! ```text
//! {"dentries": [ {"id": "7", "size": 1.5, "kind": {}}, {"size": 2}, "x" ], "nextToken": "t"}
//!   │             │           └ no whole number: the field is left empty, and noted
//!   │             │                                   └ without the `id` that it must have: left out, and noted
//!   │             └ an element: tolerance begins here                    └ no object: left out, and noted
//!   └ no list, or a field beside the lists that cannot be read: the answer has failed, for these steer whoever asked
//! ```

use super::failure::Step;
use super::reader::{Kind, Mode, Reader};
use super::{Failure, Field, Object, Unread};
use crate::error::ErrorBody;

/// Something that takes the elements of a list.
pub trait List {
    /// Reads an element.
    fn element(&mut self, value: Field<'_>) -> Result<(), Failure>;
}

/// What came where two things can.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Object,
    List,
}

impl Reader<'_> {
    /// Reads an object; false if it is absent.
    pub(super) fn object(&mut self, object: &mut dyn Object) -> Result<bool, Failure> {
        match self.kind()? {
            Kind::Object => self.fields(object).map(|()| true),
            _ => self.absent("an object").map(|()| false),
        }
    }

    /// Reads a list; false if it is absent.
    pub(super) fn list(&mut self, list: &mut dyn List) -> Result<bool, Failure> {
        match self.kind()? {
            Kind::List => self.elements(list).map(|()| true),
            _ => self.absent("a list").map(|()| false),
        }
    }

    /// Passes over the whole value, and sees the names of its fields.
    pub(super) fn look_through(&mut self) -> Result<(), Failure> {
        match self.kind()? {
            Kind::Object => self.fields(&mut Unread),
            _ => self.skip(),
        }
    }

    /// Reads what comes: an object or a list.
    pub(super) fn either(&mut self, object: &mut dyn Object, list: &mut dyn List) -> Result<Option<Shape>, Failure> {
        match self.kind()? {
            Kind::Object => self.fields(object).map(|()| Some(Shape::Object)),
            Kind::List => self.elements(list).map(|()| Some(Shape::List)),
            _ => self.absent("a list or a map of lists").map(|()| None),
        }
    }

    /// `null` and `""` stand for absent.
    fn absent(&mut self, expected: &'static str) -> Result<(), Failure> {
        match self.kind()? {
            Kind::Null => self.word("null"),
            Kind::Text if self.text()?.is_empty() => Ok(()),
            Kind::Text => Err(Failure::shape(expected, Kind::Text.name())),
            _ => self.misfit(expected),
        }
    }

    fn fields(&mut self, object: &mut dyn Object) -> Result<(), Failure> {
        self.descend()?;
        self.take(b'{');
        // A map is a list with names.
        let is_in_element = self.state.is_in_element || object.names_are_data();
        let was_in_element = std::mem::replace(&mut self.state.is_in_element, is_in_element);
        let mut missing = Missing::of(object);
        object.came_from(self.state.origin);
        let is_outermost = self.is_outermost();
        let mut is_open = !self.take(b'}');
        while is_open {
            let name = self.name().map_err(Failure::below_unknown)?;
            missing.has_come(&name);
            if is_outermost {
                self.state.may_be_failure |= ErrorBody::is_telling(&name);
            }
            let mark = self.mark();
            let result = object.field(&name, Field(self.again()));
            if result.is_err() || self.has_passed_over(mark) {
                let (step, absence) = if object.names_are_data() {
                    (Step::Hidden, Absence::LeftOut)
                } else if object.always().contains(&&*name) {
                    (Step::Field(name.into_owned()), Absence::Impossible)
                } else {
                    (Step::Field(name.into_owned()), Absence::Empty)
                };
                self.settle(result, mark, &step, absence)?;
            }
            is_open = self.has_next(b'}')?;
        }
        self.state.is_in_element = was_in_element;
        self.ascend();
        missing.first().map_or(Ok(()), |name| Err(Failure::missing(name)))
    }

    fn elements(&mut self, list: &mut dyn List) -> Result<(), Failure> {
        self.descend()?;
        self.take(b'[');
        let was_in_element = std::mem::replace(&mut self.state.is_in_element, true);
        let mut is_open = !self.take(b']');
        let mut index = 0;
        while is_open {
            self.state.budget.element()?;
            let mark = self.mark();
            let result = list.element(Field(self.again()));
            if result.is_err() || self.has_passed_over(mark) {
                self.settle(result, mark, &Step::Element(index), Absence::LeftOut)?;
            }
            is_open = self.has_next(b']')?;
            index += 1;
        }
        self.state.is_in_element = was_in_element;
        self.ascend();
        Ok(())
    }

    fn mark(&self) -> Mark {
        Mark { place: self.place(), levels: self.state.levels, passed_over: self.state.passed_over.len() }
    }

    fn has_passed_over(&self, mark: Mark) -> bool {
        self.state.passed_over.len() != mark.passed_over
    }

    /// Something was wrong in the value at a mark: passes over it where that may be, and tells the way to it.
    #[cold]
    fn settle(
        &mut self,
        result: Result<(), Failure>,
        mark: Mark,
        step: &Step,
        absence: Absence,
    ) -> Result<(), Failure> {
        let is_tolerated = self.state.is_in_element && self.state.mode == Mode::Tolerant;
        let result = match result {
            Err(failure) if is_tolerated && absence != Absence::Impossible && failure.is_about_one_value() => {
                self.rewind(mark.place);
                self.state.levels = mark.levels;
                self.state.is_in_element = true;
                self.state.passed_over.truncate(mark.passed_over);
                self.state.passed_over.add(failure, absence == Absence::LeftOut);
                self.skip()
            }
            result => result,
        };
        self.state.passed_over.below(mark.passed_over, step);
        result.map_err(|failure| failure.below(step.clone()))
    }
}

/// Where a value begins, to go back there.
#[derive(Debug, Clone, Copy)]
struct Mark {
    place: usize,
    levels: u8,
    /// How much had been passed over before.
    passed_over: usize,
}

/// What becomes of a value that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Absence {
    /// Its field is empty.
    Empty,
    /// The list or map goes without it.
    LeftOut,
    /// What it belongs to is nothing without it.
    Impossible,
}

/// The fields of an object that must come and have not.
struct Missing {
    names: &'static [&'static str],
    /// A bit for each name that has not come.
    bits: u64,
}

impl Missing {
    fn of(object: &dyn Object) -> Self {
        let names = object.always();
        Self { names, bits: !u64::MAX.checked_shl(names.len().try_into().unwrap_or(u32::MAX)).unwrap_or(0) }
    }

    fn has_come(&mut self, name: &str) {
        if self.bits != 0
            && let Some(index) = self.names.iter().take(64).position(|other| *other == name)
        {
            self.bits &= !(1 << index);
        }
    }

    fn first(&self) -> Option<&'static str> {
        self.names.get(self.bits.trailing_zeros() as usize).copied()
    }
}
