//! From values that were read to arguments of typed requests.

use super::Read;
use super::shape::Shape;
use crate::Nullable;

/// The type of an argument, and the type that is read for it: `&str` and `String`, `&[T]` and `Vec<T>`.
#[doc(hidden)]
pub trait Argument<'a> {
    /// What is read.
    type Owned: Read + 'a;

    /// What is passed.
    fn of(owned: &'a Self::Owned) -> Self;
}

/// What an argument takes.
#[doc(hidden)]
#[must_use]
pub fn shape_of<A: Argument<'static>>() -> Shape {
    A::Owned::shape()
}

impl<'a> Argument<'a> for &'a str {
    type Owned = String;

    fn of(owned: &'a String) -> Self {
        owned
    }
}

impl<'a, T: Read + 'a> Argument<'a> for &'a [T] {
    type Owned = Vec<T>;

    fn of(owned: &'a Vec<T>) -> Self {
        owned
    }
}

impl<'a, T: Read + 'a> Argument<'a> for &'a T {
    type Owned = T;

    fn of(owned: &'a T) -> Self {
        owned
    }
}

/// What may be `null`.
impl<'a, A: Argument<'a>> Argument<'a> for Option<A> {
    type Owned = Nullable<A::Owned>;

    fn of(owned: &'a Self::Owned) -> Self {
        owned.value().map(A::of)
    }
}

impl Argument<'_> for i64 {
    type Owned = Self;

    fn of(owned: &Self) -> Self {
        *owned
    }
}

impl Argument<'_> for u64 {
    type Owned = Self;

    fn of(owned: &Self) -> Self {
        *owned
    }
}

impl Argument<'_> for i32 {
    type Owned = Self;

    fn of(owned: &Self) -> Self {
        *owned
    }
}

impl Argument<'_> for bool {
    type Owned = Self;

    fn of(owned: &Self) -> Self {
        *owned
    }
}
