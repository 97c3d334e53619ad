//! `GET /v1/accounts/{account_id}/statements/{month}`

use chrono::{DateTime, Duration, Utc};
use orgs_domain::{Month, text};
use serde_json::{Value, json};

use super::{event, now, quiet_time, record, statuses, void};
use crate::world::{Caller, World};

fn month(at: DateTime<Utc>) -> String {
    Month::of(at).to_string()
}

async fn account(person: &Caller) -> String {
    person.get("/v1/me").await.expect(200)["account_id"].as_str().unwrap().to_owned()
}

/// Moves the clock to a day of the next month, at 12:30.
pub(super) async fn to_next_month(world: &World, day: i64) {
    let start = now(world).await;
    let first = Month::of(start).span().to + Duration::minutes(12 * 60 + 30);
    world.advance((first + Duration::days(day - 1) - start).num_seconds()).await;
}

/// Returns the lines as text: organization, kind, corrected month, credits and events.
fn lines(statement: &Value, orgs: &[(&str, &str)]) -> Vec<String> {
    let line = |line: &Value| {
        let org = orgs.iter().find(|(id, _)| line["org_id"] == *id).unwrap().1;
        let text = |field: &str| line[field].as_str().unwrap_or("-").to_owned();
        let (kind, of, credits) = (text("kind"), text("adjustment_of"), text("credits"));
        format!("{org} {kind} {of} {credits} {}", line["events"])
    };
    statement["lines"].as_array().unwrap().iter().map(line).collect()
}

#[tokio::test]
async fn a_statement_becomes_final_and_then_never_changes() {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let ann = world.user("ann").await;
    let (one, two) = (world.org(&ann).await, world.org(&ann).await);
    let (one, two) = (one.clone().min(two.clone()), one.max(two));
    let names = [(one.as_str(), "one"), (two.as_str(), "two")];
    let meter = world.service("usage:write usage:void").await;
    record(&meter, &one, &[event("1", at, "chat", "1.25"), event("2", at, "image", "2")]).await;
    record(&meter, &two, &[event("1", at, "chat", "4"), event("2", at, "chat", "0.5")]).await;
    void(&meter, &two, &["2"]).await;
    let account = account(&ann).await;
    let path = format!("/v1/accounts/{account}/statements/{}", month(at));
    let open = ann.get(&path).await.expect(200);
    assert_eq!(lines(&open, &names), ["one chat - 1.25 1", "one image - 2 1", "two chat - 4 1"]);
    assert_eq!(open["total"], json!({"credits": "7.25", "events": 3}));
    assert_eq!((&open["final"], &open["account_id"]), (&json!(false), &json!(account)));

    // Seven days after its end, the month takes nothing.
    to_next_month(&world, 8).await;
    let biller = world.service("billing:read").await;
    let answer = biller.get(&path).await;
    let tag = answer.headers["etag"].clone();
    let closed = answer.expect(200);
    assert_eq!(closed["final"], true);
    assert_eq!((&closed["lines"], &closed["hash"]), (&open["lines"], &open["hash"]));
    assert_eq!(tag, format!("\"{}\"", closed["hash"].as_str().unwrap()));
    let listed =
        biller.get(&format!("/v1/accounts?month={}", month(at))).await.expect(200)["data"].clone();
    assert_eq!(listed, json!([{"account_id": account, "hash": closed["hash"]}]));

    // The hash is that of the CSV.
    let answer = biller.send(biller.request("GET", &path).header("accept", "text/csv")).await;
    assert_eq!(
        answer.text,
        format!(
            "org_id,kind,adjustment_of,credits,events\n\
             {one},chat,,1.25,1\n{one},image,,2,1\n{two},chat,,4,1\n"
        )
    );
    let hash = format!("sha256:{}", text::hex(&text::sha256(answer.text.as_bytes())));
    assert_eq!(closed["hash"], hash.as_str());

    // A void and a backfilled event are adjustments in the statement of the current month.
    let meter = world.service("usage:write usage:void usage:backfill").await;
    void(&meter, &one, &["1"]).await;
    assert_eq!(statuses(&record(&meter, &two, &[event("3", at, "chat", "8")]).await), ["accepted"]);
    record(&meter, &two, &[event("4", now(&world).await, "chat", "16")]).await;
    let biller = world.service("billing:read").await;
    assert_eq!(biller.get(&path).await.expect(200), closed);
    let next = format!("/v1/accounts/{account}/statements/{}", month(now(&world).await));
    let adjusted = biller.get(&next).await.expect(200);
    let of = month(at);
    assert_eq!(
        lines(&adjusted, &names),
        [
            format!("one chat {of} -1.25 -1"),
            "two chat - 16 1".to_owned(),
            format!("two chat {of} 8 1"),
        ]
    );
    assert_eq!(adjusted["total"], json!({"credits": "22.75", "events": 1}));

    // The backfilled event can be taken back too, once.
    assert_eq!(statuses(&void(&meter, &two, &["3", "3"]).await), ["voided", "already_voided"]);
    let adjusted = biller.get(&next).await.expect(200);
    assert_eq!(adjusted["total"], json!({"credits": "14.75", "events": 0}));

    // Both months stay as they are when the next one is final too.
    to_next_month(&world, 9).await;
    let biller = world.service("billing:read").await;
    assert_eq!(biller.get(&path).await.expect(200), closed);
    let later = biller.get(&next).await.expect(200);
    assert_eq!(later["final"], true);
    assert_eq!((&later["lines"], &later["hash"]), (&adjusted["lines"], &adjusted["hash"]));
}

