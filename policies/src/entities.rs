//! Converts an authorization request to Cedar's request (principal, action, resource and context),
//! and builds the entities that the request refers to.

use std::collections::{HashMap, HashSet};
use std::str::FromStr;
use std::sync::LazyLock;

use cedar_policy::{
    Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, Policy, PolicySet, Request,
    RestrictedExpression,
};
use chrono::{Datelike, Timelike};
use orgs_domain::resource::CostClass;
use orgs_domain::{EmailKey, Role, UserId};

use crate::error::PolicySetError;
use crate::request::{AuthzContext, AuthzRequest, OrgFacts, Principal, ResourceFacts, Target};
use crate::schema_types::ContextField;

type Attributes = HashMap<String, RestrictedExpression>;
type Pairs = Vec<(&'static str, RestrictedExpression)>;

/// Returns Cedar's request with the entities that it refers to. `actions` has the entities of
/// actions and their groups.
///
/// # Errors
/// [`PolicySetError`] if the request is about an organization and `org` is `None`, or if the
/// context lacks an attribute that the schema requires.
pub(crate) fn cedar_request(
    principal: Principal<'_>,
    request: &AuthzRequest<'_>,
    org: Option<OrgFacts<'_>>,
    actions: &Entities,
) -> Result<(Request, Entities), PolicySetError> {
    let bad = |error: &dyn std::fmt::Display| PolicySetError(error.to_string());
    let mut entities = Vec::new();
    if let Some(facts) = org {
        entities.push(organization(facts)?);
    }
    let schema = request.action.schema();
    if request.target.kind() != schema.target {
        return Err(bad(&format!("`{}` is not about {:?}", schema.name, request.target.kind())));
    }
    let (caller, session) = principal_entity(principal, org, &mut entities)?;
    let resource = target(request.target, org, &mut entities)?;
    let mut pairs = Vec::with_capacity(schema.context.len());
    for field in schema.context {
        let (name, value) = context_value(*field, request.context, org, &session)?
            .ok_or_else(|| bad(&format!("`{}` without {field:?} in its context", schema.name)))?;
        pairs.push((name.to_owned(), value));
    }
    let context = Context::from_pairs(pairs).map_err(|error| bad(&error))?;
    let request = Request::new(caller, uid("Action", schema.name)?, resource, context, None)
        .map_err(|error| bad(&error))?;
    Ok((request, actions.clone().add_entities(entities, None).map_err(|error| bad(&error))?))
}

/// The claims of the caller's token that policies can read.
struct Session {
    email_key: String,
    email_verified: bool,
}

/// Returns the principal's id and the claims of its token. Adds an entity for a person or a service
/// client: a member's entity is in the member's role and in all lower roles.
fn principal_entity(
    principal: Principal<'_>,
    org: Option<OrgFacts<'_>>,
    entities: &mut Vec<Entity>,
) -> Result<(EntityUid, Session), PolicySetError> {
    let anonymous = Session { email_key: String::new(), email_verified: false };
    match principal {
        Principal::Nobody => Ok((uid("Nobody", "nobody")?, anonymous)),
        Principal::Service { id, scopes } => {
            let scopes = RestrictedExpression::new_set(
                scopes.iter().map(|scope| RestrictedExpression::new_string(scope.clone())),
            );
            Ok((
                add(
                    entities,
                    uid("Service", id.as_str())?,
                    vec![("scopes", scopes)],
                    HashSet::new(),
                )?,
                anonymous,
            ))
        }
        Principal::Person { person, role } => {
            let (mut attributes, mut parents) = (Vec::new(), HashSet::new());
            if let (Some(role), Some(org)) = (role, org) {
                attributes.push(("org", reference("Organization", &org.id.to_string())?));
                for implied in Role::ALL.into_iter().filter(|implied| *implied <= role) {
                    parents.insert(uid("Role", implied.as_str())?);
                }
            }
            let session = Session {
                email_key: person
                    .email
                    .as_ref()
                    .map(|email| email.key().to_string())
                    .unwrap_or_default(),
                email_verified: person.verified_email().is_some(),
            };
            Ok((
                add(entities, uid("User", person.user_id.as_str())?, attributes, parents)?,
                session,
            ))
        }
    }
}

fn organization(facts: OrgFacts<'_>) -> Result<Entity, PolicySetError> {
    let id = facts.id.to_string();
    let attributes = Attributes::from([
        ("org".to_owned(), reference("Organization", &id)?),
        ("status".to_owned(), reference("OrgStatus", facts.status.as_str())?),
        ("high_cost_creators".to_owned(), reference("Role", facts.high_cost_creators.as_str())?),
    ]);
    Entity::new(uid("Organization", &id)?, attributes, HashSet::new())
        .map_err(|error| PolicySetError(error.to_string()))
}

/// Adds the target's entity, unless it is the organization or the system, and returns its id.
fn target(
    target: Target<'_>,
    org: Option<OrgFacts<'_>>,
    entities: &mut Vec<Entity>,
) -> Result<EntityUid, PolicySetError> {
    if matches!(target, Target::System) {
        return uid("System", "orgs");
    }
    let org = org.ok_or_else(|| PolicySetError("a request without an organization".to_owned()))?;
    match target {
        Target::System | Target::Organization => uid("Organization", &org.id.to_string()),
        Target::Member { user_id, role } => membership(org, user_id, role, entities),
        Target::Invitation { role, email } => invitation(org, role, email, entities),
        Target::Resource(resource) => resource_entity(org, resource, entities),
    }
}

/// Returns an attribute of the context with its name. None if the request does not set it.
fn context_value(
    field: ContextField,
    context: AuthzContext,
    org: Option<OrgFacts<'_>>,
    session: &Session,
) -> Result<Option<(&'static str, RestrictedExpression)>, PolicySetError> {
    let boolean = |value: Option<bool>| value.map(RestrictedExpression::new_bool);
    let (name, value) = match field {
        ContextField::AboutOthers => ("about_others", boolean(context.about_others)),
        ContextField::At => ("at", org.map(moment).transpose()?),
        ContextField::CostClass => ("cost_class", context.cost_class.map(cost_class).transpose()?),
        ContextField::Demotes => ("demotes", boolean(context.demotes)),
        ContextField::InPlan => ("in_plan", boolean(context.in_plan)),
        ContextField::Kind => {
            let kind = context.kind.map(|kind| reference("ResourceKind", kind.as_str()));
            ("kind", kind.transpose()?)
        }
        ContextField::OverBudget => ("over_budget", boolean(context.over_budget)),
        ContextField::OwnAccount => ("own_account", boolean(context.own_account)),
        ContextField::Role => {
            let role = context.role.map(|role| reference("Role", role.as_str()));
            ("role", role.transpose()?)
        }
        ContextField::Session => ("session", Some(session_record(session)?)),
        ContextField::Settings => ("settings", boolean(context.settings)),
    };
    Ok(value.map(|value| (name, value)))
}

fn session_record(session: &Session) -> Result<RestrictedExpression, PolicySetError> {
    record([
        ("email_key", RestrictedExpression::new_string(session.email_key.clone())),
        ("email_verified", RestrictedExpression::new_bool(session.email_verified)),
    ])
}

/// Returns the hour (0 to 23) and the weekday (1, Monday, to 7) of the request in UTC.
fn moment(org: OrgFacts<'_>) -> Result<RestrictedExpression, PolicySetError> {
    let weekday = org.at.weekday().number_from_monday();
    record([
        ("hour", RestrictedExpression::new_long(org.at.hour().into())),
        ("weekday", RestrictedExpression::new_long(weekday.into())),
    ])
}

fn invitation(
    org: OrgFacts<'_>,
    role: Role,
    email: Option<&EmailKey>,
    entities: &mut Vec<Entity>,
) -> Result<EntityUid, PolicySetError> {
    let attributes = vec![
        ("org", reference("Organization", &org.id.to_string())?),
        ("role", reference("Role", role.as_str())?),
        (
            "email_key",
            RestrictedExpression::new_string(email.map(ToString::to_string).unwrap_or_default()),
        ),
    ];
    add(entities, uid("Invitation", "the invitation")?, attributes, HashSet::new())
}

fn membership(
    org: OrgFacts<'_>,
    member: &UserId,
    role: Role,
    entities: &mut Vec<Entity>,
) -> Result<EntityUid, PolicySetError> {
    let attributes = vec![
        ("org", reference("Organization", &org.id.to_string())?),
        ("user", reference("User", member.as_str())?),
        ("role", reference("Role", role.as_str())?),
    ];
    add(entities, uid("Member", member.as_str())?, attributes, HashSet::new())
}

fn resource_entity(
    org: OrgFacts<'_>,
    resource: ResourceFacts,
    entities: &mut Vec<Entity>,
) -> Result<EntityUid, PolicySetError> {
    let attributes = vec![
        ("org", reference("Organization", &org.id.to_string())?),
        ("kind", reference("ResourceKind", resource.kind.as_str())?),
        ("cost_class", cost_class(resource.cost_class)?),
    ];
    add(entities, uid("Resource", "the resource")?, attributes, HashSet::new())
}

fn cost_class(class: CostClass) -> Result<RestrictedExpression, PolicySetError> {
    reference("CostClass", class.as_str())
}

fn add(
    entities: &mut Vec<Entity>,
    uid: EntityUid,
    attributes: Pairs,
    parents: HashSet<EntityUid>,
) -> Result<EntityUid, PolicySetError> {
    let attributes: Attributes =
        attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    entities.push(
        Entity::new(uid.clone(), attributes, parents)
            .map_err(|error| PolicySetError(error.to_string()))?,
    );
    Ok(uid)
}

fn record<const N: usize>(
    pairs: [(&str, RestrictedExpression); N],
) -> Result<RestrictedExpression, PolicySetError> {
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value));
    RestrictedExpression::new_record(pairs).map_err(|error| PolicySetError(error.to_string()))
}

