//! Pages and the cursors between them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Which page is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// How many at most, 1 to 100.
    pub limit: u16,
    after: Option<String>,
}

impl PageRequest {
    /// The page behind `cursor`, or the first; nothing when the text is no cursor of a list whose
    /// cursors begin with one of `prefixes`.
    ///
    /// A cursor holds no more than a sort key. Its partition comes from the authorised path, so a
    /// cursor from elsewhere reveals nothing.
    #[must_use]
    pub fn new(limit: u16, cursor: Option<&str>, prefixes: &[&str]) -> Option<Self> {
        let after = match cursor {
            None => None,
            Some(cursor) => {
                let sort_key = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
                // A sort key has at most 1,024 bytes.
                Some(sort_key)
                    .filter(|key| {
                        key.len() <= 1024 && prefixes.iter().any(|prefix| key.starts_with(prefix))
                    })
                    .map(Some)?
            }
        };
        Some(Self { limit, after })
    }

    /// The first page.
    pub(crate) fn first(limit: u16) -> Self {
        Self { limit, after: None }
    }

    /// The sort key that the page comes after.
    pub(crate) fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub data: Vec<T>,
    /// The cursor of the next page, where there may be one.
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
    fn a_cursor_is_read_back_and_anything_else_refused() {
        let paged = Page::<u8>::new(vec![], Some("MEM#auth0|x"));
        let page = PageRequest::new(10, paged.next_cursor.as_deref(), &["ORG#", "MEM#"]);
        assert_eq!(page.as_ref().and_then(PageRequest::after), Some("MEM#auth0|x"));
        for bad in ["", "é", "=", "AA==", "_w", &"QUFB".repeat(400), "QUFB", "TUVN"] {
            assert_eq!(PageRequest::new(10, Some(bad), &["ORG#", "MEM#"]), None, "{bad}");
        }
    }
}
