//! The entity types and context attributes that `schema.cedarschema` uses for requests.

/// The type of Cedar resource that an action is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the schema's entity types")]
pub enum TargetKind {
    System,
    Organization,
    Member,
    Invitation,
    Resource,
}

/// An attribute of the request's context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the schema describes its attributes")]
pub enum ContextField {
    AboutOthers,
    At,
    CostClass,
    Demotes,
    InPlan,
    Kind,
    OverBudget,
    OwnAccount,
    Role,
    Session,
    Settings,
}
