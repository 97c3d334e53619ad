use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use crate::resources::resource;
use crate::usage;
use crate::world::{World, encoded};

fn actions(page: &Value) -> Vec<&str> {
    page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|record| record["action"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn an_administrator_sees_the_audit_records_newest_first() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let adam = world.member(&org, &ann, "adam", "administrator").await;
    let vic = world.member(&org, &ann, "vic", "viewer").await;
    let path = format!("/v1/orgs/{org}/audit");
    let changed =
        adam.patch(&format!("/v1/orgs/{org}/members/vic"), &json!({"role": "administrator"})).await;
    let page = adam.get(&path).await.expect(200);
    assert_eq!(
        actions(&page),
        [
            "change_role",
            "accept_invitation",
            "invite_member",
            "accept_invitation",
            "invite_member",
            "create_org"
        ]
    );
    let last = &page["data"][0];
    let fields: Vec<&String> = last.as_object().unwrap().keys().collect();
    assert_eq!(
        fields,
        ["id", "org_id", "at", "actor", "action", "target", "before", "after", "request_id"]
    );
    assert_eq!(
        (&last["actor"], &last["target"]),
        (&json!({"user_id": "adam", "name": "Adam"}), &json!("vic"))
    );
    assert_eq!(
        (&last["before"]["role"], &last["after"]["role"]),
        (&json!("viewer"), &json!("administrator"))
    );
    assert_eq!((&last["before"]["version"], &last["after"]["version"]), (&json!(1), &json!(2)));
    assert_eq!(last["request_id"], changed.headers["x-request-id"]);
    // The records contain no data of the mailer and no secret.
    assert!(!page.to_string().contains("send_seq") && !page.to_string().contains("inv1."));
    adam.patch(&format!("/v1/orgs/{org}/members/vic"), &json!({"role": "viewer"}))
        .await
        .expect(200);
    insta::assert_snapshot!(vic.get(&path).await, @"403 missing_permission needs administrator");
}

#[tokio::test]
async fn a_denied_request_and_one_without_changes_leave_no_record() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let vic = world.member(&org, &ann, "vic", "viewer").await;
    let path = format!("/v1/orgs/{org}");
    let before = ann.get(&format!("{path}/audit")).await.expect(200);
    vic.patch(&path, &json!({"name": "Vic's"})).await.expect(403);
    ann.patch(&path, &json!({"name": "Acme"})).await.expect(200);
    ann.patch(&path, &json!({"name": ""})).await.expect(422);
    ann.post(&format!("{path}/leave"), &json!({})).await.expect(409);
    assert_eq!(ann.get(&format!("{path}/audit")).await.expect(200), before);
}

#[tokio::test]
async fn filters_by_time_and_action_combine_with_pages() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let start: DateTime<Utc> = usage::now(&world).await;
    for n in 0..6 {
        world.advance(60).await;
        if n % 2 == 0 {
            resource(&ann, &org, "agent", "standard").await;
        } else {
            ann.patch(&format!("/v1/orgs/{org}"), &json!({"name": format!("Acme {n}")}))
                .await
                .expect(200);
        }
    }
    let listed = async |filter: &str| {
        let (mut seen, mut cursor): (Vec<String>, String) = (Vec::new(), String::new());
        loop {
            let page =
                ann.get(&format!("/v1/orgs/{org}/audit?limit=2{filter}{cursor}")).await.expect(200);
            seen.extend(actions(&page).into_iter().map(str::to_owned));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return seen.join(" "),
            }
        }
    };
    let at = |minutes: i64| encoded(&(start + Duration::minutes(minutes)).to_rfc3339());
    assert_eq!(
        listed("").await,
        "update_org create_resource update_org create_resource update_org create_resource create_org"
    );
    assert_eq!(listed("&action=update_org").await, "update_org update_org update_org");
    // `from` is inclusive and `to` is exclusive.
    assert_eq!(listed(&format!("&from={}", at(5))).await, "update_org create_resource");
    assert_eq!(listed(&format!("&to={}", at(1))).await, "create_org");
    assert_eq!(
        listed(&format!("&from={}&to={}", at(2), at(4))).await,
        "create_resource update_org"
    );
    assert_eq!(
        listed(&format!("&from={}&to={}&action=create_resource", at(1), at(6))).await,
        "create_resource create_resource create_resource"
    );
    assert_eq!(listed(&format!("&from={}&to={}", at(4), at(2))).await, "");
}

