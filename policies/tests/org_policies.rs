//! The policies of an organization: which texts are valid, which permissions they remove, and which
//! actions they can never restrict.

use std::error::Error;

use chrono::{DateTime, Utc};
use orgs_domain::org::Status;
use orgs_domain::{EmailAddress, OrgId, Person, Role, UserId};
use orgs_policies::{
    ActionName, Authorizer, AuthzRequest, Denial, DenialCode, OrgFacts, OrgPolicySet, Principal,
    PrincipalKind, Scenario, ScenarioRequest, TargetKind,
};

type Tested = Result<(), Box<dyn Error>>;

const NO_INVITATIONS: &str = r#"
@id("owners-invite") @reason("here, owners invite")
forbid (principal, action in [Orgs::Action::"invite_member", Orgs::Action::"invite_members"], resource)
unless { principal in Orgs::Role::"owner" };
"#;

/// Authorizes a request of a member with `role`, and returns the denial, or `None` if it is
/// allowed.
fn denial(
    text: &str,
    role: Role,
    request: &str,
    at: &str,
) -> Result<Option<Denial>, Box<dyn Error>> {
    let own = OrgPolicySet::stored(text);
    let at: DateTime<Utc> = at.parse()?;
    let scenario = Scenario { own: Some(&own), at, ..Scenario::of(PrincipalKind::Member(role)) };
    let decision = ScenarioRequest::named(request)
        .ok_or("unknown request")?
        .evaluate(Authorizer::shared()?, &scenario);
    Ok(decision.err())
}

/// Checks a text, and returns its diagnostics as `line:column detail`.
fn diagnostics(text: &str) -> Vec<String> {
    let found = OrgPolicySet::check(text).err().unwrap_or_default();
    found.iter().map(|found| format!("{}:{} {}", found.line, found.column, found.detail)).collect()
}

const NOON: &str = "2026-11-24T12:00:00Z";

#[test]
fn a_forbid_denies_with_its_reason_and_id() -> Tested {
    assert_eq!(diagnostics(NO_INVITATIONS), Vec::<String>::new());
    let denied = denial(NO_INVITATIONS, Role::Administrator, "invite_member(viewer)", NOON)?
        .ok_or("denied")?;
    assert_eq!(
        (denied.code.as_str(), denied.reason.as_str()),
        ("org_policy", "here, owners invite")
    );
    assert_eq!(
        (denied.policies, denied.required_role),
        (vec!["own.owners-invite".to_owned()], Some(Role::Owner))
    );
    assert_eq!(denial(NO_INVITATIONS, Role::Owner, "invite_member(viewer)", NOON)?, None);
    assert_eq!(denial(NO_INVITATIONS, Role::Administrator, "remove_member(viewer)", NOON)?, None);
    Ok(())
}

#[test]
fn a_denial_by_the_product_comes_first() -> Tested {
    let denied =
        denial(NO_INVITATIONS, Role::Viewer, "invite_member(viewer)", NOON)?.ok_or("denied")?;
    assert_eq!(
        (denied.code.as_str(), denied.policies.len(), denied.required_role),
        ("missing_permission", 0, Some(Role::Owner))
    );
    Ok(())
}

#[test]
fn hours_and_weekdays_are_those_of_the_request() -> Tested {
    let text = r#"@id("office-hours") forbid (principal, action, resource)
        when { context has at && (context.at.hour < 7 || context.at.hour >= 19 || context.at.weekday > 5) }
        unless { action in Orgs::Action::"reads" };"#;
    assert_eq!(diagnostics(text), Vec::<String>::new());
    let denied = |request: &str, at: &str| {
        denial(text, Role::Owner, request, at).map(|denied| denied.is_some())
    };
    // 2026-11-24 is a Tuesday.
    for (at, is_closed) in [
        ("2026-11-24T06:59:59Z", true),
        ("2026-11-24T07:00:00Z", false),
        ("2026-11-24T18:59:59Z", false),
        ("2026-11-24T19:00:00Z", true),
        ("2026-11-28T12:00:00Z", true),
        ("2026-11-29T12:00:00Z", true),
        ("2026-11-30T12:00:00Z", false),
    ] {
        assert_eq!(denied("invite_member(viewer)", at)?, is_closed, "{at}");
        assert!(!denied("list_members", at)?, "{at}");
    }
    Ok(())
}