#[tokio::test]
async fn the_reports_of_a_closed_month_do_not_change_either() {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let meter = world.service("usage:write").await;
    record(&meter, &org, &[event("1", at, "chat", "2")]).await;
    let end = at.format("%Y-%m-16T00:00:00Z");
    let query = format!("from={}&to={end}", at.format("%Y-%m-01T00:00:00Z"));
    let paths = [format!("/v1/orgs/{org}/usage?{query}"), format!("/v1/account/usage?{query}")];
    let reports = async |final_now: bool| {
        let ann = world.user("ann").await;
        let mut totals = Vec::new();
        for path in &paths {
            let report = ann.get(path).await.expect(200);
            assert_eq!(report["final"], final_now, "{path}");
            let final_at: DateTime<Utc> = report["final_at"].as_str().unwrap().parse().unwrap();
            assert_eq!(final_at.format("%d %H:%M:%S").to_string(), "08 00:05:00");
            assert_eq!(month(final_at - Duration::days(8)), month(at));
            totals.push(report["total"].clone());
        }
        totals
    };
    let before = reports(false).await;
    to_next_month(&world, 7).await;
    // The last day on which an event of the month still counts in it, with the scope.
    let meter = world.service("usage:write usage:void usage:backfill").await;
    record(&meter, &org, &[event("2", at, "chat", "3")]).await;
    let open = reports(false).await;
    assert_eq!((&before[0]["credits"], &open[0]["credits"]), (&json!("2"), &json!("5")));
    world.advance_days(1).await;
    let meter = world.service("usage:write usage:void usage:backfill").await;
    record(&meter, &org, &[event("3", at, "chat", "4")]).await;
    void(&meter, &org, &["1"]).await;
    assert_eq!(reports(true).await, open);
}

