//! Features of the generated crate.

/// Those that are no family, with what each is for. They are off by default.
pub const FEATURES: [(&str, &str); 9] = [
    ("legacy", "operations whose documentation is retired."),
    ("undocumented", "operations that only the official SDK has."),
    ("by-name", "operations called by name, with parameters and answers as JSON."),
    ("blocking", "calls, lists and waits for programs without an async runtime."),
    ("chrono", "times to and from the types of this library."),
    ("jiff", "times to and from the types of this library."),
    ("time", "times to and from the types of this library."),
    ("callback", "pushes over HTTP: signatures, encryption and answers."),
    ("stream", "a connection over which events are pushed."),
];
