//! The declaration of an action: everything about it that is not its handler's code.
//!
//! Each file in `functions/` has one `ACTION`. The Lambda binary, the local host, the OpenAPI
//! document, the event schema, Terraform's input and the tests all read it.

mod event_shape;
mod grant;
mod schemas;
mod trigger;

use std::fmt;

use futures::future::BoxFuture;
use orgs_events::Change;

pub use self::event_shape::{EventShape, Shape};
pub use self::grant::Grant;
pub use self::schemas::{SchemaRef, Schemas};
pub use self::trigger::{Caller, MAIL_QUEUE, MailQueue, Records, Trigger};
use crate::app_state::AppState;
use crate::messages::{Feedback, MailRequest, RetryableError, UsageMonth};
use crate::problem::Result;
use crate::problem_code::ProblemCode;
use crate::request_context::RequestContext;
use crate::response::Response;

/// The part of an action that runs.
#[derive(Clone, Copy)]
pub struct Function {
    /// The action's name: of its file, Lambda handler, Cedar action, operation and span.
    pub name: &'static str,
    /// The code, by the kind of event that it handles.
    pub handler: Handler,
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Handles a batch of changes. Returns the positions of the changes to retry.
pub type HandleChanges = for<'a> fn(&'a AppState, &'a [Change]) -> BoxFuture<'a, Vec<usize>>;
/// Handles one message, and returns an error if it is to be delivered again.
pub type Handle<T> =
    for<'a> fn(&'a AppState, T) -> BoxFuture<'a, std::result::Result<(), RetryableError>>;

/// The code of an action, by the kind of event that it handles.
#[derive(Clone, Copy)]
pub enum Handler {
    /// Handles an HTTP request.
    Http(for<'a> fn(&'a RequestContext<'a>) -> BoxFuture<'a, Result<Response>>),
    /// Handles a request for a mail, from the mail queue.
    Mail(Handle<MailRequest>),
    /// Handles a batch of changes, from the stream of the table `core`.
    Changes(HandleChanges),
    /// Handles a month with usage of an organization, from the stream of the table `usage`.
    UsageMonth(Handle<UsageMonth>),
    /// Handles a run of the hourly schedule.
    Schedule(for<'a> fn(&'a AppState) -> BoxFuture<'a, std::result::Result<(), RetryableError>>),
    /// Handles a report of SES about a mail, through SNS.
    Feedback(Handle<Feedback>),
}

/// The declaration of an action.
#[derive(Debug, Clone, Copy)]
pub struct Action {
    /// The part that runs.
    pub function: Function,
    /// The folder of the action's file, such as `members`: the tag of its operation.
    pub noun: &'static str,
    /// The title of the operation, in the imperative.
    pub summary: &'static str,
    /// The description of the operation, in whole sentences. Empty if the summary says everything.
    pub description: &'static str,
    /// The event that starts the action.
    pub trigger: Trigger,
    /// The HTTP status of success.
    pub success: u16,
    /// True if a repeated request gets the response with status 200 instead.
    pub is_repeatable: bool,
    /// The types of its request and response.
    pub schemas: Schemas,
    /// The AWS calls that the action may make. The IAM role and the local host deny all others.
    pub grants: &'static [Grant],
    /// The problems that only some actions have. The contract generator adds those that follow from
    /// the trigger, the caller and the grants.
    pub problems: &'static [ProblemCode],
    /// The `before` and `after` of its audit record and event. None if the action changes nothing.
    pub event: Option<EventShape>,
    /// An example of the response as CSV. None if it is JSON only.
    pub csv: Option<&'static str>,
}

/// Declares an action: `action!(get_org, returns: OrgView)`.
///
/// The handler is the function with the action's name. `body:`, `form:`, `query:` and `returns:`
/// name its types for the OpenAPI document, in this order. For an action that handles no HTTP
/// request, the kind of its [`Handler`] comes first: `action!(Schedule purge_orgs)`.
#[macro_export]
macro_rules! action {
    (Schedule $name:ident) => {
        $crate::action!(@new $name, Schedule(|app| Box::pin($name(app))), $crate::Schemas::NONE)
    };
    (
        $name:ident
        $(, body: $body:ty)? $(, form: $form:ty)? $(, query: $query:ty)?
        $(, returns: $returns:ty)? $(,)?
    ) => {
        $crate::action!(@new $name, Http(|ctx| Box::pin($name(ctx))), $crate::Schemas {
            body: $crate::action!(@schema $($body)?),
            form: $crate::action!(@schema $($form)?),
            query: $crate::action!(@schema $($query)?),
            returns: $crate::action!(@schema $($returns)?),
        })
    };
    ($kind:ident $name:ident) => {
        $crate::action!(
            @new $name, $kind(|app, message| Box::pin($name(app, message))), $crate::Schemas::NONE
        )
    };
    (@new $name:ident, $kind:ident($handle:expr), $schemas:expr) => {
        $crate::Action::new(
            $crate::Function { name: stringify!($name), handler: $crate::Handler::$kind($handle) },
            module_path!(),
            $schemas,
        )
    };
    (@schema) => { None };
    (@schema $type:ty) => { Some($crate::SchemaRef::of::<$type>()) };
}

