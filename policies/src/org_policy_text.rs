//! Limits on the text of policies, checked before Cedar parses it: where each policy begins, how
//! long it is and how deep it is nested.
//!
//! The scanner here reads comments and strings as Cedar's lexer does; a fuzz target compares the
//! two. Two limits hold even if they differ: [`NESTING_MARKS_MAX`], which looks at no syntax, and
//! the number of policies, which is compared with the number that Cedar parsed.

use std::iter::Peekable;
use std::str::CharIndices;

use orgs_domain::text::is_deceptive;

/// How many policies an organization may have.
const MOST: usize = 20;
/// How many bytes one may have.
const EACH: usize = 2 * 1024;
/// How many bytes all may have.
const ALL: usize = 8 * 1024;
/// How deep one may be nested: brackets, and each `if`, which needs none.
const DEEP: usize = 16;
/// The most brackets and `if`s in the whole text, wherever they are. No text can be nested deeper,
/// so no text overflows the parser's stack.
const NESTING_MARKS_MAX: usize = 1000;

/// What is wrong with a text of policies, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyDiagnostic {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub detail: String,
}

impl PolicyDiagnostic {
    pub(crate) fn at(text: &str, offset: usize, detail: impl Into<String>) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Self { line: before.matches('\n').count() + 1, column, detail: detail.into() }
    }

    /// An error of Cedar's, where it says that it is.
    pub(crate) fn of(text: &str, error: &dyn miette::Diagnostic) -> Self {
        Self::within(text, 0, error)
    }

    /// An error of Cedar's in the policy that begins at `offset`.
    pub(crate) fn within(text: &str, offset: usize, error: &dyn miette::Diagnostic) -> Self {
        let place = error
            .labels()
            .and_then(|mut labels| labels.next())
            .map_or(offset, |label| label.offset());
        let mut detail = error.to_string();
        if let Some(help) = error.help() {
            detail = format!("{detail} ({help})");
        }
        Self::at(text, place, detail)
    }
}

/// Where each policy begins.
///
/// # Errors
/// The first flaw of a kind that would make parsing it unsafe or a waste.
pub(crate) fn split_policies(text: &str) -> Result<Vec<usize>, Vec<PolicyDiagnostic>> {
    let flaw =
        |offset: usize, detail: String| Err(vec![PolicyDiagnostic::at(text, offset, detail)]);
    if text.len() > ALL {
        return flaw(0, format!("all policies together have at most {} KiB", ALL / 1024));
    }
    let is_odd = |c: &char| is_deceptive(*c) && !matches!(c, '\n' | '\r' | '\t');
    if let Some((offset, _)) = text.char_indices().find(|(_, c)| is_odd(c)) {
        return flaw(
            offset,
            "a control, bidirectional or zero-width character is not allowed".to_owned(),
        );
    }
    let marks = text.matches(['(', '[', '{']).count() + text.matches("if").count();
    if marks > NESTING_MARKS_MAX {
        return flaw(
            0,
            format!("all policies together have at most {NESTING_MARKS_MAX} brackets and `if`s"),
        );
    }
    let (mut split_policies, mut start, mut depth, mut ifs) = (Vec::new(), None, 0_usize, 0_usize);
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
        let begins = *start.get_or_insert(offset);
        match c {
            '"' => string(&mut rest),
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            c if c.is_alphabetic() || c == '_' => {
                ifs += usize::from(word(text, offset, &mut rest) == "if")
            }
            _ => {}
        }
        if depth + ifs > DEEP {
            return flaw(offset, format!("a policy is nested at most {DEEP} deep"));
        }
        if c == ';' && depth == 0 {
            if offset + 1 - begins > EACH {
                return flaw(begins, format!("a policy has at most {} KiB", EACH / 1024));
            }
            split_policies.push(begins);
            (start, ifs) = (None, 0);
        }
    }
    if let Some(begins) = start {
        // What is not ended is for the parser to say; it is no longer than the others.
        if text.len() - begins > EACH {
            return flaw(begins, format!("a policy has at most {} KiB", EACH / 1024));
        }
        split_policies.push(begins);
    }
    if let Some(begins) = split_policies.get(MOST) {
        return flaw(*begins, format!("there are at most {MOST} policies"));
    }
    Ok(split_policies)
}

/// Passes over the rest of a string.
fn string(rest: &mut Peekable<CharIndices<'_>>) {
    while let Some((_, c)) = rest.next() {
        match c {
            '\\' => drop(rest.next()),
            '"' => return,
            _ => {}
        }
    }
}

/// The word that begins at `offset`.
fn word<'t>(text: &'t str, offset: usize, rest: &mut Peekable<CharIndices<'_>>) -> &'t str {
    while rest.next_if(|(_, next)| next.is_alphanumeric() || *next == '_').is_some() {}
    let end = rest.peek().map_or(text.len(), |(end, _)| *end);
    text.get(offset..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(text: &str) -> Result<Vec<usize>, String> {
        split_policies(text).map_err(|flaws| {
            let told: Vec<String> = flaws
                .iter()
                .map(|flaw| format!("{}:{} {}", flaw.line, flaw.column, flaw.detail))
                .collect();
            told.join("; ")
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
    fn what_is_too_much_is_refused_at_its_place() {
        let deep = |n: usize| format!("x\n  {}{};", "(".repeat(n), ")".repeat(n));
        assert_eq!(starts(&deep(16)), Ok(vec![0]));
        assert_eq!(starts(&deep(17)), Err("2:19 a policy is nested at most 16 deep".to_owned()));
        assert_eq!(
            starts(&format!("{};", "if ".repeat(17))),
            Err("1:49 a policy is nested at most 16 deep".to_owned())
        );
        assert!(starts(&"if iffy if_ x.if;".repeat(20)).is_ok());
        assert!(starts(&"a;".repeat(20)).is_ok());
        assert_eq!(starts(&"a;".repeat(21)), Err("1:41 there are at most 20 policies".to_owned()));
        assert!(starts(&format!("{};", "a".repeat(2047))).is_ok());
        assert_eq!(
            starts(&format!("a;{};", "a".repeat(2048))),
            Err("1:3 a policy has at most 2 KiB".to_owned())
        );
        assert_eq!(
            starts(&format!("a;{}", "a".repeat(2049))),
            Err("1:3 a policy has at most 2 KiB".to_owned())
        );
        assert_eq!(
            starts(&format!("//{}", "a".repeat(8191))),
            Err("1:1 all policies together have at most 8 KiB".to_owned())
        );
        assert!(starts(&format!("\"{}\";", "(".repeat(1000))).is_ok());
        assert_eq!(
            starts(&format!("\"{}\";", "(".repeat(1001))),
            Err("1:1 all policies together have at most 1000 brackets and `if`s".to_owned())
        );
        assert_eq!(
            starts("a;\nb\u{202E};"),
            Err("2:2 a control, bidirectional or zero-width character is not allowed".to_owned())
        );
    }
}
