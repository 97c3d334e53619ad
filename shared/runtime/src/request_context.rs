//! One request, as an action sees it.

use chrono::{DateTime, Utc};
use lambda_http::http::HeaderMap;
use lambda_http::http::header::{ACCEPT, ACCEPT_ENCODING, IF_MATCH};
use lambda_http::request::RequestContext as EventContext;
use lambda_http::{Request, RequestExt};
use orgs_domain::{InvitationId, OrgId, Person, ResourceId, UserId};
use orgs_policies::{ActionName, Authorizer, AuthzRequest, OrgFacts, Permit, Principal};
use orgs_store::{IdempotencyKey, PageRequest, ReadIsolation};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::app_state::AppState;
use crate::caller::Caller;
use crate::event::{self, Incoming};
use crate::input::{self, Limit};
use crate::metrics::Metric;
use crate::problem::{ActionError, Problem, Result};
use crate::problem_code::ProblemCode;

/// The most bytes in a body, unless an action says otherwise.
const BODY: usize = 256 * 1024;

/// One request.
#[derive(Debug)]
pub struct RequestContext<'w> {
    /// What every action is handed.
    pub app: &'w AppState,
    /// The id that the answer, the logs and the audit record carry.
    pub request_id: String,
    /// The time of the request: one for all that it decides.
    pub now: DateTime<Utc>,
    /// How close the items of what is read are to each other.
    pub(crate) isolation: ReadIsolation,
    caller: Option<Caller>,
    path: String,
    request: Request,
}