#[test]
fn policies_lock_nobody_in_or_out_and_do_not_affect_service_clients() -> Tested {
    let everything = "forbid (principal, action, resource);";
    assert_eq!(diagnostics(everything), Vec::<String>::new());
    let own = OrgPolicySet::stored(everything);
    let authorizer = Authorizer::shared()?;
    let never_restricted = [
        "accept_invitation",
        "decline_invitation",
        "leave_org",
        "delete_org",
        "restore_org",
        "get_policies",
        "set_policies",
        "get_billing",
        "set_billing",
    ];
    for request in ScenarioRequest::all() {
        for who in PrincipalKind::ALL {
            let code = |own| {
                request
                    .evaluate(authorizer, &Scenario { own, ..Scenario::of(who) })
                    .map_err(|denial| denial.code)
            };
            let (before, after) = (code(None), code(Some(&*own)));
            let is_restricted = matches!(who, PrincipalKind::Member(_))
                && before.is_ok()
                && ActionName::named(request.action())
                    .is_some_and(|action| action.schema().target != TargetKind::System)
                && !never_restricted.contains(&request.action());
            let expected = if is_restricted { Err(DenialCode::OrgPolicy) } else { before };
            assert_eq!(after, expected, "{request} {}", who.as_str());
        }
    }
    Ok(())
}

#[test]
fn an_invalid_policy_is_rejected_with_its_position() {
    let rejected = |text: &str, position: &str, part: &str| {
        let found = diagnostics(text);
        assert!(
            found.iter().any(|detail| detail.starts_with(position) && detail.contains(part)),
            "{text}: {found:?}"
        );
    };
    rejected("permit (principal, action, resource);", "1:1 ", "only `forbid`");
    rejected("forbid (principal, action, resource)\nwhen { 1 };", "2:", "");
    rejected("forbid (principal == ?principal, action, resource);", "1:1 ", "template");
    rejected("forbid (principal, action, resource) when { principle };", "1:", "principle");
    rejected(
        "\n  forbid (principal, action == Orgs::Action::\"invite_membr\", resource);",
        "2:",
        "invite_membr",
    );
    rejected("forbid (principal, action, resource) when { context.nothing };", "1:", "nothing");
    rejected("forbid (principal in Orgs::Role::\"boss\", action, resource);", "1:", "boss");
    rejected(
        "@id(\"a\") forbid (principal, action, resource);\n@id(\"a\") forbid (principal, action, resource);",
        "2:1 ",
        "another policy has the same `@id`",
    );
    rejected(
        &format!("@reason(\"{}\") forbid (principal, action, resource);", "x".repeat(201)),
        "1:1 ",
        "200 characters",
    );
    rejected(
        "forbid (principal, action, resource) when { ((((((((((((((((((true)))))))))))))))))) };",
        "1:60 ",
        "16 levels of nesting",
    );
    rejected("not a policy", "1:", "");
    assert_eq!(diagnostics("// nothing but a comment\n"), Vec::<String>::new());
}

#[test]
fn comments_do_not_bypass_the_limits() {
    let policy = |condition: &str| {
        format!(
            "forbid (principal, action == Orgs::Action::\"get_org\", resource) when {{ {condition} }};"
        )
    };
    let nested = |depth: usize| policy(&format!("{}true{}", "(".repeat(depth), ")".repeat(depth)));
    for end in ["\r", "\n", "\r\n"] {
        let rejected = |text: String, part: &str| {
            let found = diagnostics(&text);
            assert!(found.iter().any(|detail| detail.contains(part)), "{end:?} {part}: {found:?}");
        };
        rejected(format!("// x{end}{}", nested(17)), "at most 16 levels of nesting");
        rejected(format!("// x{end}{}", nested(990)), "at most 16 levels of nesting");
        rejected(format!("// x{end}{}", nested(2000)), "at most 1000 brackets");
        rejected(format!("// x{end}{}", policy("true").repeat(21)), "at most 20 policies");
        rejected(
            format!("// x{end}{}", policy(&"true && ".repeat(260).replace("&& }", "}"))),
            "at most 2 KiB",
        );
        assert_eq!(diagnostics(&format!("// x{end}{}", nested(10))), Vec::<String>::new());
    }
}

