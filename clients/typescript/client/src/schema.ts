// Generated from infra/openapi.json: npm run generate

export interface paths {
    "/v1/account/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Report the usage of the caller's account
         * @description Adds up the usage of all organizations that the account paid for at the time of the usage. Send `Accept: text/csv` to get the rows as CSV.
         *
         *     Callers: every signed-in person.
         */
        get: operations["query_account_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the accounts with usage in a month
         * @description Lists each account that paid for usage of the month, or has an adjustment in it, also of organizations that are purged. An account whose usage was all rejected or voided can be listed too.
         *
         *     Callers: service clients with the scope `billing:read`.
         */
        get: operations["list_billed_accounts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{account_id}/statements/{month}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an account's statement
         * @description The usage that the account owes for a month, by organization and kind. A month is final 7 days and 5 minutes after its end; after that, its statement never changes. A void or a backfilled event of a closed month is an adjustment in the statement of the month in which it was made. `hash` is the SHA-256 of the whole statement as CSV, and the `ETag` of the response. Send `Accept: text/csv` to get the lines as CSV. A statement with more than 2,000 lines has several pages; as CSV, only the first page has the header line, and the header `Link` names the next page.
         *
         *     Callers: the person whose account it is, and service clients with the scope `billing:read`.
         */
        get: operations["get_statement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{account_id}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Report the usage of any account
         * @description Adds up the usage of all organizations that the account paid for at the time of the usage, also of organizations that are purged. An account without usage has an empty report. Send `Accept: text/csv` to get the rows as CSV.
         *
         *     Callers: service clients with the scope `billing:read`.
         */
        get: operations["query_billed_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check that the service is up
         * @description Reads nothing, so it also responds if the database is down.
         *
         *     Callers: everybody, without a token.
         */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the caller's pending invitations
         * @description Returns the invitations to the caller's verified e-mail address that the caller can accept, each with its organization.
         *
         *     Callers: every signed-in person with a verified e-mail address.
         */
        get: operations["list_my_invitations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept an invitation
         * @description Makes the caller a member. The caller's verified e-mail address must be the invited one. The plan's seat limit is checked now. If the caller is already a member through this invitation, the response is 200 with the current organization and membership.
         *
         *     Callers: every signed-in person with a verified e-mail address.
         */
        post: operations["accept_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitations/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decline an invitation
         * @description Declines an invitation to the caller's verified e-mail address, named with the token of its link or with its ids. An expired invitation cannot be declined: the response is 410 `invitation_expired`.
         *
         *     Callers: every signed-in person with a verified e-mail address.
         */
        post: operations["decline_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/invitations/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview an invitation
         * @description Shows the holder of the link what the invitation is about, before signing in.
         *
         *     Callers: everybody, without a token.
         */
        post: operations["preview_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mail/opt-out/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop invitation mails to an address
         * @description Blocks the address for invitations from all organizations. Mail clients send this request for the header `List-Unsubscribe` (RFC 8058), and so does the page that the opt-out link in the mail opens. Pending invitations of the address show the delivery `failed`.
         *
         *     Callers: everybody, without a token.
         */
        post: operations["opt_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the caller
         * @description Returns the caller as the identity provider's token describes them, with the id of their own billing account.
         *
         *     Callers: every signed-in person.
         */
        get: operations["get_me"];
        put?: never;
        post?: never;
        /**
         * Leave all organizations
         * @description Ends every membership of the caller, each in a transaction of its own. If the caller is the last owner of organizations that are not deleted, no membership ends, and the problem lists these organizations in `orgs`. If the request fails halfway, send it again to end the remaining memberships.
         *
         *     Callers: every signed-in person.
         */
        delete: operations["forget_me"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the caller's organizations
         * @description Returns each organization with the caller's role in it.
         *
         *     Callers: every signed-in person.
         */
        get: operations["list_orgs"];
        put?: never;
        /**
         * Create an organization
         * @description Makes the caller the first owner. The caller's account pays for the organization.
         *
         *     Callers: every signed-in person with a verified e-mail address.
         */
        post: operations["create_org"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{org_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an organization
         * @description Returns the organization with the caller's role in it.
         *
         *     Callers: members.
         */
        get: operations["get_org"];
        put?: never;
        post?: never;
        /**
         * Delete an organization
         * @description Marks the organization as deleted. For 30 days, its members can still read it and an owner can restore it. Then its data is removed, except the usage that its paying accounts' reports add up.
         *
         *     Callers: owners.
         */
        delete: operations["delete_org"];
        options?: never;
        head?: never;
        /**
         * Update an organization
         * @description Changes the fields that the body contains. Only owners can change `settings`. A request without changes leaves the version as it is.
         *
         *     Callers: administrators and owners.
         */
        patch: operations["update_org"];
        trace?: never;
    };
    "/v1/orgs/{org_id}/access": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check what a caller or member may do
         * @description Returns the decision of up to 30 checks, each with the policies that decided. Members can check themselves, service clients can check any member. The checks cover policies only, not seats, the last owner or rate limits. If a budget denies a use that a service client asks for, the owners get an alert, once a month.
         *
         *     Callers: members, and service clients with the scope `access:check`.
         */
        post: operations["check_access"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{org_id}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List audit records
         * @description Returns the newest records first. Filter by time, by action, or by both.
         *
         *     Callers: administrators and owners.
         */
        get: operations["list_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{org_id}/billing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the billing
         * @description Returns the account that pays for the organization, and the address for bills.
         *
         *     Callers: administrators and owners, and service clients with the scope `billing:read`.
         */
        get: operations["get_billing"];
        /**
         * Set the billing
         * @description Changes the fields that the body contains. The mode `account` makes the caller's account pay from now on. Earlier usage stays on the previous account, also if it is recorded later. If the payer changed 40 times in the last 35 days, or the caller stopped paying 10 times, the mode `account` is 429 `rate_limited`.
         *
         *     Callers: owners.
         */
        put: operations["set_billing"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{org_id}/budget": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the monthly budget
         * @description Includes the usage of the current month so far, and the expected usage of the month.
         *
         *     Callers: members.
         */
        get: operations["get_budget"];
        /**
         * Set the monthly budget
         * @description Replaces the whole budget. Each owner gets a mail when the usage reaches a threshold. If the budget is enforced, checks of `use_resource` are denied when it is spent or would be exceeded. Usage is recorded even then.
         *
         *     Callers: owners.
         */
        put: operations["set_budget"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{org_id}/holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List open holds
         * @description Returns the open holds in the order of their expiry. `limits` has the budget of the current month.
         *
         *     Callers: administrators and owners, and service clients with the scope `usage:write`.
         */
        get: operations["list_holds"];
        put?: never;
        /**
         * Reserve credits for a run
         * @description Reserves credits of the month's budget until the hold is captured, released or expired. If the budget is enforced and does not suffice, the hold is denied. Usage events that name the hold capture it. The same request again returns the hold with status 200. The request therefore needs no `Idempotency-Key`. If the organization has no enforced budget, every hold is allowed.
         *
         *     Callers: service clients with the scope `usage:write`.
         */
        post: operations["create_hold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{org_id}/holds/{hold_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a hold
         * @description `limits` has the budget of the current month.
         *
         *     Callers: administrators and owners, and service clients with the scope `usage:write`.
         */
        get: operations["get_hold"];
        put?: never;
        post?: never;
        /**
         * Release a hold
         * @description Gives back the credits that are not captured. A hold that has ended already stays as it is. A usage event that names the hold later still counts.
         *
         *     Callers: administrators and owners, and service clients with the scope `usage:write`.
         */
        delete: operations["release_hold"];
        options?: never;
        head?: never;
        /**
         * Change a hold
         * @description Changes the credits or the expiry of an open hold. More credits are denied if the budget is enforced and does not suffice. The same request again is safe, and the expiry then counts from that request.
         *
         *     Callers: service clients with the scope `usage:write`.
         */
        patch: operations["update_hold"];
        trace?: never;
    };
    "/v1/orgs/{org_id}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List invitations
         * @description Returns the newest invitations first. Filter by status, by address, or by both.
         *
         *     Callers: administrators and owners.
         */
        get: operations["list_invitations"];
        put?: never;
        /**
         * Invite a person by e-mail
         * @description Creates an invitation and mails its link. Only owners can invite an owner. The plan's seat limit is checked when the invitation is accepted, not now.
         *
         *     Callers: administrators and owners.
         */
        post: operations["invite_member"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{org_id}/invitations/{invitation_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an invitation
         * @description Returns the invitation with its status and the delivery of its last mail.
         *
         *     Callers: administrators and owners.
         */
        get: operations["get_invitation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{org_id}/invitations/{invitation_id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resend an invitation
         * @description Mails a new link, which replaces the old one, and starts the validity period again. An expired invitation is pending again.
         *
         *     Callers: administrators and owners.
         */
        post: operations["resend_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{org_id}/invitations/{invitation_id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revoke an invitation
         * @description Ends a pending invitation. Its link stops working, and its address can be invited again.
         *
         *     Callers: administrators and owners.
         */
        post: operations["revoke_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{org_id}/invitations/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Invite up to 20 people by e-mail
         * @description Creates up to 20 invitations that are valid for 7 days, and mails their links. Each address has a result of its own, so one that is rejected does not affect the others. The request needs no `Idempotency-Key`, because an address that was invited before is rejected.
         *
         *     Callers: administrators and owners.
         */
        post: operations["invite_members"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{org_id}/leave": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Leave an organization
         * @description Ends the caller's membership, even if the organization is suspended or deleted. The last owner cannot leave.
         *
         *     Callers: members.
         */
        post: operations["leave_org"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{org_id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List members
         * @description Filter by role, search by the beginning of a name or e-mail address, or do both. Members with a role are sorted by name; a search lists the matches by name first, then the matches by address; all members are sorted by user id, or by name with `sort=name`.
         *
         *     Callers: members.
         */
        get: operations["list_members"];
        put?: never;
        /**
         * Add a member without an invitation
         * @description Imports a member without a mail. The operator must have verified the e-mail address. A pending invitation of the address counts as accepted.
         *
         *     Callers: service clients with the scope `orgs:operate`.
         */
        post: operations["add_member"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{org_id}/members/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a member
         * @description Every member can see the other members.
         *
         *     Callers: members.
         */
        get: operations["get_member"];
        put?: never;
        post?: never;
        /**
         * Remove a member
         * @description The person loses access with the next request. Only owners can remove an owner, and the last owner cannot be removed.
         *
         *     Callers: administrators and owners.
         */
        delete: operations["remove_member"];
        options?: never;
        head?: never;
        /**
         * Change a member's role
         * @description Only owners can make or demote an owner. An organization always keeps one owner.
         *
         *     Callers: administrators and owners.
         */
        patch: operations["change_role"];
        trace?: never;
    };
    "/v1/orgs/{org_id}/owners": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a member an owner
         * @description Use this if the only owner of an organization is no longer available.
         *
         *     Callers: service clients with the scope `orgs:operate`.
         */
        post: operations["appoint_owner"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{org_id}/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set an organization's plan
         * @description Changes the fields that the body contains: seat limit, suspension and allowed billing modes. A request without changes leaves the version as it is.
         *
         *     Callers: service clients with the scope `orgs:operate`.
         */
        put: operations["set_plan"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{org_id}/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the organization's own policies
         * @description If no policies were ever set, the text is empty and the version is 0.
         *
         *     Callers: administrators and owners.
         */
        get: operations["get_policies"];
        /**
         * Replace the organization's own policies
         * @description Sets the Cedar policies that forbid what the product's policies would allow. They apply from the next request on. While the organization is active, an owner can always change them.
         *
         *     Callers: owners.
         */
        put: operations["set_policies"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{org_id}/resources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List resources
         * @description Returns the newest resources first. Filter by kind.
         *
         *     Callers: members.
         */
        get: operations["list_resources"];
        put?: never;
        /**
         * Create a resource
         * @description The organization's setting `high_cost_creators` decides which role may create a resource of the cost class `high`.
         *
         *     Callers: administrators and owners.
         */
        post: operations["create_resource"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{org_id}/resources/{resource_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a resource
         * @description Every member can see the resources of the organization.
         *
         *     Callers: members.
         */
        get: operations["get_resource"];
        put?: never;
        post?: never;
        /**
         * Delete a resource
         * @description Usage that was recorded for the resource stays in reports.
         *
         *     Callers: administrators and owners.
         */
        delete: operations["delete_resource"];
        options?: never;
        head?: never;
        /**
         * Update a resource
         * @description Changes the fields that the body contains. Raising a resource to the cost class `high` needs the role that may create such a resource. A request without changes leaves the version as it is.
         *
         *     Callers: administrators and owners.
         */
        patch: operations["update_resource"];
        trace?: never;
    };
    "/v1/orgs/{org_id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore a deleted organization
         * @description Works within 30 days of the deletion. A suspended organization stays suspended.
         *
         *     Callers: owners.
         */
        post: operations["restore_org"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{org_id}/statements/{month}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an organization's statement
         * @description The usage that the organization's own account owes for a month. It has the time in which the billing mode was `independent`; other usage is in the statement of the owner who paid. See `get_statement` for the format.
         *
         *     Callers: administrators and owners, and service clients with the scope `billing:read`.
         */
        get: operations["get_org_statement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{org_id}/transfer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Transfer ownership
         * @description Makes another member an owner and the caller an administrator, in one transaction, and returns the new owner. If the caller's account pays for the organization, the billing mode becomes `independent`.
         *
         *     Callers: owners.
         */
        post: operations["transfer_ownership"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{org_id}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Report an organization's usage
         * @description Adds up counters, so the response time does not depend on the number of events. Send `Accept: text/csv` to get the rows as CSV.
         *
         *     Callers: members, and service clients with the scope `billing:read`.
         */
        get: operations["query_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{org_id}/usage/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Record usage events
         * @description Counts each event once, by its id, even if you send it again. The request therefore needs no `Idempotency-Key`. The account that paid at the event's timestamp is charged. Usage is also recorded if the organization is suspended or deleted, or has exceeded its budget. An event with `hold_id` captures that hold in the same transaction.
         *
         *     Callers: service clients with the scope `usage:write`.
         */
        post: operations["record_usage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs/{org_id}/usage/void": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Void usage events
         * @description Subtracts each event from every total, once, within 95 days of its timestamp. If the month of the event is closed, its totals stay, and the statement of the current month takes the event back by an adjustment. The id stays recorded, so a voided event does not count if you send it again, or for the first time. The audit log names the service client, the ids and the reason.
         *
         *     Callers: service clients with the scope `usage:void`.
         */
        post: operations["void_usage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a person from all organizations
         * @description Ends every membership of a person whom the identity provider deleted. If the person is the last owner of organizations that are not deleted, no membership ends, and the problem lists these organizations in `orgs`. The request also succeeds for a person without memberships, so you can repeat it.
         *
         *     Callers: service clients with the scope `orgs:operate`.
         */
        delete: operations["forget_user"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description The organization and the caller's membership in it. */
        AcceptInvitationResponse: {
            /** @description The membership of the caller. */
            member: components["schemas"]["Member"];
            /** @description The organization. Its `member_count` includes the new member. */
            org: components["schemas"]["Org"];
        };
        /** @description One check: an action with its parameters. A field that the action does not take is invalid. */
        AccessCheck: {
            /**
             * @description The name of an action in an organization, such as `invite_member`, or `use_resource`.
             * @example invite_member
             */
            action: string;
            /**
             * @description The user id of the member whom this check is about. The default is the `as_user_id` of the
             *     request. Service clients must send one of the two. Members cannot check other members.
             * @example auth0|65f0c1
             */
            as_user_id?: string;
            /**
             * @description For `create_resource`: the cost class of the new resource, `standard` by default. For
             *     `update_resource`: the new cost class, by default the current one.
             */
            cost_class?: components["schemas"]["CostClass"];
            /**
             * @description For `use_resource`: the expected cost in credits, as a decimal string from 0 to 10^12 with
             *     at most 6 decimals. The default is 0.
             * @example 5
             */
            estimated_credits?: string;
            /** @description For `create_resource`: the kind of the new resource, `agent` by default. */
            kind?: components["schemas"]["ResourceKind"];
            /**
             * @description The id of the resource on which the action acts: required for `use_resource`,
             *     `update_resource` and `delete_resource`, optional for `get_resource`.
             * @example res_019ab3c0d5e07f10a2b3c4d5e6f70812
             */
            resource_id?: string;
            /**
             * @description For `change_role`: the new role, which is required. For `invite_member`, `invite_members`,
             *     `resend_invitation` and `revoke_invitation`: the role of the invitation, `viewer` by
             *     default.
             */
            role?: components["schemas"]["Role"];
            /** @description For `update_org`: true if `settings` change. The default is false. */
            settings?: boolean;
            /**
             * @description The user id of the member on whom the action acts: required for `change_role` and
             *     `remove_member`, optional for `get_member`.
             * @example auth0|5e1f00
             */
            user_id?: string;
        };
        /** @description The result of one check. */
        AccessCheckResult: {
            /**
             * @description The stable error code of the denial; null if the action is allowed.
             * @example missing_permission
             */
            code: string | null;
            /** @description The decision: `allow` or `deny`. */
            decision: components["schemas"]["AccessDecision"];
            /**
             * @description The reason for the denial, for people; null if the action is allowed.
             * @example the role `viewer` may not do this, `administrator` may
             */
            detail: string | null;
            /**
             * @description The ids of the policies that decided. The list is empty if no policy permits the action, or
             *     if the member or resource does not exist.
             */
            policies: string[];
            required_role: components["schemas"]["Role"] | null;
        };
        /**
         * @description The decision of a check.
         *
         *     - `allow`: the action is allowed.
         *     - `deny`: the action is denied.
         * @enum {string}
         */
        AccessDecision: "allow" | "deny";
        /**
         * @description The grouping of the rows of a report.
         *
         *     - `kind`: one row per kind of event.
         *     - `resource`: one row per resource, by day or month.
         *     - `member`: one row per person for whom something was used, by day or month.
         *     - `org`: one row per organization, in the report of an account.
         * @enum {string}
         */
        AccountUsageGroupBy: "kind" | "resource" | "member" | "org";
        /** @description The usage that an account paid for in a time range, in all organizations. */
        AccountUsageReport: {
            /**
             * @description The id of the account: `acct_` and 32 hex digits.
             * @example acct_2bd806c97f0e00af1a1fc3328fa763a9
             */
            account_id: string;
            /** @description The rows, one for each window and group with usage, sorted by start and then by group. */
            data: components["schemas"]["UsageRow"][];
            /**
             * @description True if the report no longer changes. Later changes are adjustments in the statements
             *     of later months.
             */
            final: boolean;
            /**
             * Format: date-time
             * @description The time from which the report no longer changes: 7 days and 5 minutes after the end
             *     of the last month of the report.
             */
            final_at: string;
            forecast: components["schemas"]["Forecast"] | null;
            /**
             * Format: date-time
             * @description The start of the report, inclusive: the start of a day, in UTC.
             */
            from: string;
            group_by: components["schemas"]["AccountUsageGroupBy"] | null;
            /** @description The cursor of the next rows; null after the last row. `total` is the total of all rows. */
            next_cursor: string | null;
            /**
             * Format: date-time
             * @description The end of the report, exclusive: the start of a day, in UTC.
             */
            to: string;
            /** @description The total usage of the report. */
            total: components["schemas"]["UsageTotal"];
            /**
             * @description The unit of all amounts: always `credits`.
             * @example credits
             */
            unit: string;
            window: components["schemas"]["UsageWindow"] | null;
        };
        /** @description The person or service client that made a change. */
        Actor: {
            /**
             * @description The actor's name at the time of the change; null if it is unknown.
             * @example Ann
             */
            name: string | null;
            /**
             * @description The user id of the person, or the id of the service client.
             * @example auth0|5e1f00
             */
            user_id: string;
        };
        /** @description The member to add. */
        AddMember: {
            /**
             * Format: email
             * @description The person's e-mail address, which you have verified: at most 254 octets.
             * @example bob@example.com
             */
            email: string;
            /**
             * @description The person's name, which is optional. The service treats it like the name in a token: it
             *     cuts the name after 100 characters, and stores no name that contains an `@`.
             * @example Bob
             */
            name?: string | null;
            /** @description The role of the new member. */
            role: components["schemas"]["Role"];
            /**
             * @description The person's `sub` at the identity provider: 1 to 255 printable ASCII characters.
             * @example auth0|65f0c1
             */
            user_id: string;
        };
        /** @description The member who becomes an owner. */
        AppointOwner: {
            /**
             * @description The user id of the member.
             * @example auth0|65f0c1
             */
            user_id: string;
        };
        /** @description The record of one committed change. The event of the change has the same content. */
        AuditRecord: {
            /**
             * @description The name of the action that made the change.
             * @example change_role
             */
            action: string;
            /** @description The person or service client that made the change, or `system` for budget alerts. */
            actor: components["schemas"]["Actor"];
            /** @description The object after the change; null if the change removed it. */
            after: Record<string, never> | null;
            /**
             * Format: date-time
             * @description The time of the change, in UTC.
             */
            at: string;
            /** @description The object before the change; null if the change created it. */
            before: Record<string, never> | null;
            /**
             * @description The id of the record: `aud_` and 32 hex digits. Ids sort by time.
             * @example aud_019ab3c0d5e07f10a2b3c4d5e6f70812
             */
            id: string;
            /**
             * @description The id of the organization.
             * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
             */
            org_id: string;
            /**
             * @description The id of the request that made the change, as in the header `x-request-id`.
             * @example b7b0c9a2-6a5e-4c58-9a57-0c9d5d0f5b1e
             */
            request_id: string;
            /**
             * @description The id of the changed object, such as a user id or a resource id.
             * @example auth0|65f0c1
             */
            target: string;
        };
        /** @description A page of a list. */
        AuditRecordList: {
            /** @description The items of the page. */
            data: components["schemas"]["AuditRecord"][];
            /** @description The cursor of the next page, null at the end. */
            next_cursor: string | null;
        };
        /** @description An account with usage in a month. */
        BilledAccount: {
            /**
             * @description The id of the account: `acct_` and 32 hex digits.
             * @example acct_2bd806c97f0e00af1a1fc3328fa763a9
             */
            account_id: string;
            /**
             * @description The hash of the account's final statement, as `get_statement` returns it; null until the
             *     statement is stored, up to an hour after the month is final.
             * @example sha256:f7a1ec1d5c9b6b9d0e7a3b44b3bd1f6fd2a8a3a0c1e5a9e0d5a1c2b3a4d5e6f7
             */
            hash: string | null;
        };
        /** @description A page of a list. */
        BilledAccountList: {
            /** @description The items of the page. */
            data: components["schemas"]["BilledAccount"][];
            /** @description The cursor of the next page, null at the end. */
            next_cursor: string | null;
        };
        /** @description The billing of an organization. */
        Billing: {
            /**
             * @description The id of the account that pays for usage from `paid_since` on: `acct_` and 32 hex digits.
             * @example acct_2bd806c97f0e00af1a1fc3328fa763a9
             */
            account_id: string;
            /**
             * @description The e-mail address for bills; null if none is set. It does not change when the payer
             *     changes.
             * @example billing@example.com
             */
            email: string | null;
            /**
             * @description The billing mode: `account` if the account of the owner who set it pays, `independent` if
             *     the organization's own account pays.
             */
            mode: components["schemas"]["BillingMode"];
            /**
             * Format: date-time
             * @description The time since which this account pays. Usage before is paid by the account that paid then.
             */
            paid_since: string;
            /**
             * Format: date-time
             * @description The time of the last change of billing, or of the organization's creation.
             */
            updated_at: string;
            /**
             * Format: int32
             * @description The version: 1 when the organization is created, increased by 1 with each change of billing.
             * @example 1
             */
            version: number;
        };
        /**
         * @description The billing mode: which account pays for the usage of an organization.
         *
         *     - `account`: the account of the owner who set this mode.
         *     - `independent`: the organization's own account.
         * @enum {string}
         */
        BillingMode: "account" | "independent";
        /** @description The budget of an organization, and the usage of the current month. */
        Budget: {
            /**
             * @description True if using a resource is denied when the budget is spent or would be exceeded. The default
             *     is false.
             */
            enforce: boolean;
            /** @description The expected usage of the whole month. */
            forecast: components["schemas"]["Forecast"];
            /**
             * @description The credits that open holds reserve, as a decimal string. A hold counts until it is ended,
             *     which can be a while after its expiry.
             * @example 2
             */
            held: string;
            /**
             * @description The credits for a calendar month in UTC, as a decimal string with at most 6 decimals; null
             *     means no budget.
             * @example 1000
             */
            monthly_credits: string | null;
            /** @description The current calendar month, in UTC. */
            period: components["schemas"]["BudgetPeriod"];
            /**
             * @description The credits of the budget that are not spent, as a decimal string; 0 if the budget is
             *     exceeded, null if there is no budget. Open holds reserve a part of them.
             * @example 987.5
             */
            remaining: string | null;
            /**
             * @description The credits that were used in the month so far, as a decimal string with at most 6 decimals.
             * @example 12.5
             */
            spent: string;
            /** @description The state of the month's usage in relation to the budget. */
            state: components["schemas"]["BudgetState"];
            /**
             * @description The percentages of the budget at which the owners are mailed, each at most once a month: at
             *     most 10, each from 1 to 1000. The default is 50, 80 and 100.
             */
            thresholds: components["schemas"]["BudgetThresholds"];
            /**
             * Format: int32
             * @description The version: 0 until a budget is set for the first time, increased by 1 with each change.
             * @example 1
             */
            version: number;
        };
        /** @description The calendar month of a budget, in UTC. */
        BudgetPeriod: {
            /**
             * Format: date-time
             * @description The end of the month, exclusive: the start of the next month.
             */
            end: string;
            /**
             * Format: date-time
             * @description The start of the month.
             */
            start: string;
        };
        /**
         * @description The state of a month's usage in relation to the budget.
         *
         *     - `none`: there is no budget.
         *     - `ok`: the usage is below the lowest threshold and below the budget.
         *     - `warning`: the usage has reached a threshold, but not the budget.
         *     - `exceeded`: the usage has reached the budget.
         * @enum {string}
         */
        BudgetState: "none" | "ok" | "warning" | "exceeded";
        /**
         * @description Percentages of a budget. Responses have them in ascending order.
         * @example [
         *       50,
         *       80,
         *       100
         *     ]
         */
        BudgetThresholds: number[];
        /** @description An invitation to create, with a validity of 7 days. */
        BulkInvitation: {
            /**
             * Format: email
             * @description The e-mail address to invite: at most 254 octets.
             * @example bob@example.com
             */
            email: string;
            role?: components["schemas"]["Role"] | null;
        };
        /** @description The new role of the member. */
        ChangeRole: {
            /** @description The new role. It applies from the member's next request on. */
            role: components["schemas"]["Role"];
        };
        /** @description The checks to evaluate. */
        CheckAccess: {
            /**
             * @description The user id of the member whom the checks are about, unless a check has an `as_user_id` of
             *     its own. For members, the default is the caller, and they cannot check other members.
             *     Service clients must send it, here or in the check: without it, the result for an action of
             *     members is `deny` with `org_not_found`.
             * @example auth0|65f0c1
             */
            as_user_id?: string;
            /** @description The checks: 1 to 30. */
            checks: components["schemas"]["AccessCheck"][];
        };
        /** @description The results of the checks. */
        CheckAccessResponse: {
            /** @description The results, one for each check, in the order of the request. */
            results: components["schemas"]["AccessCheckResult"][];
        };
        /**
         * @description The cost class of a resource: how expensive its use is.
         *
         *     - `standard`: the usual cost.
         *     - `high`: a much higher cost. The setting `high_cost_creators` of the organization decides
         *       which role may create a resource of this class, or raise one to it.
         * @enum {string}
         */
        CostClass: "standard" | "high";
        /** @description The credits to reserve. */
        CreateHold: {
            /**
             * @description The credits to reserve, as a decimal string from 0 to 10^12 with at most 6 decimals.
             * @example 5
             */
            credits: string;
            /**
             * Format: int64
             * @description The number of seconds for which the credits are reserved: 1 to 86,400.
             * @example 600
             */
            expires_in: number;
            /**
             * @description The id of the hold, which you choose: 1 to 128 printable ASCII characters, unique in the
             *     organization, for example the id of the run.
             * @example run-7f3a
             */
            id: string;
            /**
             * @description The kind of the planned usage: 1 to 64 characters of `a-z`, `0-9`, `_`, `.` and `-`.
             * @example chat.completion
             */
            kind?: string | null;
            /**
             * @description The id of the resource of the planned usage: 1 to 128 characters without control characters.
             * @example res_019ab3c0d5e07f10a2b3c4d5e6f70814
             */
            resource_id?: string | null;
            /**
             * @description The user id of the person for whom the usage is planned: 1 to 255 characters without control
             *     characters.
             * @example auth0|65f0c1
             */
            user_id?: string | null;
        };
        /** @description The organization to create. */
        CreateOrg: {
            /**
             * @description A description of the organization, at most 500 characters. It is optional.
             * @example Makers of everything
             */
            description?: string | null;
            /**
             * @description Values that your application stores here for itself: at most 20 entries. A key has 1 to 40
             *     characters and a value at most 500; together they have at most 12 KiB. The field is
             *     optional.
             * @example {
             *       "crm": "42"
             *     }
             */
            metadata?: {
                [key: string]: string;
            };
            /**
             * @description The name: 1 to 64 characters after trimming. It must not contain control, bidirectional or
             *     zero-width characters, links (`://`, `www.`, `a.example/`), `@` or `=?`. It is not unique.
             * @example Acme
             */
            name: string;
        };
        /** @description The resource to create. */
        CreateResource: {
            /** @description The cost class of the resource: `standard` by default. */
            cost_class?: components["schemas"]["CostClass"];
            /** @description The kind of the resource, which cannot change. */
            kind: components["schemas"]["ResourceKind"];
            /**
             * @description Values that your application stores here for itself: at most 20 entries. A key has 1 to 40
             *     characters and a value at most 500; together they have at most 12 KiB. The field is
             *     optional.
             * @example {
             *       "model": "large"
             *     }
             */
            metadata?: {
                [key: string]: string;
            };
            /**
             * @description The name: 1 to 128 characters after trimming. It must not contain control, bidirectional or
             *     zero-width characters. It is not unique.
             * @example Support agent
             */
            name: string;
        };
        /** @description An invalid field, query parameter or header. */
        FieldProblem: {
            /**
             * @description The stable code of the error, for code.
             * @example invalid_value
             */
            code: string;
            /**
             * @description The error as a text for people, which can change.
             * @example must be at most 64 characters
             */
            detail: string;
            /**
             * @description The JSON Pointer (RFC 6901) of the field in the body, or a slash and the name of the query
             *     parameter or header. Empty for the whole body.
             * @example /name
             */
            pointer: string;
        };
        /**
         * @description The expected usage of the current month: the usage so far, divided by the hours that have begun,
         *     times all hours of the month.
         */
        Forecast: {
            /**
             * @description The expected credits of the whole month, as a decimal string with at most 6 decimals.
             * @example 120.75
             */
            credits: string;
            /**
             * Format: date-time
             * @description The end of the month, exclusive: the start of the next month.
             */
            end: string;
            /**
             * Format: date-time
             * @description The start of the month, in UTC.
             */
            start: string;
        };
        /** @description The status and the version of the service. */
        Health: {
            /**
             * @description The status of the service: always `ok`.
             * @example ok
             */
            status: string;
            /**
             * @description The version of the service that is deployed.
             * @example 0.1.0
             */
            version: string;
        };
        /** @description Credits of the monthly budget that are reserved for a run. */
        Hold: {
            /**
             * @description The credits of all usage events that named the hold, as a decimal string. It can be more than
             *     `credits`: usage that happened is always recorded.
             * @example 1.25
             */
            captured: string;
            /**
             * @description The id of the service client that created the hold.
             * @example runner
             */
            client_id: string;
            /**
             * Format: date-time
             * @description The time of creation, in UTC.
             */
            created_at: string;
            /**
             * @description The reserved credits, as a decimal string.
             * @example 5
             */
            credits: string;
            /**
             * Format: date-time
             * @description The time from which the credits are no longer reserved, in UTC.
             */
            expires_at: string;
            /**
             * @description The id, as the service client chose it.
             * @example run-7f3a
             */
            id: string;
            /**
             * @description The kind of the planned usage; null if the request named none.
             * @example chat.completion
             */
            kind: string | null;
            /** @description The limits of the organization. Empty if the organization has no budget. */
            limits: components["schemas"]["Limit"][];
            /**
             * @description The id of the resource of the planned usage; null if the request named none.
             * @example res_019ab3c0d5e07f10a2b3c4d5e6f70814
             */
            resource_id: string | null;
            /** @description The status. */
            status: components["schemas"]["HoldStatus"];
            /**
             * @description The user id of the person for whom the usage is planned; null if the request named none.
             * @example auth0|65f0c1
             */
            user_id: string | null;
        };
        /** @description A page of a list. */
        HoldList: {
            /** @description The items of the page. */
            data: components["schemas"]["Hold"][];
            /** @description The cursor of the next page, null at the end. */
            next_cursor: string | null;
        };
        /**
         * @description The status of a hold.
         *
         *     - `open`: the credits are reserved.
         *     - `captured`: a usage event with `"final": true` settled the hold.
         *     - `released`: the hold was released before it was settled.
         *     - `expired`: the hold was neither settled nor released in time.
         * @enum {string}
         */
        HoldStatus: "open" | "captured" | "released" | "expired";
        /** @description An invitation. The token in the mail's link is never part of it. */
        Invitation: {
            /**
             * @description The user id of the person who accepted the invitation; null until then.
             * @example null
             */
            accepted_by: string | null;
            /**
             * Format: date-time
             * @description The time of creation.
             */
            created_at: string;
            /** @description The delivery of the invitation's last mail. */
            delivery: components["schemas"]["InvitationDelivery"];
            /**
             * @description The invited e-mail address, as it was entered.
             * @example bob@example.com
             */
            email: string;
            /**
             * Format: date-time
             * @description The time at which the invitation expires. Each resend sets a new one.
             */
            expires_at: string;
            /**
             * @description The id of the invitation: `inv_` and 32 hex digits.
             * @example inv_019ab3c0d5e07f10a2b3c4d5e6f70813
             */
            id: string;
            /** @description The member who created the invitation. */
            invited_by: components["schemas"]["Inviter"];
            /**
             * @description The id of the organization to join: `org_` and 32 hex digits.
             * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
             */
            org_id: string;
            /** @description The role that the invitation grants. */
            role: components["schemas"]["Role"];
            /** @description The status of the invitation. A pending invitation is `expired` from `expires_at` on. */
            status: components["schemas"]["InvitationStatus"];
            /**
             * Format: int32
             * @description The version: 1 at creation, increased by 1 with each change, including changes of
             *     `delivery`.
             * @example 1
             */
            version: number;
        };
        /**
         * @description The delivery of an invitation's last mail.
         *
         *     - `queued`: the mail is not sent yet.
         *     - `sent`: SES accepted the mail.
         *     - `delivered`: the recipient's mail server accepted the mail.
         *     - `bounced`: the recipient's mail server rejected the mail, or it could not be delivered.
         *     - `complained`: the recipient reported the mail as spam.
         *     - `failed`: the mail was not sent, because SES rejected it, was unavailable for too long, or the
         *       address is blocked.
         * @enum {string}
         */
        InvitationDelivery: "queued" | "sent" | "delivered" | "bounced" | "complained" | "failed";
        /** @description A page of a list. */
        InvitationList: {
            /** @description The items of the page. */
            data: components["schemas"]["Invitation"][];
            /** @description The cursor of the next page, null at the end. */
            next_cursor: string | null;
        };
        /** @description The organization of an invitation, as its invitee sees it. */
        InvitationOrg: {
            /**
             * @description The id of the organization: `org_` and 32 hex digits.
             * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
             */
            id: string;
            /**
             * @description The name of the organization.
             * @example Acme
             */
            name: string;
        };
        /** @description The parts of an invitation that the holder of its link sees before signing in. */
        InvitationPreview: {
            /**
             * @description The invited e-mail address, masked: its first character and its host.
             * @example b***@example.com
             */
            email: string;
            /**
             * Format: date-time
             * @description The time at which the invitation expires.
             */
            expires_at: string;
            /** @description The member who created the invitation. */
            inviter: components["schemas"]["PreviewName"];
            /** @description The organization to join. */
            org: components["schemas"]["PreviewName"];
            /** @description The role that the invitation grants. */
            role: components["schemas"]["Role"];
            /** @description The status of the invitation. Only a `pending` invitation can be accepted. */
            status: components["schemas"]["InvitationStatus"];
        };
        /**
         * @description The invitation to accept or decline: either the `token` of its link, or both `org_id` and
         *     `invitation_id`.
         */
        InvitationReference: {
            /** @description The id of the invitation. Required without a `token`. */
            invitation_id?: string | null;
            /** @description The id of the organization. Required without a `token`. */
            org_id?: string | null;
            /**
             * @description The token of the invitation: the part of the link in the mail after `#`.
             * @example inv1.019ab3c0d5e07f10a2b3c4d5e6f70812019ab3c0d5e07f10a2b3c4d5e6f70813.47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU
             */
            token?: string | null;
        };
        /** @description The result of one invitation. */
        InvitationResult: {
            /**
             * @description The error code with which `invite_member` would respond. It is present only with the status
             *     `refused`.
             * @example already_invited
             */
            code?: string;
            /**
             * @description The e-mail address as it was sent; null if it is not a string.
             * @example bob@example.com
             */
            email: string | null;
            /** @description The new invitation. It is present only with the status `invited`. */
            invitation?: components["schemas"]["Invitation"];
            /** @description The status of the result: `invited` or `refused`. */
            status: components["schemas"]["InvitationResultStatus"];
        };
        /**
         * @description The status of the result of an invitation.
         *
         *     - `invited`: the invitation is created.
         *     - `refused`: the invitation is not created. `code` has the reason.
         * @enum {string}
         */
        InvitationResultStatus: "invited" | "refused";
        /**
         * @description The status of an invitation.
         *
         *     - `pending`: the recipient can accept or decline it until it expires.
         *     - `accepted`: a person accepted it and became a member.
         *     - `declined`: the recipient declined it.
         *     - `revoked`: a member of the organization revoked it.
         *     - `expired`: its validity period is over. It can be resent.
         * @enum {string}
         */
        InvitationStatus: "pending" | "accepted" | "declined" | "revoked" | "expired";
        /** @description The invitation to create. */
        InviteMember: {
            /**
             * Format: email
             * @description The e-mail address to invite: an ASCII local part and a host name of at least two labels, at
             *     most 254 octets. Addresses are compared in lower case and shown as you entered them.
             * @example bob@example.com
             */
            email: string;
            /**
             * Format: int32
             * @description The number of days for which the invitation is valid: 1 to 30, 7 by default.
             * @example 7
             */
            expires_in_days?: number | null;
            role?: components["schemas"]["Role"] | null;
        };
        /** @description The invitations to create. */
        InviteMembers: {
            /** @description The invitations: 1 to 20. */
            invitations: components["schemas"]["BulkInvitation"][];
        };
        /** @description The result of each invitation. */
        InviteMembersResponse: {
            /** @description The results of the invitations, in the order of the request. */
            results: components["schemas"]["InvitationResult"][];
        };
        /** @description The member who created an invitation. */
        Inviter: {
            /**
             * @description The inviter's name, or the masked e-mail address (`a***@example.com`) if the inviter has no
             *     name.
             * @example Ann
             */
            name: string;
            /**
             * @description The inviter's user id.
             * @example auth0|5e1f00
             */
            user_id: string;
        };
        /** @description A limit, and its use. At every moment, `limit` is the sum of `spent`, `held` and `left`. */
        Limit: {
            /** @description True if holds that exceed the limit are denied. */
            enforce: boolean;
            /**
             * @description The credits that open holds reserve, as a decimal string.
             * @example 10
             */
            held: string;
            /**
             * @description The credits that are left, as a decimal string. Negative if usage exceeded the limit.
             * @example 177.5
             */
            left: string;
            /**
             * @description The credits of the limit, as a decimal string.
             * @example 1000
             */
            limit: string;
            /**
             * Format: date-time
             * @description The time at which the limit starts over, in UTC.
             */
            resets_at: string;
            /**
             * @description The spent credits, as a decimal string.
             * @example 812.5
             */
            spent: string;
            /** @description The subject of the limit. */
            subject: components["schemas"]["LimitSubject"];
            /** @description The time after which the limit starts over. */
            window: components["schemas"]["LimitWindow"];
        };
        /** @description The subject of a limit. */
        LimitSubject: {
            /** @description The type: the whole organization. */
            type: components["schemas"]["LimitSubjectType"];
        };
        /**
         * @description The type of a limit's subject.
         *
         *     - `org`: the whole organization.
         * @enum {string}
         */
        LimitSubjectType: "org";
        /**
         * @description The time after which a limit starts over.
         *
         *     - `month`: the calendar month in UTC.
         * @enum {string}
         */
        LimitWindow: "month";
        /** @description The caller, as the token describes them. */
        Me: {
            /**
             * @description The id of the caller's own billing account: `acct_` and 32 hex digits.
             * @example acct_2bd806c97f0e00af1a1fc3328fa763a9
             */
            account_id: string;
            /**
             * @description The e-mail address in the token; null if the token has no valid one.
             * @example ann@example.com
             */
            email: string | null;
            /** @description True if the identity provider has verified the e-mail address. */
            email_verified: boolean;
            /**
             * @description The name in the token, at most 100 characters; null if the token has no name.
             * @example Ann
             */
            name: string | null;
            /**
             * @description The user id: the `sub` of the token, 1 to 255 printable ASCII characters.
             * @example auth0|65f0c1
             */
            user_id: string;
        };
        /** @description A member of an organization. */
        Member: {
            /**
             * @description The e-mail address in the member's token. It is stored when the member joins, and refreshed
             *     when the member later changes something in the organization with a verified address.
             * @example bob@example.com
             */
            email: string;
            /**
             * @description The user id of the inviter; null for the creator and for a member whom the operator added.
             * @example auth0|5e1f00
             */
            invited_by: string | null;
            /**
             * Format: date-time
             * @description The time at which the member joined.
             */
            joined_at: string;
            /**
             * @description The name in the member's token, at most 100 characters; null if no token had a name. It is
             *     stored when the member joins, and refreshed when the member later changes something in the
             *     organization.
             * @example Bob
             */
            name: string | null;
            /**
             * @description The id of the organization: `org_` and 32 hex digits.
             * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
             */
            org_id: string;
            /** @description The role of the member. */
            role: components["schemas"]["Role"];
            /**
             * @description The user id: the `sub` of the member's token, 1 to 255 printable ASCII characters.
             * @example auth0|65f0c1
             */
            user_id: string;
            /**
             * Format: int32
             * @description The version: 1 when the member joins, increased by 1 with each change.
             * @example 1
             */
            version: number;
        };
        /** @description A page of a list. */
        MemberList: {
            /** @description The items of the page. */
            data: components["schemas"]["Member"][];
            /** @description The cursor of the next page, null at the end. */
            next_cursor: string | null;
        };
        /**
         * @description The order of the members.
         * @enum {string}
         */
        MemberSort: "name";
        /** @description A pending invitation to the caller, with its organization. */
        MyInvitation: components["schemas"]["Invitation"] & {
            /** @description The organization to join. */
            org: components["schemas"]["InvitationOrg"];
        };
        /** @description A page of a list. */
        MyInvitationList: {
            /** @description The items of the page. */
            data: components["schemas"]["MyInvitation"][];
            /** @description The cursor of the next page, null at the end. */
            next_cursor: string | null;
        };
        /** @description The form of a one-click unsubscribe (RFC 8058). A request without a body has the same effect. */
        OptOutForm: {
            /**
             * @description The only allowed value: `One-Click`.
             * @example One-Click
             */
            "List-Unsubscribe": string;
        };
        /** @description The address that opted out. The service sends no invitation mails to it from now on. */
        OptOutResponse: {
            /**
             * @description The e-mail address, masked: its first character and its host.
             * @example b***@example.com
             */
            email: string;
        };
        /** @description An organization. */
        Org: {
            /** @description The billing modes that the plan allows. */
            billing_modes: components["schemas"]["BillingMode"][];
            /**
             * Format: date-time
             * @description The time of creation.
             */
            created_at: string;
            /**
             * @description The organization's description, at most 500 characters. It is null if the organization has
             *     none.
             * @example Makers of everything
             */
            description: string | null;
            /**
             * @description The id of the organization: `org_` and 32 hex digits.
             * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
             */
            id: string;
            /**
             * Format: int32
             * @description The number of members, owners included.
             * @example 3
             */
            member_count: number;
            /**
             * @description Values that your application stores here for itself: at most 20 entries. A key has 1 to 40
             *     characters and a value at most 500; together they have at most 12 KiB.
             * @example {
             *       "crm": "42"
             *     }
             */
            metadata: {
                [key: string]: string;
            };
            /**
             * @description The name: 1 to 64 characters. It is not unique.
             * @example Acme
             */
            name: string;
            /**
             * Format: int32
             * @description The number of owners. It is 0 only in a deleted organization whose last owner's memberships
             *     were all ended.
             * @example 1
             */
            owner_count: number;
            role: components["schemas"]["Role"] | null;
            /**
             * Format: int32
             * @description The largest number of members that the plan allows; null means no limit.
             * @example 10
             */
            seat_limit: number | null;
            /** @description The settings, which only owners can change. */
            settings: components["schemas"]["OrgSettings"];
            /** @description The status of the organization. */
            status: components["schemas"]["OrgStatus"];
            /**
             * Format: date-time
             * @description The time of the last change of the organization's own fields.
             */
            updated_at: string;
            /**
             * Format: int32
             * @description The version: 1 at creation, increased by 1 with each change of the organization's own
             *     fields. Changes of the counts and of billing do not increase it.
             * @example 1
             */
            version: number;
        };
        /** @description A page of a list. */
        OrgList: {
            /** @description The items of the page. */
            data: components["schemas"]["Org"][];
            /** @description The cursor of the next page, null at the end. */
            next_cursor: string | null;
        };
        /** @description The policies of an organization, which its owners set. */
        OrgPolicies: {
            /**
             * @description The policies in Cedar syntax: at most 20 static `forbid` policies of at most 2 KiB each, 8
             *     KiB in total. An organization without policies has an empty text.
             * @example forbid (principal, action == Orgs::Action::"invite_member", resource) unless { principal in Orgs::Role::"owner" };
             */
            policies: string;
            /**
             * Format: int32
             * @description The version: 0 until policies are set for the first time, increased by 1 with each change.
             * @example 1
             */
            version: number;
        };
        /** @description The settings of an organization, which only owners can change. */
        OrgSettings: {
            /**
             * @description The lowest role that may create a resource of the cost class `high`, or raise one to it:
             *     `administrator` or `owner`. The default is `administrator`.
             */
            high_cost_creators: components["schemas"]["Role"];
        };
        /**
         * @description The status of an organization.
         *
         *     - `active`: in use.
         *     - `suspended`: suspended by the operator. Members can read it and remove access.
         *     - `deleted`: deleted by an owner. Members can read it and remove access, and an owner can
         *       restore it for 30 days. A deleted organization is `deleted` even if it is also suspended.
         * @enum {string}
         */
        OrgStatus: "active" | "suspended" | "deleted";
        /**
         * @description The status that the operator sets.
         *
         *     - `active`: the organization is in use.
         *     - `suspended`: members can only read the organization and remove access. Owners can also change
         *       billing and delete the organization.
         * @enum {string}
         */
        PlanStatus: "active" | "suspended";
        /** @description The token of an invitation's link. */
        PreviewInvitation: {
            /**
             * @description The token: the part of the link after the `#`.
             * @example inv1.019ab3c0d5e07f10a2b3c4d5e6f70812019ab3c0d5e07f10a2b3c4d5e6f70813.47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU
             */
            token: string;
        };
        /** @description The name of an organization or of a person. */
        PreviewName: {
            /**
             * @description The name. For a person without a name, it is the masked e-mail address.
             * @example Acme
             */
            name: string;
        };
        /** @description An error response (RFC 9457), with the media type `application/problem+json`. */
        Problem: {
            /** @description The stable code. */
            code: components["schemas"]["ProblemCode"];
            /**
             * @description The reason as a text for people, which can change.
             * @example the organization does not exist
             */
            detail: string;
            /** @description With `validation_failed`: the invalid fields. */
            errors?: components["schemas"]["FieldProblem"][];
            /** @description With `already_invited`: the id of the pending invitation. */
            invitation_id?: string;
            /**
             * @description With `last_owner`, if the request ends all memberships of a person: the ids of the
             *     organizations that would have no owner.
             */
            orgs?: string[];
            /**
             * @description With status 403: the ids of the policies that decided. Empty if no policy permits the
             *     request.
             */
            policies?: string[];
            /**
             * @description The id of the request, as in the header `x-request-id`, the logs and the audit record.
             * @example b7b0c9a2-6a5e-4c58-9a57-0c9d5d0f5b1e
             */
            request_id: string;
            /** @description With status 403: the lowest role that would be allowed. Absent if no higher role would be. */
            required_role?: components["schemas"]["Role"];
            /**
             * Format: int32
             * @description The HTTP status of the response.
             * @example 404
             */
            status: number;
            /**
             * @description The code in words, with a capital letter.
             * @example Org not found
             */
            title: string;
            /**
             * @description The URN of the code.
             * @example urn:organizations:problem:org_not_found
             */
            type: string;
        };
        /**
         * @description A stable error code. New codes may be added: treat an unknown one by its status.
         *
         *     - `malformed_json` (400): the body is missing, or is not JSON in UTF-8. To fix: fix the body; `detail` has the line and column.
         *     - `email_not_verified` (403): the token's e-mail address is not verified. To fix: verify it at the identity provider, then sign in again.
         *     - `email_mismatch` (403): the invitation is for another address. To fix: sign in with the invited address.
         *     - `owner_protected` (403): only an owner may change or remove an owner. To fix: ask an owner.
         *     - `owner_grant` (403): only an owner may make an owner, invite one, or resend or revoke such an invitation. To fix: ask an owner.
         *     - `org_not_active` (403): the organization is suspended or deleted: you can read it, remove access and change billing. To fix: ask the operator to end the suspension, or an owner to restore the organization.
         *     - `high_cost_restricted` (403): the organization's settings require a higher role to create a `high` cost resource or to raise one to it. To fix: ask a member with `required_role`.
         *     - `budget_exceeded` (403): the budget is enforced, and is spent or would be exceeded; a denied hold, or a result of `POST …/access`. To fix: wait for the next month, or ask an owner to raise the budget.
         *     - `budget_held` (403): other holds reserve the credits that are left of the budget. To fix: try again after the seconds in `Retry-After`.
         *     - `hold_too_large` (403): the hold is larger than the whole budget. To fix: ask for fewer credits, or ask an owner to raise the budget.
         *     - `plan_restricted` (403): the plan does not allow this billing mode. To fix: choose another mode, or ask the operator.
         *     - `missing_permission` (403): no policy permits this for the caller's role or scope. To fix: ask a member with `required_role`, or use a token with the scope.
         *     - `org_policy` (403): a policy of the organization forbids this. To fix: ask an owner; `policies` has the id, with the prefix `own.`.
         *     - `org_not_found` (404): the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS`. To fix: check the id and the signed-in account, or ask for an invitation.
         *     - `member_not_found` (404): the organization has no such member. To fix: reload the list.
         *     - `resource_not_found` (404): the organization has no such resource. To fix: reload the list.
         *     - `invitation_not_found` (404): no such invitation, the link is incomplete or was replaced by a newer mail, or the invitation is for another address. To fix: open the link in the last mail.
         *     - `hold_not_found` (404): the organization has no such hold, or it expired more than 96 days ago. To fix: check the id.
         *     - `opt_out_not_found` (404): the opt-out link is invalid, or its invitation no longer exists. To fix: open the link in a newer mail.
         *     - `asset_not_found` (404): the console has no such file. To fix: reload the console.
         *     - `last_owner` (409): the organization would have no owner. To fix: make another member an owner first.
         *     - `already_member` (409): the person, or the address, is already a member. To fix: nothing; the role stays as it is.
         *     - `already_invited` (409): the address has a pending invitation. To fix: resend or revoke the invitation in `invitation_id`.
         *     - `invitation_not_pending` (409): the invitation was accepted, declined or revoked, so you cannot resend or revoke it; an expired one cannot be revoked either. To fix: if you wanted to resend it, create a new invitation; otherwise, do nothing.
         *     - `hold_conflict` (409): another hold with the same id and other values exists. To fix: send the values of the first request, or choose a new id.
         *     - `hold_not_open` (409): the hold is captured, released or expired. To fix: create a new hold.
         *     - `address_blocked` (409): the recipient opted out, or reported an invitation as spam. To fix: ask the person to contact the operator, who can remove the block.
         *     - `seat_limit_reached` (409): the plan has no free seat; an invitation stays pending. To fix: remove a member, or ask the operator for seats.
         *     - `org_limit_reached` (409): the caller has created the maximum number of organizations (`ORGS_PER_CREATOR`, default 50). To fix: delete one and wait until it is purged, or ask the operator.
         *     - `invitation_expired` (410): its validity period is over. To fix: ask the inviter to resend it.
         *     - `invitation_revoked` (410): it was revoked, or it makes an owner and its inviter is no longer an owner. To fix: ask for a new invitation.
         *     - `invitation_declined` (410): it was declined. To fix: ask for a new invitation.
         *     - `invitation_used` (410): it was accepted before, by another person or by you before you left or were removed. To fix: ask for a new invitation.
         *     - `version_mismatch` (412): the object has another version than `If-Match` names. To fix: load the object, merge your change, send it again.
         *     - `body_too_large` (413): the body has more than 256 KiB, or 512 KiB when you record usage. To fix: send less, such as fewer events in a request.
         *     - `unsupported_media_type` (415): the `Content-Type` is not `application/json`. To fix: set it.
         *     - `validation_failed` (422): a field, query parameter or header is invalid. To fix: fix the fields in `errors`.
         *     - `idempotency_key_reused` (422): the `Idempotency-Key` was used with a different body. To fix: use a new key, or send the original body.
         *     - `report_too_large` (422): the report adds up more than 200,000 counters, or has too many groups for `top`. To fix: ask for a shorter time, another grouping or one kind, resource or person.
         *     - `rate_limited` (429): the inviter's hourly or the recipient's daily limit of invitation mails is reached, or the payer has changed too often in 35 days. To fix: wait for the seconds in `Retry-After`.
         *     - `internal_error` (500): a bug, or a broken setting. To fix: report it with the `request_id`.
         *     - `contention` (503): other changes to the same items kept interfering, or the database did not respond. To fix: wait for the seconds in `Retry-After` (1), then send the request again, with the same `Idempotency-Key`.
         * @example malformed_json
         * @example email_not_verified
         * @example email_mismatch
         * @example owner_protected
         * @example owner_grant
         * @example org_not_active
         * @example high_cost_restricted
         * @example budget_exceeded
         * @example budget_held
         * @example hold_too_large
         * @example plan_restricted
         * @example missing_permission
         * @example org_policy
         * @example org_not_found
         * @example member_not_found
         * @example resource_not_found
         * @example invitation_not_found
         * @example hold_not_found
         * @example opt_out_not_found
         * @example asset_not_found
         * @example last_owner
         * @example already_member
         * @example already_invited
         * @example invitation_not_pending
         * @example hold_conflict
         * @example hold_not_open
         * @example address_blocked
         * @example seat_limit_reached
         * @example org_limit_reached
         * @example invitation_expired
         * @example invitation_revoked
         * @example invitation_declined
         * @example invitation_used
         * @example version_mismatch
         * @example body_too_large
         * @example unsupported_media_type
         * @example validation_failed
         * @example idempotency_key_reused
         * @example report_too_large
         * @example rate_limited
         * @example internal_error
         * @example contention
         */
        ProblemCode: "malformed_json" | "email_not_verified" | "email_mismatch" | "owner_protected" | "owner_grant" | "org_not_active" | "high_cost_restricted" | "budget_exceeded" | "budget_held" | "hold_too_large" | "plan_restricted" | "missing_permission" | "org_policy" | "org_not_found" | "member_not_found" | "resource_not_found" | "invitation_not_found" | "hold_not_found" | "opt_out_not_found" | "asset_not_found" | "last_owner" | "already_member" | "already_invited" | "invitation_not_pending" | "hold_conflict" | "hold_not_open" | "address_blocked" | "seat_limit_reached" | "org_limit_reached" | "invitation_expired" | "invitation_revoked" | "invitation_declined" | "invitation_used" | "version_mismatch" | "body_too_large" | "unsupported_media_type" | "validation_failed" | "idempotency_key_reused" | "report_too_large" | "rate_limited" | "internal_error" | "contention" | (string & {});
        /** @description The usage events to record. */
        RecordUsage: {
            /**
             * @description The events: 1 to 500. Each event has its own result, so an invalid event does not affect the
             *     others.
             */
            events: components["schemas"]["UsageEvent"][];
        };
        /** @description The number of events by result, and the result of each event. */
        RecordUsageResponse: {
            /**
             * @description The number of events that are recorded now: those with the status `accepted`.
             * @example 1
             */
            accepted: number;
            /**
             * @description The number of events that were recorded before: those with the status `duplicate`.
             * @example 0
             */
            duplicates: number;
            /**
             * @description The number of events that do not count: those with any other status.
             * @example 0
             */
            rejected: number;
            /** @description The results of the events, in the order of the request. */
            results: components["schemas"]["UsageEventResult"][];
        };
        /** @description A resource that the members of an organization share. */
        Resource: {
            /** @description The cost class of the resource. */
            cost_class: components["schemas"]["CostClass"];
            /**
             * Format: date-time
             * @description The time of creation.
             */
            created_at: string;
            /**
             * @description The user id of the creator.
             * @example auth0|65f0c1
             */
            created_by: string;
            /**
             * @description The id of the resource: `res_` and 32 hex digits.
             * @example res_019ab3c0d5e07f10a2b3c4d5e6f70812
             */
            id: string;
            /** @description The kind of the resource, which cannot change. */
            kind: components["schemas"]["ResourceKind"];
            /**
             * @description Values that your application stores here for itself: at most 20 entries. A key has 1 to 40
             *     characters and a value at most 500; together they have at most 12 KiB.
             * @example {
             *       "model": "large"
             *     }
             */
            metadata: {
                [key: string]: string;
            };
            /**
             * @description The name: 1 to 128 characters. It is not unique.
             * @example Support agent
             */
            name: string;
            /**
             * @description The id of the organization whose members share the resource.
             * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
             */
            org_id: string;
            /**
             * Format: date-time
             * @description The time of the last change.
             */
            updated_at: string;
            /**
             * Format: int32
             * @description The version: 1 at creation, increased by 1 with each change.
             * @example 1
             */
            version: number;
        };
        /**
         * @description The kind of a resource.
         *
         *     - `agent`: software that works for the members.
         *     - `knowledge_base`: the knowledge that agents use.
         *     - `source`: a source from which a knowledge base is filled.
         * @enum {string}
         */
        ResourceKind: "agent" | "knowledge_base" | "source";
        /** @description A page of a list. */
        ResourceList: {
            /** @description The items of the page. */
            data: components["schemas"]["Resource"][];
            /** @description The cursor of the next page, null at the end. */
            next_cursor: string | null;
        };
        /**
         * @description The role of a member. A higher role has every permission of the lower ones.
         *
         *     - `viewer`: reads the organization and uses its resources.
         *     - `administrator`: also manages resources, invitations and members, but not owners.
         *     - `owner`: also manages owners, settings, policies, budget and billing, and can delete the
         *       organization.
         * @enum {string}
         */
        Role: "viewer" | "administrator" | "owner";
        /** @description The changes of the billing. Absent fields keep their values. */
        SetBilling: {
            /**
             * @description The e-mail address for bills: at most 254 octets. It can be replaced, but not removed.
             * @example billing@example.com
             */
            email?: string;
            /**
             * @description The billing mode: `account` if the caller's account is to pay, `independent` if the
             *     organization's own account is to pay. The plan must allow the mode, unless the same account
             *     already pays.
             */
            mode?: components["schemas"]["BillingMode"];
        };
        /** @description The new budget, which replaces the current one. Absent fields get their defaults. */
        SetBudget: {
            /**
             * @description True to deny the use of resources when the budget is spent or would be exceeded. The default
             *     is false.
             */
            enforce?: boolean;
            /**
             * @description The credits for a calendar month in UTC, as a decimal string from 0 to 10^12 with at most 6
             *     decimals; null means no budget. The field is required.
             * @example 1000
             */
            monthly_credits: string | null;
            /**
             * @description The percentages of the budget at which the owners are mailed, each at most once a month: at
             *     most 10 different ones, each from 1 to 1000. An empty list sends no mails. The default is
             *     50, 80 and 100.
             */
            thresholds?: components["schemas"]["BudgetThresholds"];
        };
        /** @description The changes of a plan. Absent fields keep their values. */
        SetPlan: {
            /**
             * @description The billing modes that owners can choose from: at least one. If the current billing mode is
             *     no longer allowed, it stays until an owner changes it.
             */
            billing_modes?: components["schemas"]["BillingMode"][];
            /**
             * Format: int32
             * @description The largest number of members that the plan allows; null means no limit. A limit below the
             *     member count removes nobody; it blocks new members.
             * @example 10
             */
            seat_limit?: number | null;
            /** @description The new status: `suspended` suspends the organization, `active` ends a suspension. */
            status?: components["schemas"]["PlanStatus"];
        };
        /** @description The new policies, which replace the current ones. */
        SetPolicies: {
            /**
             * @description The policies in Cedar syntax: at most 20 static `forbid` policies of at most 2 KiB each, 8
             *     KiB in total. Expressions are nested at most 16 deep and have at most 4 attributes behind
             *     one `has`. All policies together have at most 1,000 brackets and `if`s. An annotation has at
             *     most 200 characters. The policies must be strictly valid against the schema. An empty text
             *     removes all policies.
             * @example forbid (principal, action == Orgs::Action::"invite_member", resource) unless { principal in Orgs::Role::"owner" };
             */
            policies: string;
        };
        /** @description The usage that an account owes for a month. */
        Statement: {
            /**
             * @description The id of the account: `acct_` and 32 hex digits.
             * @example acct_2bd806c97f0e00af1a1fc3328fa763a9
             */
            account_id: string;
            /** @description True if the statement no longer changes. */
            final: boolean;
            /**
             * Format: date-time
             * @description The time from which the statement no longer changes: 7 days and 5 minutes after the
             *     end of the month.
             */
            final_at: string;
            /**
             * @description The hash of the whole statement as CSV: `sha256:` and 64 hex digits.
             * @example sha256:f7a1ec1d5c9b6b9d0e7a3b44b3bd1f6fd2a8a3a0c1e5a9e0d5a1c2b3a4d5e6f7
             */
            hash: string;
            /** @description The lines of the page, sorted by organization, kind and corrected month. */
            lines: components["schemas"]["StatementLine"][];
            /**
             * @description The month, in UTC.
             * @example 2026-11
             */
            month: string;
            /** @description The cursor of the next page; null on the last page. */
            next_cursor: string | null;
            /** @description The total of the whole statement, adjustments included. */
            total: components["schemas"]["StatementTotal"];
        };
        /** @description A line of a statement: the usage of one kind in one organization. */
        StatementLine: {
            /**
             * @description The closed month that this line corrects; null for usage of the statement's own month.
             * @example 2026-10
             */
            adjustment_of: string | null;
            /**
             * @description The sum of the credits, as a decimal string with at most 6 decimals. It is negative if an
             *     adjustment takes usage back.
             * @example 12.5
             */
            credits: string;
            /**
             * Format: int64
             * @description The number of events. It is negative if an adjustment takes usage back.
             * @example 50
             */
            events: number;
            /**
             * @description The kind of usage.
             * @example chat.completion
             */
            kind: string;
            /**
             * @description The id of the organization: `org_` and 32 hex digits.
             * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
             */
            org_id: string;
        };
        /** @description The total of a statement. */
        StatementTotal: {
            /**
             * @description The sum of the credits, adjustments included, as a decimal string with at most 6 decimals.
             * @example 12.5
             */
            credits: string;
            /**
             * Format: int64
             * @description The number of events, adjustments included.
             * @example 50
             */
            events: number;
        };
        /** @description The member who becomes an owner. */
        TransferOwnership: {
            /**
             * @description The user id of the member. It must not be the caller's own.
             * @example auth0|65f0c1
             */
            user_id: string;
        };
        /** @description The changes. Absent fields stay as they are. */
        UpdateHold: {
            /**
             * @description The credits to reserve, including those that are captured already, as a decimal string from 0
             *     to 10^12 with at most 6 decimals.
             * @example 8
             */
            credits?: string;
            /**
             * Format: int64
             * @description The number of seconds, from now, for which the credits are reserved: 1 to 86,400.
             * @example 600
             */
            expires_in?: number;
        };
        /** @description The changes of an organization. Absent fields keep their values. */
        UpdateOrg: {
            /**
             * @description The new description: at most 500 characters; null removes it.
             * @example Makers of everything
             */
            description?: string | null;
            /**
             * @description The new metadata, which replaces all of the current metadata: at most 20 entries. A key has 1
             *     to 40 characters and a value at most 500; together they have at most 12 KiB.
             * @example {
             *       "crm": "42"
             *     }
             */
            metadata?: {
                [key: string]: string;
            };
            /**
             * @description The new name: 1 to 64 characters after trimming. It must not contain control, bidirectional
             *     or zero-width characters, links (`://`, `www.`, `a.example/`), `@` or `=?`.
             * @example Acme
             */
            name?: string;
            /** @description The new settings, which only owners can change. */
            settings?: components["schemas"]["OrgSettings"];
        };
        /** @description The changes of a resource. Absent fields keep their values. */
        UpdateResource: {
            /** @description The new cost class of the resource. */
            cost_class?: components["schemas"]["CostClass"];
            /**
             * @description The new metadata, which replaces all of the current metadata: at most 20 entries. A key has 1
             *     to 40 characters and a value at most 500; together they have at most 12 KiB.
             * @example {
             *       "model": "large"
             *     }
             */
            metadata?: {
                [key: string]: string;
            };
            /**
             * @description The new name: 1 to 128 characters after trimming. It must not contain control, bidirectional
             *     or zero-width characters.
             * @example Support agent
             */
            name?: string;
        };
        /** @description A usage event to record. */
        UsageEvent: {
            /**
             * @description The cost in credits, as a decimal string from 0 to 10^12 with at most 6 decimals.
             * @example 0.25
             */
            credits: string;
            /**
             * @description True if the event is the last one of its hold. The rest of the hold is then released. The
             *     default is false.
             */
            final?: boolean;
            /**
             * @description The id of the hold that reserved the credits of the event. The event counts even if the hold
             *     is too small, has ended or does not exist.
             * @example run-7f3a
             */
            hold_id?: string | null;
            /**
             * @description The id of the event, which you choose: 1 to 128 printable ASCII characters, unique in the
             *     organization. Send the same id again when you retry.
             * @example run-7f3a-1
             */
            id: string;
            /**
             * @description The kind of usage: 1 to 64 characters of `a-z`, `0-9`, `_`, `.` and `-`.
             * @example chat.completion
             */
            kind: string;
            /**
             * @description The id of the resource that was used: 1 to 128 characters without control characters.
             *     Reports can group by it.
             * @example res_019ab3c0d5e07f10a2b3c4d5e6f70814
             */
            resource_id?: string | null;
            /**
             * Format: date-time
             * @description The time at which the usage happened, in the format of RFC 3339: at most 7 days in the past
             *     (35 days with the scope `usage:backfill`) and 5 minutes in the future. It is truncated to
             *     milliseconds.
             * @example 2026-11-24T10:15:00Z
             */
            timestamp: string;
            /**
             * @description The user id of the person for whom it was used: 1 to 255 characters without control
             *     characters. Reports can group by it.
             * @example auth0|65f0c1
             */
            user_id?: string | null;
        };
        /** @description The result of recording one event. */
        UsageEventResult: {
            /**
             * @description The id of the event; null if the event has no `id` or the `id` is not a string.
             * @example run-7f3a-1
             */
            id: string | null;
            /** @description The status of the event after the request. */
            status: components["schemas"]["UsageEventStatus"];
        };
        /**
         * @description The result of recording a usage event.
         *
         *     - `accepted`: the event is recorded and counts now.
         *     - `duplicate`: the event was recorded before, with the same id and the same values, and counts.
         *       An event that is sent again after more than 96 days is `too_old` instead.
         *     - `voided`: the event was recorded before, with the same id and the same values, and was voided
         *       since; or its id was voided before any event had it. It does not count.
         *     - `conflict`: another event with the same id and other values was recorded before. This event
         *       does not count.
         *     - `too_old`: the timestamp is more than 7 days in the past, or 35 days if the client has the
         *       scope `usage:backfill`, and the event was not recorded before. It does not count.
         *     - `in_future`: the timestamp is more than 5 minutes ahead of the server's clock. The event does
         *       not count.
         *     - `invalid`: a field is missing or invalid. The event does not count.
         *     - `too_many_kinds`: the organization has 200 other kinds in the month of the event. The event
         *       does not count. Put what is unique to a run into the event's id, not into its kind.
         * @enum {string}
         */
        UsageEventStatus: "accepted" | "duplicate" | "voided" | "conflict" | "too_old" | "in_future" | "invalid" | "too_many_kinds";
        /**
         * @description The grouping of the rows of an organization's report.
         *
         *     - `kind`: one row per kind of event.
         *     - `resource`: one row per resource, by day or month.
         *     - `member`: one row per person for whom something was used, by day or month.
         * @enum {string}
         */
        UsageGroupBy: "kind" | "resource" | "member";
        /** @description The usage of an organization in a time range. */
        UsageReport: {
            /** @description The rows, one for each window and group with usage, sorted by start and then by group. */
            data: components["schemas"]["UsageRow"][];
            /**
             * @description True if the report no longer changes. Later changes are adjustments in the statements
             *     of later months.
             */
            final: boolean;
            /**
             * Format: date-time
             * @description The time from which the report no longer changes: 7 days and 5 minutes after the end
             *     of the last month of the report.
             */
            final_at: string;
            forecast: components["schemas"]["Forecast"] | null;
            /**
             * Format: date-time
             * @description The start of the report, inclusive: the start of an hour or of a longer window, in UTC.
             */
            from: string;
            group_by: components["schemas"]["UsageGroupBy"] | null;
            /** @description The cursor of the next rows; null after the last row. `total` is the total of all rows. */
            next_cursor: string | null;
            /**
             * @description The id of the organization: `org_` and 32 hex digits.
             * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
             */
            org_id: string;
            /**
             * Format: date-time
             * @description The end of the report, exclusive: the start of an hour or of a longer window, in UTC.
             */
            to: string;
            /** @description The total usage of the report. */
            total: components["schemas"]["UsageTotal"];
            /**
             * @description The unit of all amounts: always `credits`.
             * @example credits
             */
            unit: string;
            window: components["schemas"]["UsageWindow"] | null;
        };
        /** @description A row of a usage report: the usage of one group in one window. */
        UsageRow: {
            /**
             * @description The sum of the credits, as a decimal string with at most 6 decimals.
             * @example 12.5
             */
            credits: string;
            /**
             * Format: date-time
             * @description The end of the window, exclusive: the start of the next window.
             */
            end: string;
            /**
             * Format: int64
             * @description The number of events.
             * @example 50
             */
            events: number;
            /**
             * @description The kind, resource id, user id or organization id of the row. It is null without `group_by`,
             *     for usage without a resource or person, and for the groups that are not among the `top`.
             * @example chat.completion
             */
            group: string | null;
            /**
             * @description True if the row adds up all groups that are not among the `top` of the request.
             * @example false
             */
            other: boolean;
            /**
             * Format: date-time
             * @description The start of the window, in UTC.
             */
            start: string;
        };
        /** @description The total usage of a report. */
        UsageTotal: {
            /**
             * @description The sum of the credits, as a decimal string with at most 6 decimals.
             * @example 12.5
             */
            credits: string;
            /**
             * Format: int64
             * @description The number of events.
             * @example 50
             */
            events: number;
        };
        /**
         * @description The length of a time window. Windows are aligned to the calendar in UTC.
         *
         *     - `hour`: one hour.
         *     - `day`: one calendar day.
         *     - `month`: one calendar month.
         * @enum {string}
         */
        UsageWindow: "hour" | "day" | "month";
        /** @description The result of voiding one event. */
        VoidResult: {
            /**
             * @description The id of the event, as it was sent.
             * @example run-7f3a-1
             */
            id: string;
            /** @description The status of the event after the request. */
            status: components["schemas"]["VoidStatus"];
        };
        /**
         * @description The result of voiding a usage event.
         *
         *     - `voided`: the event is removed from every total. If the month of the event is closed, its
         *       totals stay, and the statement of the current month takes the event back by an adjustment.
         *     - `already_voided`: the id was voided before.
         *     - `unknown`: there is no such event, or it is older than 95 days. If an event with this id is
         *       sent in the next 96 days, it gets the status `voided` and does not count.
         * @enum {string}
         */
        VoidStatus: "voided" | "already_voided" | "unknown";
        /** @description The usage events to void. */
        VoidUsage: {
            /**
             * @description The ids of the events: 1 to 500.
             * @example [
             *       "run-7f3a-1"
             *     ]
             */
            ids: string[];
            /**
             * @description The reason, for the audit log: at most 500 characters.
             * @example the meter counted a test run
             */
            reason?: string | null;
        };
        /** @description The result of each event. */
        VoidUsageResponse: {
            /** @description The results of the events, in the order of the request. */
            results: components["schemas"]["VoidResult"][];
        };
    };
    responses: {
        /** @description The token is missing, invalid or expired. The gateway sends this response. */
        Unauthorized: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "message": "Unauthorized"
                 *     }
                 */
                "application/json": {
                    /** @description Always `Unauthorized`. */
                    message?: string;
                };
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    query_account_usage: {
        parameters: {
            query?: {
                /**
                 * @description The `next_cursor` of the response before. Send all other parameters again, and `from` and
                 *     `to` as the response has them.
                 */
                cursor?: string;
                /**
                 * @description The start of the report, inclusive, in the format of RFC 3339. It is rounded down to the
                 *     start of a window, or of a day without `window`. The default is the start of the month in
                 *     which the report ends.
                 */
                from?: string;
                /** @description How the rows are grouped. By default, each window has one row. */
                group_by?: components["schemas"]["AccountUsageGroupBy"];
                /** @description Reports the usage of this kind only, with no grouping, by `kind` or by `org`. */
                kind?: string;
                /** @description The largest number of rows in the response, 1 to 10,000, which is also the default. */
                limit?: number;
                /**
                 * @description `true` leaves the groups of a CSV response as they are, for programs. By default, a group that
                 *     a spreadsheet would read as a formula gets an apostrophe in front.
                 */
                raw?: boolean;
                /** @description Reports the usage of this resource only, by day or month, with no grouping or by `resource`. */
                resource_id?: string;
                /**
                 * @description The end of the report, exclusive, in the format of RFC 3339. It is rounded up to the end of
                 *     a window, or of a day without `window`. The default is now.
                 */
                to?: string;
                /**
                 * @description The number of groups with the most credits that have rows of their own, 1 to 100. All other
                 *     groups are added up in rows with `other`. By default, every group has its own rows.
                 */
                top?: number;
                /** @description Reports the usage for this person only, by day or month, with no grouping or by `member`. */
                user_id?: string;
                /**
                 * @description The length of the windows: `day` or `month`. By default, the whole time is one window. A
                 *     report has at most 744 windows.
                 */
                window?: components["schemas"]["UsageWindow"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The usage that an account paid for in a time range, in all organizations. */
            200: {
                headers: {
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountUsageReport"];
                    /**
                     * @example start,end,group,credits,events
                     *     2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,chat.completion,12.5,50
                     */
                    "text/csv": string;
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `report_too_large`: the report adds up more than 200,000 counters, or has too many groups for `top`
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_billed_accounts: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the previous page. The first page has none. */
                cursor?: string;
                /** @description The largest number of items on the page: 1 to 100, 50 by default. */
                limit?: number;
                /** @description The month, in UTC. */
                month?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of a list. */
            200: {
                headers: {
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BilledAccountList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description - `missing_permission`: no policy permits this for the caller's role or scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `validation_failed`: a field, query parameter or header is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_statement: {
        parameters: {
            query?: {
                /** @description The `next_cursor` of the page before; absent for the first page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The account's id.
                 * @example acct_2bd806c97f0e00af1a1fc3328fa763a9
                 */
                account_id: string;
                /**
                 * @description The month, in UTC.
                 * @example 2026-11
                 */
                month: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The usage that an account owes for a month. */
            200: {
                headers: {
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Statement"];
                    /**
                     * @example org_id,kind,adjustment_of,credits,events
                     *     org_019ab3c0d5e07f10a2b3c4d5e6f70812,chat.completion,,12.5,50
                     */
                    "text/csv": string;
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description - `missing_permission`: no policy permits this for the caller's role or scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `validation_failed`: a field, query parameter or header is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    query_billed_usage: {
        parameters: {
            query?: {
                /**
                 * @description The `next_cursor` of the response before. Send all other parameters again, and `from` and
                 *     `to` as the response has them.
                 */
                cursor?: string;
                /**
                 * @description The start of the report, inclusive, in the format of RFC 3339. It is rounded down to the
                 *     start of a window, or of a day without `window`. The default is the start of the month in
                 *     which the report ends.
                 */
                from?: string;
                /** @description How the rows are grouped. By default, each window has one row. */
                group_by?: components["schemas"]["AccountUsageGroupBy"];
                /** @description Reports the usage of this kind only, with no grouping, by `kind` or by `org`. */
                kind?: string;
                /** @description The largest number of rows in the response, 1 to 10,000, which is also the default. */
                limit?: number;
                /**
                 * @description `true` leaves the groups of a CSV response as they are, for programs. By default, a group that
                 *     a spreadsheet would read as a formula gets an apostrophe in front.
                 */
                raw?: boolean;
                /** @description Reports the usage of this resource only, by day or month, with no grouping or by `resource`. */
                resource_id?: string;
                /**
                 * @description The end of the report, exclusive, in the format of RFC 3339. It is rounded up to the end of
                 *     a window, or of a day without `window`. The default is now.
                 */
                to?: string;
                /**
                 * @description The number of groups with the most credits that have rows of their own, 1 to 100. All other
                 *     groups are added up in rows with `other`. By default, every group has its own rows.
                 */
                top?: number;
                /** @description Reports the usage for this person only, by day or month, with no grouping or by `member`. */
                user_id?: string;
                /**
                 * @description The length of the windows: `day` or `month`. By default, the whole time is one window. A
                 *     report has at most 744 windows.
                 */
                window?: components["schemas"]["UsageWindow"];
            };
            header?: never;
            path: {
                /**
                 * @description The account's id.
                 * @example acct_2bd806c97f0e00af1a1fc3328fa763a9
                 */
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The usage that an account paid for in a time range, in all organizations. */
            200: {
                headers: {
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountUsageReport"];
                    /**
                     * @example start,end,group,credits,events
                     *     2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,chat.completion,12.5,50
                     */
                    "text/csv": string;
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description - `missing_permission`: no policy permits this for the caller's role or scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `report_too_large`: the report adds up more than 200,000 counters, or has too many groups for `top`
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The status and the version of the service. */
            200: {
                headers: {
                    /**
                     * @description The object's `version` in quotes, for `If-Match`.
                     * @example "1"
                     */
                    ETag?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_my_invitations: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the previous page. The first page has none. */
                cursor?: string;
                /** @description The largest number of items on the page: 1 to 100, 50 by default. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of a list. */
            200: {
                headers: {
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MyInvitationList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description - `email_not_verified`: the token's e-mail address is not verified */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `validation_failed`: a field, query parameter or header is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    accept_invitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description A unique value per intended change, such as a UUID: 1 to 255 printable ASCII characters. Send the same key when you repeat the request. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InvitationReference"];
            };
        };
        responses: {
            /** @description The organization and the caller's membership in it. */
            200: {
                headers: {
                    /** @description `true` if this is the stored response of an earlier request with the same `Idempotency-Key`. Absent otherwise. */
                    "Idempotency-Replayed"?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptInvitationResponse"];
                };
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `email_not_verified`: the token's e-mail address is not verified
             *     - `email_mismatch`: the invitation is for another address
             *     - `org_not_active`: the organization is suspended or deleted: you can read it, remove access and change billing
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `invitation_not_found`: no such invitation, the link is incomplete or was replaced by a newer mail, or the invitation is for another address */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `already_member`: the person, or the address, is already a member
             *     - `seat_limit_reached`: the plan has no free seat; an invitation stays pending
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `invitation_expired`: its validity period is over
             *     - `invitation_revoked`: it was revoked, or it makes an owner and its inviter is no longer an owner
             *     - `invitation_declined`: it was declined
             *     - `invitation_used`: it was accepted before, by another person or by you before you left or were removed
             */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `idempotency_key_reused`: the `Idempotency-Key` was used with a different body
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decline_invitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description A unique value per intended change, such as a UUID: 1 to 255 printable ASCII characters. Send the same key when you repeat the request. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InvitationReference"];
            };
        };
        responses: {
            /** @description An invitation. The token in the mail's link is never part of it. */
            200: {
                headers: {
                    /**
                     * @description The object's `version` in quotes, for `If-Match`.
                     * @example "1"
                     */
                    ETag?: string;
                    /** @description `true` if this is the stored response of an earlier request with the same `Idempotency-Key`. Absent otherwise. */
                    "Idempotency-Replayed"?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"];
                };
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `email_not_verified`: the token's e-mail address is not verified
             *     - `email_mismatch`: the invitation is for another address
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `invitation_not_found`: no such invitation, the link is incomplete or was replaced by a newer mail, or the invitation is for another address */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `invitation_expired`: its validity period is over
             *     - `invitation_revoked`: it was revoked, or it makes an owner and its inviter is no longer an owner
             *     - `invitation_declined`: it was declined
             *     - `invitation_used`: it was accepted before, by another person or by you before you left or were removed
             */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `idempotency_key_reused`: the `Idempotency-Key` was used with a different body
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    preview_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewInvitation"];
            };
        };
        responses: {
            /** @description The parts of an invitation that the holder of its link sees before signing in. */
            200: {
                headers: {
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationPreview"];
                };
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `invitation_not_found`: no such invitation, the link is incomplete or was replaced by a newer mail, or the invitation is for another address */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `validation_failed`: a field, query parameter or header is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    opt_out: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The token of the link in the mail.
                 * @example out1.…
                 */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["OptOutForm"];
            };
        };
        responses: {
            /** @description The address that opted out. The service sends no invitation mails to it from now on. */
            200: {
                headers: {
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OptOutResponse"];
                };
            };
            /** @description - `opt_out_not_found`: the opt-out link is invalid, or its invitation no longer exists */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `validation_failed`: a field, query parameter or header is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller, as the token describes them. */
            200: {
                headers: {
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    forget_me: {
        parameters: {
            query?: never;
            header?: {
                /** @description A unique value per intended change, such as a UUID: 1 to 255 printable ASCII characters. Send the same key when you repeat the request. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded. The response has no body. */
            204: {
                headers: {
                    /** @description `true` if this is the stored response of an earlier request with the same `Idempotency-Key`. Absent otherwise. */
                    "Idempotency-Replayed"?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description - `last_owner`: the organization would have no owner */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `idempotency_key_reused`: the `Idempotency-Key` was used with a different body
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_orgs: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the previous page. The first page has none. */
                cursor?: string;
                /** @description The largest number of items on the page: 1 to 100, 50 by default. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of a list. */
            200: {
                headers: {
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrgList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description - `validation_failed`: a field, query parameter or header is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_org: {
        parameters: {
            query?: never;
            header?: {
                /** @description A unique value per intended change, such as a UUID: 1 to 255 printable ASCII characters. Send the same key when you repeat the request. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateOrg"];
            };
        };
        responses: {
            /** @description An organization. */
            201: {
                headers: {
                    /**
                     * @description The object's `version` in quotes, for `If-Match`.
                     * @example "1"
                     */
                    ETag?: string;
                    /** @description `true` if this is the stored response of an earlier request with the same `Idempotency-Key`. Absent otherwise. */
                    "Idempotency-Replayed"?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Org"];
                };
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description - `email_not_verified`: the token's e-mail address is not verified */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_limit_reached`: the caller has created the maximum number of organizations (`ORGS_PER_CREATOR`, default 50) */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `idempotency_key_reused`: the `Idempotency-Key` was used with a different body
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_org: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An organization. */
            200: {
                headers: {
                    /**
                     * @description The object's `version` in quotes, for `If-Match`.
                     * @example "1"
                     */
                    ETag?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Org"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description - `org_policy`: a policy of the organization forbids this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_org: {
        parameters: {
            query?: never;
            header?: {
                /** @description A unique value per intended change, such as a UUID: 1 to 255 printable ASCII characters. Send the same key when you repeat the request. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded. The response has no body. */
            204: {
                headers: {
                    /** @description `true` if this is the stored response of an earlier request with the same `Idempotency-Key`. Absent otherwise. */
                    "Idempotency-Replayed"?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description - `missing_permission`: no policy permits this for the caller's role or scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `idempotency_key_reused`: the `Idempotency-Key` was used with a different body
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    update_org: {
        parameters: {
            query?: never;
            header?: {
                /** @description A unique value per intended change, such as a UUID: 1 to 255 printable ASCII characters. Send the same key when you repeat the request. */
                "Idempotency-Key"?: string;
                /**
                 * @description The `ETag` of the version that you read. If the object has another version by now, the response is 412. Without it, the change applies to any version.
                 * @example "1"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateOrg"];
            };
        };
        responses: {
            /** @description An organization. */
            200: {
                headers: {
                    /**
                     * @description The object's `version` in quotes, for `If-Match`.
                     * @example "1"
                     */
                    ETag?: string;
                    /** @description `true` if this is the stored response of an earlier request with the same `Idempotency-Key`. Absent otherwise. */
                    "Idempotency-Replayed"?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Org"];
                };
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `org_not_active`: the organization is suspended or deleted: you can read it, remove access and change billing
             *     - `missing_permission`: no policy permits this for the caller's role or scope
             *     - `org_policy`: a policy of the organization forbids this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `version_mismatch`: the object has another version than `If-Match` names */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `idempotency_key_reused`: the `Idempotency-Key` was used with a different body
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    check_access: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CheckAccess"];
            };
        };
        responses: {
            /** @description The results of the checks. */
            200: {
                headers: {
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckAccessResponse"];
                };
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `missing_permission`: no policy permits this for the caller's role or scope
             *     - `org_policy`: a policy of the organization forbids this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `validation_failed`: a field, query parameter or header is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_audit: {
        parameters: {
            query?: {
                /** @description Only records of the action with this name, such as `change_role`. */
                action?: string;
                /** @description `next_cursor` of the previous page. The first page has none. */
                cursor?: string;
                /** @description Only records from this time on, inclusive, in the format of RFC 3339. */
                from?: string;
                /** @description The largest number of items on the page: 1 to 100, 50 by default. */
                limit?: number;
                /** @description Only records before this time, exclusive, in the format of RFC 3339. */
                to?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of a list. */
            200: {
                headers: {
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditRecordList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `missing_permission`: no policy permits this for the caller's role or scope
             *     - `org_policy`: a policy of the organization forbids this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `validation_failed`: a field, query parameter or header is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_billing: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The billing of an organization. */
            200: {
                headers: {
                    /**
                     * @description The object's `version` in quotes, for `If-Match`.
                     * @example "1"
                     */
                    ETag?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Billing"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description - `missing_permission`: no policy permits this for the caller's role or scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_billing: {
        parameters: {
            query?: never;
            header?: {
                /** @description A unique value per intended change, such as a UUID: 1 to 255 printable ASCII characters. Send the same key when you repeat the request. */
                "Idempotency-Key"?: string;
                /**
                 * @description The `ETag` of the version that you read. If the object has another version by now, the response is 412. Without it, the change applies to any version.
                 * @example "1"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetBilling"];
            };
        };
        responses: {
            /** @description The billing of an organization. */
            200: {
                headers: {
                    /**
                     * @description The object's `version` in quotes, for `If-Match`.
                     * @example "1"
                     */
                    ETag?: string;
                    /** @description `true` if this is the stored response of an earlier request with the same `Idempotency-Key`. Absent otherwise. */
                    "Idempotency-Replayed"?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Billing"];
                };
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `plan_restricted`: the plan does not allow this billing mode
             *     - `missing_permission`: no policy permits this for the caller's role or scope
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `version_mismatch`: the object has another version than `If-Match` names */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `idempotency_key_reused`: the `Idempotency-Key` was used with a different body
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `rate_limited`: the inviter's hourly or the recipient's daily limit of invitation mails is reached, or the payer has changed too often in 35 days */
            429: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_budget: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The budget of an organization, and the usage of the current month. */
            200: {
                headers: {
                    /**
                     * @description The object's `version` in quotes, for `If-Match`.
                     * @example "1"
                     */
                    ETag?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Budget"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description - `org_policy`: a policy of the organization forbids this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_budget: {
        parameters: {
            query?: never;
            header?: {
                /** @description A unique value per intended change, such as a UUID: 1 to 255 printable ASCII characters. Send the same key when you repeat the request. */
                "Idempotency-Key"?: string;
                /**
                 * @description The `ETag` of the version that you read. If the object has another version by now, the response is 412. Without it, the change applies to any version.
                 * @example "1"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetBudget"];
            };
        };
        responses: {
            /** @description The budget of an organization, and the usage of the current month. */
            200: {
                headers: {
                    /**
                     * @description The object's `version` in quotes, for `If-Match`.
                     * @example "1"
                     */
                    ETag?: string;
                    /** @description `true` if this is the stored response of an earlier request with the same `Idempotency-Key`. Absent otherwise. */
                    "Idempotency-Replayed"?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Budget"];
                };
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `org_not_active`: the organization is suspended or deleted: you can read it, remove access and change billing
             *     - `missing_permission`: no policy permits this for the caller's role or scope
             *     - `org_policy`: a policy of the organization forbids this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `version_mismatch`: the object has another version than `If-Match` names */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `idempotency_key_reused`: the `Idempotency-Key` was used with a different body
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_holds: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the previous page. The first page has none. */
                cursor?: string;
                /** @description The largest number of items on the page: 1 to 100, 50 by default. */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of a list. */
            200: {
                headers: {
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HoldList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `missing_permission`: no policy permits this for the caller's role or scope
             *     - `org_policy`: a policy of the organization forbids this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `validation_failed`: a field, query parameter or header is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_hold: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateHold"];
            };
        };
        responses: {
            /** @description Credits of the monthly budget that are reserved for a run. */
            200: {
                headers: {
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Hold"];
                };
            };
            /** @description Credits of the monthly budget that are reserved for a run. */
            201: {
                headers: {
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Hold"];
                };
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `org_not_active`: the organization is suspended or deleted: you can read it, remove access and change billing
             *     - `budget_exceeded`: the budget is enforced, and is spent or would be exceeded; a denied hold, or a result of `POST …/access`
             *     - `budget_held`: other holds reserve the credits that are left of the budget
             *     - `hold_too_large`: the hold is larger than the whole budget
             *     - `missing_permission`: no policy permits this for the caller's role or scope
             */
            403: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `hold_conflict`: another hold with the same id and other values exists */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `validation_failed`: a field, query parameter or header is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_hold: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The hold's id.
                 * @example run-7f3a
                 */
                hold_id: string;
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Credits of the monthly budget that are reserved for a run. */
            200: {
                headers: {
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Hold"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `missing_permission`: no policy permits this for the caller's role or scope
             *     - `org_policy`: a policy of the organization forbids this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS`
             *     - `hold_not_found`: the organization has no such hold, or it expired more than 96 days ago
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    release_hold: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The hold's id.
                 * @example run-7f3a
                 */
                hold_id: string;
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded. The response has no body. */
            204: {
                headers: {
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `missing_permission`: no policy permits this for the caller's role or scope
             *     - `org_policy`: a policy of the organization forbids this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS`
             *     - `hold_not_found`: the organization has no such hold, or it expired more than 96 days ago
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `validation_failed`: a field, query parameter or header is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    update_hold: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The `ETag` of the version that you read. If the object has another version by now, the response is 412. Without it, the change applies to any version.
                 * @example "1"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description The hold's id.
                 * @example run-7f3a
                 */
                hold_id: string;
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateHold"];
            };
        };
        responses: {
            /** @description Credits of the monthly budget that are reserved for a run. */
            200: {
                headers: {
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Hold"];
                };
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `org_not_active`: the organization is suspended or deleted: you can read it, remove access and change billing
             *     - `budget_exceeded`: the budget is enforced, and is spent or would be exceeded; a denied hold, or a result of `POST …/access`
             *     - `budget_held`: other holds reserve the credits that are left of the budget
             *     - `hold_too_large`: the hold is larger than the whole budget
             *     - `missing_permission`: no policy permits this for the caller's role or scope
             */
            403: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS`
             *     - `hold_not_found`: the organization has no such hold, or it expired more than 96 days ago
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `hold_not_open`: the hold is captured, released or expired */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `validation_failed`: a field, query parameter or header is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_invitations: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the previous page. The first page has none. */
                cursor?: string;
                /** @description Only invitations to this e-mail address, in upper or lower case. */
                email?: string;
                /** @description The largest number of items on the page: 1 to 100, 50 by default. */
                limit?: number;
                /** @description Only invitations with this status. */
                status?: components["schemas"]["InvitationStatus"];
            };
            header?: never;
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of a list. */
            200: {
                headers: {
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `missing_permission`: no policy permits this for the caller's role or scope
             *     - `org_policy`: a policy of the organization forbids this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `validation_failed`: a field, query parameter or header is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invite_member: {
        parameters: {
            query?: never;
            header?: {
                /** @description A unique value per intended change, such as a UUID: 1 to 255 printable ASCII characters. Send the same key when you repeat the request. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InviteMember"];
            };
        };
        responses: {
            /** @description An invitation. The token in the mail's link is never part of it. */
            201: {
                headers: {
                    /**
                     * @description The object's `version` in quotes, for `If-Match`.
                     * @example "1"
                     */
                    ETag?: string;
                    /** @description `true` if this is the stored response of an earlier request with the same `Idempotency-Key`. Absent otherwise. */
                    "Idempotency-Replayed"?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"];
                };
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `owner_grant`: only an owner may make an owner, invite one, or resend or revoke such an invitation
             *     - `org_not_active`: the organization is suspended or deleted: you can read it, remove access and change billing
             *     - `missing_permission`: no policy permits this for the caller's role or scope
             *     - `org_policy`: a policy of the organization forbids this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `already_member`: the person, or the address, is already a member
             *     - `already_invited`: the address has a pending invitation
             *     - `address_blocked`: the recipient opted out, or reported an invitation as spam
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `idempotency_key_reused`: the `Idempotency-Key` was used with a different body
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `rate_limited`: the inviter's hourly or the recipient's daily limit of invitation mails is reached, or the payer has changed too often in 35 days */
            429: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The invitation's id.
                 * @example inv_019ab3c0d5e07f10a2b3c4d5e6f70813
                 */
                invitation_id: string;
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An invitation. The token in the mail's link is never part of it. */
            200: {
                headers: {
                    /**
                     * @description The object's `version` in quotes, for `If-Match`.
                     * @example "1"
                     */
                    ETag?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `missing_permission`: no policy permits this for the caller's role or scope
             *     - `org_policy`: a policy of the organization forbids this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS`
             *     - `invitation_not_found`: no such invitation, the link is incomplete or was replaced by a newer mail, or the invitation is for another address
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resend_invitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description A unique value per intended change, such as a UUID: 1 to 255 printable ASCII characters. Send the same key when you repeat the request. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The invitation's id.
                 * @example inv_019ab3c0d5e07f10a2b3c4d5e6f70813
                 */
                invitation_id: string;
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An invitation. The token in the mail's link is never part of it. */
            200: {
                headers: {
                    /**
                     * @description The object's `version` in quotes, for `If-Match`.
                     * @example "1"
                     */
                    ETag?: string;
                    /** @description `true` if this is the stored response of an earlier request with the same `Idempotency-Key`. Absent otherwise. */
                    "Idempotency-Replayed"?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"];
                };
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `owner_grant`: only an owner may make an owner, invite one, or resend or revoke such an invitation
             *     - `org_not_active`: the organization is suspended or deleted: you can read it, remove access and change billing
             *     - `missing_permission`: no policy permits this for the caller's role or scope
             *     - `org_policy`: a policy of the organization forbids this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS`
             *     - `invitation_not_found`: no such invitation, the link is incomplete or was replaced by a newer mail, or the invitation is for another address
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `already_member`: the person, or the address, is already a member
             *     - `already_invited`: the address has a pending invitation
             *     - `invitation_not_pending`: the invitation was accepted, declined or revoked, so you cannot resend or revoke it; an expired one cannot be revoked either
             *     - `address_blocked`: the recipient opted out, or reported an invitation as spam
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `idempotency_key_reused`: the `Idempotency-Key` was used with a different body
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `rate_limited`: the inviter's hourly or the recipient's daily limit of invitation mails is reached, or the payer has changed too often in 35 days */
            429: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revoke_invitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description A unique value per intended change, such as a UUID: 1 to 255 printable ASCII characters. Send the same key when you repeat the request. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The invitation's id.
                 * @example inv_019ab3c0d5e07f10a2b3c4d5e6f70813
                 */
                invitation_id: string;
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An invitation. The token in the mail's link is never part of it. */
            200: {
                headers: {
                    /**
                     * @description The object's `version` in quotes, for `If-Match`.
                     * @example "1"
                     */
                    ETag?: string;
                    /** @description `true` if this is the stored response of an earlier request with the same `Idempotency-Key`. Absent otherwise. */
                    "Idempotency-Replayed"?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"];
                };
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `owner_grant`: only an owner may make an owner, invite one, or resend or revoke such an invitation
             *     - `missing_permission`: no policy permits this for the caller's role or scope
             *     - `org_policy`: a policy of the organization forbids this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS`
             *     - `invitation_not_found`: no such invitation, the link is incomplete or was replaced by a newer mail, or the invitation is for another address
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `invitation_not_pending`: the invitation was accepted, declined or revoked, so you cannot resend or revoke it; an expired one cannot be revoked either */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `idempotency_key_reused`: the `Idempotency-Key` was used with a different body
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    invite_members: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InviteMembers"];
            };
        };
        responses: {
            /** @description The result of each invitation. */
            200: {
                headers: {
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InviteMembersResponse"];
                };
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `org_not_active`: the organization is suspended or deleted: you can read it, remove access and change billing
             *     - `missing_permission`: no policy permits this for the caller's role or scope
             *     - `org_policy`: a policy of the organization forbids this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `validation_failed`: a field, query parameter or header is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    leave_org: {
        parameters: {
            query?: never;
            header?: {
                /** @description A unique value per intended change, such as a UUID: 1 to 255 printable ASCII characters. Send the same key when you repeat the request. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded. The response has no body. */
            204: {
                headers: {
                    /** @description `true` if this is the stored response of an earlier request with the same `Idempotency-Key`. Absent otherwise. */
                    "Idempotency-Replayed"?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `last_owner`: the organization would have no owner */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `idempotency_key_reused`: the `Idempotency-Key` was used with a different body
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_members: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the previous page. The first page has none. */
                cursor?: string;
                /** @description The largest number of items on the page: 1 to 100, 50 by default. */
                limit?: number;
                /**
                 * @description Only members whose name or e-mail address begins with this text: at most 100 characters, in
                 *     upper or lower case.
                 */
                q?: string;
                /** @description Only members with this role. */
                role?: components["schemas"]["Role"];
                /** @description The order of all members. It has no effect with `role` or `q`. */
                sort?: components["schemas"]["MemberSort"];
            };
            header?: never;
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of a list. */
            200: {
                headers: {
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description - `org_policy`: a policy of the organization forbids this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `validation_failed`: a field, query parameter or header is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_member: {
        parameters: {
            query?: never;
            header?: {
                /** @description A unique value per intended change, such as a UUID: 1 to 255 printable ASCII characters. Send the same key when you repeat the request. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddMember"];
            };
        };
        responses: {
            /** @description A member of an organization. */
            201: {
                headers: {
                    /**
                     * @description The object's `version` in quotes, for `If-Match`.
                     * @example "1"
                     */
                    ETag?: string;
                    /** @description `true` if this is the stored response of an earlier request with the same `Idempotency-Key`. Absent otherwise. */
                    "Idempotency-Replayed"?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `org_not_active`: the organization is suspended or deleted: you can read it, remove access and change billing
             *     - `missing_permission`: no policy permits this for the caller's role or scope
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `already_member`: the person, or the address, is already a member
             *     - `seat_limit_reached`: the plan has no free seat; an invitation stays pending
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `idempotency_key_reused`: the `Idempotency-Key` was used with a different body
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_member: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
                /**
                 * @description The person's `sub` at the identity provider.
                 * @example auth0|65f0c1
                 */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A member of an organization. */
            200: {
                headers: {
                    /**
                     * @description The object's `version` in quotes, for `If-Match`.
                     * @example "1"
                     */
                    ETag?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description - `org_policy`: a policy of the organization forbids this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS`
             *     - `member_not_found`: the organization has no such member
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_member: {
        parameters: {
            query?: never;
            header?: {
                /** @description A unique value per intended change, such as a UUID: 1 to 255 printable ASCII characters. Send the same key when you repeat the request. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
                /**
                 * @description The person's `sub` at the identity provider.
                 * @example auth0|65f0c1
                 */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded. The response has no body. */
            204: {
                headers: {
                    /** @description `true` if this is the stored response of an earlier request with the same `Idempotency-Key`. Absent otherwise. */
                    "Idempotency-Replayed"?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `owner_protected`: only an owner may change or remove an owner
             *     - `missing_permission`: no policy permits this for the caller's role or scope
             *     - `org_policy`: a policy of the organization forbids this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS`
             *     - `member_not_found`: the organization has no such member
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `last_owner`: the organization would have no owner */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `idempotency_key_reused`: the `Idempotency-Key` was used with a different body
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_role: {
        parameters: {
            query?: never;
            header?: {
                /** @description A unique value per intended change, such as a UUID: 1 to 255 printable ASCII characters. Send the same key when you repeat the request. */
                "Idempotency-Key"?: string;
                /**
                 * @description The `ETag` of the version that you read. If the object has another version by now, the response is 412. Without it, the change applies to any version.
                 * @example "1"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
                /**
                 * @description The person's `sub` at the identity provider.
                 * @example auth0|65f0c1
                 */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeRole"];
            };
        };
        responses: {
            /** @description A member of an organization. */
            200: {
                headers: {
                    /**
                     * @description The object's `version` in quotes, for `If-Match`.
                     * @example "1"
                     */
                    ETag?: string;
                    /** @description `true` if this is the stored response of an earlier request with the same `Idempotency-Key`. Absent otherwise. */
                    "Idempotency-Replayed"?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `owner_protected`: only an owner may change or remove an owner
             *     - `owner_grant`: only an owner may make an owner, invite one, or resend or revoke such an invitation
             *     - `org_not_active`: the organization is suspended or deleted: you can read it, remove access and change billing
             *     - `missing_permission`: no policy permits this for the caller's role or scope
             *     - `org_policy`: a policy of the organization forbids this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS`
             *     - `member_not_found`: the organization has no such member
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `last_owner`: the organization would have no owner */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `version_mismatch`: the object has another version than `If-Match` names */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `idempotency_key_reused`: the `Idempotency-Key` was used with a different body
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    appoint_owner: {
        parameters: {
            query?: never;
            header?: {
                /** @description A unique value per intended change, such as a UUID: 1 to 255 printable ASCII characters. Send the same key when you repeat the request. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AppointOwner"];
            };
        };
        responses: {
            /** @description A member of an organization. */
            200: {
                headers: {
                    /**
                     * @description The object's `version` in quotes, for `If-Match`.
                     * @example "1"
                     */
                    ETag?: string;
                    /** @description `true` if this is the stored response of an earlier request with the same `Idempotency-Key`. Absent otherwise. */
                    "Idempotency-Replayed"?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description - `missing_permission`: no policy permits this for the caller's role or scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS`
             *     - `member_not_found`: the organization has no such member
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `idempotency_key_reused`: the `Idempotency-Key` was used with a different body
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_plan: {
        parameters: {
            query?: never;
            header?: {
                /** @description A unique value per intended change, such as a UUID: 1 to 255 printable ASCII characters. Send the same key when you repeat the request. */
                "Idempotency-Key"?: string;
                /**
                 * @description The `ETag` of the version that you read. If the object has another version by now, the response is 412. Without it, the change applies to any version.
                 * @example "1"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetPlan"];
            };
        };
        responses: {
            /** @description An organization. */
            200: {
                headers: {
                    /**
                     * @description The object's `version` in quotes, for `If-Match`.
                     * @example "1"
                     */
                    ETag?: string;
                    /** @description `true` if this is the stored response of an earlier request with the same `Idempotency-Key`. Absent otherwise. */
                    "Idempotency-Replayed"?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Org"];
                };
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description - `missing_permission`: no policy permits this for the caller's role or scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `version_mismatch`: the object has another version than `If-Match` names */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `idempotency_key_reused`: the `Idempotency-Key` was used with a different body
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_policies: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The policies of an organization, which its owners set. */
            200: {
                headers: {
                    /**
                     * @description The object's `version` in quotes, for `If-Match`.
                     * @example "1"
                     */
                    ETag?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrgPolicies"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description - `missing_permission`: no policy permits this for the caller's role or scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_policies: {
        parameters: {
            query?: never;
            header?: {
                /** @description A unique value per intended change, such as a UUID: 1 to 255 printable ASCII characters. Send the same key when you repeat the request. */
                "Idempotency-Key"?: string;
                /**
                 * @description The `ETag` of the version that you read. If the object has another version by now, the response is 412. Without it, the change applies to any version.
                 * @example "1"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetPolicies"];
            };
        };
        responses: {
            /** @description The policies of an organization, which its owners set. */
            200: {
                headers: {
                    /**
                     * @description The object's `version` in quotes, for `If-Match`.
                     * @example "1"
                     */
                    ETag?: string;
                    /** @description `true` if this is the stored response of an earlier request with the same `Idempotency-Key`. Absent otherwise. */
                    "Idempotency-Replayed"?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OrgPolicies"];
                };
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `org_not_active`: the organization is suspended or deleted: you can read it, remove access and change billing
             *     - `missing_permission`: no policy permits this for the caller's role or scope
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `version_mismatch`: the object has another version than `If-Match` names */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `idempotency_key_reused`: the `Idempotency-Key` was used with a different body
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_resources: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the previous page. The first page has none. */
                cursor?: string;
                /** @description Only resources of this kind. */
                kind?: components["schemas"]["ResourceKind"];
                /** @description The largest number of items on the page: 1 to 100, 50 by default. */
                limit?: number;
            };
            header?: never;
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of a list. */
            200: {
                headers: {
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description - `org_policy`: a policy of the organization forbids this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `validation_failed`: a field, query parameter or header is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_resource: {
        parameters: {
            query?: never;
            header?: {
                /** @description A unique value per intended change, such as a UUID: 1 to 255 printable ASCII characters. Send the same key when you repeat the request. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateResource"];
            };
        };
        responses: {
            /** @description A resource that the members of an organization share. */
            201: {
                headers: {
                    /**
                     * @description The object's `version` in quotes, for `If-Match`.
                     * @example "1"
                     */
                    ETag?: string;
                    /** @description `true` if this is the stored response of an earlier request with the same `Idempotency-Key`. Absent otherwise. */
                    "Idempotency-Replayed"?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `org_not_active`: the organization is suspended or deleted: you can read it, remove access and change billing
             *     - `high_cost_restricted`: the organization's settings require a higher role to create a `high` cost resource or to raise one to it
             *     - `missing_permission`: no policy permits this for the caller's role or scope
             *     - `org_policy`: a policy of the organization forbids this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `idempotency_key_reused`: the `Idempotency-Key` was used with a different body
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_resource: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
                /**
                 * @description The resource's id.
                 * @example res_019ab3c0d5e07f10a2b3c4d5e6f70814
                 */
                resource_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A resource that the members of an organization share. */
            200: {
                headers: {
                    /**
                     * @description The object's `version` in quotes, for `If-Match`.
                     * @example "1"
                     */
                    ETag?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description - `org_policy`: a policy of the organization forbids this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS`
             *     - `resource_not_found`: the organization has no such resource
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_resource: {
        parameters: {
            query?: never;
            header?: {
                /** @description A unique value per intended change, such as a UUID: 1 to 255 printable ASCII characters. Send the same key when you repeat the request. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
                /**
                 * @description The resource's id.
                 * @example res_019ab3c0d5e07f10a2b3c4d5e6f70814
                 */
                resource_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded. The response has no body. */
            204: {
                headers: {
                    /** @description `true` if this is the stored response of an earlier request with the same `Idempotency-Key`. Absent otherwise. */
                    "Idempotency-Replayed"?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `org_not_active`: the organization is suspended or deleted: you can read it, remove access and change billing
             *     - `missing_permission`: no policy permits this for the caller's role or scope
             *     - `org_policy`: a policy of the organization forbids this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS`
             *     - `resource_not_found`: the organization has no such resource
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `idempotency_key_reused`: the `Idempotency-Key` was used with a different body
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    update_resource: {
        parameters: {
            query?: never;
            header?: {
                /** @description A unique value per intended change, such as a UUID: 1 to 255 printable ASCII characters. Send the same key when you repeat the request. */
                "Idempotency-Key"?: string;
                /**
                 * @description The `ETag` of the version that you read. If the object has another version by now, the response is 412. Without it, the change applies to any version.
                 * @example "1"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
                /**
                 * @description The resource's id.
                 * @example res_019ab3c0d5e07f10a2b3c4d5e6f70814
                 */
                resource_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateResource"];
            };
        };
        responses: {
            /** @description A resource that the members of an organization share. */
            200: {
                headers: {
                    /**
                     * @description The object's `version` in quotes, for `If-Match`.
                     * @example "1"
                     */
                    ETag?: string;
                    /** @description `true` if this is the stored response of an earlier request with the same `Idempotency-Key`. Absent otherwise. */
                    "Idempotency-Replayed"?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resource"];
                };
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `org_not_active`: the organization is suspended or deleted: you can read it, remove access and change billing
             *     - `high_cost_restricted`: the organization's settings require a higher role to create a `high` cost resource or to raise one to it
             *     - `missing_permission`: no policy permits this for the caller's role or scope
             *     - `org_policy`: a policy of the organization forbids this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS`
             *     - `resource_not_found`: the organization has no such resource
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `version_mismatch`: the object has another version than `If-Match` names */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `idempotency_key_reused`: the `Idempotency-Key` was used with a different body
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    restore_org: {
        parameters: {
            query?: never;
            header?: {
                /** @description A unique value per intended change, such as a UUID: 1 to 255 printable ASCII characters. Send the same key when you repeat the request. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description An organization. */
            200: {
                headers: {
                    /**
                     * @description The object's `version` in quotes, for `If-Match`.
                     * @example "1"
                     */
                    ETag?: string;
                    /** @description `true` if this is the stored response of an earlier request with the same `Idempotency-Key`. Absent otherwise. */
                    "Idempotency-Replayed"?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Org"];
                };
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description - `missing_permission`: no policy permits this for the caller's role or scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `idempotency_key_reused`: the `Idempotency-Key` was used with a different body
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_org_statement: {
        parameters: {
            query?: {
                /** @description The `next_cursor` of the page before; absent for the first page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description The month, in UTC.
                 * @example 2026-11
                 */
                month: string;
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The usage that an account owes for a month. */
            200: {
                headers: {
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Statement"];
                    /**
                     * @example org_id,kind,adjustment_of,credits,events
                     *     org_019ab3c0d5e07f10a2b3c4d5e6f70812,chat.completion,,12.5,50
                     */
                    "text/csv": string;
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `missing_permission`: no policy permits this for the caller's role or scope
             *     - `org_policy`: a policy of the organization forbids this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `validation_failed`: a field, query parameter or header is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    transfer_ownership: {
        parameters: {
            query?: never;
            header?: {
                /** @description A unique value per intended change, such as a UUID: 1 to 255 printable ASCII characters. Send the same key when you repeat the request. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TransferOwnership"];
            };
        };
        responses: {
            /** @description A member of an organization. */
            200: {
                headers: {
                    /**
                     * @description The object's `version` in quotes, for `If-Match`.
                     * @example "1"
                     */
                    ETag?: string;
                    /** @description `true` if this is the stored response of an earlier request with the same `Idempotency-Key`. Absent otherwise. */
                    "Idempotency-Replayed"?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /**
             * @description - `org_not_active`: the organization is suspended or deleted: you can read it, remove access and change billing
             *     - `missing_permission`: no policy permits this for the caller's role or scope
             *     - `org_policy`: a policy of the organization forbids this
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS`
             *     - `member_not_found`: the organization has no such member
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `idempotency_key_reused`: the `Idempotency-Key` was used with a different body
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    query_usage: {
        parameters: {
            query?: {
                /**
                 * @description The `next_cursor` of the response before. Send all other parameters again, and `from` and
                 *     `to` as the response has them.
                 */
                cursor?: string;
                /**
                 * @description The start of the report, inclusive, in the format of RFC 3339. It is rounded down to the
                 *     start of a window; without `window`, to an hour, or to a day if the rows are grouped by
                 *     `resource` or `member`. The default is the start of the month in which the report ends.
                 */
                from?: string;
                /** @description How the rows are grouped. By default, each window has one row. */
                group_by?: components["schemas"]["UsageGroupBy"];
                /** @description Reports the usage of this kind only, with no grouping or by `kind`. */
                kind?: string;
                /** @description The largest number of rows in the response, 1 to 10,000, which is also the default. */
                limit?: number;
                /**
                 * @description `true` leaves the groups of a CSV response as they are, for programs. By default, a group that
                 *     a spreadsheet would read as a formula gets an apostrophe in front.
                 */
                raw?: boolean;
                /** @description Reports the usage of this resource only, by day or month, with no grouping or by `resource`. */
                resource_id?: string;
                /**
                 * @description The end of the report, exclusive, in the format of RFC 3339. It is rounded up like `from` is
                 *     rounded down. The default is now.
                 */
                to?: string;
                /**
                 * @description The number of groups with the most credits that have rows of their own, 1 to 100. All other
                 *     groups are added up in rows with `other`. By default, every group has its own rows.
                 */
                top?: number;
                /** @description Reports the usage for this person only, by day or month, with no grouping or by `member`. */
                user_id?: string;
                /**
                 * @description The length of the windows: `hour`, `day` or `month`. By default, the whole time is one
                 *     window. A report has at most 744 windows. If the rows are grouped by `resource` or `member`,
                 *     `hour` is not available.
                 */
                window?: components["schemas"]["UsageWindow"];
            };
            header?: never;
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The usage of an organization in a time range. */
            200: {
                headers: {
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageReport"];
                    /**
                     * @example start,end,group,credits,events
                     *     2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,chat.completion,12.5,50
                     */
                    "text/csv": string;
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description - `org_policy`: a policy of the organization forbids this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `report_too_large`: the report adds up more than 200,000 counters, or has too many groups for `top`
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    record_usage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RecordUsage"];
            };
        };
        responses: {
            /** @description The number of events by result, and the result of each event. */
            200: {
                headers: {
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordUsageResponse"];
                };
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description - `missing_permission`: no policy permits this for the caller's role or scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `validation_failed`: a field, query parameter or header is invalid */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    void_usage: {
        parameters: {
            query?: never;
            header?: {
                /** @description A unique value per intended change, such as a UUID: 1 to 255 printable ASCII characters. Send the same key when you repeat the request. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The organization's id.
                 * @example org_019ab3c0d5e07f10a2b3c4d5e6f70812
                 */
                org_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VoidUsage"];
            };
        };
        responses: {
            /** @description The result of each event. */
            200: {
                headers: {
                    /** @description `true` if this is the stored response of an earlier request with the same `Idempotency-Key`. Absent otherwise. */
                    "Idempotency-Replayed"?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VoidUsageResponse"];
                };
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description - `missing_permission`: no policy permits this for the caller's role or scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `org_not_found`: the organization does not exist, the caller is not a member, or the service client lacks the scope or is not listed in `SERVICE_CLIENTS` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `idempotency_key_reused`: the `Idempotency-Key` was used with a different body
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    forget_user: {
        parameters: {
            query?: never;
            header?: {
                /** @description A unique value per intended change, such as a UUID: 1 to 255 printable ASCII characters. Send the same key when you repeat the request. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description The person's `sub` at the identity provider.
                 * @example auth0|65f0c1
                 */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The request succeeded. The response has no body. */
            204: {
                headers: {
                    /** @description `true` if this is the stored response of an earlier request with the same `Idempotency-Key`. Absent otherwise. */
                    "Idempotency-Replayed"?: string;
                    /** @description The id of the request, as in the logs and the audit record. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description - `malformed_json`: the body is missing, or is not JSON in UTF-8 */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            /** @description - `missing_permission`: no policy permits this for the caller's role or scope */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `last_owner`: the organization would have no owner */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `body_too_large`: the body has more than 256 KiB, or 512 KiB when you record usage */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `unsupported_media_type`: the `Content-Type` is not `application/json` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description - `validation_failed`: a field, query parameter or header is invalid
             *     - `idempotency_key_reused`: the `Idempotency-Key` was used with a different body
             */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `internal_error`: a bug, or a broken setting */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description - `contention`: other changes to the same items kept interfering, or the database did not respond */
            503: {
                headers: {
                    /** @description The seconds to wait before the next attempt. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
