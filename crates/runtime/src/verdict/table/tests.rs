//! All of the table.

use super::*;

const EXTENTS: [Extent; 3] = [Extent::Whole, Extent::Cut, Extent::TooLarge];

const CLASSES: [ErrorClass; 16] = [
    ErrorClass::Parameter,
    ErrorClass::Token,
    ErrorClass::Credentials,
    ErrorClass::Scope,
    ErrorClass::Permission,
    ErrorClass::Missing,
    ErrorClass::Conflict,
    ErrorClass::Capacity,
    ErrorClass::Throttled,
    ErrorClass::Exhausted,
    ErrorClass::Concurrency,
    ErrorClass::Unsupported,
    ErrorClass::Content,
    ErrorClass::Server,
    ErrorClass::Timeout,
    ErrorClass::Unknown,
];

fn everything_said() -> impl Iterator<Item = Said> {
    [Said::Nothing, Said::Good, Said::Ban, Said::Page].into_iter().chain(CLASSES.map(Said::Code))
}

/// Each cell with its ruling.
fn cells() -> impl Iterator<Item = (u16, Extent, Said, Ruling)> {
    (100..=999).flat_map(|status| {
        EXTENTS.into_iter().flat_map(move |extent| {
            everything_said().map(move |said| (status, extent, said, answered(status, extent, said)))
        })
    })
}

/// One look: a row for each kind of status, with what is said in its columns, whole, then cut, then too large.
#[test]
fn the_table() {
    const TABLE: &str = "
        said        nothing       success       paramError    throttled     systemError   ban           page
100     whole       unknown       unknown       unknown       unknown       unknown       unknown       unknown
100     cut         unknown       unknown       unknown       unknown       unknown       unknown       unknown
100     too large   unknown       unknown       unknown       unknown       unknown       unknown       unknown
200     whole       unknown       applied       refused       refused+      unknown+      banned+       banned+
200     cut         unknown+      applied+      unknown+      unknown+      unknown+      unknown+      unknown+
200     too large   unknown       applied       unknown       unknown       unknown       unknown       unknown
303     whole       refused       refused       refused       refused       refused       refused       refused
303     cut         refused       refused       refused       refused       refused       refused       refused
303     too large   refused       refused       refused       refused       refused       refused       refused
403     whole       refused       refused       refused       refused+      unknown+      banned+       banned+
403     cut         unknown+      unknown+      refused       refused+      unknown+      banned+       banned+
403     too large   unknown       unknown       refused       refused+      unknown+      banned+       banned+
404     whole       refused       refused       refused       refused+      unknown+      banned+       refused
404     cut         unknown+      unknown+      refused       refused+      unknown+      banned+       refused
404     too large   unknown       unknown       refused       refused+      unknown+      banned+       refused
408     whole       unknown+      unknown+      refused       refused+      unknown+      banned+       unknown+
408     cut         unknown+      unknown+      unknown+      unknown+      unknown+      unknown+      unknown+
408     too large   unknown       unknown       unknown       unknown       unknown       unknown       unknown
429     whole       refused+      refused+      refused       refused+      unknown+      banned+       banned+
429     cut         unknown+      unknown+      refused       refused+      unknown+      banned+       banned+
429     too large   unknown       unknown       refused       refused+      unknown+      banned+       banned+
500     whole       unknown+      unknown+      refused       refused+      unknown+      banned+       unknown+
500     cut         unknown+      unknown+      unknown+      unknown+      unknown+      unknown+      unknown+
500     too large   unknown       unknown       unknown       unknown       unknown       unknown       unknown
600     whole       unknown       unknown       unknown       unknown       unknown       unknown       unknown
600     cut         unknown       unknown       unknown       unknown       unknown       unknown       unknown
600     too large   unknown       unknown       unknown       unknown       unknown       unknown       unknown
";
    let columns = [
        Said::Nothing,
        Said::Good,
        Said::Code(ErrorClass::Parameter),
        Said::Code(ErrorClass::Throttled),
        Said::Code(ErrorClass::Server),
        Said::Ban,
        Said::Page,
    ];
    let mut shown = String::new();
    for status in [100, 200, 303, 403, 404, 408, 429, 500, 600] {
        for (extent, name) in EXTENTS.into_iter().zip(["whole", "cut", "too large"]) {
            let row = columns.map(|said| format!("{:<14}", word(answered(status, extent, said))));
            shown.push_str(format!("{status:<8}{name:<12}{}", row.concat()).trim_end());
            shown.push('\n');
        }
    }
    let expected = TABLE.trim_start_matches('\n').split_once('\n').map(|(_, rows)| rows);
    assert_eq!(Some(shown.as_str()), expected, "{shown}");
}

