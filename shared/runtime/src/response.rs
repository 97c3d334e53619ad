//! Responses of actions.

use std::borrow::Cow;

use orgs_domain::Role;
use orgs_store::{Page, StoredResponse};
use serde::Serialize;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::problem::{ActionError, Problem, UNAUTHORIZED};
use crate::problem_code::ProblemCode;

/// The body of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A body of text.
    Text(String),
    /// A body of any other kind. The event for API Gateway has it in base64.
    Bytes(&'static [u8]),
}

/// A response, before it is converted to API Gateway's format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The media type of the body.
    pub content_type: &'static str,
    /// The body. None for status 204.
    pub body: Option<Content>,
    /// The header `ETag`, with its quotes.
    pub etag: Option<String>,
    /// The headers other than `content-type` and `etag`.
    pub headers: Vec<(&'static str, String)>,
    /// The problem's code, for the log and the metrics. None if there is no problem.
    pub code: Option<&'static str>,
    /// The decision that denied the request, for the log.
    pub(crate) denial: Option<DenialLog>,
}

/// The part of a denial that the log explains it with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DenialLog {
    /// The ids of the policies that decided. Empty if no policy permits the request.
    pub(crate) policies: Vec<String>,
    /// The lowest role that would be allowed.
    pub(crate) required_role: Option<Role>,
}

/// The JSON body of a page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListOf<T> {
    /// The items of the page.
    data: Vec<T>,
    /// The cursor of the next page. Null on the last page.
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
            .property(
                "data",
                ArrayBuilder::new()
                    .items(Ref::from_schema_name(T::name()))
                    .description(Some("The items of the page.")),
            )
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
            denial: None,
        })
    }

    /// Returns a response with status 200 and a JSON body.
    ///
    /// # Errors
    /// [`ActionError::Internal`] if the body cannot be written as JSON.
    pub fn ok(body: &impl Serialize) -> Result<Self, ActionError> {
        Self::json(200, body)
    }

    /// Returns a response with status 201 and a JSON body.
    ///
    /// # Errors
    /// [`ActionError::Internal`] if the body cannot be written as JSON.
    pub fn created(body: &impl Serialize) -> Result<Self, ActionError> {
        Self::json(201, body)
    }

    /// Returns a response with status 204 and no body.
    #[must_use]
    pub fn no_content() -> Self {
        Self {
            status: 204,
            content_type: "",
            body: None,
            etag: None,
            headers: Vec::new(),
            code: None,
            denial: None,
        }
    }

    /// Returns a response with status 200 and a page of a list, with `view` applied to each item.
    ///
    /// # Errors
    /// [`ActionError::Internal`] if the body cannot be written as JSON.
    pub fn page<T, V: Serialize>(
        paged: &Page<T>,
        view: impl Fn(&T) -> V,
    ) -> Result<Self, ActionError> {
        Self::ok(&ListOf {
            data: paged.data.iter().map(view).collect(),
            next_cursor: paged.next_cursor.clone(),
        })
    }

    /// Returns a response with status 200 and text of another media type than JSON, such as HTML.
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
            denial: None,
        }
    }

    /// Returns a response with status 200 and a file that is compiled into the binary.
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
            denial: None,
        }
    }

    /// Returns the body if it is text.
    #[must_use]
    pub fn text_body(&self) -> Option<&str> {
        match &self.body {
            Some(Content::Text(text)) => Some(text),
            Some(Content::Bytes(_)) | None => None,
        }
    }

    /// Sets the `ETag` to the version of the object.
    #[must_use]
    pub fn version(self, version: u32) -> Self {
        self.entity_tag(&version.to_string())
    }

    /// Sets the `ETag` to a text without quotes, such as a hash.
    #[must_use]
    pub fn entity_tag(mut self, tag: &str) -> Self {
        self.etag = Some(format!("\"{tag}\""));
        self
    }

    /// Returns the response for an error of an action. The text of an internal error is logged and
    /// never sent.
    pub(crate) fn from_error(error: ActionError, request_id: &str) -> Self {
        match error {
            ActionError::Problem(problem) | ActionError::Final(problem) => {
                Self::problem(&problem, request_id)
            }
            ActionError::Replay(response) => Self::replayed(*response),
            ActionError::Retry(why) => {
                tracing::warn!(why, "gave up after repeated conflicts");
                Self::problem(&Problem::contention(), request_id)
            }
            ActionError::Unauthorized => Self {
                status: 401,
                content_type: "application/json",
                body: Some(Content::Text(UNAUTHORIZED.to_owned())),
                etag: None,
                headers: Vec::new(),
                code: Some("unauthorized"),
                denial: None,
            },
            ActionError::Internal(error) => {
                tracing::error!(error, "internal error");
                let detail = "an internal error occurred: report it with the `request_id`";
                Self::problem(&Problem::new(ProblemCode::InternalError, detail), request_id)
            }
        }
    }

    fn problem(problem: &Problem, request_id: &str) -> Self {
        // A problem consists of text and numbers, so serialization does not fail. If it did, the
        // response would still have the status.
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
            denial: problem
                .policies
                .clone()
                .map(|policies| DenialLog { policies, required_role: problem.required_role }),
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
            denial: None,
        }
    }
}
