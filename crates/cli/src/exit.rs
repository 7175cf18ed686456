//! Exit codes, and the stable codes of failures that lead to them.

/// What the program's end says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    Ok = 0,
    SomeFailed = 1,
    Usage = 2,
    NotFound = 3,
    Access = 4,
    Temporary = 5,
    Quota = 6,
    Integrity = 7,
    Local = 8,
    Conflict = 9,
    Unknown = 10,
    Interrupted = 130,
}

impl Exit {
    /// All of them, with what they mean.
    pub const ALL: [(Self, &'static str); 12] = [
        (Self::Ok, "Everything was done."),
        (Self::SomeFailed, "Some of several things failed, or one for a reason that has no code of its own."),
        (Self::Usage, "The command, or a value that was given, cannot be carried out like this."),
        (Self::NotFound, "What was named does not exist."),
        (Self::Access, "Credentials are missing or wrong, or the app or the operator lacks a permission."),
        (Self::Temporary, "Throttled, or the server or the way to it has a problem that will pass: try again later."),
        (Self::Quota, "The calls of the month, those of --max-calls, or the capacity are used up."),
        (Self::Integrity, "Bytes were damaged on the way, and not stored."),
        (Self::Local, "A file of this machine cannot be read or written, or the disk is full."),
        (Self::Conflict, "A name is taken, or something else works on the same thing."),
        (Self::Unknown, "A change was sent and nobody knows whether it was made: look before trying again."),
        (Self::Interrupted, "Interrupted; what was begun can be gone on with."),
    ];

    /// The number.
    pub fn number(self) -> u8 {
        self as u8
    }
}

macro_rules! codes {
    ($($name:ident $text:literal $exit:ident $meaning:literal)*) => {
        /// Why something failed, in a word that does not change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code { $(#[doc = $meaning] $name,)* }

        impl Code {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The exit code that it leads to.
            pub fn exit(self) -> Exit {
                match self { $(Self::$name => Exit::$exit,)* }
            }

            /// What it stands for.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)* }
            }
        }
    };
}

codes! {
    SomeFailed "some-failed" SomeFailed "Some of several things failed; each was told by itself."
    Failed "failed" SomeFailed "It failed for a reason that has no code of its own."
    Differs "differs" SomeFailed "What was compared is not the same."
    Unsupported "unsupported" Usage "The thing does not support what was asked for."
    Usage "usage" Usage "The command cannot be carried out like this; nothing was sent."
    NeedsYes "needs-yes" Usage "It destroys something, nobody can be asked, and --yes was not given."
    Refused "refused" Usage "The server does not take a value."
    Ambiguous "ambiguous" Conflict "A name leads to several things."
    NotFound "not-found" NotFound "What was named does not exist."
    Credentials "credentials" Access "The credentials are missing or wrong."
    Scope "scope" Access "The app lacks a permission, or calls from an address that is not allowed."
    Permission "permission" Access "The operator lacks a right on the thing."
    Throttled "throttled" Temporary "Too many calls in a short time."
    Banned "banned" Temporary "The server turns this address away for some minutes."
    Temporary "temporary" Temporary "The server or the way to it has a problem that will pass."
    CallsExhausted "calls-exhausted" Quota "The organization's calls of the month are used up."
    MaxCalls "max-calls" Quota "The calls of --max-calls are used up."
    Capacity "capacity" Quota "The capacity is used up."
    Limit "limit" Quota "A limit that was set, such as --max-delete, would be passed."
    Damaged "damaged" Integrity "The bytes are not those that were sent, or that are stored."
    Unverified "unverified" Integrity "Nothing says whether the bytes are right, and they would replace a file."
    Local "local-io" Local "A file of this machine cannot be read or written."
    DiskFull "disk-full" Local "The disk is full."
    Exists "exists" Conflict "The name is taken."
    InUse "in-use" Conflict "Something else works on the same thing."
    Changed "changed" Conflict "It changed meanwhile."
    Unknown "outcome-unknown" Unknown "A change was sent and nobody knows whether it was made."
    Interrupted "interrupted" Interrupted "It was interrupted."
    Closed "closed" Ok "Whoever read the output has seen enough."
}

impl Code {
    /// The word for a category of failures of transfers, by its name.
    pub fn of_category(name: &str) -> Self {
        match name {
            "usage" => Self::Usage,
            "not-found" => Self::NotFound,
            "access" => Self::Permission,
            "temporary" => Self::Temporary,
            "limit" => Self::Limit,
            "integrity" => Self::Damaged,
            "local" => Self::Local,
            "conflict" => Self::Changed,
            "outcome-unknown" => Self::Unknown,
            _ => Self::Failed,
        }
    }
}
