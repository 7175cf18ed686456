//! The codes of the findings. A code never changes its meaning, and the number of a retired one is not used again.

use std::fmt;

/// Declares the codes: number, name and title. The page that explains a code is named after its number.
macro_rules! codes {
    ($($number:literal $name:ident $title:literal)*) => {
        /// What kind of mistake a finding is about. [`explain`] has a page on each.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", $number, "`: ", $title, ".")] $name,)*
        }

        impl Code {
            /// All codes, by number.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The code as it is shown, for example `DS012`.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $number,)* }
            }

            /// What is wrong, in a few words.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// The page that explains it, in Markdown.
            pub fn page(self) -> &'static str {
                match self { $(Self::$name => include_str!(concat!("explain/", $number, ".md")),)* }
            }
        }
    };
}

codes! {
    // Files
    "DS001" NotUtf8 "the file is not UTF-8"
    "DS002" SpecialFile "a link stands where a file belongs"
    "DS003" FileOrFolder "a file and a folder are mixed up"
    "DS004" UnexpectedFile "an unexpected file"
    "DS005" MissingFile "a file is missing"
    "DS006" Unreadable "a file cannot be read"
    "DS007" SchemaLine "the first line does not name the schema"
    // YAML
    "DS010" NotYaml "not YAML"
    "DS011" EmptyFile "the file is empty"
    "DS012" DuplicateKey "a key stands twice"
    "DS013" YamlFeature "a feature of YAML that the format does not use"
    "DS014" TooDeep "nested too deeply"
    // Shape of the data
    "DS020" UnknownKey "unknown key"
    "DS021" MissingKey "missing key"
    "DS022" WrongKind "wrong kind of value"
    "DS023" UnknownChoice "not one of the possible values"
    // Names
    "DS030" FileName "file and operation have different names"
    "DS031" FolderName "folder and family have different names"
    "DS032" DuplicateOperation "an operation is defined twice"
    "DS033" DuplicateType "a type is defined twice"
    "DS034" DuplicateEnumValue "a value of an enum stands twice"
    "DS035" DuplicateErrorCode "an error code stands twice"
    "DS036" NameCollision "two names become the same name in Rust"
    "DS037" RustKeyword "a keyword of Rust"
    "DS038" ReservedName "a name that is taken"
    "DS039" TypeNameStyle "a type or operation is not in UpperCamelCase"
    "DS040" NotAnIdentifier "not a name in Rust"
    "DS041" DuplicateEventNumber "two events have the same number"
    "DS042" ErrorCodeText "not a text that an error code can be"
    // References
    "DS050" UnknownType "unknown type"
    "DS051" UnknownErrorCode "unknown error code"
    "DS052" UnknownGroup "unknown group"
    "DS053" UnusedType "a type is never used"
    "DS054" RecursiveType "a type contains itself"
    // HTTP
    "DS060" HttpMethod "no method of the API"
    "DS061" HttpPath "the path is not well-formed"
    "DS062" PlaceholderWithoutField "a placeholder without a field"
    "DS063" FieldWithoutPlaceholder "a path field without a placeholder"
    "DS064" UnexpectedBody "a body where there can be none"
    "DS065" HttpStatus "no HTTP status of an error"
    "DS066" SuspiciousEffect "a GET request that writes"
    "DS067" ParameterType "a parameter that a path or query cannot carry"
    "DS068" QueryListStyle "the style of a list in the query"
    "DS069" DuplicateParameter "two parameters with one name"
    // Fields that the page, task, batch and operator name
    "DS070" UnknownField "a field or operation that does not exist"
    "DS071" WrongFieldType "a field of the wrong type"
    "DS072" BatchMaximum "two maximums for one batch"
    // Values
    "DS080" RequiredWithDefault "a required field with a default"
    "DS081" DefaultMismatch "a default that does not fit"
    "DS082" ExampleMismatch "an example that does not fit"
    "DS083" NoSize "a limit of something without a size"
    "DS084" ImpossibleRange "limits that nothing can keep"
    // Structure of fields and types
    "DS090" MissingEvidence "`always` without evidence"
    "DS091" MisplacedAttribute "an attribute at the wrong place"
    "DS092" WrongFlatten "`flatten` at the wrong place"
    "DS093" UnnamedObject "an object without a name"
    "DS094" WrongOrList "`orList` at the wrong place"
    "DS095" WrongIndirect "`indirect` at the wrong place"
    "DS096" TypeKind "a type that is nothing, or several things"
    "DS097" ObjectMismatch "`object`, `fields` and `as` do not go together"
    "DS098" WrongSigned "`signed` at the wrong place"
    "DS099" WrongConversion "ids of which one cannot be the other"
    // Documentation and behaviour
    "DS100" MissingDoc "no documentation"
    "DS101" FullStop "no full stop"
    "DS102" MissingDocs "no documentation page"
    "DS103" MissingEffect "no effect"
    "DS104" MissingScope "no scope"
    // Facts that do not agree
    "DS105" DuplicateRoute "two operations with one method and path"
    "DS106" DocsSlug "no slug of a page"
    "DS107" UnknownScope "unknown scope"
    "DS108" DuplicateChoice "a value stands twice in a list"
    "DS109" EmptyValue "a text, list or map that is empty"
    "DS110" UnusedName "a group, error code or scope that no operation names"
    "DS111" UnwrittenText "a text that is still to be written"
    // What Rust and its documentation have to take
    "DS120" InvisibleCharacter "a character that nobody sees"
    "DS121" WireName "a name that cannot be sent as it is"
    "DS122" EndlessRequirement "a requirement without end"
    "DS123" MarkupInText "markup in a text"
    "DS124" WrongNullable "`nullable` at the wrong place"
    "DS125" TooNested "nested more deeply than Rust takes"
    "DS126" EmptyType "a type or family that holds nothing"
    // Forms
    "DS130" EmptyForm "a form without a part"
    "DS131" FileOutsideForm "a file outside of a form"
    "DS132" FormPart "a part that a form cannot carry"
    "DS133" FileRule "a rule for files that cannot hold"
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The page on a code: cause, example and mend, in Markdown. Upper and lower case are the same.
///
/// ```
/// let page = dingtalk_storage_spec::codes::explain("ds012").unwrap();
/// assert!(page.starts_with("# DS012: "));
/// ```
pub fn explain(code: &str) -> Option<&'static str> {
    Code::ALL.iter().find(|known| known.as_str().eq_ignore_ascii_case(code)).map(|known| known.page())
}
