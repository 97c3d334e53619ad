//! Changes an organization's own fields. Settings are the owners'.

use orgs_http::domain::OrgName;
use orgs_http::domain::lifecycle::{self, OrgPatch};
use orgs_http::domain::name::{Description, Metadata};
use orgs_http::domain::org::{OrgView, Settings};
use orgs_http::domain::patch::Patch;
use orgs_http::policies::Ask;
use orgs_http::{Call, Reply, Result, Wants, some};
use serde::Deserialize;
use utoipa::ToSchema;

orgs_http::action!(update_org, "Changes an organization's name, description, metadata or settings", handle, body: UpdateOrg, answer: OrgView);

/// What is to be different; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateOrg {
    /// 1 to 64 characters after trimming; no control, bidirectional or zero-width character, no
    /// link (`://`, `www.`, `a.example/`), no `@`, no `=?`.
    #[serde(default, deserialize_with = "some")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 64, example = "Acme")]
    name: Option<OrgName>,
    /// At most 500 characters; null for none.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 500, example = "Makers of everything")]
    description: Patch<Description>,
    /// All of the metadata: what is not in it is gone.
    #[serde(default, deserialize_with = "some")]
    #[schema(value_type = std::collections::BTreeMap<String, String>, required = false, example = json!({"crm": "42"}))]
    metadata: Option<Metadata>,
    /// The owners' settings.
    #[serde(default, deserialize_with = "some")]
    #[schema(value_type = Settings, required = false)]
    settings: Option<Settings>,
}

async fn handle(call: &Call<'_>) -> Result<Reply> {
    let scene = call.scene(call.org_id()?, Wants::default()).await?;
    let (org, role) = (scene.facts(), scene.me()?.role);
    scene.could(&Ask::UpdateOrg { org, settings: false })?;
    let UpdateOrg { name, description, metadata, settings } = call.body()?;
    let permit = scene.permit(&Ask::UpdateOrg { org, settings: settings.is_some() })?;
    call.if_match(scene.org.version)?;
    let patch = OrgPatch { name, description, metadata, settings };
    let Some(change) = lifecycle::update(&scene.org, patch, call.now) else {
        return scene
            .unchanged(&permit, Reply::ok(&scene.org.view(role))?.version(scene.org.version))
            .await;
    };
    let reply = Reply::ok(&change.after().view(role))?.version(change.after().version);
    scene.commit(&permit, &change, reply).await
}
