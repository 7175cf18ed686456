//! Operations by a table: what each is, what it takes and where that goes.

/// An operation: its facts, the method that makes its request, the request with its setters, and what a call by its name
/// takes.
///
/// Arguments and settings have the place and the wire name (after that of the object that it is part of), the name and
/// the type of the argument or setter, and before them what they mean. A place is a method of
/// [`Request`](crate::Request).
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_operation {
    (
        #[doc = $summary:literal]
        $(#[doc = $doc:literal])*
        pub fn $method:ident($(
            #[doc = $argument_doc:literal]
            $(#[doc = $argument_more:literal])*
            $argument_place:ident $($argument_wire:literal)+ => $argument:ident: $argument_type:ty $(as $argument_form:ident)?,
        )*) -> $request:ident {$(
            $(#[doc = $setter_doc:literal])+
            $place:ident $($wire:literal)+ => $setter:ident: $type:ty $(as $form:ident)?,
        )*} -> $answer:ty;
        name: $name:literal,
        $(summary: $plain_summary:literal,)?
        method: $verb:ident,
        path: $path:literal,
        $(elements: $elements:ident,)?
        errors: [$($errors:literal)?],
        $($fact:ident: $value:expr,)*
    ) => {
        #[doc = ::core::concat!("Static facts of `", $name, "`.")]
        pub const OPERATION: $crate::Operation = $crate::Operation {
            name: $name,
            summary: $crate::__dt_first!([$($plain_summary)?] [$crate::__private::without_margin($summary)]),
            method: $crate::Method::$verb,
            path: $path,
            $(errors: $errors,)?
            $($fact: $value,)*
            ..super::FAMILY
        };

        impl Calls {
            #[doc = $summary]
            $(#[doc = $doc])*
            $(
                #[doc = ::core::concat!(" - `", ::core::stringify!($argument), "`:", $argument_doc)]
                $(#[doc = ::core::concat!("  ", $argument_more)])*
            )*
            $(
                #[doc = ::core::concat!("\n\n # Errors\n\n By HTTP status: `", $errors, "`.")]
            )?
            #[allow(clippy::too_many_arguments, reason = "the API decides what a call needs")]
            pub fn $method(&self, $($argument: $argument_type),*) -> $request {
                $request(
                    self.client.request(&OPERATION)
                        $(.$argument_place($($argument_wire,)+ &$crate::__dt_written!($argument $($argument_form)?)))*
                        $(.elements($elements))?
                )
            }
        }

        #[doc = ::core::concat!("Request of [`Calls::", ::core::stringify!($method), "`].")]
        #[derive(Debug, Clone)]
        #[must_use = "a request does nothing until it is sent"]
        pub struct $request($crate::Request);

        impl $request {
            $(
                $(#[doc = $setter_doc])+
                pub fn $setter(self, value: $type) -> Self {
                    Self(self.0.$place($($wire,)+ &$crate::__dt_written!(value $($form)?)))
                }
            )*

            /// Applies a setter where there is a value: `request.maybe(name, Self::name)`.
            pub fn maybe<T>(self, value: ::core::option::Option<T>, setter: impl ::core::ops::FnOnce(Self, T) -> Self) -> Self {
                match value {
                    ::core::option::Option::Some(value) => setter(self, value),
                    ::core::option::Option::None => self,
                }
            }

            /// Sends the request when it is awaited.
            pub fn send(self) -> $crate::Call<$answer> {
                self.0.send()
            }
        }

        $crate::__dt_named!($method: $request -> $answer {
            $(required $argument_place $($argument_wire)+ => $argument: $argument_type, $argument_doc $($argument_more)*;)*
            $(optional $place $($wire)+ => $setter: $type, $($setter_doc)+;)*
        });
    };
}

/// An argument in the form that the wire has.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_written {
    ($value:ident) => {
        $value
    };
    ($value:ident $form:ident) => {
        $crate::encode::InForm($value, $crate::encode::$form)
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __dt_first {
    (type [$first:ty] [$other:ty]) => {
        $first
    };
    (type [] [$other:ty]) => {
        $other
    };
    ([$first:expr] [$other:expr]) => {
        $first
    };
    ([] [$other:expr]) => {
        $other
    };
}

/// Pages of an answer: how one is asked for, and where its elements, the token of the next one, and the word that there
/// is one, are.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_paged {
    ($request:ident -> $answer:ty {
        token: $place:ident $($wire:literal)+ => $token:ty,
        next: $next:ident,
        $(more: $more:ident,)?
        items: $items:ident: $item:ty,
    }) => {
        impl $request {
            /// All pages, one answer each.
            pub fn pages(self) -> $crate::Pages<Self> {
                $crate::Pages::new(self)
            }

            /// The elements of all pages.
            pub fn items(self) -> $crate::Items<Self> {
                $crate::Items::new(self)
            }
        }

        impl $crate::Paged for $request {
            type Answer = $answer;
            type Item = $item;
            type Token = $token;

            fn page(&self, token: ::core::option::Option<&$token>) -> $crate::Call<$answer> {
                let request = self.0.clone();
                match token {
                    ::core::option::Option::Some(token) => request.$place($($wire,)+ token).send(),
                    ::core::option::Option::None => request.send(),
                }
            }

            fn split(answer: $answer) -> (::std::vec::Vec<$item>, ::core::option::Option<$token>) {
                // A token that is always there is no `Option`.
                (answer.$items, ::core::convert::Into::into(answer.$next))
            }
            $(
                fn promises_more(answer: &$answer) -> bool {
                    // What is always there is no `Option`.
                    ::core::option::Option::<bool>::from(answer.$more) == ::core::option::Option::Some(true)
                }
            )?
        }
    };
}

/// A list of any length in parts: how one is sent, and where its results are and to which element each belongs.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_batched {
    ($request:ident -> $answer:ty {
        elements: $place:ident $($wire:literal)+ => $element:ty,
        max: $max:literal,
        $(outcomes: $outcomes:ident: $outcome:ty,)?
        $(key: $key:ident,)?
        $(success: $success_presence:ident $success:ident,)?
        $(code: $code_presence:ident $code:ident,)?
        $(task: $task_presence:ident $task:ident,)?
    }) => {
        impl $request {
            /// Any number of elements, in calls of the documented maximum.
            pub fn batches(self) -> $crate::Batches<Self> {
                let elements = self.0.all_elements();
                $crate::Batches::new(self, elements)
            }
        }

        impl $crate::Batched for $request {
            type Element = $element;
            type Answer = $answer;
            type Outcome = $crate::__dt_first!(type [$($outcome)?] [$answer]);

            const MAX: usize = $max;

            fn part(&self, elements: &[$element]) -> $crate::Call<$answer> {
                self.0.clone().$place($($wire,)+ elements).send()
            }

            fn outcomes(answer: $answer, elements: usize) -> ::std::vec::Vec<Self::Outcome> {
                let _ = elements;
                // Where the answer is one for all elements, it is that of each.
                $crate::__dt_first!([$(answer.$outcomes)?] [::std::vec![answer; elements]])
            }

            $(
                fn is_about(outcome: &Self::Outcome, element: &$element) -> ::core::option::Option<bool> {
                    // A key that is always there is no `Option`.
                    let key: ::core::option::Option<&$element> = ::core::convert::Into::into(&outcome.$key);
                    key.map(|key| key == element)
                }
            )?

            fn said(outcome: &Self::Outcome) -> $crate::Said {
                let _ = outcome;
                let said = $crate::Said::default();
                $(
                    let success = $crate::__dt_present!($success_presence outcome.$success).copied();
                    let said = $crate::Said { success, ..said };
                )?
                $(
                    let code = $crate::__dt_present!($code_presence outcome.$code).cloned();
                    let said = $crate::Said { code, ..said };
                )?
                $(
                    let task = $crate::__dt_present!($task_presence outcome.$task);
                    let said = $crate::Said { task: task.map(::std::string::ToString::to_string), ..said };
                )?
                said
            }

            $crate::__dt_batched_tasks!([$($task)?] $request);
        }
    };
}

/// How the tasks of a bulk call are asked for, where there are any.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_batched_tasks {
    ([] $request:ident) => {
        type Task = Self::Answer;
        const TASKS: ::core::option::Option<$crate::TaskCalls<Self>> = ::core::option::Option::None;
    };
    ([$task:ident] $request:ident) => {
        type Task = <$request as $crate::Lasting>::Task;
        const TASKS: ::core::option::Option<$crate::TaskCalls<Self>> =
            ::core::option::Option::Some($crate::TaskCalls {
                ask: <$request as $crate::Lasting>::task,
                state: <$request as $crate::Lasting>::state,
            });
    };
}

/// Tasks that an answer announces: where their ids are, and how a task is asked for.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_lasting {
    ($request:ident -> $answer:ty {
        ids: $id_presence:ident $id:ident $(in $list:ident)?,
        task: $reader:ident $wire:literal => $task:ident,
        $(operator: $operator:literal,)?
        status: $status_presence:ident $status:ident $(in $task_presence:ident $field:ident)?,
        ends: [$($succeeded:literal),*] [$($failed:literal),*],
    }) => {
        impl $request {
            /// Sends the request and waits until the work is done, also where it goes on as a task.
            pub fn wait(self) -> $crate::Wait<Self> {
                $crate::Wait::new(self)
            }
        }

        impl $crate::Lasting for $request {
            type Answer = $answer;
            type Task = super::$reader::$task;

            fn start(&self) -> $crate::Call<$answer> {
                self.0.clone().send()
            }

            fn task_ids(answer: &$answer) -> ::std::vec::Vec<::std::string::String> {
                $crate::__dt_task_ids!(answer, $id_presence $id $(in $list)?)
            }

            fn task(&self, id: &str) -> $crate::Call<Self::Task> {
                let request = self.0.follow_up(&super::$reader::OPERATION).path($wire, id);
                request$(.query_from(&self.0, $operator))?.send()
            }

            fn state(task: &Self::Task) -> $crate::TaskState {
                let task = ::core::option::Option::Some(task);
                $(let task = task.and_then(|task| $crate::__dt_present!($task_presence task.$field));)?
                let status = task.and_then(|task| $crate::__dt_present!($status_presence task.$status));
                $crate::TaskState::of(status, &[$($succeeded),*], &[$($failed),*])
            }
        }
    };
}

/// The request that tells how a task stands: where its id is, and what the answer says about it.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_task_reader {
    ($request:ident -> $answer:ty {
        id: $wire:literal,
        status: $status_presence:ident $status:ident $(in $task_presence:ident $field:ident)?,
        ends: [$($succeeded:literal),*] [$($failed:literal),*],
    }) => {
        impl $request {
            /// Asks again and again until the task has ended.
            pub fn wait(self) -> $crate::WaitTask<Self> {
                $crate::WaitTask::new(self)
            }
        }

        impl $crate::TaskReader for $request {
            type Task = $answer;

            fn ask(&self) -> $crate::Call<$answer> {
                self.0.clone().send()
            }

            fn id(&self) -> ::std::string::String {
                ::std::string::String::from(self.0.path_text($wire))
            }

            fn state(task: &$answer) -> $crate::TaskState {
                let task = ::core::option::Option::Some(task);
                $(let task = task.and_then(|task| $crate::__dt_present!($task_presence task.$field));)?
                let status = task.and_then(|task| $crate::__dt_present!($status_presence task.$status));
                $crate::TaskState::of(status, &[$($succeeded),*], &[$($failed),*])
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __dt_task_ids {
    ($answer:ident, $presence:ident $id:ident) => {
        $crate::__dt_present!($presence $answer.$id).into_iter().map(::std::string::ToString::to_string).collect()
    };
    ($answer:ident, $presence:ident $id:ident in $list:ident) => {
        $answer
            .$list
            .iter()
            .filter_map(|result| $crate::__dt_present!($presence result.$id))
            .map(::std::string::ToString::to_string)
            .collect()
    };
}

/// A field that may be an `Option`, as one.
#[doc(hidden)]
#[macro_export]
macro_rules! __dt_present {
    (always $field:expr) => {
        ::core::option::Option::Some(&$field)
    };
    (optional $field:expr) => {
        $field.as_ref()
    };
}