#[tokio::test]
async fn an_invalid_query_is_rejected_and_a_foreign_cursor_reveals_nothing() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let (org, other) = (world.org(&ann).await, world.org(&ann).await);
    let path = format!("/v1/orgs/{org}/audit");
    for (query, wanted) in [
        ("action=nothing", "422 validation_failed /action:invalid_value"),
        ("from=yesterday", "422 validation_failed /from:invalid_value"),
        ("to=2026-01-01", "422 validation_failed /to:invalid_value"),
        ("cursor=x", "422 validation_failed /cursor:invalid_value"),
        ("actor=ann", "422 validation_failed /actor:unknown_field"),
    ] {
        assert_eq!(ann.get(&format!("{path}?{query}")).await.to_string(), wanted, "{query}");
    }
    resource(&ann, &org, "agent", "standard").await;
    let cursor = ann.get(&format!("{path}?limit=1")).await.expect(200)["next_cursor"]
        .as_str()
        .unwrap()
        .to_owned();
    let theirs = ann.get(&format!("/v1/orgs/{other}/audit?cursor={cursor}")).await.expect(200);
    assert!(
        theirs["data"].as_array().unwrap().iter().all(|record| record["org_id"] == other.as_str())
    );
    // The cursor is before the period of the filter, so no records are left.
    let early =
        ann.get(&format!("{path}?cursor={cursor}&from=2200-01-01T00%3A00%3A00Z")).await.expect(200);
    assert_eq!(early["data"], json!([]));
}

#[tokio::test]
async fn no_name_and_no_metadata_can_forge_a_record() {
    let world = World::start().await;
    let odd = json!({"sub": "mal", "email": "mal@example.com", "email_verified": true, "name": "x\",\"action\":\"delete_org"});
    let mal = world.token(&odd).await;
    let org = world.org(&mal).await;
    let forged = json!({"id": "aud_0", "action": "delete_org", "actor": "{\"user_id\":\"ann\"}", "request_id": "r"});
    let body =
        json!({"kind": "agent", "name": "\"},\"actor\":{\"user_id\":\"ann\"}", "metadata": forged});
    mal.post(&format!("/v1/orgs/{org}/resources"), &body).await.expect(201);
    let page = mal.get(&format!("/v1/orgs/{org}/audit")).await.expect(200);
    assert_eq!(actions(&page), ["create_resource", "create_org"]);
    let record = &page["data"][0];
    assert_eq!(
        (&record["actor"]["user_id"], &record["actor"]["name"]),
        (&json!("mal"), &odd["name"])
    );
    assert_eq!((&record["after"]["metadata"], &record["after"]["name"]), (&forged, &body["name"]));
}

#[tokio::test]
async fn an_outsider_causes_no_read_of_the_list() {
    let world = World::start().await;
    let (ann, eve) = (world.user("ann").await, world.user("eve").await);
    let org = world.org(&ann).await;
    for (function, list) in [
        ("list_audit", "audit?action=create_org"),
        ("list_invitations", "invitations?status=declined"),
    ] {
        let path = format!("/v1/orgs/{org}/{list}");
        eve.get(&path).await.expect(404);
        assert_eq!(world.host.call_log().take(function).calls, ["BatchGetItem"], "{function}");
        ann.get(&path).await.expect(200);
        let tally = world.host.call_log().take(function);
        assert_eq!(
            (tally.calls, tally.round_trips),
            (vec!["BatchGetItem".to_owned(), "Query".to_owned()], 2),
            "{function}"
        );
    }
}
