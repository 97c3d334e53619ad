# What a deployment decides. Everything with a default is safe to leave alone.

variable "name" {
  description = "Stands before the name of everything that is made, so that several stacks live in one account."
  type        = string
  default     = "organizations"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,27}$", var.name))
    error_message = "A name has 1 to 28 of a-z, 0-9 and -, and begins with a letter."
  }
}

variable "tags" {
  description = "Tags on everything, beside `organizations:stack`."
  type        = map(string)
  default     = {}
}

variable "permissions_boundary" {
  description = "ARN of a permissions boundary for every role, where the account demands one."
  type        = string
  default     = null
}

variable "kms_key_arn" {
  description = "A key of your own for tables, logs, queues, topic and event bus. `../key` makes one with the policy that it needs. Absent: the keys that AWS owns."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "A key is given by its ARN."
  }
}

# Functions

variable "packages" {
  description = <<-EOT
    The archive that all functions run. `path`: a zip on this machine, sent with each function. `bucket` and `key`: an object in S3, in the functions'
    region, that was uploaded before; change the key with each archive, or say its `sha256` (in base64). All three: Terraform uploads the zip there, once.
  EOT
  type = object({
    path   = optional(string)
    bucket = optional(string)
    key    = optional(string)
    sha256 = optional(string)
  })

  validation {
    condition     = (var.packages.bucket == null) == (var.packages.key == null)
    error_message = "An object in S3 has a bucket and a key."
  }

  validation {
    condition     = var.packages.path != null || var.packages.bucket != null
    error_message = "The archive is at a path, or in a bucket."
  }

  validation {
    condition     = var.packages.path == null || var.packages.sha256 == null
    error_message = "sha256 is read from the file at path."
  }
}

variable "rollback" {
  description = "How many published versions back the alias `live` points: 0 serves what is deployed, 1 what was deployed before it. While it is not 0, nothing is published, so changes of settings wait."
  type        = number
  default     = 0

  validation {
    condition     = var.rollback >= 0 && floor(var.rollback) == var.rollback
    error_message = "rollback is a whole number, 0 or more."
  }
}

variable "architecture" {
  description = "What the archive was built for."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "An architecture is arm64 or x86_64."
  }
}

variable "memory_mb" {
  description = "Memory of every function, in MiB. The share of a processor grows with it."
  type        = number
  default     = 256

  validation {
    condition     = var.memory_mb >= 128 && var.memory_mb <= 10240 && floor(var.memory_mb) == var.memory_mb
    error_message = "Memory is 128 to 10240 MiB."
  }
}

variable "check_concurrency" {
  description = "Whether a plan warns if the account has fewer than 100 concurrent Lambda executions. The deployer needs servicequotas:GetServiceQuota and servicequotas:GetAWSDefaultServiceQuota."
  type        = bool
  default     = true
}

variable "reserved_concurrency" {
  description = "Reserved concurrency by function. None by default: a new account has 10 in all."
  type        = map(number)
  default     = {}
}

variable "environment" {
  description = "More environment variables for every function, such as CA_FILE (docs/reference/settings.md) or AWS_USE_FIPS_ENDPOINT. Variables that the module sets itself win."
  type        = map(string)
  default     = {}
}

variable "vpc" {
  description = "The VPC that the functions run in. They need a way to DynamoDB, SES and EventBridge: endpoints or NAT."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default = null
}

variable "log_level" {
  description = "How much the functions log: a filter of Rust's tracing-subscriber, such as `info` or `debug`."
  type        = string
  default     = "info"
}

variable "log_retention_days" {
  description = "For how long logs are kept, in days; 0 is for ever."
  type        = number
  default     = 30

  validation {
    condition     = contains([0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "CloudWatch Logs keeps logs for 0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days."
  }
}

variable "tracing" {
  description = "Whether X-Ray samples requests: 5 $ per million traces after the first 100,000 of a month. A trace shows the function alone, without its calls to DynamoDB and SES."
  type        = bool
  default     = false
}

variable "metrics" {
  description = "Whether the functions write metrics (CloudWatch's embedded metric format). Some alarms watch them."
  type        = bool
  default     = true
}

# Data

variable "point_in_time_recovery" {
  description = "Whether each table can be restored to any second of the last 35 days."
  type        = bool
  default     = true
}

variable "deletion_protection" {
  description = "Whether the tables and the user pool refuse to be deleted."
  type        = bool
  default     = true
}

variable "table_names" {
  description = "Names of tables that are not called after the stack, such as one that was restored from a backup: by `core` and `usage`."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.table_names), ["core", "usage"])) == 0
    error_message = "The tables are core and usage."
  }
}

