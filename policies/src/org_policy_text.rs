//! Splits a text into policies and limits their number, length and nesting, before Cedar parses it.
//!
//! The scanner here reads comments and strings as Cedar's lexer does; a fuzz target compares the
//! two. Two checks hold even if they differ: [`NESTING_MARKS_MAX`] applies to all characters, also
//! in strings and comments, and the number of policies is compared with the number that Cedar
//! parsed.

use std::iter::Peekable;
use std::str::CharIndices;

use orgs_domain::text::is_deceptive;

/// The largest number of policies of an organization.
const POLICIES_MAX: usize = 20;
/// The largest length of a policy.
const POLICY_BYTES_MAX: usize = 2 * 1024;
/// The largest length of the whole text.
const TEXT_BYTES_MAX: usize = 8 * 1024;
/// The largest number of levels of nesting in a policy. Open brackets count, and every `if`,
/// because an `if` can nest without brackets.
const NESTING_LEVELS_MAX: usize = 16;
/// The largest number of opening brackets and `if`s in the whole text, also in strings and
/// comments. No text can have more levels of nesting, so no text overflows the parser's stack.
const NESTING_MARKS_MAX: usize = 1000;

/// A mistake in the text of an organization's own policies, with its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyDiagnostic {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The mistake, for people: a sentence without a full stop.
    pub detail: String,
}

impl PolicyDiagnostic {
    pub(crate) fn at(text: &str, offset: usize, detail: impl Into<String>) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Self { line: before.matches('\n').count() + 1, column, detail: detail.into() }
    }

    /// Converts an error that Cedar found when it parsed the text.
    pub(crate) fn of(text: &str, error: &dyn miette::Diagnostic) -> Self {
        Self::within(text, 0, error)
    }

    /// Converts an error that Cedar found in the policy that begins at `offset`. Uses this offset
    /// if the error has no position.
    pub(crate) fn within(text: &str, offset: usize, error: &dyn miette::Diagnostic) -> Self {
        let position = error
            .labels()
            .and_then(|mut labels| labels.next())
            .map_or(offset, |label| label.offset());
        let mut detail = error.to_string();
        if let Some(help) = error.help() {
            detail = format!("{detail} ({help})");
        }
        Self::at(text, position, detail)
    }
}

/// Returns the offset in bytes at which each policy begins.
///
/// # Errors
/// A diagnostic for the first limit that the text exceeds, or for a control, bidirectional or
/// zero-width character.
pub(crate) fn split_policies(text: &str) -> Result<Vec<usize>, Vec<PolicyDiagnostic>> {
    let reject =
        |offset: usize, detail: String| Err(vec![PolicyDiagnostic::at(text, offset, detail)]);
    if text.len() > TEXT_BYTES_MAX {
        let limit = TEXT_BYTES_MAX / 1024;
        return reject(0, format!("all policies together must have at most {limit} KiB"));
    }
    let is_forbidden = |c: &char| is_deceptive(*c) && !matches!(c, '\n' | '\r' | '\t');
    if let Some((offset, _)) = text.char_indices().find(|(_, c)| is_forbidden(c)) {
        return reject(
            offset,
            "control, bidirectional and zero-width characters are not allowed".to_owned(),
        );
    }
    let marks = text.matches(['(', '[', '{']).count() + text.matches("if").count();
    if marks > NESTING_MARKS_MAX {
        let detail = format!(
            "all policies together must have at most {NESTING_MARKS_MAX} brackets and `if`s"
        );
        return reject(0, detail);
    }
    let policy_too_long = |begin: usize| {
        let limit = POLICY_BYTES_MAX / 1024;
        reject(begin, format!("a policy must have at most {limit} KiB"))
    };
    let (mut starts, mut start, mut depth, mut ifs) = (Vec::new(), None, 0_usize, 0_usize);
    let mut rest = text.char_indices().peekable();
    while let Some((offset, c)) = rest.next() {
        match c {
            '/' if rest.next_if(|(_, next)| *next == '/').is_some() => {
                while rest.next_if(|(_, next)| !matches!(next, '\n' | '\r')).is_some() {}
                continue;
            }
            c if c.is_whitespace() => continue,
            _ => {}
        }
        let begin = *start.get_or_insert(offset);
        match c {
            '"' => skip_string(&mut rest),
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            c if c.is_alphabetic() || c == '_' => {
                ifs += usize::from(word(text, offset, &mut rest) == "if");
            }
            _ => {}
        }
        if depth + ifs > NESTING_LEVELS_MAX {
            let detail =
                format!("a policy must have at most {NESTING_LEVELS_MAX} levels of nesting");
            return reject(offset, detail);
        }
        if c == ';' && depth == 0 {
            if offset + 1 - begin > POLICY_BYTES_MAX {
                return policy_too_long(begin);
            }
            starts.push(begin);
            (start, ifs) = (None, 0);
        }
    }
    if let Some(begin) = start {
        // The last policy has no end. The parser reports that, but the limit applies here.
        if text.len() - begin > POLICY_BYTES_MAX {
            return policy_too_long(begin);
        }
        starts.push(begin);
    }
    if let Some(begin) = starts.get(POLICIES_MAX) {
        return reject(*begin, format!("there must be at most {POLICIES_MAX} policies"));
    }
    Ok(starts)
}

