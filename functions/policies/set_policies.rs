//! Sets an organization's own policies: forbids in Cedar that narrow what its members may do. They never keep an owner from
//! changing them again.

use orgs_http::domain::own_policies::{self, OrgPolicies};
use orgs_http::policies::{Ask, Flaw, OfOrg, OwnPolicies};
use orgs_http::{Call, FieldProblem, Problem, Reply, Result, Wants};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_http::action!(set_policies, "Sets an organization's own policies", handle, body: SetPolicies, answer: OrgPolicies);

/// The policies.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPolicies {
    /// Cedar: at most 20 static `forbid` policies, 2 KiB each, 8 KiB in all, nested at most 16 deep, strictly valid against the
    /// schema. Empty for none.
    #[schema(
        max_length = 8192,
        example = "forbid (principal, action == Orgs::Action::\"invite_member\", resource) unless { principal in Orgs::Role::\"owner\" };"
    )]
    policies: String,
}

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let scene = call.scene(call.org_id()?, Wants::default()).await?;
    let permit = scene.permit(&Ask::OfOrg(OfOrg::SetPolicies, scene.facts()))?;
    let SetPolicies { policies } = call.body()?;
    OwnPolicies::check(&policies).map_err(|flaws| refused(&flaws))?;
    let before = scene.policies();
    call.if_match(before.version)?;
    let Some(change) = own_policies::set(scene.org.id, &before, policies) else {
        return scene.unchanged(&permit, Reply::ok(&before)?.version(before.version)).await;
    };
    let reply = Reply::ok(change.after())?.version(change.after().version);
    scene.commit(&permit, &change, reply).await
}

fn refused(flaws: &[Flaw]) -> Problem {
    let errors = flaws.iter().map(|flaw| FieldProblem {
        pointer: "/policies".to_owned(),
        code: "invalid_policy".to_owned(),
        detail: format!("line {}, column {}: {}", flaw.line, flaw.column, flaw.detail),
    });
    Problem { errors: errors.collect(), ..Problem::invalid("/policies", "invalid_policy", "") }
}