variable "usage_shards" {
  description = "Counter shards per rollup: how many batches of one organization's usage are counted at the same moment. May be raised, never lowered."
  type        = number
  default     = 4

  validation {
    condition     = var.usage_shards >= 1 && var.usage_shards <= 16 && floor(var.usage_shards) == var.usage_shards
    error_message = "There are 1 to 16 shards."
  }
}

# Who calls

variable "identity_provider" {
  description = <<-EOT
    Your OpenID Connect provider; absent where `cognito` makes one.
    `issuer`: as in the tokens' `iss`. `audiences`: the values of `aud` or `client_id` that are taken. `claims`: under which names it sends address, verification and
    name. `scope_prefix`: what stands before a scope's name. `service_clients`: the clients (`client_id` or `azp`) whose scopes count. `page`: the public
    client that the invitation page signs in with, which of the tokens the API takes, and other origins of the issuer's endpoints.
  EOT
  type = object({
    issuer    = string
    audiences = list(string)
    claims = optional(object({
      email          = optional(string, "email")
      email_verified = optional(string, "email_verified")
      name           = optional(string, "name")
    }), {})
    scope_prefix    = optional(string, "")
    service_clients = optional(list(string), [])
    page = optional(object({
      client_id = string
      scope     = optional(string, "openid email profile")
      token     = optional(string, "id_token")
      origins   = optional(list(string), [])
    }))
  })
  default = null

  validation {
    condition     = (var.identity_provider == null) != (var.cognito == null)
    error_message = "Either identity_provider or cognito is set."
  }

  validation {
    condition     = var.identity_provider == null || can(regex("^https://[^ ?#]+$", var.identity_provider.issuer))
    error_message = "An issuer is an https:// address."
  }

  validation {
    condition     = var.identity_provider == null || try(length(var.identity_provider.audiences) > 0, false)
    error_message = "At least one audience is needed."
  }

  validation {
    condition     = contains(["id_token", "access_token"], try(coalesce(var.identity_provider.page.token, "id_token"), "id_token"))
    error_message = "page.token is id_token or access_token."
  }
}

variable "cognito" {
  description = <<-EOT
    A Cognito user pool with hosted sign-in, made with the stack. `domain_prefix`: of the hosted pages, unique in the region. `self_sign_up`: whether
    people may sign up by themselves. `audiences`: the ids of more clients of the pool whose tokens the API takes, such as that of your application.
    `service_clients`: the ids of the programs' clients, which you make in the pool so that no secret is in the state. `callback_urls`: more addresses
    that the console's client may return to, so that your application can share it. `identity_providers`: who signs people in, by the names that they
    have in the pool. `tier`: of the pool's features and price. `email`: an SES identity that the pool's own mails are sent from (`source_arn`) and its
    sender (`from`); without it Cognito sends 50 a day. `pre_token_lambda_arn`: your function that changes ID tokens (event version 1).
  EOT
  type = object({
    domain_prefix        = string
    self_sign_up         = optional(bool, true)
    audiences            = optional(list(string), [])
    service_clients      = optional(list(string), [])
    callback_urls        = optional(list(string), [])
    identity_providers   = optional(list(string), ["COGNITO"])
    tier                 = optional(string, "LITE")
    email                = optional(object({ source_arn = string, from = string }))
    pre_token_lambda_arn = optional(string)
  })
  default = null

  validation {
    condition     = var.cognito == null || contains(["LITE", "ESSENTIALS", "PLUS"], try(var.cognito.tier, "LITE"))
    error_message = "cognito.tier is LITE, ESSENTIALS or PLUS."
  }

  validation {
    condition     = var.cognito == null || length(try(var.cognito.audiences, [])) + length(try(var.cognito.service_clients, [])) < 50
    error_message = "API Gateway takes 50 audiences at most: the console's client, cognito.audiences and cognito.service_clients together."
  }

  validation {
    condition     = alltrue([for url in try(var.cognito.callback_urls, []) : can(regex("^(https://|http://localhost[:/])", url))])
    error_message = "A callback address begins with https://, or with http://localhost."
  }
}

# The API

variable "domain" {
  description = "An own domain for the API and the page: its name, a certificate of the same region, and the Route 53 zone where the record is made (absent: you make it)."
  type = object({
    name            = string
    certificate_arn = string
    zone_id         = optional(string)
  })
  default = null
}

