use serde_json::{Value, json};

use crate::world::{Options, World};

#[tokio::test]
async fn a_person_creates_an_organization_and_owns_it() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let answer = ann
        .post(
            "/v1/orgs",
            &json!({"name": "  Acme ", "description": "We", "metadata": {"crm": "42"}}),
        )
        .await;
    assert_eq!(answer.headers["etag"], "\"1\"");
    let org = answer.expect(201);
    let id = org["id"].as_str().unwrap();
    assert!(id.starts_with("org_") && id.len() == 36, "{id}");
    assert!(org["created_at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(org["created_at"], org["updated_at"]);
    insta::assert_json_snapshot!(org, {".id" => "[id]", ".created_at" => "[time]", ".updated_at" => "[time]"}, @r#"
    {
      "id": "[id]",
      "name": "Acme",
      "description": "We",
      "metadata": {
        "crm": "42"
      },
      "status": "active",
      "role": "owner",
      "owner_count": 1,
      "member_count": 1,
      "seat_limit": null,
      "billing_modes": [
        "account",
        "independent"
      ],
      "settings": {
        "high_cost_creators": "administrator"
      },
      "created_at": "[time]",
      "updated_at": "[time]",
      "version": 1
    }
    "#);
    world.assert_whole(id).await;
    assert_eq!(ann.get(&format!("/v1/orgs/{id}")).await.expect(200), org);
}

#[tokio::test]
async fn omitted_fields_are_empty() {
    let world = World::start().await;
    let org = world
        .user("ann")
        .await
        .post("/v1/orgs", &json!({"name": "Acme", "description": null}))
        .await
        .expect(201);
    assert_eq!((&org["description"], &org["metadata"]), (&json!(null), &json!({})));
}

#[tokio::test]
async fn creating_is_audited_once() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let answer = ann.post("/v1/orgs", &json!({"name": "Acme"})).await;
    let request_id = answer.headers["x-request-id"].clone();
    let id = answer.expect(201)["id"].as_str().unwrap().to_owned();
    let audit = world.audit(&id).await;
    assert_eq!(audit.len(), 1);
    let record = &audit[0];
    assert!(record["id"]["S"].as_str().unwrap().starts_with("aud_"));
    assert_eq!(record["action"]["S"], "create_org");
    assert_eq!(record["actor"]["M"]["user_id"]["S"], "ann");
    assert_eq!(record["target"]["S"], id.as_str());
    assert_eq!(record["after"]["M"]["version"]["N"], "1");
    assert_eq!(record["request_id"]["S"], request_id.as_str());
    assert!(record.get("before").is_none());
}

#[tokio::test]
async fn creating_requires_a_verified_address() {
    let world = World::start().await;
    for token in [
        json!({"sub": "a"}),
        json!({"sub": "a", "email": "a@example.com"}),
        json!({"sub": "a", "email": "a@example.com", "email_verified": false}),
        json!({"sub": "a", "email_verified": true}),
    ] {
        let person = world.token(&token).await;
        let denied = "403 email_not_verified by guard.verified-address-creates";
        assert_eq!(
            person.post("/v1/orgs", &json!({"name": "Acme"})).await.to_string(),
            denied,
            "{token}"
        );
        // A caller without the permission gets no validation errors for the body.
        assert_eq!(
            person.post("/v1/orgs", &json!({"name": 7})).await.to_string(),
            denied,
            "{token}"
        );
    }
    assert_eq!(world.items(0).await.len(), 0);
}

#[tokio::test]
async fn bad_input_points_at_its_field() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let many: Value =
        (0..21).map(|i| (format!("k{i}"), json!("v"))).collect::<serde_json::Map<_, _>>().into();
    let cases = [
        json!({}),
        json!({"name": ""}),
        json!({"name": "x".repeat(65)}),
        json!({"name": 7}),
        json!({"name": null}),
        json!({"name": ["Acme"]}),
        json!({"name": "a\u{202e}b"}),
        json!({"name": "see https://evil.example"}),
        json!({"name": "a@b"}),
        json!({"name": "Acme", "description": "x".repeat(501)}),
        json!({"name": "Acme", "metadata": {"k": 1}}),
        json!({"name": "Acme", "metadata": many}),
        json!({"name": "Acme", "owner": "eve"}),
        json!([]),
        json!("Acme"),
    ];
    let mut answers = Vec::new();
    for body in &cases {
        answers.push(ann.post("/v1/orgs", body).await.to_string());
    }
    insta::assert_snapshot!(answers.join("\n"), @"
    422 validation_failed /name:missing_field
    422 validation_failed /name:invalid_value
    422 validation_failed /name:invalid_value
    422 validation_failed /name:wrong_type
    422 validation_failed /name:wrong_type
    422 validation_failed /name:wrong_type
    422 validation_failed /name:invalid_value
    422 validation_failed /name:invalid_value
    422 validation_failed /name:invalid_value
    422 validation_failed /description:invalid_value
    422 validation_failed /metadata/k:wrong_type
    422 validation_failed /metadata:invalid_value
    422 validation_failed /owner:unknown_field
    422 validation_failed :wrong_type
    422 validation_failed :wrong_type
    ");
    assert_eq!(world.items(0).await.len(), 0);
}

#[tokio::test]
async fn a_malformed_body_is_rejected() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let send = async |content_type: &str, body: Vec<u8>| {
        let request =
            ann.request("POST", "/v1/orgs").header("content-type", content_type).body(body);
        ann.send(request).await.to_string()
    };
    let json = "application/json";
    let answers = [
        send(json, b"".to_vec()).await,
        send(json, b"{".to_vec()).await,
        send(json, b"{\"name\":\"\xff\"}".to_vec()).await,
        send(json, b"{\"name\":\"\\ud800\"}".to_vec()).await,
        send(json, "[".repeat(10_000).into_bytes()).await,
        send(json, b"{\"name\":\"Acme\"} x".to_vec()).await,
        send("text/plain", b"{\"name\":\"Acme\"}".to_vec()).await,
        send("application/x-www-form-urlencoded", b"name=Acme".to_vec()).await,
        send(json, vec![b' '; 256 * 1024 + 1]).await,
        send("text/plain", vec![b' '; 256 * 1024 + 1]).await,
    ];
    insta::assert_snapshot!(answers.join("\n"), @"
    400 malformed_json
    400 malformed_json
    400 malformed_json
    422 validation_failed /name:wrong_type
    400 malformed_json
    400 malformed_json
    415 unsupported_media_type
    415 unsupported_media_type
    413 body_too_large
    413 body_too_large
    ");
    assert_eq!(
        send("application/json; charset=utf-8", b"{\"name\":\"Acme\"}".to_vec()).await,
        "201"
    );
}

#[tokio::test]
async fn one_person_has_a_limit_of_organizations() {
    let world = World::with(Options { orgs_per_creator: 2, ..Options::default() }).await;
    let ann = world.user("ann").await;
    world.org(&ann).await;
    world.org(&ann).await;
    insta::assert_snapshot!(ann.post("/v1/orgs", &json!({"name": "Third"})).await, @"409 org_limit_reached");
    world.org(&world.user("bob").await).await;
}

#[tokio::test]
async fn names_are_not_unique() {
    let world = World::start().await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    assert_ne!(world.org(&ann).await, world.org(&bob).await);
}

#[tokio::test]
async fn a_repeated_request_replays_the_response() {
    let world = World::start().await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    let body = json!({"name": "Acme"});
    let first = ann.keyed("POST", "/v1/orgs", "k", &body).await;
    assert!(!first.headers.contains_key("idempotency-replayed"));
    let again = ann.keyed("POST", "/v1/orgs", "k", &body).await;
    assert_eq!(
        (again.status, &again.text, &again.headers["etag"]),
        (201, &first.text, &first.headers["etag"])
    );
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_ne!(again.headers["x-request-id"], first.headers["x-request-id"]);
    insta::assert_snapshot!(ann.keyed("POST", "/v1/orgs", "k", &json!({"name": "Other"})).await, @"422 idempotency_key_reused");
    // Keys are separate for each caller, and each key is a separate request.
    assert_ne!(bob.keyed("POST", "/v1/orgs", "k", &body).await.expect(201)["id"], first.body["id"]);
    assert_ne!(
        ann.keyed("POST", "/v1/orgs", "k2", &body).await.expect(201)["id"],
        first.body["id"]
    );
    // A key is kept for a day.
    world.advance(86_399).await;
    let ann = world.user("ann").await;
    assert_eq!(ann.keyed("POST", "/v1/orgs", "k", &body).await.body["id"], first.body["id"]);
    world.advance(1).await;
    assert_ne!(ann.keyed("POST", "/v1/orgs", "k", &body).await.expect(201)["id"], first.body["id"]);
}

#[tokio::test]
async fn a_repeated_request_replays_the_response_even_if_the_address_is_no_longer_verified() {
    let world = World::start().await;
    let body = json!({"name": "Acme"});
    let first = world.user("ann").await.keyed("POST", "/v1/orgs", "k", &body).await;
    let unverified = world.token(&json!({"sub": "ann", "email": "ann@example.com"})).await;
    let again = unverified.keyed("POST", "/v1/orgs", "k", &body).await;
    assert_eq!((again.status, again.text), (201, first.text));
    assert_eq!(
        unverified.keyed("POST", "/v1/orgs", "other", &body).await.code(),
        Some("email_not_verified")
    );
}

#[tokio::test]
async fn an_error_response_is_not_replayed() {
    let world = World::with(Options { orgs_per_creator: 1, ..Options::default() }).await;
    let ann = world.user("ann").await;
    world.org(&ann).await;
    assert_eq!(
        ann.keyed("POST", "/v1/orgs", "k", &json!({"name": "Acme"})).await.code(),
        Some("org_limit_reached")
    );
    world
        .change("USER#ann", "PROFILE", "SET orgs_created = :none", &json!({":none": {"N": "0"}}))
        .await;
    assert_eq!(ann.keyed("POST", "/v1/orgs", "k", &json!({"name": "Acme"})).await.status, 201);
}

#[tokio::test]
async fn an_idempotency_key_must_be_printable_and_short() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    for bad in ["", &"k".repeat(256), "a\tb"] {
        let refused = ann.keyed("POST", "/v1/orgs", bad, &json!({"name": "Acme"})).await;
        assert_eq!(
            refused.to_string(),
            "422 validation_failed /idempotency-key:invalid_value",
            "{bad}"
        );
    }
    assert_eq!(
        ann.keyed("POST", "/v1/orgs", &"k".repeat(255), &json!({"name": "Acme"})).await.status,
        201
    );
}