/// Skips the rest of a string.
fn skip_string(rest: &mut Peekable<CharIndices<'_>>) {
    while let Some((_, c)) = rest.next() {
        match c {
            '\\' => drop(rest.next()),
            '"' => return,
            _ => {}
        }
    }
}

/// Reads the rest of the word that begins at `offset`, and returns the word.
fn word<'t>(text: &'t str, offset: usize, rest: &mut Peekable<CharIndices<'_>>) -> &'t str {
    while rest.next_if(|(_, next)| next.is_alphanumeric() || *next == '_').is_some() {}
    let end = rest.peek().map_or(text.len(), |(end, _)| *end);
    text.get(offset..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(text: &str) -> Result<Vec<usize>, String> {
        split_policies(text).map_err(|diagnostics| {
            let lines: Vec<String> = diagnostics
                .iter()
                .map(|found| format!("{}:{} {}", found.line, found.column, found.detail))
                .collect();
            lines.join("; ")
        })
    }

    #[test]
    fn policies_end_at_a_semicolon_outside_of_strings_comments_and_brackets() {
        assert_eq!(starts(""), Ok(vec![]));
        assert_eq!(starts("// a; b\n"), Ok(vec![]));
        assert_eq!(starts("a;\n b;"), Ok(vec![0, 4]));
        assert_eq!(starts(r#"a ";\"; " // ;"#), Ok(vec![0]));
        assert_eq!(starts("a { ; };b"), Ok(vec![0, 8]));
        assert_eq!(starts("a / b;"), Ok(vec![0]));
        assert_eq!(starts("// a;\rb;"), Ok(vec![6]));
        assert_eq!(starts("// a;\r\nb;"), Ok(vec![7]));
    }

    #[test]
    fn a_text_over_a_limit_is_rejected_at_the_position() {
        let deep = |n: usize| format!("x\n  {}{};", "(".repeat(n), ")".repeat(n));
        assert_eq!(starts(&deep(16)), Ok(vec![0]));
        assert_eq!(
            starts(&deep(17)),
            Err("2:19 a policy must have at most 16 levels of nesting".to_owned())
        );
        assert_eq!(
            starts(&format!("{};", "if ".repeat(17))),
            Err("1:49 a policy must have at most 16 levels of nesting".to_owned())
        );
        assert!(starts(&"if iffy if_ x.if;".repeat(20)).is_ok());
        assert!(starts(&"a;".repeat(20)).is_ok());
        assert_eq!(
            starts(&"a;".repeat(21)),
            Err("1:41 there must be at most 20 policies".to_owned())
        );
        assert!(starts(&format!("{};", "a".repeat(2047))).is_ok());
        assert_eq!(
            starts(&format!("a;{};", "a".repeat(2048))),
            Err("1:3 a policy must have at most 2 KiB".to_owned())
        );
        assert_eq!(
            starts(&format!("a;{}", "a".repeat(2049))),
            Err("1:3 a policy must have at most 2 KiB".to_owned())
        );
        assert_eq!(
            starts(&format!("//{}", "a".repeat(8191))),
            Err("1:1 all policies together must have at most 8 KiB".to_owned())
        );
        assert!(starts(&format!("\"{}\";", "(".repeat(1000))).is_ok());
        assert_eq!(
            starts(&format!("\"{}\";", "(".repeat(1001))),
            Err("1:1 all policies together must have at most 1000 brackets and `if`s".to_owned())
        );
        assert_eq!(
            starts("a;\nb\u{202E};"),
            Err("2:2 control, bidirectional and zero-width characters are not allowed".to_owned())
        );
    }
}