/// The schema's entity types, as a policy. The process parses policies anyway, and Cedar would
/// build two more parsers for names alone.
const ENTITY_TYPES_POLICY: &str = r#"permit (principal, action, resource) when {
    [Orgs::Action::"", Orgs::CostClass::"", Orgs::Invitation::"", Orgs::Member::"", Orgs::Nobody::"", Orgs::OrgStatus::"",
     Orgs::Organization::"", Orgs::Resource::"", Orgs::ResourceKind::"", Orgs::Role::"", Orgs::Service::"", Orgs::System::"",
     Orgs::User::""]
};"#;

/// The schema's entity types by their names without the namespace, parsed once.
static ENTITY_TYPES: LazyLock<HashMap<String, EntityTypeName>> = LazyLock::new(|| {
    let parsed = PolicySet::from_str(ENTITY_TYPES_POLICY).unwrap_or_default();
    let literals = parsed.policies().flat_map(Policy::entity_literals);
    literals
        .map(|literal| (literal.type_name().basename().to_owned(), literal.type_name().clone()))
        .collect()
});

/// Returns the id of an entity of a type of the schema, such as `Role`.
pub(crate) fn uid(kind: &str, id: &str) -> Result<EntityUid, PolicySetError> {
    let name = ENTITY_TYPES
        .get(kind)
        .cloned()
        .ok_or_else(|| PolicySetError(format!("unknown entity type `{kind}`")))?;
    Ok(EntityUid::from_type_name_and_id(name, EntityId::new(id)))
}

fn reference(kind: &str, id: &str) -> Result<RestrictedExpression, PolicySetError> {
    Ok(RestrictedExpression::new_entity_uid(uid(kind, id)?))
}
