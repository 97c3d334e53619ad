//! The invitation mail: a change requests it, and the mail queue delivers it.

use orgs_local::MailFaults;
use serde_json::json;

use crate::world::{Options, World, opt_out_in, token_in};

#[tokio::test]
async fn the_mail_names_the_inviter_the_organization_the_role_and_the_expiry() {
    let world = World::start().await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let token = world.invite(&org, &ann, "Bob@Example.com", "administrator").await;
    let invitation = world.delivery(&org, &ann, "sent").await;
    let expires: chrono::DateTime<chrono::Utc> =
        invitation["expires_at"].as_str().unwrap().parse().unwrap();
    let mail = &world.mails("bob@example.com").await[0];
    let opt_out = opt_out_in(mail);
    let stable = |text: &str| {
        text.replace(&token, "[token]")
            .replace(&opt_out, "[opt-out token]")
            .replace(world.host.url(), "[host]")
            .replace(&expires.format("%-d %B %Y, %H:%M").to_string(), "[expiry]")
            .replace("\r\n", "\n")
    };
    assert_eq!(
        (mail["to"].as_str(), mail["subject"].as_str()),
        (Some("bob@example.com"), Some("Invitation to join Acme"))
    );
    insta::assert_snapshot!(stable(mail["text"].as_str().unwrap()), @"
    Ann invites you to join Acme on Organizations as an administrator.

    Open this link to see the invitation and to accept it:

    [host]/invitations#[token]

    The invitation expires on [expiry] UTC. To accept it, sign in with Bob@Example.com.

    You received this email because Ann entered your address.
    If you do not know them, ignore it: nothing happens until you accept.

    To stop invitations to this address:
    [host]/invitations#[opt-out token]
    ");
    insta::assert_snapshot!("the mail in HTML", stable(mail["html"].as_str().unwrap()));
    let lines: Vec<&str> = mail["text"].as_str().unwrap().lines().map(str::trim_end).collect();
    assert!(
        lines.contains(&format!("{}/invitations#{token}", world.host.url()).as_str()),
        "the link stands alone on its line"
    );
    assert!(!mail["headers"].to_string().contains(&token), "no header carries the token");
    assert_eq!(
        mail["headers"]["List-Unsubscribe"],
        format!("<{}/v1/mail/opt-out/{opt_out}>", world.host.url()).as_str()
    );
    assert_eq!(mail["headers"]["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click");
    let (ids, secret) = token.strip_prefix("inv1.").unwrap().split_once('.').unwrap();
    assert_eq!(
        ids,
        format!("{}{}", &org["org_".len()..], &invitation["id"].as_str().unwrap()["inv_".len()..])
    );
    assert_eq!(secret.len(), 43);
}

#[tokio::test]
async fn user_input_is_escaped() {
    let world = World::start().await;
    let name = "<script>alert(1)</script>\"'&";
    let ann = world.token(&json!({"sub": "ann", "email": "ann@example.com", "email_verified": true, "name": format!("{name}\r\nBcc: eve@example.com https://evil.example")})).await;
    let org = ann.post("/v1/orgs", &json!({"name": name})).await.expect(201)["id"]
        .as_str()
        .unwrap()
        .to_owned();
    world.invite(&org, &ann, "bob@example.com", "viewer").await;
    let mails = world.mails("bob@example.com").await;
    let mail = &mails[0];
    assert_eq!(mail["subject"].as_str(), Some(format!("Invitation to join {name}").as_str()));
    let html = mail["html"].as_str().unwrap();
    assert!(!html.contains("<script>") && html.contains("&#60;script&#62;"), "{html}");
    assert!(
        !mail["headers"]
            .as_object()
            .unwrap()
            .keys()
            .any(|header| header.eq_ignore_ascii_case("bcc"))
    );
    let text = mail["text"].as_str().unwrap();
    assert!(!text.contains("https://evil.example"), "{text}");
    assert_eq!(mails.len(), 1);
}

#[tokio::test]
async fn a_member_without_a_name_is_named_by_a_masked_address() {
    let world = World::start().await;
    let ann = world
        .token(&json!({"sub": "ann", "email": "ann@example.com", "email_verified": true}))
        .await;
    let org = world.org(&ann).await;
    world.invite(&org, &ann, "bob@example.com", "viewer").await;
    assert!(
        world.mails("bob@example.com").await[0]["text"]
            .as_str()
            .unwrap()
            .starts_with("a***@example.com invites you")
    );
}

#[tokio::test]
async fn a_mail_that_ses_rejects_is_shown_as_failed() {
    let world =
        World::with(Options { mail_faults: MailFaults::Rejected, ..Options::default() }).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    ann.post(&format!("/v1/orgs/{org}/invitations"), &json!({"email": "bob@example.com"}))
        .await
        .expect(201);
    let invitation = world.delivery(&org, &ann, "failed").await;
    assert_eq!((&invitation["status"], &invitation["version"]), (&json!("pending"), &json!(2)));
}

#[tokio::test]
async fn a_mail_is_retried_while_ses_is_unavailable() {
    // The SDK makes three attempts, so the first invocation of the function fails and the second
    // one succeeds.
    let world =
        World::with(Options { mail_faults: MailFaults::Away(4), ..Options::default() }).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    let token = world.invite(&org, &ann, "bob@example.com", "viewer").await;
    world.delivery(&org, &ann, "sent").await;
    world
        .user("bob")
        .await
        .post("/v1/invitations/accept", &json!({"token": token}))
        .await
        .expect(200);
}

#[tokio::test]
async fn a_mail_is_shown_as_failed_after_hours_and_is_still_sent_once_ses_is_back() {
    let world =
        World::with(Options { mail_faults: MailFaults::Away(u32::MAX), ..Options::default() })
            .await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    ann.post(&format!("/v1/orgs/{org}/invitations"), &json!({"email": "bob@example.com"}))
        .await
        .expect(201);
    world.advance(5 * 3600).await;
    let ann = world.user("ann").await; // her token is over
    world.delivery(&org, &ann, "failed").await;
    world.host.mend_mail();
    world.delivery(&org, &ann, "sent").await;
    let token = token_in(&world.mails("bob@example.com").await[0]);
    world
        .user("bob")
        .await
        .post("/v1/invitations/accept", &json!({"token": token}))
        .await
        .expect(200);
}

#[tokio::test]
async fn every_mailed_link_works_when_the_response_of_ses_is_lost() {
    let world =
        World::with(Options { mail_faults: MailFaults::AnswerLost(3), ..Options::default() }).await;
    let ann = world.user("ann").await;
    let org = world.org(&ann).await;
    world.invite(&org, &ann, "bob@example.com", "viewer").await;
    world.delivery(&org, &ann, "sent").await;
    let mails = world.mails("bob@example.com").await;
    let mut tokens: Vec<String> = mails.iter().map(token_in).collect();
    tokens.dedup();
    assert!(
        tokens.len() >= 2,
        "the response was lost, so the mailer sent a second mail with a new link"
    );
    for token in &tokens {
        assert_eq!(
            world.nobody().post("/v1/invitations/preview", &json!({"token": token})).await.status,
            200
        );
    }
    world
        .user("bob")
        .await
        .post("/v1/invitations/accept", &json!({"token": tokens.last().unwrap()}))
        .await
        .expect(200);
}
