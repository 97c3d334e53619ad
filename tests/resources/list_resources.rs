use serde_json::{Value, json};

use super::resource;
use crate::world::World;

fn ids(page: &Value) -> Vec<String> {
    page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|resource| resource["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn members_see_all_resources_newest_first_in_pages() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let vic = world.member(&org, &ann, "vic", "viewer").await;
    let mut made = Vec::new();
    for n in 0..5 {
        made.insert(
            0,
            resource(&ann, &org, if n % 2 == 0 { "agent" } else { "source" }, "standard").await,
        );
    }
    let path = format!("/v1/orgs/{org}/resources");
    assert_eq!(ids(&vic.get(&path).await.expect(200)), made);
    for (filter, wanted) in [
        ("", vec![0, 1, 2, 3, 4]),
        ("&kind=agent", vec![0, 2, 4]),
        ("&kind=source", vec![1, 3]),
        ("&kind=knowledge_base", vec![]),
    ] {
        let wanted: Vec<String> = wanted.into_iter().map(|n: usize| made[n].clone()).collect();
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = vic.get(&format!("{path}?limit=2{filter}{cursor}")).await.expect(200);
            assert!(page["data"].as_array().unwrap().len() <= 2);
            seen.extend(ids(&page));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, wanted, "{filter}");
    }
}

#[tokio::test]
async fn changes_and_deletions_show_at_once() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let (one, two) = (
        resource(&ann, &org, "agent", "standard").await,
        resource(&ann, &org, "agent", "standard").await,
    );
    let path = format!("/v1/orgs/{org}/resources");
    ann.patch(&format!("{path}/{one}"), &json!({"name": "Renamed"})).await.expect(200);
    ann.delete(&format!("{path}/{two}")).await.expect(204);
    let page = ann.get(&format!("{path}?kind=agent")).await.expect(200);
    assert_eq!(
        (page["data"].as_array().unwrap().len(), &page["data"][0]["name"]),
        (1, &json!("Renamed"))
    );
}

#[tokio::test]
async fn an_invalid_query_is_rejected_and_a_foreign_cursor_reveals_nothing() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let (org, other) = (world.org(&ann).await, world.org(&ann).await);
    resource(&ann, &org, "agent", "standard").await;
    resource(&ann, &org, "agent", "standard").await;
    let path = format!("/v1/orgs/{org}/resources");
    for (query, wanted) in [
        ("kind=robot", "422 validation_failed /kind:invalid_value"),
        ("limit=0", "422 validation_failed /limit:invalid_value"),
        ("cursor=x", "422 validation_failed /cursor:invalid_value"),
        ("name=One", "422 validation_failed /name:unknown_field"),
    ] {
        assert_eq!(ann.get(&format!("{path}?{query}")).await.to_string(), wanted, "{query}");
    }
    let cursor = ann.get(&format!("{path}?limit=1")).await.expect(200)["next_cursor"]
        .as_str()
        .unwrap()
        .to_owned();
    for filter in ["", "&kind=agent"] {
        let elsewhere = ann
            .get(&format!("/v1/orgs/{other}/resources?cursor={cursor}{filter}"))
            .await
            .expect(200);
        assert_eq!(elsewhere, json!({"data": [], "next_cursor": null}));
    }
}

#[tokio::test]
async fn the_largest_page_fits_into_a_lambda_response() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    // The character takes two bytes in the body, and four in the JSON string of Lambda's response.
    let values: serde_json::Map<String, Value> =
        (0..20).map(|n| (n.to_string(), json!("\"".repeat(500)))).collect();
    let path = format!("/v1/orgs/{org}/resources");
    for _ in 0..100 {
        ann.post(&path, &json!({"kind": "agent", "name": "\"".repeat(64), "metadata": values}))
            .await
            .expect(201);
    }
    for list in [
        format!("{path}?limit=100"),
        format!("{path}?limit=100&kind=agent"),
        format!("/v1/orgs/{org}/audit?limit=100"),
    ] {
        let page = ann.get(&list).await.expect(200);
        assert!(page["data"].as_array().unwrap().len() > 10);
        let response = serde_json::to_string(&page.to_string()).unwrap();
        assert!(response.len() < 6_291_556, "{list}: {} bytes", response.len());
    }
    let control =
        ann.post(&path, &json!({"kind": "agent", "name": "One", "metadata": {"k": "\u{1}"}})).await;
    assert_eq!(control.to_string(), "422 validation_failed /metadata:invalid_value");
}
