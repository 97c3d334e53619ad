//! A question in Cedar's terms: the principal, the resource and the context, with the entities that
//! they name.

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

use crate::ask::{Ask, OrgFacts, Principal, ResourceFacts};
use crate::authorizer::PolicySetError;

type Attributes = HashMap<String, RestrictedExpression>;
type Pairs = Vec<(&'static str, RestrictedExpression)>;

/// What Cedar is asked, and all that it needs to know for it.
pub(crate) fn question(
    principal: Principal<'_>,
    ask: &Ask<'_>,
    actions: &Entities,
) -> Result<(Request, Entities), PolicySetError> {
    let bad = |error: &dyn std::fmt::Display| PolicySetError(error.to_string());
    let mut entities = Vec::new();
    if let Some(facts) = ask.org() {
        entities.push(organization(facts)?);
    }
    let (caller, session) = principal_entity(principal, ask.org(), &mut entities)?;
    let resource = resource(ask, &mut entities)?;
    let context = Context::from_pairs(
        context(ask, session)?.into_iter().map(|(name, value)| (name.to_owned(), value)),
    );
    let context = context.map_err(|error| bad(&error))?;
    let request = Request::new(caller, uid("Action", ask.action())?, resource, context, None)
        .map_err(|error| bad(&error))?;
    Ok((request, actions.clone().add_entities(entities, None).map_err(|error| bad(&error))?))
}

/// What the session says, for the actions whose rules look at it.
struct Session {
    email_key: String,
    email_verified: bool,
}

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

fn resource(ask: &Ask<'_>, entities: &mut Vec<Entity>) -> Result<EntityUid, PolicySetError> {
    match *ask {
        Ask::Alone(_) => uid("System", "orgs"),
        Ask::OfOrg(_, org)
        | Ask::UpdateOrg { org, .. }
        | Ask::InviteMember { org, .. }
        | Ask::InviteMembers { org, .. }
        | Ask::CreateResource { org, .. }
        | Ask::SetBilling { org, .. } => uid("Organization", &org.id.to_string()),
        Ask::AcceptInvitation { org, role, email }
        | Ask::DeclineInvitation { org, role, email } => {
            invitation(org, role, Some(email), entities)
        }
        // Whose address it is does not count to who may send or revoke it.
        Ask::ResendInvitation { org, role } | Ask::RevokeInvitation { org, role } => {
            invitation(org, role, None, entities)
        }
        Ask::LeaveOrg { org, member, role }
        | Ask::RemoveMember { org, member, role }
        | Ask::ChangeRole { org, member, role, .. } => membership(org, member, role, entities),
        Ask::UpdateResource { org, resource, .. }
        | Ask::DeleteResource { org, resource }
        | Ask::UseResource { org, resource, .. } => resource_entity(org, resource, entities),
    }
}

fn context(ask: &Ask<'_>, session: Session) -> Result<Pairs, PolicySetError> {
    use crate::ask::Alone::{
        CreateOrg, ForgetMe, ForgetUser, GetMe, Health, ListMyInvitations, ListOrgs, OptOut,
        PreviewInvitation, QueryAccountUsage,
    };
    let mut pairs = match ask {
        Ask::Alone(Health | PreviewInvitation | OptOut | ForgetUser) => return Ok(Vec::new()),
        Ask::Alone(
            GetMe | ForgetMe | ListOrgs | CreateOrg | ListMyInvitations | QueryAccountUsage,
        )
        | Ask::AcceptInvitation { .. }
        | Ask::DeclineInvitation { .. } => {
            let session = record([
                ("email_key", RestrictedExpression::new_string(session.email_key)),
                ("email_verified", RestrictedExpression::new_bool(session.email_verified)),
            ])?;
            return Ok(vec![("session", session)]);
        }
        Ask::OfOrg(..)
        | Ask::ResendInvitation { .. }
        | Ask::RevokeInvitation { .. }
        | Ask::LeaveOrg { .. }
        | Ask::RemoveMember { .. }
        | Ask::DeleteResource { .. } => Vec::new(),
        Ask::UseResource { over_budget, .. } => {
            vec![("over_budget", RestrictedExpression::new_bool(*over_budget))]
        }
        Ask::SetBilling { in_plan, .. } => {
            vec![("in_plan", RestrictedExpression::new_bool(*in_plan))]
        }
        Ask::UpdateOrg { settings, .. } => {
            vec![("settings", RestrictedExpression::new_bool(*settings))]
        }
        Ask::InviteMember { role, .. } | Ask::InviteMembers { role, .. } => {
            vec![("role", reference("Role", role.as_str())?)]
        }
        Ask::ChangeRole { role, to, .. } => {
            vec![
                ("role", reference("Role", to.as_str())?),
                ("demotes", RestrictedExpression::new_bool(to < role)),
            ]
        }
        Ask::CreateResource { resource, .. } => {
            vec![
                ("kind", reference("ResourceKind", resource.kind.as_str())?),
                ("cost_class", cost_class(resource.cost_class)?),
            ]
        }
        Ask::UpdateResource { to, .. } => vec![("cost_class", cost_class(*to)?)],
    };
    if let Some(org) = ask.org() {
        pairs.push((
            "at",
            record([
                ("hour", RestrictedExpression::new_long(org.at.hour().into())),
                (
                    "weekday",
                    RestrictedExpression::new_long(org.at.weekday().number_from_monday().into()),
                ),
            ])?,
        ));
    }
    Ok(pairs)
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

/// The schema's entity types, as a policy: its parser is there anyway, and names alone would need
/// two more.
const NAMED: &str = r#"permit (principal, action, resource) when {
    [Orgs::Action::"", Orgs::CostClass::"", Orgs::Invitation::"", Orgs::Member::"", Orgs::Nobody::"", Orgs::OrgStatus::"",
     Orgs::Organization::"", Orgs::Resource::"", Orgs::ResourceKind::"", Orgs::Role::"", Orgs::Service::"", Orgs::System::"",
     Orgs::User::""]
};"#;

/// The schema's entity types by their names without its namespace, parsed once.
static TYPES: LazyLock<HashMap<String, EntityTypeName>> = LazyLock::new(|| {
    let named = PolicySet::from_str(NAMED).unwrap_or_default();
    let literals = named.policies().flat_map(Policy::entity_literals);
    literals
        .map(|literal| (literal.type_name().basename().to_owned(), literal.type_name().clone()))
        .collect()
});

pub(crate) fn uid(kind: &str, id: &str) -> Result<EntityUid, PolicySetError> {
    let name = TYPES
        .get(kind)
        .cloned()
        .ok_or_else(|| PolicySetError(format!("`{kind}` is no entity type")))?;
    Ok(EntityUid::from_type_name_and_id(name, EntityId::new(id)))
}

fn reference(kind: &str, id: &str) -> Result<RestrictedExpression, PolicySetError> {
    Ok(RestrictedExpression::new_entity_uid(uid(kind, id)?))
}