/// Where a request's `Idempotency-Key` stands.
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
    /// Which page.
    pub page: PageRequest,
    /// What else it says.
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

    /// The caller.
    ///
    /// # Errors
    /// 401 without an identity.
    pub fn caller(&self) -> Result<&Caller> {
        self.caller.as_ref().ok_or(ActionError::Unauthorized)
    }

    /// The person who calls.
    ///
    /// # Errors
    /// 401 without an identity.
    pub fn person(&self) -> Result<&Person> {
        self.caller().map(|caller| &caller.person)
    }

    /// The organization in the path; 404 for an id that is none, as for one that is unknown.
    ///
    /// # Errors
    /// 401 without an identity, `org_not_found`.
    pub fn org_id(&self) -> Result<OrgId> {
        self.caller()?;
        self.parameter("org_id")
            .and_then(|id| OrgId::parse(id).ok())
            .ok_or_else(|| Problem::org_not_found().into())
    }

    /// The user in the path; nothing for an id that is none.
    #[must_use]
    pub fn user_id(&self) -> Option<UserId> {
        self.parameter("user_id").and_then(|id| UserId::parse(id).ok())
    }

    /// The resource in the path; nothing for an id that is none.
    #[must_use]
    pub fn resource_id(&self) -> Option<ResourceId> {
        self.parameter("resource_id").and_then(|id| ResourceId::parse(id).ok())
    }

    /// The invitation in the path; nothing for an id that is none.
    #[must_use]
    pub fn invitation_id(&self) -> Option<InvitationId> {
        self.parameter("invitation_id").and_then(|id| InvitationId::parse(id).ok())
    }

    /// The path, decoded by the gateway: it can hold anything.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether whoever asks can read what is packed with gzip.
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

    /// A parameter of the path, decoded by the gateway.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.request.path_parameters_ref()?.first(name)
    }

    /// The body.
    ///
    /// # Errors
    /// 413, 415, 400 or 422.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T> {
        self.body_up_to(BODY, true)
    }

    /// A body of up to `most` bytes; with `required` false, none is an empty object.
    ///
    /// # Errors
    /// 413, 415, 400 or 422; also 422 for an `Idempotency-Key` that is none.
    pub fn body_up_to<T: DeserializeOwned>(&self, most: usize, required: bool) -> Result<T> {
        self.good_key()?;
        Ok(input::body(self.headers(), event::bytes(self.request.body()), most, required)?)
    }

    /// Refuses an `Idempotency-Key` that is none.
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

    /// No body, or `{}`.
    ///
    /// # Errors
    /// 413, 415, 400 or 422.
    pub fn no_body(&self) -> Result<()> {
        self.body_up_to::<input::NoInput>(BODY, false).map(drop)
    }

    /// The form of RFC 8058 that a mail program sends for its reader, or no body.
    ///
    /// # Errors
    /// 413; 422 for anything else.
    pub fn one_click(&self) -> Result<()> {
        self.good_key()?;
        let body = event::bytes(self.request.body());
        if body.is_empty() {
            return Ok(());
        }
        Ok(input::one_click(self.headers(), body, BODY)?)
    }

    /// The query.
    ///
    /// # Errors
    /// 422.
    pub fn query<T: DeserializeOwned>(&self) -> Result<T> {
        Ok(input::query(self.request.uri().query())?)
    }

    /// Whether the caller wants CSV: the header `Accept` names it.
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

    /// The `Idempotency-Key`, where a good one is given.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<IdempotencyKey> {
        self.given_key()
    }

    /// The query of a list: `limit`, `cursor`, and what `F` adds, which says how the list's cursors
    /// begin.
    ///
    /// # Errors
    /// 422.
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
                Problem::invalid("/cursor", "invalid_value", "is not a cursor that a list gave")
            })?;
        Ok(ListQuery { page, filter })
    }

    /// The query of a list that knows no filter and whose cursors begin with one of `cursors`.
    ///
    /// # Errors
    /// 422.
    pub fn page(&self, cursors: &'static [&'static str]) -> Result<PageRequest> {
        self.list_query::<NoFilter>(|_| cursors).map(|query| query.page)
    }

    /// Refuses a request whose `If-Match` names other versions than the one that is there.
    ///
    /// # Errors
    /// 412 `version_mismatch`.
    pub fn if_match(&self, version: u32) -> Result<()> {
        let mut given = self.headers().get_all(IF_MATCH).iter().peekable();
        if given.peek().is_none() {
            return Ok(());
        }
        let current = format!("\"{version}\"");
        let tags: Vec<&str> = given
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .collect();
        if tags.iter().any(|tag| *tag == "*" || *tag == current) {
            return Ok(());
        }
        Err(Problem::new(
            ProblemCode::VersionMismatch,
            format!("the object has version {version} now"),
        )
        .into())
    }

    /// The `Idempotency-Key`, with all that makes it this caller's and this request's.
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

    /// Authorizes the caller, as a person, for an action that is not about one organization.
    ///
    /// # Errors
    /// 401 without an identity, 403 with the reason.
    pub fn authorize(&self, action: ActionName) -> Result<Permit> {
        let principal = Principal::Person { person: self.person()?, role: None };
        self.decide(principal, &AuthzRequest::new(action), None)
    }

    /// Authorizes the caller as a service client with `scope`, or as a person without it, for an
    /// action that is not about one organization.
    ///
    /// # Errors
    /// 401 without an identity, 403 with the reason.
    pub fn authorize_service(&self, scope: &str, action: ActionName) -> Result<Permit> {
        let caller = self.caller()?;
        if caller.scopes.iter().all(|has| has != scope) {
            return self.authorize(action);
        }
        let principal = Principal::Service { id: &caller.person.user_id, scopes: &caller.scopes };
        self.decide(principal, &AuthzRequest::new(action), None)
    }

    /// Authorizes a caller without an identity.
    ///
    /// # Errors
    /// 403 with the reason.
    pub fn authorize_anonymous(&self, action: ActionName) -> Result<Permit> {
        self.decide(Principal::Nobody, &AuthzRequest::new(action), None)
    }

    /// Asks Cedar, and counts decisions that a broken policy prevented.
    pub(crate) fn decide(
        &self,
        principal: Principal<'_>,
        request: &AuthzRequest<'_>,
        org: Option<OrgFacts<'_>>,
    ) -> Result<Permit> {
        let decision = Authorizer::for_action(request.action)?.authorize(principal, request, org);
        if decision.as_ref().is_err_and(|denial| denial.is_broken) {
            self.app.metrics.record(Metric::PolicyErrors, 1);
        }
        Ok(decision?)
    }

    /// The answer to a request that is refused now, where it was answered before: a replay outlives
    /// the right.
    ///
    /// # Errors
    /// When the database does not answer.
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

    /// A fresh id for a resource.
    #[must_use]
    pub fn generate_resource_id(&self) -> ResourceId {
        ResourceId::new(self.app.ids.generate())
    }

    /// A fresh id for an invitation.
    #[must_use]
    pub fn generate_invitation_id(&self) -> InvitationId {
        InvitationId::new(self.app.ids.generate())
    }
}

/// An earlier answer stands for the same request only.
pub(crate) fn answered_before(
    stored: orgs_store::StoredResponse,
    key: Option<&IdempotencyKey>,
) -> ActionError {
    if key.is_some_and(|key| stored.answers(key)) {
        return ActionError::Replay(Box::new(stored));
    }
    Problem::new(
        ProblemCode::IdempotencyKeyReused,
        "the Idempotency-Key was used with another body",
    )
    .into()
}
