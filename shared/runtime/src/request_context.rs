//! The context of a request: its caller, parameters, body, headers and time.

mod authorize;

use chrono::{DateTime, Utc};
use lambda_http::http::HeaderMap;
use lambda_http::http::header::{ACCEPT, ACCEPT_ENCODING, IF_MATCH};
use lambda_http::request::RequestContext as EventContext;
use lambda_http::{Request, RequestExt};
use orgs_domain::invalid::InvalidError;
use orgs_domain::{AccountId, HoldId, InvitationId, Month, OrgId, Person, ResourceId, UserId};
use orgs_store::{IdempotencyKey, PageRequest, ReadIsolation};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::app_state::AppState;
use crate::caller::Caller;
use crate::event::{self, Incoming};
use crate::input::{self, Limit};
use crate::problem::{ActionError, Problem, Result};
use crate::problem_code::ProblemCode;

/// The default for the largest number of bytes in a body.
const BODY_BYTES_MAX: usize = 256 * 1024;

/// The context of a request.
#[derive(Debug)]
pub struct RequestContext<'w> {
    /// The clients and settings of the process.
    pub app: &'w AppState,
    /// The id of the request, in the response, the logs and the audit record.
    pub request_id: String,
    /// The time of the request. All decisions of an attempt use the same time.
    pub now: DateTime<Utc>,
    /// The isolation of the action's read.
    pub(crate) isolation: ReadIsolation,
    caller: Option<Caller>,
    path: String,
    request: Request,
}

/// The `Idempotency-Key` of a request.
pub(crate) enum Key {
    Absent,
    Bad,
    Given(IdempotencyKey),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoFilter {}

#[derive(Deserialize)]
struct PageQuery {
    #[serde(default)]
    limit: Limit,
    cursor: Option<String>,
}

/// The query of a list.
#[derive(Debug)]
pub struct ListQuery<F> {
    /// The page to load.
    pub page: PageRequest,
    /// The other parameters.
    pub filter: F,
}

impl<'w> RequestContext<'w> {
    pub(crate) fn new(app: &'w AppState, incoming: Incoming) -> Self {
        let Incoming { request, path } = incoming;
        let context = request.request_context_ref();
        let Some(EventContext::ApiGatewayV2(context)) = context else {
            return Self {
                app,
                request_id: app.ids.generate().to_string(),
                now: app.clock.now(),
                isolation: ReadIsolation::Batch,
                caller: None,
                path,
                request,
            };
        };
        let request_id =
            context.request_id.clone().unwrap_or_else(|| app.ids.generate().to_string());
        let claims = context.authorizer.as_ref().and_then(|authorizer| authorizer.jwt.as_ref());
        let caller = claims.and_then(|jwt| Caller::from_claims(&jwt.claims, &app.settings.claims));
        Self {
            app,
            request_id,
            now: app.clock.now(),
            isolation: ReadIsolation::Batch,
            caller,
            path,
            request,
        }
    }

    fn headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    /// Returns the caller.
    ///
    /// # Errors
    /// 401 without an identity.
    pub fn caller(&self) -> Result<&Caller> {
        self.caller.as_ref().ok_or(ActionError::Unauthorized)
    }

    /// Returns the caller as a person.
    ///
    /// # Errors
    /// 401 without an identity.
    pub fn person(&self) -> Result<&Person> {
        self.caller().map(|caller| &caller.person)
    }

    /// Returns the organization id in the path.
    ///
    /// # Errors
    /// 401 without an identity. 404 `org_not_found` for an invalid id, as for an unknown one.
    pub fn org_id(&self) -> Result<OrgId> {
        self.caller()?;
        self.parameter("org_id")
            .and_then(|id| OrgId::parse(id).ok())
            .ok_or_else(|| Problem::org_not_found().into())
    }

    /// Returns the user id in the path. Returns None for an invalid id.
    #[must_use]
    pub fn user_id(&self) -> Option<UserId> {
        self.parameter("user_id").and_then(|id| UserId::parse(id).ok())
    }

    /// Returns the account id in the path.
    ///
    /// # Errors
    /// `invalid_id` for an invalid id.
    pub fn account_id(&self) -> std::result::Result<AccountId, InvalidError> {
        AccountId::parse(self.parameter("account_id").unwrap_or_default())
    }

    /// Returns the month in the path.
    ///
    /// # Errors
    /// `invalid_month` for an invalid month.
    pub fn month(&self) -> std::result::Result<Month, InvalidError> {
        Month::parse(self.parameter("month").unwrap_or_default())
    }

    /// Returns the resource id in the path. Returns None for an invalid id.
    #[must_use]
    pub fn resource_id(&self) -> Option<ResourceId> {
        self.parameter("resource_id").and_then(|id| ResourceId::parse(id).ok())
    }