variable "edge" {
  description = <<-EOT
    CloudFront in front of the API, with a web ACL of AWS WAF (`web_acl_arn`, of the scope CLOUDFRONT) where you have one. `name`: your domain for it.
    `certificate_arn`: in us-east-1. `zone_id`: of Route 53, where the records are made (absent: you make them). Needs `edge_secrets`.
  EOT
  type = object({
    name            = string
    certificate_arn = string
    zone_id         = optional(string)
    web_acl_arn     = optional(string)
    price_class     = optional(string, "PriceClass_All")
  })
  default = null

  validation {
    condition     = var.edge == null || var.domain == null
    error_message = "Set edge or domain, not both."
  }

  validation {
    condition     = var.edge == null || can(regex("^arn:[a-z-]+:acm:us-east-1:", var.edge.certificate_arn))
    error_message = "CloudFront needs a certificate in us-east-1."
  }
}

variable "edge_secrets" {
  description = "Origin secrets. CloudFront sends the first one in the header `x-origin-secret`. The API answers 403 to requests without one of them, and stores only their SHA-256. List two while you rotate. Terraform's state holds the secrets."
  type        = list(string)
  default     = []
  sensitive   = true

  validation {
    condition     = alltrue([for secret in var.edge_secrets : length(secret) >= 32])
    error_message = "A secret has 32 characters or more, such as those of `openssl rand -hex 32`."
  }

  validation {
    condition     = (var.edge == null) == (length(var.edge_secrets) == 0)
    error_message = "Set edge and edge_secrets together."
  }
}

variable "cors_origins" {
  description = "Origins whose pages may call the API from a browser."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for origin in var.cors_origins : can(regex("^https?://[^/*]+$", origin))])
    error_message = "An origin is like https://app.example.com, without a path and without a wildcard."
  }
}

variable "throttling" {
  description = "Limits of requests per second and of bursts: for the whole API (`rate`, `burst`), and for each route without a token (`open_rate`, `open_burst`)."
  type = object({
    rate       = optional(number, 500)
    burst      = optional(number, 1000)
    open_rate  = optional(number, 20)
    open_burst = optional(number, 100)
  })
  default = {}
}

# The mail

variable "mail" {
  description = <<-EOT
    The sender of mails. `sender`: an address that is verified in SES, or an address of a verified domain (`../mail-identity` makes one).
    `manage_feedback`: whether the configuration set that reports bounces and complaints is made here; otherwise yours, named by
    `configuration_set`, has to publish to the topic in the output `mail_feedback_topic_arn`.
  EOT
  type = object({
    sender            = string
    sender_name       = string
    manage_feedback   = optional(bool, true)
    configuration_set = optional(string)
  })

  validation {
    condition     = can(regex("^[^@ <>]+@[^@ <>]+$", var.mail.sender))
    error_message = "The sender is an address, such as team@example.com; its name is sender_name."
  }

  validation {
    condition     = !(var.mail.manage_feedback && var.mail.configuration_set != null)
    error_message = "A configuration_set is named only where manage_feedback is false."
  }
}

variable "product" {
  description = "Your product, as mails and the page show it. `app_url`: where acceptance leads. `support_url`: may be mailto:."
  type = object({
    name        = string
    logo_url    = optional(string, "")
    support_url = optional(string, "")
    app_url     = optional(string, "")
  })

  validation {
    condition     = alltrue([for url in [var.product.logo_url, var.product.app_url] : url == "" || can(regex("^https://", url))])
    error_message = "logo_url and app_url are https:// addresses."
  }
}

variable "limits" {
  description = "Limits on what one person does; 0 is no limit for the invitations."
  type = object({
    orgs_per_creator              = optional(number, 50)
    invitations_per_inviter_hour  = optional(number, 300)
    invitations_per_recipient_day = optional(number, 20)
  })
  default = {}
}

# Watching

variable "alarms" {
  description = "Alarms, and the SNS topics that they notify. `account_concurrency`: the account's limit of concurrent executions; an alarm goes off at 80 percent of it."
  type = object({
    enabled             = optional(bool, true)
    topic_arns          = optional(list(string), [])
    account_concurrency = optional(number)
  })
  default = {}
}

variable "contributor_insights" {
  description = "Whether CloudWatch Contributor Insights records the busiest keys of the tables. AWS charges per event. It records nothing from before it is on."
  type        = bool
  default     = false
}

variable "dashboard" {
  description = "Whether a CloudWatch dashboard is made (the fourth of an account costs 3 $ a month)."
  type        = bool
  default     = false
}