/// A ruling in a word; with a plus where a later try may go better.
fn word(ruling: Ruling) -> String {
    let phase = match (ruling.kind, ruling.phase) {
        (Some(ErrorKind::Banned), Phase::Refused) => "banned",
        (_, Phase::NotSent) => "not sent",
        (_, Phase::Refused) => "refused",
        (_, Phase::Unknown) => "unknown",
        (_, Phase::Applied) => "applied",
    };
    format!("{phase}{}", if ruling.is_transient { "+" } else { "" })
}

#[test]
fn without_an_answer_what_was_sent_decides() {
    let cases = [
        (Sent::Never, "not sent"),
        (Sent::Nothing, "not sent+"),
        (Sent::Part, "not sent"),
        (Sent::Perhaps, "unknown+"),
    ];
    for (sent, expected) in cases {
        assert_eq!(word(unanswered(sent)), expected, "{sent:?}");
    }
}

#[test]
fn every_cell_keeps_the_rules() {
    let mut count = 0;
    for (status, extent, said, ruling) in cells() {
        let context = format!("{status} {extent:?} {said:?}: {ruling:?}");
        let (is_whole, is_trouble) = (extent == Extent::Whole, status == 408 || (500..600).contains(&status));
        let is_unclear = matches!(said, Said::Code(ErrorClass::Server | ErrorClass::Timeout));
        let has_code = matches!(said, Said::Code(_));
        count += 1;

        // An answer shows that it was sent.
        assert_ne!(ruling.phase, Phase::NotSent, "{context}");
        // Nothing but a success says that it was applied.
        let is_success = (200..300).contains(&status) && said == Said::Good;
        assert_eq!(ruling.phase == Phase::Applied, is_success, "{context}");
        if (300..400).contains(&status) {
            assert_eq!((ruling.phase, ruling.is_transient), (Phase::Refused, false), "{context}");
            continue;
        }
        // A time-out and a problem of the server leave everything open.
        if is_unclear {
            assert_eq!(ruling.phase, Phase::Unknown, "{context}");
        }
        // So does a status of them, unless a whole answer names another cause.
        if is_trouble && !(is_whole && (has_code || said == Said::Ban)) {
            assert_eq!(ruling.phase, Phase::Unknown, "{context}");
        }
        // A cut answer is a refusal only where the whole one would be one without a code.
        if !is_whole && ruling.phase == Phase::Refused {
            let without_code = answered(status, Extent::Whole, Said::Nothing);
            assert_eq!(without_code.phase, Phase::Refused, "{context}");
            // And only where what was read says so: the rest might have said otherwise.
            assert!(has_code || matches!(said, Said::Ban | Said::Page), "{context}");
        }
        // What may be sent again whatever it does was refused by words that mean it.
        if ruling.phase == Phase::Refused && ruling.is_transient {
            let is_limit = matches!(said, Said::Code(ErrorClass::Throttled | ErrorClass::Concurrency));
            let is_429 = status == 429 && is_whole && !has_code;
            assert!(is_limit || is_429 || ruling.kind == Some(ErrorKind::Banned), "{context}");
        }
        // A success that is whole, and what no server answers, will not be otherwise the next time.
        if !(200..600).contains(&status) || (is_success && is_whole) {
            assert!(!ruling.is_transient, "{context}");
        }
        // The cause of the cut names the failure where nothing else does.
        assert!(ruling.kind.is_some() || !is_whole, "{context}");
    }
    assert_eq!(count, 900 * 3 * 20);
}
