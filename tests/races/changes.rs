//! The changes whose orders the tests run. An action that changes an organization, and a new kind of
//! change, need a constant here and an entry in [`CHANGES`].

/// A change: the caller, the method, the path and the body.
///
/// Placeholders: `{org}` is the organization, `{inv}` its invitation, `{token}` the token and
/// `{out}` the opt-out token of the invitation mail, and `{res}` a resource.
pub(super) type Change = (&'static str, &'static str, &'static str, &'static str);

pub(super) const ANN_DEMOTES_BOB: Change =
    ("ann", "PATCH", "/v1/orgs/{org}/members/bob", r#"{"role":"administrator"}"#);
pub(super) const BOB_DEMOTES_ANN: Change =
    ("bob", "PATCH", "/v1/orgs/{org}/members/ann", r#"{"role":"viewer"}"#);
pub(super) const ANN_LEAVES: Change = ("ann", "POST", "/v1/orgs/{org}/leave", "{}");
pub(super) const BOB_LEAVES: Change = ("bob", "POST", "/v1/orgs/{org}/leave", "{}");
pub(super) const BOB_REMOVES_ANN: Change = ("bob", "DELETE", "/v1/orgs/{org}/members/ann", "{}");
pub(super) const ANN_TRANSFERS: Change =
    ("ann", "POST", "/v1/orgs/{org}/transfer", r#"{"user_id":"dee"}"#);
pub(super) const BOB_DEMOTES_CY: Change =
    ("bob", "PATCH", "/v1/orgs/{org}/members/cy", r#"{"role":"viewer"}"#);
pub(super) const CY_PROMOTES_DEE: Change =
    ("cy", "PATCH", "/v1/orgs/{org}/members/dee", r#"{"role":"administrator"}"#);
pub(super) const CY_REMOVES_DEE: Change = ("cy", "DELETE", "/v1/orgs/{org}/members/dee", "{}");
pub(super) const CY_INVITES_FAY: Change =
    ("cy", "POST", "/v1/orgs/{org}/invitations", r#"{"email":"fay@example.com"}"#);
/// Eve has a pending invitation already, unless another change closes it first.
pub(super) const CY_INVITES_BOTH: Change = (
    "cy",
    "POST",
    "/v1/orgs/{org}/invitations/bulk",
    r#"{"invitations":[{"email":"fay@example.com"},{"email":"eve@example.com"}]}"#,
);
pub(super) const DEE_LEAVES: Change = ("dee", "POST", "/v1/orgs/{org}/leave", "{}");
pub(super) const EVE_ACCEPTS: Change =
    ("eve", "POST", "/v1/invitations/accept", r#"{"org_id":"{org}","invitation_id":"{inv}"}"#);
pub(super) const EVE_ACCEPTS_BY_LINK: Change =
    ("eve", "POST", "/v1/invitations/accept", r#"{"token":"{token}"}"#);
pub(super) const EVE_DECLINES: Change =
    ("eve", "POST", "/v1/invitations/decline", r#"{"org_id":"{org}","invitation_id":"{inv}"}"#);
pub(super) const ANN_REVOKES: Change =
    ("ann", "POST", "/v1/orgs/{org}/invitations/{inv}/revoke", "{}");
pub(super) const ANN_RESENDS: Change =
    ("ann", "POST", "/v1/orgs/{org}/invitations/{inv}/resend", "{}");
pub(super) const OPERATOR_APPOINTS_CY: Change =
    ("operator", "POST", "/v1/orgs/{org}/owners", r#"{"user_id":"cy"}"#);
pub(super) const OPERATOR_ADDS_FAY: Change = (
    "operator",
    "POST",
    "/v1/orgs/{org}/members",
    r#"{"user_id":"fay","email":"fay@example.com","role":"viewer"}"#,
);
pub(super) const OPERATOR_ADDS_EVE: Change = (
    "operator",
    "POST",
    "/v1/orgs/{org}/members",
    r#"{"user_id":"eve2","email":"eve@example.com","role":"viewer"}"#,
);

pub(super) const DEE_IS_FORGOTTEN: Change = ("dee", "DELETE", "/v1/me", "{}");
pub(super) const OPERATOR_FORGETS_BOB: Change = ("operator", "DELETE", "/v1/users/bob", "{}");

/// Bob's token contains the address that `OPERATOR_ADDS_FAY` adds Fay with.
pub(super) const BOB_AS_FAY_DEMOTES_CY: Change =
    ("bob as fay", "PATCH", "/v1/orgs/{org}/members/cy", r#"{"role":"viewer"}"#);
pub(super) const ANN_DELETES: Change = ("ann", "DELETE", "/v1/orgs/{org}", "{}");
pub(super) const BOB_RESTORES: Change = ("bob", "POST", "/v1/orgs/{org}/restore", "{}");
pub(super) const CY_RENAMES: Change = ("cy", "PATCH", "/v1/orgs/{org}", r#"{"name":"New"}"#);
pub(super) const ANN_SETS_POLICIES: Change =
    ("ann", "PUT", "/v1/orgs/{org}/policies", r#"{"policies":"// none"}"#);
pub(super) const OPERATOR_SUSPENDS: Change =
    ("operator", "PUT", "/v1/orgs/{org}/plan", r#"{"status":"suspended"}"#);
pub(super) const CY_CREATES_RESOURCE: Change =
    ("cy", "POST", "/v1/orgs/{org}/resources", r#"{"kind":"agent","name":"Two"}"#);
pub(super) const CY_CHANGES_RESOURCE: Change =
    ("cy", "PATCH", "/v1/orgs/{org}/resources/{res}", r#"{"name":"Two"}"#);
pub(super) const BOB_DELETES_RESOURCE: Change =
    ("bob", "DELETE", "/v1/orgs/{org}/resources/{res}", "{}");
pub(super) const EVE_OPTS_OUT: Change = ("nobody", "POST", "/v1/mail/opt-out/{out}", "{}");

pub(super) const ANN_SETS_BUDGET: Change =
    ("ann", "PUT", "/v1/orgs/{org}/budget", r#"{"monthly_credits":"5"}"#);
pub(super) const ANN_STOPS_PAYING: Change =
    ("ann", "PUT", "/v1/orgs/{org}/billing", r#"{"mode":"independent"}"#);
pub(super) const BOB_PAYS: Change =
    ("bob", "PUT", "/v1/orgs/{org}/billing", r#"{"mode":"account"}"#);
pub(super) const OPERATOR_RESTRICTS_BILLING: Change =
    ("operator", "PUT", "/v1/orgs/{org}/plan", r#"{"billing_modes":["independent"]}"#);

pub(super) const CHANGES: [Change; 36] = [
    ANN_DEMOTES_BOB,
    BOB_DEMOTES_ANN,
    ANN_LEAVES,
    BOB_LEAVES,
    BOB_REMOVES_ANN,
    ANN_TRANSFERS,
    BOB_DEMOTES_CY,
    CY_PROMOTES_DEE,
    CY_REMOVES_DEE,
    CY_INVITES_FAY,
    CY_INVITES_BOTH,
    DEE_LEAVES,
    DEE_IS_FORGOTTEN,
    EVE_ACCEPTS,
    EVE_ACCEPTS_BY_LINK,
    EVE_DECLINES,
    ANN_REVOKES,
    ANN_RESENDS,
    OPERATOR_APPOINTS_CY,
    OPERATOR_ADDS_FAY,
    OPERATOR_ADDS_EVE,
    OPERATOR_FORGETS_BOB,
    BOB_AS_FAY_DEMOTES_CY,
    EVE_OPTS_OUT,
    ANN_DELETES,
    BOB_RESTORES,
    CY_RENAMES,
    ANN_SETS_POLICIES,
    OPERATOR_SUSPENDS,
    CY_CREATES_RESOURCE,
    CY_CHANGES_RESOURCE,
    BOB_DELETES_RESOURCE,
    ANN_SETS_BUDGET,
    ANN_STOPS_PAYING,
    BOB_PAYS,
    OPERATOR_RESTRICTS_BILLING,
];

/// The triples of changes whose orders the tests run. A mistake here could give the organization to
/// the wrong people.
pub(super) const TRIPLES: [[Change; 3]; 8] = [
    [ANN_DEMOTES_BOB, BOB_DEMOTES_ANN, EVE_ACCEPTS],
    [ANN_LEAVES, BOB_LEAVES, OPERATOR_APPOINTS_CY],
    [ANN_TRANSFERS, BOB_REMOVES_ANN, DEE_LEAVES],
    [ANN_DEMOTES_BOB, EVE_ACCEPTS, ANN_RESENDS],
    [BOB_DEMOTES_CY, CY_PROMOTES_DEE, CY_REMOVES_DEE],
    [CY_INVITES_FAY, OPERATOR_ADDS_FAY, BOB_DEMOTES_CY],
    [BOB_PAYS, ANN_DEMOTES_BOB, ANN_TRANSFERS],
    [OPERATOR_FORGETS_BOB, ANN_LEAVES, EVE_ACCEPTS_BY_LINK],
];