#[test]
fn a_has_with_many_attributes_is_rejected_before_validation() {
    let has = |attributes: usize, clause: &str| {
        let path = vec!["org"; attributes].join(".");
        format!(
            "forbid (principal, action, resource) {clause} {{ resource is Orgs::Organization && resource has {path} }};"
        )
    };
    for clause in ["when", "unless", "when { true } unless", "unless { false } when"] {
        assert_eq!(diagnostics(&has(4, clause)), Vec::<String>::new(), "{clause}");
        for attributes in [5, 470] {
            let expected = ["1:1 `has` takes at most 4 attributes, as in `has a.b.c.d`"];
            assert_eq!(diagnostics(&has(attributes, clause)), expected, "{clause}");
        }
    }
    // A template is rejected before validation too.
    let template = has(470, "when").replace("principal,", "principal == ?principal,");
    assert_eq!(
        diagnostics(&template),
        ["1:1 a template is not allowed: replace `?principal` and `?resource` by entities"]
    );
}

#[test]
fn the_number_of_diagnostics_is_limited() {
    let unknown = |count: usize| {
        let conditions: Vec<String> = (0..count).map(|n| format!("context.n{n}==1")).collect();
        format!(
            "forbid (principal, action == Orgs::Action::\"get_org\", resource) when {{ {} }};",
            conditions.join("||")
        )
    };
    // Each attribute is unknown for users and for services, at the same position.
    assert_eq!(diagnostics(&unknown(10)).len(), 10);
    assert_eq!(diagnostics(&unknown(100)).len(), 50);
    assert_eq!(diagnostics(&"forbid (principle, action, resource);".repeat(20)).len(), 20);
}

#[test]
fn an_annotation_has_only_visible_characters() {
    let characters = "control, bidirectional or zero-width characters";
    for value in [r"a\u{202e}b", r"a\u{0}", r"a\nb", r"\u{200b}"] {
        for name in ["id", "reason", "note"] {
            let text = format!("@{name}(\"{value}\") forbid (principal, action, resource);");
            assert_eq!(
                diagnostics(&text),
                [format!("1:1 an annotation must not contain {characters}")],
                "{text}"
            );
        }
    }
}

#[test]
fn long_chains_do_not_overflow_the_stack() -> Tested {
    for text in [
        format!(
            "forbid (principal, action, resource) when {{ context has at && {} }};",
            "1 == 1 && ".repeat(190) + "true"
        ),
        format!(
            "forbid (principal, action in Orgs::Action::\"as_viewer\", resource) when {{ context.at.hour == 1{} }};",
            "+1".repeat(900)
        ),
        format!(
            "forbid (principal, action == Orgs::Action::\"get_org\", resource) when {{ resource{} == resource }};",
            ".org".repeat(470)
        ),
        format!(
            "forbid (principal, action, resource) when {{ {}true{} }};",
            "if true then ".repeat(15),
            " else true".repeat(15)
        ),
    ] {
        if diagnostics(&text).is_empty() {
            // The threads of tests have small stacks. Only an overflow fails this test.
            denial(&text, Role::Owner, "get_org", NOON)?;
        }
    }
    Ok(())
}

#[test]
fn a_policy_with_an_evaluation_error_denies() -> Tested {
    let text = r#"@id("overflows") forbid (principal, action == Orgs::Action::"get_org", resource)
        when { context.at.hour * 9223372036854775807 > 0 };"#;
    assert_eq!(diagnostics(text), Vec::<String>::new());
    let denied = denial(text, Role::Owner, "get_org", NOON)?.ok_or("denied")?;
    assert_eq!(
        (denied.code.as_str(), denied.policies),
        ("org_policy", vec!["own.overflows".to_owned()])
    );
    assert!(denied.reason.contains("cannot be evaluated"), "{}", denied.reason);
    assert_eq!(denial(text, Role::Owner, "get_org", "2026-11-24T00:00:00Z")?, None);
    Ok(())
}

#[test]
fn invalid_stored_policies_deny_everything_that_policies_can_restrict() -> Tested {
    let denied = denial("forbid", Role::Owner, "get_org", NOON)?.ok_or("denied")?;
    assert_eq!((denied.code.as_str(), denied.policies.len()), ("org_policy", 0));
    assert_eq!(denied.reason, "the organization's policies are invalid: an owner can replace them");
    assert_eq!(denial("forbid", Role::Owner, "set_policies", NOON)?, None);
    Ok(())
}

