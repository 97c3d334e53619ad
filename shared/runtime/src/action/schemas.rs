//! The types of an action's request and response, for the OpenAPI document.

use std::borrow::Cow;

use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

/// The types of an action's body, query and response.
#[derive(Debug, Clone, Copy)]
pub struct Schemas {
    /// The type of the JSON body.
    pub body: Option<SchemaRef>,
    /// The type of the body if it is a form. The body is optional then.
    pub form: Option<SchemaRef>,
    /// The type of the query.
    pub query: Option<SchemaRef>,
    /// The type of the response's body.
    pub returns: Option<SchemaRef>,
}

impl Schemas {
    /// The types of an action without a request or response in JSON.
    pub const NONE: Self = Self { body: None, form: None, query: None, returns: None };
}

/// The schema of a type.
#[derive(Debug, Clone, Copy)]
pub struct SchemaRef {
    /// Returns the type's name.
    pub name: fn() -> Cow<'static, str>,
    /// Returns the type's schema.
    pub schema: fn() -> RefOr<Schema>,
    /// Adds the schemas of the types that it refers to.
    pub parts: fn(&mut Vec<(String, RefOr<Schema>)>),
}

impl SchemaRef {
    /// Returns the schema of `T`.
    #[must_use]
    pub const fn of<T: ToSchema>() -> Self {
        Self { name: T::name, schema: T::schema, parts: T::schemas }
    }
}