    /// Returns the hold id in the path. Returns None for an invalid id.
    #[must_use]
    pub fn hold_id(&self) -> Option<HoldId> {
        self.parameter("hold_id").and_then(|id| HoldId::parse(id).ok())
    }

    /// Returns the invitation id in the path. Returns None for an invalid id.
    #[must_use]
    pub fn invitation_id(&self) -> Option<InvitationId> {
        self.parameter("invitation_id").and_then(|id| InvitationId::parse(id).ok())
    }

    /// Returns the path. API Gateway decodes it, so it can contain any character.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns true if the client accepts gzip: the header `Accept-Encoding` names it.
    #[must_use]
    pub fn reads_gzip(&self) -> bool {
        let codings = self
            .headers()
            .get_all(ACCEPT_ENCODING)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','));
        codings
            .map(|coding| coding.split_once(';').unwrap_or((coding, "")))
            .any(|(name, weight)| name.trim() == "gzip" && weight.trim() != "q=0")
    }

    /// Returns a parameter of the path, decoded by API Gateway.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.request.path_parameters_ref()?.first(name)
    }

    /// Parses a required JSON body of up to 256 KiB.
    ///
    /// # Errors
    /// 413 `body_too_large`, 415 `unsupported_media_type`, 400 `malformed_json` or 422
    /// `validation_failed`.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T> {
        self.body_up_to(BODY_BYTES_MAX, true)
    }

    /// Parses a JSON body of up to `bytes_max` bytes. If the body is not `required`, no body means
    /// an empty object.
    ///
    /// # Errors
    /// As [`Self::body`]. 422 `validation_failed` also for an invalid `Idempotency-Key`.
    pub fn body_up_to<T: DeserializeOwned>(&self, bytes_max: usize, required: bool) -> Result<T> {
        self.good_key()?;
        Ok(input::body(self.headers(), event::bytes(self.request.body()), bytes_max, required)?)
    }

    /// Rejects an invalid `Idempotency-Key`.
    fn good_key(&self) -> Result<()> {
        match self.idempotency() {
            Key::Bad => Err(Problem::invalid(
                "/idempotency-key",
                "invalid_value",
                "the header must be 1 to 255 printable ASCII characters",
            )
            .into()),
            Key::Absent | Key::Given(_) => Ok(()),
        }
    }

    /// Rejects a body other than `{}`. The body can be missing.
    ///
    /// # Errors
    /// As [`Self::body`].
    pub fn no_body(&self) -> Result<()> {
        self.body_up_to::<input::NoInput>(BODY_BYTES_MAX, false).map(drop)
    }

    /// Accepts the form that a mail client sends for one-click unsubscribe (RFC 8058), `{}`, or no
    /// body.
    ///
    /// # Errors
    /// 413 `body_too_large`. 422 `validation_failed` for any other body.
    pub fn one_click(&self) -> Result<()> {
        self.good_key()?;
        let body = event::bytes(self.request.body());
        if body.is_empty() {
            return Ok(());
        }
        Ok(input::one_click(self.headers(), body, BODY_BYTES_MAX)?)
    }

    /// Parses the query.
    ///
    /// # Errors
    /// 422 `validation_failed`.
    pub fn query<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(input::query(self.request.uri().query())?)
    }

    /// Returns true if the client requests CSV: the header `Accept` names `text/csv`.
    #[must_use]
    pub fn wants_csv(&self) -> bool {
        let ranges = self
            .headers()
            .get_all(ACCEPT)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','));
        ranges
            .map(|range| range.split(';').next().unwrap_or_default().trim())
            .any(|range| range.eq_ignore_ascii_case("text/csv"))
    }

    /// Returns the header `Link` to the next page: this request with another cursor, and with
    /// `changes` of its other parameters.
    #[must_use]
    pub fn next_link(&self, cursor: &str, changes: &[(&str, String)]) -> (&'static str, String) {
        let query = self.request.uri().query().unwrap_or_default();
        let is_kept =
            |name: &str| name != "cursor" && changes.iter().all(|(changed, _)| *changed != name);
        let query: String = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(
                form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| is_kept(name)),
            )
            .extend_pairs(changes)
            .append_pair("cursor", cursor)
            .finish();
        ("link", format!("<{}?{query}>; rel=\"next\"", self.path()))
    }

    /// Returns the `Idempotency-Key` if the request has a valid one.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<IdempotencyKey> {
        self.given_key()
    }

    /// Parses the query of a list: `limit`, `cursor` and the fields of `F`. `cursors` returns the
    /// prefixes of the list's cursors.
    ///
    /// # Errors
    /// 422 `validation_failed`.
    pub fn list_query<F: DeserializeOwned>(
        &self,
        cursors: impl FnOnce(&F) -> &'static [&'static str],
    ) -> Result<ListQuery<F>> {
        let (mut page, mut rest) = (
            form_urlencoded::Serializer::new(String::new()),
            form_urlencoded::Serializer::new(String::new()),
        );
        for (name, value) in
            form_urlencoded::parse(self.request.uri().query().unwrap_or_default().as_bytes())
        {
            let part = if matches!(&*name, "limit" | "cursor") { &mut page } else { &mut rest };
            part.append_pair(&name, &value);
        }
        let PageQuery { limit, cursor } = input::query(Some(&page.finish()))?;
        let filter = input::query(Some(&rest.finish()))?;
        let page =
            PageRequest::new(limit.0, cursor.as_deref(), cursors(&filter)).ok_or_else(|| {
                Problem::invalid(
                    "/cursor",
                    "invalid_value",
                    "is not a cursor returned by this list",
                )
            })?;
        Ok(ListQuery { page, filter })
    }

    /// Parses the query of a list without a filter. `cursors` has the prefixes of the list's
    /// cursors.
    ///
    /// # Errors
    /// 422 `validation_failed`.
    pub fn page(&self, cursors: &'static [&'static str]) -> Result<PageRequest> {
        self.list_query::<NoFilter>(|_| cursors).map(|query| query.page)
    }

    /// Rejects a request whose `If-Match` does not include the current version. A request without
    /// `If-Match` passes.
    ///
    /// # Errors
    /// 412 `version_mismatch`.
    pub fn if_match(&self, version: u32) -> Result<()> {
        let mut if_match = self.headers().get_all(IF_MATCH).iter().peekable();
        if if_match.peek().is_none() {
            return Ok(());
        }
        let current = format!("\"{version}\"");
        let tags: Vec<&str> = if_match
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .collect();
        if tags.iter().any(|tag| *tag == "*" || *tag == current) {
            return Ok(());
        }
        Err(Problem::new(
            ProblemCode::VersionMismatch,
            format!(
                "the current version is {version}: load the object, then send the change again"
            ),
        )
        .into())
    }

    /// Returns the `Idempotency-Key`. The stored key also covers the caller, the method, the path
    /// and the body.
    pub(crate) fn idempotency(&self) -> Key {
        let Some(value) = self.headers().get("idempotency-key") else { return Key::Absent };
        let Ok(key) = std::str::from_utf8(value.as_bytes()) else { return Key::Bad };
        if !(1..=255).contains(&key.len()) || !key.bytes().all(|byte| (b' '..=b'~').contains(&byte))
        {
            return Key::Bad;
        }
        let principal = self.caller.as_ref().map_or("", |caller| caller.person.user_id.as_str());
        let body = event::bytes(self.request.body());
        Key::Given(IdempotencyKey::new(
            principal,
            self.request.method().as_str(),
            &self.path,
            key,
            body,
        ))
    }

    /// Returns the stored response if the `Idempotency-Key` was used before, and `refusal`
    /// otherwise. A retry gets the response of the first request even if the caller lost the
    /// permission since.
    ///
    /// # Errors
    /// 503 `contention` if the database does not respond.
    pub async fn replay_or(&self, refusal: ActionError) -> Result<ActionError> {
        let Some(key) = self.given_key().filter(|_| self.caller.is_some()) else {
            return Ok(refusal);
        };
        let earlier = self
            .app
            .store
            .earlier_response(&key, self.now)
            .await?
            .filter(|earlier| earlier.answers(&key));
        Ok(earlier.map_or(refusal, |earlier| ActionError::Replay(Box::new(earlier))))
    }

    pub(crate) fn given_key(&self) -> Option<IdempotencyKey> {
        match self.idempotency() {
            Key::Given(key) => Some(key),
            Key::Absent | Key::Bad => None,
        }
    }

    /// Generates an id for a resource.
    #[must_use]
    pub fn generate_resource_id(&self) -> ResourceId {
        ResourceId::new(self.app.ids.generate())
    }

    /// Generates an id for an invitation.
    #[must_use]
    pub fn generate_invitation_id(&self) -> InvitationId {
        InvitationId::new(self.app.ids.generate())
    }
}

/// Returns the stored response for the same request, and `idempotency_key_reused` for a different
/// one.
pub(crate) fn answered_before(
    stored: orgs_store::StoredResponse,
    key: Option<&IdempotencyKey>,
) -> ActionError {
    if key.is_some_and(|key| stored.answers(key)) {
        return ActionError::Replay(Box::new(stored));
    }
    Problem::new(
        ProblemCode::IdempotencyKeyReused,
        "the `Idempotency-Key` was used with a different body: use a new key",
    )
    .into()
}
