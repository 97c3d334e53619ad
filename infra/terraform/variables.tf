# What most deployments decide; everything else is an argument of the module (organizations/variables.tf), set in main.tf.
# Terraform silently drops keys that an object's type does not have. So objects have the type `any` here, and validations check their keys.

locals {
  known = {
    "identity_provider"        = ["issuer", "audiences", "claims", "scope_prefix", "service_clients", "page"]
    "identity_provider.claims" = ["email", "email_verified", "name"]
    "identity_provider.page"   = ["client_id", "scope", "token", "origins"]
    "cognito"                  = ["domain_prefix", "self_sign_up", "audiences", "service_clients", "callback_urls", "identity_providers", "tier", "email", "pre_token_lambda_arn"]
    "cognito.email"            = ["source_arn", "from"]
    "domain"                   = ["name", "certificate_arn", "zone_id"]
    "edge"                     = ["name", "certificate_arn", "zone_id", "web_acl_arn", "price_class"]
    "mail"                     = ["sender", "sender_name", "manage_feedback", "configuration_set"]
    "product"                  = ["name", "logo_url", "support_url", "app_url"]
    "throttling"               = ["rate", "burst", "open_rate", "open_burst"]
  }
}

variable "region" {
  description = "The region."
  type        = string
}

variable "name" {
  description = "The stack: a name for each, such as organizations-staging and organizations-production."
  type        = string
  default     = "organizations"
}

variable "release" {
  description = "Which archive: `local` for a build of your own, or the version of a release that `fetch-release.sh` has fetched, such as 0.1.0."
  type        = string
  default     = "local"
}

variable "packages_bucket" {
  description = "A bucket in the same region that the archive is uploaded to, once for all functions. Absent: it is sent with each of them."
  type        = string
  default     = null
}

variable "rollback" {
  description = "How many published versions back the functions serve: 1 is what was deployed before. Set it to 0 again with the next release."
  type        = number
  default     = 0
}

variable "architecture" {
  description = "What the archive was built for: arm64 or x86_64."
  type        = string
  default     = "arm64"
}

variable "tags" {
  description = "Tags on everything."
  type        = map(string)
  default     = {}
}

variable "identity_provider" {
  description = "Your OpenID Connect provider: see organizations/variables.tf. Absent where `cognito` makes one."
  type        = any
  default     = null

  validation {
    condition     = length(setsubtract(try(keys(var.identity_provider), []), local.known["identity_provider"])) == 0
    error_message = "identity_provider has no ${join(", ", setsubtract(try(keys(var.identity_provider), []), local.known["identity_provider"]))}: see the variable in organizations/variables.tf."
  }

  validation {
    condition     = length(setsubtract(try(keys(var.identity_provider.claims), []), local.known["identity_provider.claims"])) == 0
    error_message = "identity_provider.claims has no ${join(", ", setsubtract(try(keys(var.identity_provider.claims), []), local.known["identity_provider.claims"]))}: see the variable in organizations/variables.tf."
  }

  validation {
    condition     = length(setsubtract(try(keys(var.identity_provider.page), []), local.known["identity_provider.page"])) == 0
    error_message = "identity_provider.page has no ${join(", ", setsubtract(try(keys(var.identity_provider.page), []), local.known["identity_provider.page"]))}: see the variable in organizations/variables.tf."
  }
}

variable "cognito" {
  description = "A user pool made with the stack: see organizations/variables.tf."
  type        = any
  default     = null

  validation {
    condition     = length(setsubtract(try(keys(var.cognito), []), local.known["cognito"])) == 0
    error_message = "cognito has no ${join(", ", setsubtract(try(keys(var.cognito), []), local.known["cognito"]))}: see the variable in organizations/variables.tf."
  }

  validation {
    condition     = length(setsubtract(try(keys(var.cognito.email), []), local.known["cognito.email"])) == 0
    error_message = "cognito.email has no ${join(", ", setsubtract(try(keys(var.cognito.email), []), local.known["cognito.email"]))}: see the variable in organizations/variables.tf."
  }
}

variable "domain" {
  description = "An own domain: see organizations/variables.tf."
  type        = any
  default     = null

  validation {
    condition     = length(setsubtract(try(keys(var.domain), []), local.known["domain"])) == 0
    error_message = "domain has no ${join(", ", setsubtract(try(keys(var.domain), []), local.known["domain"]))}: see the variable in organizations/variables.tf."
  }
}

variable "edge" {
  description = "CloudFront in front of the API: see organizations/variables.tf."
  type        = any
  default     = null

  validation {
    condition     = length(setsubtract(try(keys(var.edge), []), local.known["edge"])) == 0
    error_message = "edge has no ${join(", ", setsubtract(try(keys(var.edge), []), local.known["edge"]))}: see the variable in organizations/variables.tf."
  }
}

variable "edge_secrets" {
  description = "The secret that CloudFront adds to each request; two while it changes."
  type        = list(string)
  default     = []
  sensitive   = true
}

variable "cors_origins" {
  description = "Origins whose pages may call the API from a browser."
  type        = list(string)
  default     = []
}

variable "mail" {
  description = "Whom mails come from: see organizations/variables.tf."
  type        = any

  validation {
    condition     = length(setsubtract(try(keys(var.mail), []), local.known["mail"])) == 0
    error_message = "mail has no ${join(", ", setsubtract(try(keys(var.mail), []), local.known["mail"]))}: see the variable in organizations/variables.tf."
  }
}

variable "product" {
  description = "Your product: see organizations/variables.tf."
  type        = any

  validation {
    condition     = length(setsubtract(try(keys(var.product), []), local.known["product"])) == 0
    error_message = "product has no ${join(", ", setsubtract(try(keys(var.product), []), local.known["product"]))}: see the variable in organizations/variables.tf."
  }
}

variable "alarm_topic_arns" {
  description = "The SNS topics that alarms notify."
  type        = list(string)
  default     = []
}

variable "deletion_protection" {
  description = "Whether tables and user pool refuse to be deleted."
  type        = bool
  default     = true
}

variable "kms_key_arn" {
  description = "A key of your own, such as the one that `key` makes. Absent: the keys that AWS owns."
  type        = string
  default     = null
}

variable "table_names" {
  description = "Names of tables that were restored from a backup, by `core` and `usage`."
  type        = map(string)
  default     = {}
}

variable "throttling" {
  description = "How many requests the API takes: see organizations/variables.tf."
  type        = any
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.throttling), local.known["throttling"])) == 0
    error_message = "throttling has no ${join(", ", setsubtract(keys(var.throttling), local.known["throttling"]))}: see the variable in organizations/variables.tf."
  }
}
