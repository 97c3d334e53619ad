//! Answers.

use std::borrow::Cow;

use orgs_store::{Page, StoredResponse};
use serde::Serialize;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::problem::{ActionError, Problem, UNAUTHORIZED};
use crate::problem_code::ProblemCode;

/// A body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Text.
    Text(String),
    /// Anything else: on the way through API Gateway it is base64.
    Bytes(&'static [u8]),
}

/// An answer, before it becomes API Gateway's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The media type of the body.
    pub content_type: &'static str,
    /// The body; none for 204.
    pub body: Option<Content>,
    /// The `ETag`.
    pub etag: Option<String>,
    /// Other headers.
    pub headers: Vec<(&'static str, String)>,
    /// What the log says of the decision: the problem's code, or nothing.
    pub code: Option<&'static str>,
}

/// A page of a list on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListOf<T> {
    /// What is on the page.
    data: Vec<T>,
    /// The cursor of the next page, null at the end.
    next_cursor: Option<String>,
}

impl<T: ToSchema> ToSchema for ListOf<T> {
    fn name() -> Cow<'static, str> {
        format!("{}List", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

impl<T: ToSchema> PartialSchema for ListOf<T> {
    fn schema() -> RefOr<Schema> {
        let cursor = SchemaType::from_iter([Type::String, Type::Null]);
        let cursor = ObjectBuilder::new()
            .schema_type(cursor)
            .description(Some("The cursor of the next page, null at the end."));
        ObjectBuilder::new()
            .description(Some("A page of a list."))
            .property("data", ArrayBuilder::new().items(Ref::from_schema_name(T::name())))
            .property("next_cursor", cursor)
            .required("data")
            .required("next_cursor")
            .into()
    }
}

impl Response {
    fn json(status: u16, body: &impl Serialize) -> Result<Self, ActionError> {
        let body = serde_json::to_string(body)
            .map_err(|error| ActionError::Internal(error.to_string()))?;
        Ok(Self {
            status,
            content_type: "application/json",
            body: Some(Content::Text(body)),
            etag: None,
            headers: Vec::new(),
            code: None,
        })
    }

    /// 200 with a body.
    ///
    /// # Errors
    /// When the body cannot be written as JSON.
    pub fn ok(body: &impl Serialize) -> Result<Self, ActionError> {
        Self::json(200, body)
    }

    /// 201 with a body.
    ///
    /// # Errors
    /// When the body cannot be written as JSON.
    pub fn created(body: &impl Serialize) -> Result<Self, ActionError> {
        Self::json(201, body)
    }

    /// 204.
    #[must_use]
    pub fn no_content() -> Self {
        Self {
            status: 204,
            content_type: "",
            body: None,
            etag: None,
            headers: Vec::new(),
            code: None,
        }
    }

    /// 200 with a page of a list, each item as `view` shows it.
    ///
    /// # Errors
    /// When the body cannot be written as JSON.
    pub fn page<T, V: Serialize>(
        paged: &Page<T>,
        view: impl Fn(&T) -> V,
    ) -> Result<Self, ActionError> {
        Self::ok(&ListOf {
            data: paged.data.iter().map(view).collect(),
            next_cursor: paged.next_cursor.clone(),
        })
    }

    /// 200 with text of a media type that is not JSON, such as a page.
    #[must_use]
    pub fn text(
        content_type: &'static str,
        body: String,
        headers: Vec<(&'static str, String)>,
    ) -> Self {
        Self {
            status: 200,
            content_type,
            body: Some(Content::Text(body)),
            etag: None,
            headers,
            code: None,
        }
    }

    /// 200 with a file that is part of the program.
    #[must_use]
    pub fn file(
        content_type: &'static str,
        bytes: &'static [u8],
        headers: Vec<(&'static str, String)>,
    ) -> Self {
        Self {
            status: 200,
            content_type,
            body: Some(Content::Bytes(bytes)),
            etag: None,
            headers,
            code: None,
        }
    }

    /// The body, where it is text.
    #[must_use]
    pub fn text_body(&self) -> Option<&str> {
        match &self.body {
            Some(Content::Text(text)) => Some(text),
            Some(Content::Bytes(_)) | None => None,
        }
    }

    /// With the version of the object as `ETag`.
    #[must_use]
    pub fn version(mut self, version: u32) -> Self {
        self.etag = Some(format!("\"{version}\""));
        self
    }

    /// What stands for an action that stopped. Internal text is logged, never sent.
    pub(crate) fn from_error(error: ActionError, request_id: &str) -> Self {
        match error {
            ActionError::Problem(problem) | ActionError::Final(problem) => {
                Self::problem(&problem, request_id)
            }
            ActionError::Replay(response) => Self::replayed(*response),
            ActionError::Retry(why) => {
                tracing::warn!(why, "gave up after losing to other changes");
                Self::problem(&Problem::contention(), request_id)
            }
            ActionError::Unauthorized => Self {
                status: 401,
                content_type: "application/json",
                body: Some(Content::Text(UNAUTHORIZED.to_owned())),
                etag: None,
                headers: Vec::new(),
                code: Some("unauthorized"),
            },
            ActionError::Internal(error) => {
                tracing::error!(error, "internal error");
                Self::problem(
                    &Problem::new(ProblemCode::InternalError, "something went wrong on our side"),
                    request_id,
                )
            }
        }
    }

    fn problem(problem: &Problem, request_id: &str) -> Self {
        // A problem's fields are plain text and numbers; should they not serialise, the status
        // still says what happened.
        let body = serde_json::to_string(&problem.body(request_id)).unwrap_or_default();
        let headers = problem
            .retry_after
            .map(|seconds| ("retry-after", seconds.to_string()))
            .into_iter()
            .collect();
        Self {
            status: problem.code.status(),
            content_type: "application/problem+json",
            body: Some(Content::Text(body)),
            etag: None,
            headers,
            code: Some(problem.code.as_str()),
        }
    }

    fn replayed(response: StoredResponse) -> Self {
        let content_type = if response.body.is_some() { "application/json" } else { "" };
        let headers = vec![("idempotency-replayed", "true".to_owned())];
        Self {
            status: response.status,
            content_type,
            body: response.body.map(Content::Text),
            etag: response.etag,
            headers,
            code: None,
        }
    }
}