#[tokio::test]
async fn a_long_statement_has_pages() {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let meter = world.service("usage:write").await;
    record(&meter, &org, &[event("1", at, "chat", "1")]).await;
    let account = account(&ann).await;
    // The line of the organization above is the last one. Each of these has 200 kinds.
    let counter = |org: usize| {
        let mut counter = json!({
            "PK": {"S": format!("ACC#{account}#D#{}", month(at))},
            "SK": {"S": format!("01#org_{org:032x}#0")},
        });
        for kind in 0..200 {
            counter[format!("cr_kind-{kind:03}")] = json!({"N": "1000000"});
            counter[format!("n_kind-{kind:03}")] = json!({"N": "1"});
        }
        counter
    };
    let counters: Vec<Value> = (0..22).map(counter).collect();
    world.put_items(1, &counters).await;
    let path = format!("/v1/accounts/{account}/statements/{}", month(at));
    for is_final in [false, true] {
        let ann = world.user("ann").await;
        let (mut next, mut csv, mut pages) = (Some(path.clone()), String::new(), Vec::new());
        let mut hash = Value::Null;
        while let Some(path_of_page) = next {
            let page = ann.get(&path_of_page).await.expect(200);
            assert_eq!(page["final"], is_final);
            assert_eq!(page["total"], json!({"credits": "4401", "events": 4401}));
            let lines = page["lines"].as_array().unwrap();
            pages.push((lines.len(), lines[0]["org_id"].clone()));
            let request = ann.request("GET", &path_of_page).header("accept", "text/csv");
            let answer = ann.send(request).await;
            csv += &answer.text;
            next = page["next_cursor"].as_str().map(|cursor| format!("{path}?cursor={cursor}"));
            let link = next.as_ref().map(|next| format!("<{next}>; rel=\"next\""));
            assert_eq!(answer.headers.get("link"), link.as_ref());
            hash = page["hash"].clone();
        }
        let first = |org: usize| json!(format!("org_{org:032x}"));
        assert_eq!(pages, [(2000, first(0)), (2000, first(10)), (401, first(20))]);
        let expected = format!("sha256:{}", text::hex(&text::sha256(csv.as_bytes())));
        assert_eq!(hash, expected.as_str());
        // After the last page there is nothing.
        assert_eq!(ann.get(&format!("{path}?cursor=3")).await.expect(200)["lines"], json!([]));
        to_next_month(&world, 8).await;
    }
    // A stored statement that lost a part is an error, and never a shorter statement.
    let parts = world.items(1).await;
    let second = parts.iter().find(|item| item["SK"]["S"] == "0001").unwrap();
    world.remove_usage_item(second).await;
    let ann = world.user("ann").await;
    assert_eq!(ann.get(&format!("{path}?cursor=1")).await.status, 500);
}

#[tokio::test]
async fn a_person_sees_only_their_own_statement() {
    let world = World::start().await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    let of_ann = account(&ann).await;
    let path = format!("/v1/accounts/{of_ann}/statements/2026-10");
    let own = ann.get(&path).await.expect(200);
    assert_eq!(own["lines"], json!([]));
    assert_eq!(own["total"], json!({"credits": "0", "events": 0}));
    for caller in [bob, world.service("usage:write orgs:operate").await] {
        // The answer is the same for an account that nobody has.
        for account in [&of_ann, "acct_00000000000000000000000000000007", "nonsense"] {
            let answer = caller.get(&format!("/v1/accounts/{account}/statements/2026-10")).await;
            assert_eq!((answer.status, answer.code()), (403, Some("missing_permission")));
        }
    }
    assert_eq!(world.nobody().get(&path).await.status, 401);
    let biller = world.service("billing:read").await;
    for (rest, pointer) in [
        (format!("{of_ann}/statements/2026-13"), "/month"),
        (format!("{of_ann}/statements/october"), "/month"),
        ("nonsense/statements/2026-10".to_owned(), "/account_id"),
        (format!("{of_ann}/statements/2026-10?cursor=x"), "/cursor"),
        (format!("{of_ann}/statements/2026-10?colour=red"), "/colour"),
    ] {
        let answer = biller.get(&format!("/v1/accounts/{rest}")).await;
        assert_eq!(answer.code(), Some("validation_failed"), "{rest}");
        assert_eq!(answer.expect(422)["errors"][0]["pointer"], pointer, "{rest}");
    }
}

#[tokio::test]
async fn the_statement_of_an_account_outlives_its_organization() {
    let world = World::start().await;
    let at = quiet_time(&world).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let path = format!("/v1/orgs/{org}/billing");
    let billing = ann.call("PUT", &path, Some(&json!({"mode": "independent"}))).await.expect(200);
    record(
        &world.service("usage:write").await,
        &org,
        &[event("1", now(&world).await, "chat", "42")],
    )
    .await;
    ann.delete(&format!("/v1/orgs/{org}")).await.expect(204);
    world.advance_days(31).await;
    world.advance(3600).await;
    let biller = world.service("billing:read").await;
    assert_eq!(biller.get(&format!("/v1/orgs/{org}/usage")).await.status, 404);
    let account = billing["account_id"].as_str().unwrap();
    let statement =
        biller.get(&format!("/v1/accounts/{account}/statements/{}", month(at))).await.expect(200);
    assert_eq!(lines(&statement, &[(&org, "gone")]), ["gone chat - 42 1"]);
    assert_eq!(statement["final"], true);
}
