use serde_json::{Value, json};

use crate::world::{Caller, World, encoded};

fn ids(page: &Value) -> Vec<String> {
    page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| member["user_id"].as_str().unwrap().to_owned())
        .collect()
}

/// Returns the ids on all pages of a list.
async fn all(caller: &Caller, path: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = caller.get(&format!("{path}{cursor}")).await.expect(200);
        found.extend(ids(&page));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
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
    let second = dee
        .get(&format!("{path}&cursor={}", first["next_cursor"].as_str().unwrap()))
        .await
        .expect(200);
    assert_eq!((ids(&second), &second["next_cursor"]), (vec!["dee".to_owned()], &Value::Null));
}

#[tokio::test]
async fn members_are_found_by_role_and_by_the_prefix_of_name_or_address() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "viewer").await;
    world.member(&org, &ann, "bea", "administrator").await;
    let list = async |query: &str| {
        ids(&ann.get(&format!("/v1/orgs/{org}/members?{query}")).await.expect(200))
    };
    assert_eq!(list("role=viewer").await, ["bob"]);
    assert_eq!(list("q=B").await, ["bea", "bob"]);
    assert_eq!(list("q=BOB%40example").await, ["bob"]);
    assert_eq!(list("q=b&role=administrator").await, ["bea"]);
    assert_eq!(list("q=ob").await, Vec::<String>::new());
    assert_eq!(list("q=").await, ["ann", "bea", "bob"]);
    assert_eq!(list("role=owner&limit=1").await, ["ann"]);
}

#[tokio::test]
async fn search_results_are_sorted_by_name_then_address_and_contain_each_member_once() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let operator = world.service("orgs:operate").await;
    // Matches by name, by address and by both; in any letter case, and with characters of more than
    // one byte.
    for (id, email, name) in [
        ("1", "zed@example.com", "Bob"),
        ("2", "BOBBY@example.com", "bobby"),
        ("3", "bo@example.com", "Zoe"),
        ("4", "bo.b@example.com", "Yan"),
        ("5", "x@example.com", "Bö"),
        ("6", "y@example.com", "BO"),
        ("7", "n@example.com", "Bn"),
    ] {
        operator
            .post(
                &format!("/v1/orgs/{org}/members"),
                &json!({"user_id": id, "email": email, "name": name, "role": "viewer"}),
            )
            .await
            .expect(201);
    }
    for limit in [1, 2, 3, 100] {
        let found = all(&ann, &format!("/v1/orgs/{org}/members?q=bO&limit={limit}")).await;
        assert_eq!(found, ["6", "1", "2", "4", "3"], "limit {limit}");
    }
    assert_eq!(
        ids(&ann.get(&format!("/v1/orgs/{org}/members?q=B%C3%96")).await.expect(200)),
        ["5"]
    );
}

#[tokio::test]
async fn members_are_sorted_by_name_and_those_without_a_name_by_address() {
    let world = World::start().await;
    let ann = world.user("zoe").await;
    let org = world.org(&ann).await;
    let operator = world.service("orgs:operate").await;
    for (id, email, name, role) in [
        ("1", "x@example.com", Some("bob"), "viewer"),
        ("2", "carl@example.com", None, "viewer"),
        ("3", "y@example.com", Some("Dan"), "administrator"),
        ("4", "a@example.com", Some("Émile"), "viewer"),
        ("5", "z@example.com", Some("Bob"), "viewer"),
    ] {
        operator
            .post(
                &format!("/v1/orgs/{org}/members"),
                &json!({"user_id": id, "email": email, "name": name, "role": role}),
            )
            .await
            .expect(201);
    }
    for limit in [1, 2, 100] {
        let path = format!("/v1/orgs/{org}/members?sort=name&limit={limit}");
        assert_eq!(all(&ann, &path).await, ["1", "5", "2", "3", "zoe", "4"], "limit {limit}");
        let path = format!("/v1/orgs/{org}/members?role=viewer&limit={limit}");
        assert_eq!(all(&ann, &path).await, ["1", "5", "2", "4"], "limit {limit}");
    }
    // A member without a name moves with the address.
    let carl = world
        .token(&json!({"sub": "2", "email": "zacharias@example.com", "email_verified": true}))
        .await;
    ann.patch(&format!("/v1/orgs/{org}/members/2"), &json!({"role": "administrator"}))
        .await
        .expect(200);
    carl.post(&format!("/v1/orgs/{org}/invitations"), &json!({"email": "new@example.com"}))
        .await
        .expect(201);
    assert_eq!(
        all(&ann, &format!("/v1/orgs/{org}/members?sort=name")).await,
        ["1", "5", "3", "2", "zoe", "4"]
    );
    assert_eq!(
        all(&ann, &format!("/v1/orgs/{org}/members?role=administrator")).await,
        ["3", "2"].map(str::to_owned)
    );
}