#[test]
fn the_examples_in_the_docs_are_valid_together() {
    let page = include_str!("../../docs/guides/policies.md");
    let examples: Vec<&str> =
        page.split("```cedar\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(examples.len(), 4);
    assert_eq!(diagnostics(&examples.concat()), Vec::<String>::new());
}

/// Policies that read one fact of a request each.
const BY_ONE_FACT: [&str; 10] = [
    r#"forbid (principal, action in [Orgs::Action::"change_role", Orgs::Action::"remove_member"], resource) when { resource.user == principal };"#,
    r#"forbid (principal, action == Orgs::Action::"change_role", resource) when { context.demotes };"#,
    r#"forbid (principal, action == Orgs::Action::"change_role", resource) unless { context.demotes };"#,
    r#"forbid (principal, action == Orgs::Action::"change_role", resource) when { resource.role == Orgs::Role::"viewer" };"#,
    r#"forbid (principal, action in [Orgs::Action::"invite_member", Orgs::Action::"invite_members"], resource) when { context.role == Orgs::Role::"viewer" };"#,
    r#"forbid (principal, action in [Orgs::Action::"resend_invitation", Orgs::Action::"revoke_invitation"], resource) when { resource.role == Orgs::Role::"viewer" };"#,
    r#"forbid (principal, action == Orgs::Action::"update_org", resource) unless { context.settings };"#,
    r#"forbid (principal, action == Orgs::Action::"create_resource", resource) when { context.cost_class == Orgs::CostClass::"standard" };"#,
    r#"forbid (principal, action == Orgs::Action::"update_resource", resource) when { resource.cost_class == Orgs::CostClass::"standard" };"#,
    r#"forbid (principal, action == Orgs::Action::"delete_resource", resource) when { resource.kind == Orgs::ResourceKind::"agent" };"#,
];

#[test]
fn no_policy_denies_a_capability_while_it_allows_a_request() -> Tested {
    let authorizer = Authorizer::shared()?;
    let person = Person {
        user_id: UserId::parse("ann")?,
        email: Some(EmailAddress::parse("ann@example.com")?),
        email_verified: true,
        name: None,
    };
    let mut allowed = 0;
    for text in BY_ONE_FACT {
        OrgPolicySet::check(text).map_err(|flaws| format!("{text}: {flaws:?}"))?;
        let own = OrgPolicySet::stored(text);
        for role in Role::ALL {
            let scenario =
                Scenario { own: Some(&own), ..Scenario::of(PrincipalKind::Member(role)) };
            let org = OrgFacts {
                id: OrgId::parse("org_01980000000070008000000000000001")?,
                status: scenario.status,
                high_cost_creators: scenario.high_cost_creators,
                own: scenario.own,
                at: scenario.at,
            };
            let principal = Principal::Person { person: &person, role: Some(role) };
            for request in ScenarioRequest::all() {
                let action = ActionName::named(request.action()).ok_or("an action")?;
                let is_in_org = action.schema().target != TargetKind::System;
                if !is_in_org || request.evaluate(authorizer, &scenario).is_err() {
                    continue;
                }
                // The invitee's own requests are authorized with the invitation at hand.
                if matches!(action, ActionName::AcceptInvitation | ActionName::DeclineInvitation) {
                    continue;
                }
                let probes = AuthzRequest::least_privileged(action, &person.user_id);
                let capable = probes
                    .iter()
                    .any(|probe| authorizer.authorize(principal, probe, Some(org)).is_ok());
                assert!(capable, "{text}: {request} by {role}");
                allowed += 1;
            }
        }
    }
    assert!(allowed > 300, "{allowed}");
    Ok(())
}

#[test]
fn a_request_about_the_wrong_target_is_denied() -> Tested {
    let person =
        Person { user_id: UserId::parse("ann")?, email: None, email_verified: false, name: None };
    let principal = Principal::Person { person: &person, role: Some(Role::Owner) };
    let request = AuthzRequest::new(ActionName::DeleteResource);
    let org = OrgFacts {
        id: OrgId::parse("org_01980000000070008000000000000001")?,
        status: Status::Active,
        high_cost_creators: Role::Owner,
        own: None,
        at: DateTime::UNIX_EPOCH,
    };
    let denial = Authorizer::shared()?.authorize(principal, &request, Some(org)).err();
    assert!(denial.is_some_and(|denial| denial.is_broken));
    Ok(())
}
