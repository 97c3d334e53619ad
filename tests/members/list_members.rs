use serde_json::Value;

use crate::world::World;

fn ids(page: &Value) -> Vec<String> {
    page["data"].as_array().unwrap().iter().map(|member| member["user_id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_member_lists_all_members_page_by_page() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    for id in ["bob", "cy", "dee"] {
        world.member(&org, &ann, id, "viewer").await;
    }
    let dee = world.user("dee").await;
    let path = format!("/v1/orgs/{org}/members?limit=3");
    let first = dee.get(&path).await.expect(200);
    assert_eq!(ids(&first), ["ann", "bob", "cy"]);
    let second = dee.get(&format!("{path}&cursor={}", first["next_cursor"].as_str().unwrap())).await.expect(200);
    assert_eq!((ids(&second), &second["next_cursor"]), (vec!["dee".to_owned()], &Value::Null));
}

#[tokio::test]
async fn members_are_found_by_role_and_by_the_beginning_of_name_or_address() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "viewer").await;
    world.member(&org, &ann, "bea", "administrator").await;
    let list = async |query: &str| ids(&ann.get(&format!("/v1/orgs/{org}/members?{query}")).await.expect(200));
    assert_eq!(list("role=viewer").await, ["bob"]);
    assert_eq!(list("q=B").await, ["bea", "bob"]);
    assert_eq!(list("q=BOB%40example").await, ["bob"]);
    assert_eq!(list("q=b&role=administrator").await, ["bea"]);
    assert_eq!(list("q=ob").await, Vec::<String>::new());
    assert_eq!(list("q=").await, ["ann", "bea", "bob"]);
    assert_eq!(list("role=owner&limit=1").await, ["ann"]);
}

#[tokio::test]
async fn a_bad_query_is_pointed_at_and_only_to_members() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let mut answers = Vec::new();
    for query in ["role=boss", "role=", "role=viewer&role=owner", "limit=0", "cursor=%21", "sort=name"] {
        answers.push(format!("{query}: {}", ann.get(&format!("/v1/orgs/{org}/members?{query}")).await));
        assert_eq!(world.user("eve").await.get(&format!("/v1/orgs/{org}/members?{query}")).await.code(), Some("org_not_found"));
    }
    insta::assert_snapshot!(answers.join("\n"), @"
    role=boss: 422 validation_failed /role:invalid_value
    role=: 422 validation_failed /role:invalid_value
    role=viewer&role=owner: 422 validation_failed /role:duplicate
    limit=0: 422 validation_failed /limit:invalid_value
    cursor=%21: 422 validation_failed /cursor:invalid_value
    sort=name: 422 validation_failed /sort:unknown_field
    ");
}

#[tokio::test]
async fn a_cursor_of_another_list_is_none_of_this_one() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.org(&ann).await;
    let foreign = ann.get("/v1/orgs?limit=1").await.expect(200)["next_cursor"].as_str().unwrap().to_owned();
    let refused = ann.get(&format!("/v1/orgs/{org}/members?cursor={foreign}")).await.to_string();
    assert_eq!(refused, "422 validation_failed /cursor:invalid_value");
}
