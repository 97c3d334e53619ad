//! Pages of lists, and the cursors between them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The position and size of a requested page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// The maximum number of entries, 1 to 100.
    pub limit: u16,
    after: Option<String>,
}

impl PageRequest {
    /// Returns a request for the page after `cursor`, or for the first page if there is no cursor.
    /// Returns `None` if the cursor is invalid: it must contain a sort key that begins with one of
    /// `prefixes`.
    ///
    /// A cursor contains a sort key only. The partition comes from the authorized path, so a cursor
    /// from another list reveals nothing.
    #[must_use]
    pub fn new(limit: u16, cursor: Option<&str>, prefixes: &[&str]) -> Option<Self> {
        let after = match cursor {
            None => None,
            Some(cursor) => {
                let sort_key = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
                // DynamoDB limits a sort key to 1,024 bytes.
                Some(sort_key)
                    .filter(|key| {
                        key.len() <= 1024 && prefixes.iter().any(|prefix| key.starts_with(prefix))
                    })
                    .map(Some)?
            }
        };
        Some(Self { limit, after })
    }

    /// Returns a request for the first page.
    pub(crate) fn first(limit: u16) -> Self {
        Self { limit, after: None }
    }

    /// Returns the sort key after which the page starts, or `None` for the first page.
    pub(crate) fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The entries of this page.
    pub data: Vec<T>,
    /// The cursor of the next page, which may be empty. `None` on the last page.
    pub next_cursor: Option<String>,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self { data: Vec::new(), next_cursor: None }
    }
}

impl<T> Page<T> {
    pub(crate) fn new(data: Vec<T>, last: Option<&str>) -> Self {
        Self { data, next_cursor: last.map(|sort_key| URL_SAFE_NO_PAD.encode(sort_key)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_decoded_and_an_invalid_cursor_is_rejected() {
        let paged = Page::<u8>::new(vec![], Some("MEM#auth0|x"));
        let page = PageRequest::new(10, paged.next_cursor.as_deref(), &["ORG#", "MEM#"]);
        assert_eq!(page.as_ref().and_then(PageRequest::after), Some("MEM#auth0|x"));
        for bad in ["", "é", "=", "AA==", "_w", &"QUFB".repeat(400), "QUFB", "TUVN"] {
            assert_eq!(PageRequest::new(10, Some(bad), &["ORG#", "MEM#"]), None, "{bad}");
        }
    }
}
