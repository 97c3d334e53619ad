//! The shape of a change in audit records and events.

/// The text of an action's change, and the shapes of `before` and `after` in its audit records and
/// events.
#[derive(Debug, Clone, Copy)]
pub struct EventShape {
    /// The text, such as "Changed a role". The console's audit log and the event schema show it.
    pub summary: &'static str,
    /// The object before the change.
    pub before: Shape,
    /// The object after the change.
    pub after: Shape,
}

/// The shape of an object, by the names of OpenAPI schemas.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// Null: the object does not exist.
    Nothing,
    /// An object as the API shows it.
    Object(&'static str),
    /// An object, or null.
    Maybe(&'static str),
    /// A member, with `billing_mode` if the change moved billing.
    Member,
    /// A former member: null, or only `billing_mode` if the change moved billing.
    FormerMember,
    /// Several objects, each under a name.
    Several(&'static [(&'static str, &'static str)]),
    /// The new and the former owner, with `billing_mode` if the transfer moved billing.
    Transfer,
}