impl Action {
    /// Starts a declaration. `module` is the path of the action's module, whose parent is the noun.
    #[must_use]
    pub const fn new(function: Function, module: &'static str, schemas: Schemas) -> Self {
        Self {
            function,
            noun: module,
            summary: "",
            description: "",
            trigger: Trigger::Hourly,
            success: 200,
            is_repeatable: false,
            schemas,
            grants: &[],
            problems: &[],
            event: None,
            csv: None,
        }
    }

    /// Sets the title of the operation.
    #[must_use]
    pub const fn summary(self, summary: &'static str) -> Self {
        Self { summary, ..self }
    }

    /// Sets the description of the operation.
    #[must_use]
    pub const fn description(self, description: &'static str) -> Self {
        Self { description, ..self }
    }

    const fn http(self, method: &'static str, path: &'static str, caller: Caller) -> Self {
        Self { trigger: Trigger::Http { method, path, caller }, ..self }
    }

    /// Sets the route: GET.
    #[must_use]
    pub const fn get(self, path: &'static str, caller: Caller) -> Self {
        self.http("GET", path, caller)
    }

    /// Sets the route: POST, with status 200.
    #[must_use]
    pub const fn post(self, path: &'static str, caller: Caller) -> Self {
        self.http("POST", path, caller)
    }

    /// Sets the route: PUT.
    #[must_use]
    pub const fn put(self, path: &'static str, caller: Caller) -> Self {
        self.http("PUT", path, caller)
    }

    /// Sets the route: PATCH.
    #[must_use]
    pub const fn patch(self, path: &'static str, caller: Caller) -> Self {
        self.http("PATCH", path, caller)
    }

    /// Sets the route: DELETE, with status 204.
    #[must_use]
    pub const fn delete(self, path: &'static str, caller: Caller) -> Self {
        self.http("DELETE", path, caller).no_content()
    }

    /// Sets the status of success to 201.
    #[must_use]
    pub const fn created(self) -> Self {
        Self { success: 201, ..self }
    }

    /// Sets the status of success to 201, and to 200 if the same request created the object before.
    #[must_use]
    pub const fn created_once(self) -> Self {
        Self { success: 201, is_repeatable: true, ..self }
    }

    /// Sets the status of success to 204.
    #[must_use]
    pub const fn no_content(self) -> Self {
        Self { success: 204, ..self }
    }

    /// Sets a trigger that is not a route.
    #[must_use]
    pub const fn trigger(self, trigger: Trigger) -> Self {
        Self { trigger, ..self }
    }

    /// Sets the AWS calls that the action may make.
    #[must_use]
    pub const fn grants(self, grants: &'static [Grant]) -> Self {
        Self { grants, ..self }
    }

    /// Sets the problems that do not follow from the rest of the declaration.
    #[must_use]
    pub const fn problems(self, problems: &'static [ProblemCode]) -> Self {
        Self { problems, ..self }
    }

    /// Sets the text of the change, such as "Changed a role", which the console's audit log and the
    /// event schema show, and the shapes of `before` and `after` in audit records and events.
    #[must_use]
    pub const fn event(self, summary: &'static str, before: Shape, after: Shape) -> Self {
        Self { event: Some(EventShape { summary, before, after }), ..self }
    }

    /// Adds CSV, with an example, to the formats of the response.
    #[must_use]
    pub const fn csv(self, example: &'static str) -> Self {
        Self { csv: Some(example), ..self }
    }

    /// Returns the action's name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.function.name
    }

    /// Returns the tag of the operation: the folder of the action's file.
    #[must_use]
    pub fn tag(&self) -> &'static str {
        self.noun.rsplit("::").nth(1).filter(|noun| *noun != "orgs_functions").unwrap_or("service")
    }
}
