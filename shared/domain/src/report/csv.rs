//! Usage reports as CSV.

use chrono::{DateTime, Utc};

use super::Row;

/// An example of a report as CSV, for documents.
pub const CSV_EXAMPLE: &str = "start,end,group,credits,events\n\
    2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,chat.completion,12.5,50\n";

/// The characters that make a spreadsheet read a cell as a formula, at the beginning of the cell
/// (OWASP, "CSV injection"), in ASCII and in full width.
const FORMULA_STARTS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// The readers of a report as CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CsvFor {
    /// People with a spreadsheet: a group that it would read as a formula gets an apostrophe in
    /// front.
    Spreadsheets,
    /// Programs: groups stay as they are.
    Programs,
}

/// The format of a report as CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CsvFormat {
    /// The readers of the CSV.
    pub readers: CsvFor,
    /// True for the first response of a report, which begins with the header line.
    pub has_header: bool,
    /// True if the report has `top`: a last column `other` is `true` or `false`.
    pub has_other: bool,
}

/// Returns the rows as CSV (RFC 4180, but with line feeds only): one line for each row.
#[must_use]
pub fn csv(rows: &[Row], format: CsvFormat) -> String {
    let CsvFormat { readers, has_header, has_other } = format;
    let time = |time: DateTime<Utc>| time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true);
    let quoted = |text: &str| {
        let text = if readers == CsvFor::Spreadsheets && text.starts_with(FORMULA_STARTS) {
            format!("'{text}")
        } else {
            text.to_owned()
        };
        // Spreadsheets in many languages split a line at semicolons.
        if text.contains([',', ';', '\t', '"', '\n', '\r']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text
        }
    };
    let lines = rows.iter().map(|row| {
        let group = row.group.as_deref().map(quoted).unwrap_or_default();
        let other = if has_other { format!(",{}", row.other) } else { String::new() };
        let (start, end) = (time(row.start), time(row.end));
        format!("{start},{end},{group},{},{}{other}\n", row.credits, row.events)
    });
    let other = if has_other { ",other" } else { "" };
    let header = has_header.then(|| format!("start,end,group,credits,events{other}\n"));
    header.into_iter().chain(lines).collect()
}
