use crate::world::World;

#[tokio::test]
async fn a_person_lists_their_organizations_with_their_role_in_each() {
    let world = World::start().await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    let (hers, his) = (world.org(&ann).await, world.org(&bob).await);
    world.member(&his, &bob, "ann", "administrator").await;
    let list = ann.get("/v1/orgs").await.expect(200);
    assert!(list["next_cursor"].is_null());
    let mut roles: Vec<(&str, &str)> = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|org| (org["id"].as_str().unwrap(), org["role"].as_str().unwrap()))
        .collect();
    roles.sort_by_key(|(_, role)| *role);
    assert_eq!(roles, [(his.as_str(), "administrator"), (hers.as_str(), "owner")]);
    assert_eq!(
        world.user("eve").await.get("/v1/orgs").await.text,
        r#"{"data":[],"next_cursor":null}"#
    );
}

#[tokio::test]
async fn the_list_has_pages() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let mut created = Vec::new();
    for _ in 0..5 {
        created.push(world.org(&ann).await);
    }
    let mut seen = Vec::new();
    let mut path = "/v1/orgs?limit=2".to_owned();
    let mut sizes = Vec::new();
    loop {
        let page = ann.get(&path).await.expect(200);
        sizes.push(page["data"].as_array().unwrap().len());
        seen.extend(
            page["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|org| org["id"].as_str().unwrap().to_owned()),
        );
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/v1/orgs?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!((seen, sizes), (created, vec![2, 2, 1]));
}

#[tokio::test]
async fn an_invalid_query_points_at_its_parameter() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let mut answers = Vec::new();
    for query in [
        "limit=0",
        "limit=101",
        "limit=x",
        "limit=",
        "limit=1&limit=2",
        "cursor=",
        "cursor=%21",
        "cursor=AA%3D%3D",
        "color=red",
        "limit=%ff",
        "cursor=_w",
    ] {
        answers.push(format!("{query}: {}", ann.get(&format!("/v1/orgs?{query}")).await));
    }
    insta::assert_snapshot!(answers.join("\n"), @"
    limit=0: 422 validation_failed /limit:invalid_value
    limit=101: 422 validation_failed /limit:invalid_value
    limit=x: 422 validation_failed /limit:invalid_value
    limit=: 422 validation_failed /limit:invalid_value
    limit=1&limit=2: 422 validation_failed /limit:duplicate
    cursor=: 422 validation_failed /cursor:invalid_value
    cursor=%21: 422 validation_failed /cursor:invalid_value
    cursor=AA%3D%3D: 422 validation_failed /cursor:invalid_value
    color=red: 422 validation_failed /color:unknown_field
    limit=%ff: 422 validation_failed /limit:invalid_value
    cursor=_w: 422 validation_failed /cursor:invalid_value
    ");
}

#[tokio::test]
async fn a_foreign_cursor_reveals_nothing() {
    let world = World::start().await;
    let (ann, eve) = (world.user("ann").await, world.user("eve").await);
    for _ in 0..3 {
        world.org(&ann).await;
    }
    let cursor =
        ann.get("/v1/orgs?limit=1").await.expect(200)["next_cursor"].as_str().unwrap().to_owned();
    let page = eve.get(&format!("/v1/orgs?cursor={cursor}")).await.expect(200);
    assert_eq!(page["data"].as_array().unwrap().len(), 0);
}
