//! `/v1/orgs/{org_id}/holds`: credits that are reserved before a run.

mod captures;
mod create_hold;
mod get_hold;
mod invariant;
mod list_holds;
mod release_hold;
mod update_hold;

use serde_json::{Value, json};

use crate::usage::quiet_time;
use crate::world::{Caller, World};

/// An organization of Ann, and a service client that may reserve and record.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) ann: Caller,
    pub(crate) runner: Caller,
    pub(crate) org: String,
}

/// Starts a world with an organization whose enforced budget has these credits.
pub(crate) async fn stage(credits: &str) -> Stage {
    let world = World::start().await;
    quiet_time(&world).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let runner = world.service("usage:write").await;
    let stage = Stage { world, ann, runner, org };
    stage.budget(&json!({"monthly_credits": credits, "enforce": true})).await;
    stage
}

impl Stage {
    pub(crate) async fn budget(&self, body: &Value) {
        super::budget::set(&self.ann, &self.org, body).await.expect(200);
    }

    pub(crate) fn path(&self) -> String {
        format!("/v1/orgs/{}/holds", self.org)
    }

    /// Asks for a hold of ten minutes, and returns the status, or the code of the problem.
    pub(crate) async fn hold(&self, id: &str, credits: &str) -> String {
        let body = json!({"id": id, "credits": credits, "expires_in": 600});
        let answer = self.runner.post(&self.path(), &body).await;
        answer.body["code"].as_str().map_or_else(|| answer.status.to_string(), str::to_owned)
    }

    pub(crate) async fn get(&self, id: &str) -> Value {
        self.runner.get(&format!("{}/{id}", self.path())).await.expect(200)
    }

    /// Returns `spent`, `held` and `left` of the budget.
    pub(crate) async fn limit(&self) -> [String; 3] {
        let budget = super::budget::get(&self.ann, &self.org).await;
        let text = |name: &str| budget[name].as_str().unwrap().to_owned();
        [text("spent"), text("held"), text("remaining")]
    }

    /// Records one event now, and returns its status.
    pub(crate) async fn record(&self, id: &str, credits: &str, more: &Value) -> String {
        let at = crate::usage::now(&self.world).await;
        let mut event = crate::usage::event(id, at, "chat", credits);
        for (name, value) in more.as_object().unwrap() {
            event[name] = value.clone();
        }
        let result = crate::usage::record(&self.runner, &self.org, &[event]).await;
        crate::usage::statuses(&result)[0].to_owned()
    }
}