#[tokio::test]
async fn search_results_show_current_members() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "viewer").await;
    world.member(&org, &ann, "bea", "administrator").await;
    let list = async |query: &str| {
        ids(&ann.get(&format!("/v1/orgs/{org}/members?{query}")).await.expect(200))
    };
    ann.patch(&format!("/v1/orgs/{org}/members/bob"), &json!({"role": "administrator"}))
        .await
        .expect(200);
    assert_eq!(
        (list("role=viewer").await, list("role=administrator").await),
        (vec![], vec!["bea".to_owned(), "bob".to_owned()])
    );
    let renamed = world.token(&json!({"sub": "bob", "email": "zed@example.com", "email_verified": true, "name": "Zed"})).await;
    renamed
        .post(&format!("/v1/orgs/{org}/invitations"), &json!({"email": "cy@example.com"}))
        .await
        .expect(201);
    assert_eq!((list("q=bob").await, list("q=ze").await), (vec![], vec!["bob".to_owned()]));
    ann.delete(&format!("/v1/orgs/{org}/members/bob")).await;
    assert_eq!(
        (list("q=ze").await, list("role=administrator").await),
        (vec![], vec!["bea".to_owned()])
    );
}

#[tokio::test]
async fn a_stale_index_shows_no_former_members() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.member(&org, &ann, "bob", "viewer").await;
    // Only the member item is removed. The user entry and the address lock remain, as in a stale
    // index.
    world.remove_item(&format!("ORG#{org}"), "MEM#bob").await;
    let list = async |query: &str| {
        ids(&ann.get(&format!("/v1/orgs/{org}/members?{query}")).await.expect(200))
    };
    assert_eq!(list("q=bob").await, Vec::<String>::new());
}

#[tokio::test]
async fn more_than_100_members_are_listed_completely() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let operator = world.service("orgs:operate").await;
    for i in 0..130 {
        let person = json!({"user_id": format!("u{i:03}"), "email": format!("u{i}@example.com"), "name": "Uma", "role": "viewer"});
        operator.post(&format!("/v1/orgs/{org}/members"), &person).await.expect(201);
    }
    for query in ["", "role=viewer&", "q=u&", "q=uma&role=viewer&"] {
        let mut found = all(&ann, &format!("/v1/orgs/{org}/members?{query}limit=100")).await;
        found.retain(|id| id != "ann");
        let wanted: Vec<String> = (0..130).map(|i| format!("u{i:03}")).collect();
        assert_eq!(found, wanted, "{query}");
    }
}

#[tokio::test]
async fn an_invalid_query_is_reported_to_members_only() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let mut answers = Vec::new();
    for query in [
        "role=boss",
        "role=",
        "role=viewer&role=owner",
        "limit=0",
        "cursor=%21",
        "sort=age",
        "order=name",
        "q=b&cursor=Uk9MRSNi",
    ] {
        answers.push(format!(
            "{query}: {}",
            ann.get(&format!("/v1/orgs/{org}/members?{query}")).await
        ));
        assert_eq!(
            world.user("eve").await.get(&format!("/v1/orgs/{org}/members?{query}")).await.code(),
            Some("org_not_found")
        );
    }
    insta::assert_snapshot!(answers.join("\n"), @"
    role=boss: 422 validation_failed /role:invalid_value
    role=: 422 validation_failed /role:invalid_value
    role=viewer&role=owner: 422 validation_failed /role:duplicate
    limit=0: 422 validation_failed /limit:invalid_value
    cursor=%21: 422 validation_failed /cursor:invalid_value
    sort=age: 422 validation_failed /sort:invalid_value
    order=name: 422 validation_failed /order:unknown_field
    q=b&cursor=Uk9MRSNi: 422 validation_failed /cursor:invalid_value
    ");
}

#[tokio::test]
async fn a_cursor_of_another_list_is_invalid() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.org(&ann).await;
    let foreign =
        ann.get("/v1/orgs?limit=1").await.expect(200)["next_cursor"].as_str().unwrap().to_owned();
    for query in ["", "&sort=name"] {
        let path = format!("/v1/orgs/{org}/members?cursor={foreign}{query}");
        let refused = ann.get(&path).await.to_string();
        assert_eq!(refused, "422 validation_failed /cursor:invalid_value");
    }
}

#[tokio::test]
async fn a_search_text_has_at_most_a_hundred_characters() {
    let world = World::start().await;
    let (ann, eve) = (world.user("ann").await, world.user("eve").await);
    let org = world.org(&ann).await;
    let search = |text: &str| format!("/v1/orgs/{org}/members?q={}", encoded(text));
    for long in ["x".repeat(101), "x".repeat(2000), "\u{1D160}".repeat(100)] {
        assert_eq!(
            ann.get(&search(&long)).await.to_string(),
            "422 validation_failed /q:invalid_value",
            "{long}"
        );
        eve.get(&search(&long)).await.expect(404);
    }
    for most in ["x".repeat(100), "\u{10FFFF}".repeat(100)] {
        assert_eq!(ids(&ann.get(&search(&most)).await.expect(200)), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_cursor_after_the_last_key_gives_an_empty_page() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    // The cursor is `MEM#` and the last Unicode character.
    let cursor = "TUVNI_SPv78";
    let page = ann.get(&format!("/v1/orgs/{org}/members?cursor={cursor}")).await.expect(200);
    assert_eq!((ids(&page), &page["next_cursor"]), (Vec::new(), &Value::Null));
}
