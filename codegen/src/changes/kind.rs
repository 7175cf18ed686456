//! The kinds of differences, and what each means for users: the table of verdicts.

use std::fmt;

use crate::names::word;

/// What a change means for users of the generated crate, in the sense of semantic versioning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Only documentation differs, or the order in which it tells things.
    Patch,
    /// Something is new, or a call behaves differently; code goes on compiling.
    Minor,
    /// Code may stop compiling, or go on compiling and mean something else.
    Major,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&word(self))
    }
}

/// Makes [`Kind`] from the table: each kind, its verdict, and what follows where that is not obvious.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident: $verdict:ident $(, $note:literal)?;)*) => {
        /// A kind of difference that users can notice.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            /// What it means for users.
            pub fn verdict(self) -> Verdict {
                match self {
                    $(Self::$kind => Verdict::$verdict,)*
                }
            }

            /// What follows from it, where that is not obvious.
            pub fn note(self) -> Option<&'static str> {
                let note = match self {
                    $(Self::$kind => concat!($($note)?),)*
                };
                (!note.is_empty()).then_some(note)
            }
        }
    };
}

kinds! {
    // Things that code names.
    /// There is a new thing: all enums and structs of the crate may grow.
    Added: Minor;
    /// A thing is gone.
    Removed: Major;
    /// A method, field or variant has another name.
    RustName: Major;
    /// A type has another form: an object, an enum or an id.
    Form: Major;
    /// A value, field, parameter or result has another type.
    Type: Major;
    /// An inline object became a shared one, or the other way round: its path is another one.
    TypePath: Major, "its path in the crate is another one";
    /// Values of an enum are ranked in another order.
    Rank: Major, "comparisons have other results";
    /// A type is or is no longer a secret.
    Secret: Major, "a secret has no `Display`, `AsRef`, `Hash` or `Ord`, other ids have no `expose`";

    // Arguments and setters.
    /// There is a new argument.
    NewArgument: Major, "there is one argument more";
    /// A setter became an argument.
    Required: Major, "a setter became an argument";
    /// An argument became a setter.
    Optional: Major, "an argument became a setter";
    /// Arguments come in another order; where their types are the same, code compiles and mixes them up.
    ArgumentOrder: Major, "so do the arguments";
    /// An argument has another name, which no caller writes.
    ArgumentName: Patch, "callers do not see the name of an argument";

    // Features and conveniences.
    /// An operation waits for another feature than before.
    Gated: Major, "it waits for the feature of that name";
    /// An operation is there without a feature.
    Ungated: Minor, "it is there without a feature";
    /// Requests can hold an object, or answers.
    Direction: Minor, "it can be made for requests, or read from answers, as well";
    /// Requests can no longer hold an object, or answers.
    DirectionLost: Major, "it can no longer be made for requests, or read from answers";
    /// A convenience stands on another parameter or field of the same type.
    Role: Minor, "code stays as it is";

    // What is sent and how answers are read.
    /// A thing has another name or value on the wire.
    Wire: Minor, "code stays as it is";
    /// A parameter is sent elsewhere or in another form.
    Place: Minor, "code stays as it is";
    /// The call goes elsewhere: method, path, host, token, form of the answer.
    Call: Minor;
    /// Whether a call is sent again when an answer is lost.
    Effect: Minor, "it decides whether the call is sent again when an answer is lost";
    /// The class of an error code.
    Class: Minor, "clients may send the call again, or no longer";
    /// An answer without a list or map is an error now, or no longer.
    Always: Minor, "an answer without it is an error, or no longer";
    /// The most elements in one call of a batch.
    BatchSize: Minor;
    /// The largest file that a form takes, which the client refuses to exceed.
    FileSize: Minor, "larger files are refused before anything is sent";
    /// Which apps may call it, and with which permission.
    Access: Minor;

    // Documentation.
    /// A limit or default, which the client documents and does not enforce.
    Limit: Patch;
    /// Chapter, page or error codes: what is known of an operation and decides nothing.
    Fact: Patch;
    /// Things are listed in another order.
    Order: Patch;
    /// A type stands in another file and keeps its path.
    File: Patch;
    /// Words.
    Documentation: Patch;
}
