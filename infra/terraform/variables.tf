# The settings that most deployments need. Set the module's other arguments (organizations/variables.tf) in main.tf.
#
# Terraform silently drops the keys that an object's type does not have. So objects have the type `any` here, and
# validations reject unknown keys.

locals {
  known = {
    "identity_provider"        = ["issuer", "audiences", "claims", "scope_prefix", "service_clients", "page"]
    "identity_provider.claims" = ["email", "email_verified", "name"]
    "identity_provider.page"   = ["client_id", "scope", "token", "origins"]
    "cognito" = [
      "domain_prefix", "self_sign_up", "audiences", "service_clients", "callback_urls", "identity_providers", "tier",
      "email", "pre_token_lambda_arn",
    ]
    "cognito.email" = ["source_arn", "from"]
    "domain"        = ["name", "certificate_arn", "zone_id"]
    "edge"          = ["name", "certificate_arn", "zone_id", "web_acl_arn", "price_class"]
    "mail"          = ["sender", "sender_name", "manage_feedback", "configuration_set"]
    "product"       = ["name", "logo_url", "support_url", "app_url"]
    "throttling"    = ["rate", "burst", "open_rate", "open_burst"]
  }
}

variable "region" {
  description = "The AWS region of the stack."
  type        = string
}

variable "name" {
  description = "The name of the stack, such as organizations-staging or organizations-production."
  type        = string
  default     = "organizations"
}

variable "release" {
  description = <<-EOT
    The archive to deploy: `local` for a build of your own, or the version of a release that you fetched with
    `fetch-release.sh`, such as 0.1.0.
  EOT
  type        = string
  default     = "local"
}

variable "packages_bucket" {
  description = <<-EOT
    A bucket in the same region, to which Terraform uploads the archive once for all functions. Without one, Terraform
    sends the archive with each function.
  EOT
  type        = string
  default     = null
}

variable "rollback" {
  description = <<-EOT
    The number of published versions to go back: 1 serves the version that was deployed before. Set it to 0 again with
    the next release.
  EOT
  type        = number
  default     = 0
}

variable "architecture" {
  description = "The processor architecture of the archive: arm64 or x86_64."
  type        = string
  default     = "arm64"
}

variable "tags" {
  description = "Tags for every resource."
  type        = map(string)
  default     = {}
}

variable "identity_provider" {
  description = "Your OpenID Connect provider: see organizations/variables.tf. Omit it if you set `cognito`."
  type        = any
  default     = null

  validation {
    condition = length(setsubtract(
      try(keys(var.identity_provider), []), local.known["identity_provider"]
    )) == 0
    error_message = join(" ", [
      "identity_provider has unknown keys:",
      join(", ", setsubtract(try(keys(var.identity_provider), []), local.known["identity_provider"])),
      "(see the variable in organizations/variables.tf)",
    ])
  }

  validation {
    condition = length(setsubtract(
      try(keys(var.identity_provider.claims), []), local.known["identity_provider.claims"]
    )) == 0
    error_message = join(" ", [
      "identity_provider.claims has unknown keys:",
      join(", ", setsubtract(try(keys(var.identity_provider.claims), []), local.known["identity_provider.claims"])),
      "(see the variable in organizations/variables.tf)",
    ])
  }

  validation {
    condition = length(setsubtract(
      try(keys(var.identity_provider.page), []), local.known["identity_provider.page"]
    )) == 0
    error_message = join(" ", [
      "identity_provider.page has unknown keys:",
      join(", ", setsubtract(try(keys(var.identity_provider.page), []), local.known["identity_provider.page"])),
      "(see the variable in organizations/variables.tf)",
    ])
  }
}

variable "cognito" {
  description = "Creates a Cognito user pool: see organizations/variables.tf."
  type        = any
  default     = null

  validation {
    condition = length(setsubtract(
      try(keys(var.cognito), []), local.known["cognito"]
    )) == 0
    error_message = join(" ", [
      "cognito has unknown keys:",
      join(", ", setsubtract(try(keys(var.cognito), []), local.known["cognito"])),
      "(see the variable in organizations/variables.tf)",
    ])
  }

  validation {
    condition = length(setsubtract(
      try(keys(var.cognito.email), []), local.known["cognito.email"]
    )) == 0
    error_message = join(" ", [
      "cognito.email has unknown keys:",
      join(", ", setsubtract(try(keys(var.cognito.email), []), local.known["cognito.email"])),
      "(see the variable in organizations/variables.tf)",
    ])
  }
}

variable "domain" {
  description = "A domain of your own: see organizations/variables.tf."
  type        = any
  default     = null

  validation {
    condition = length(setsubtract(
      try(keys(var.domain), []), local.known["domain"]
    )) == 0
    error_message = join(" ", [
      "domain has unknown keys:",
      join(", ", setsubtract(try(keys(var.domain), []), local.known["domain"])),
      "(see the variable in organizations/variables.tf)",
    ])
  }
}

variable "edge" {
  description = "Puts CloudFront in front of the API: see organizations/variables.tf."
  type        = any
  default     = null

  validation {
    condition = length(setsubtract(
      try(keys(var.edge), []), local.known["edge"]
    )) == 0
    error_message = join(" ", [
      "edge has unknown keys:",
      join(", ", setsubtract(try(keys(var.edge), []), local.known["edge"])),
      "(see the variable in organizations/variables.tf)",
    ])
  }
}

variable "edge_secrets" {
  description = "The origin secrets. CloudFront adds the first one to each request. List two while you rotate."
  type        = list(string)
  default     = []
  sensitive   = true
}

variable "cors_origins" {
  description = "The origins whose pages may call the API from a browser."
  type        = list(string)
  default     = []
}

variable "mail" {
  description = "The sender of mails: see organizations/variables.tf."
  type        = any

  validation {
    condition = length(setsubtract(
      try(keys(var.mail), []), local.known["mail"]
    )) == 0
    error_message = join(" ", [
      "mail has unknown keys:",
      join(", ", setsubtract(try(keys(var.mail), []), local.known["mail"])),
      "(see the variable in organizations/variables.tf)",
    ])
  }
}

variable "product" {
  description = "Your product: see organizations/variables.tf."
  type        = any

  validation {
    condition = length(setsubtract(
      try(keys(var.product), []), local.known["product"]
    )) == 0
    error_message = join(" ", [
      "product has unknown keys:",
      join(", ", setsubtract(try(keys(var.product), []), local.known["product"])),
      "(see the variable in organizations/variables.tf)",
    ])
  }
}

variable "alarm_topic_arns" {
  description = "The SNS topics that alarms notify."
  type        = list(string)
  default     = []
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the tables and the user pool."
  type        = bool
  default     = true
}

variable "kms_key_arn" {
  description = "The ARN of a KMS key of your own, such as the one that `key` creates. Default: keys that AWS owns."
  type        = string
  default     = null
}

variable "table_names" {
  description = "The names of tables that you restored from a backup, by `core` and `usage`."
  type        = map(string)
  default     = {}
}

variable "throttling" {
  description = "The request limits of the API: see organizations/variables.tf."
  type        = any
  default     = {}

  validation {
    condition = length(setsubtract(
      keys(var.throttling), local.known["throttling"]
    )) == 0
    error_message = join(" ", [
      "throttling has unknown keys:",
      join(", ", setsubtract(keys(var.throttling), local.known["throttling"])),
      "(see the variable in organizations/variables.tf)",
    ])
  }
}
