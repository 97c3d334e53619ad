# The settings of a deployment. Every default is safe to keep.

variable "name" {
  description = "The name of the stack. Every resource name begins with it, so one account can have several stacks."
  type        = string
  default     = "organizations"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,27}$", var.name))
    error_message = "The name must have 1 to 28 of the characters a-z, 0-9 and -, and begin with a letter."
  }
}

variable "tags" {
  description = "Tags for every resource, in addition to `organizations:stack`."
  type        = map(string)
  default     = {}
}

variable "permissions_boundary" {
  description = "The ARN of a permissions boundary for every role, if your account requires one."
  type        = string
  default     = null
}

variable "kms_key_arn" {
  description = <<-EOT
    The ARN of a KMS key of your own for the tables, logs, queues, bucket, topic and event bus. `../key` creates one
    with the policy that it needs. The default is keys that AWS owns.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key."
  }
}

# Functions

variable "packages" {
  description = <<-EOT
    The archive that all functions run.
    With `path` only, Terraform sends the zip file at that path with each function.
    With `bucket` and `key` only, the functions run an object that you uploaded to S3, in the functions' region.
    Change the key with each archive, or set `sha256` (in base64).
    With `path`, `bucket` and `key`, Terraform uploads the zip file to S3 once.
  EOT
  type = object({
    path   = optional(string)
    bucket = optional(string)
    key    = optional(string)
    sha256 = optional(string)
  })

  validation {
    condition     = (var.packages.bucket == null) == (var.packages.key == null)
    error_message = "packages needs both a bucket and a key, or neither."
  }

  validation {
    condition     = var.packages.path != null || var.packages.bucket != null
    error_message = "packages needs a path or a bucket."
  }

  validation {
    condition     = var.packages.path == null || var.packages.sha256 == null
    error_message = "Omit packages.sha256 with a path: Terraform computes it from the file."
  }
}

variable "rollback" {
  description = <<-EOT
    The number of published versions that the alias `live` goes back: 0 serves the newest version, 1 the version
    before it. While it is not 0, Terraform publishes no version, so changed settings do not take effect.
  EOT
  type        = number
  default     = 0

  validation {
    condition     = var.rollback >= 0 && floor(var.rollback) == var.rollback
    error_message = "rollback must be a whole number, 0 or more."
  }
}

variable "architecture" {
  description = "The processor architecture of the archive: arm64 or x86_64."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture must be arm64 or x86_64."
  }
}

variable "memory_mb" {
  description = "The memory of every function, in MiB. A function's share of a CPU grows with it."
  type        = number
  default     = 256

  validation {
    condition     = var.memory_mb >= 128 && var.memory_mb <= 10240 && floor(var.memory_mb) == var.memory_mb
    error_message = "memory_mb must be a whole number from 128 to 10240."
  }
}

variable "check_concurrency" {
  description = <<-EOT
    If true, a plan warns when your account may run fewer than 100 Lambda functions at once. To read that quota, the
    role that runs Terraform needs servicequotas:GetServiceQuota and servicequotas:GetAWSDefaultServiceQuota.
  EOT
  type        = bool
  default     = true
}

variable "reserved_concurrency" {
  description = "Reserved concurrency, by function. None by default: a new account has 10 in total."
  type        = map(number)
  default     = {}

  validation {
    condition = length(setsubtract(keys(var.reserved_concurrency), keys(local.functions))) == 0
    error_message = join(" ", [
      "reserved_concurrency has unknown functions:",
      join(", ", setsubtract(keys(var.reserved_concurrency), keys(local.functions))),
      "(the output functions has the names as its keys)",
    ])
  }
}

variable "environment" {
  description = <<-EOT
    More environment variables for every function, such as CA_FILE or AWS_USE_FIPS_ENDPOINT. The module's own
    variables take precedence.
  EOT
  type        = map(string)
  default     = {}
}

variable "vpc" {
  description = "The VPC of the functions, if any. It needs endpoints or NAT for DynamoDB, SES and EventBridge."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default = null
}

variable "log_level" {
  description = <<-EOT
    The log level of the functions: a filter of Rust's tracing-subscriber, such as `info` or `debug`. Never use `trace`
    with real data: the Lambda runtime then logs the raw events, with tokens and addresses.
  EOT
  type        = string
  default     = "info"
}

variable "log_retention_days" {
  description = "The days for which logs are kept; 0 keeps them forever."
  type        = number
  default     = 30

  validation {
    condition = contains([
      0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ], var.log_retention_days)
    error_message = join(" ", [
      "log_retention_days must be 0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192,",
      "2557, 2922, 3288 or 3653: CloudWatch Logs supports no other values.",
    ])
  }
}

variable "tracing" {
  description = <<-EOT
    Whether X-Ray traces requests. It costs $5 per million traces after the first 100,000 of a month. A trace shows
    only the function, without its calls to DynamoDB and SES.
  EOT
  type        = bool
  default     = false
}

variable "metrics" {
  description = "Whether the functions write metrics (CloudWatch embedded metric format). Some alarms need them."
  type        = bool
  default     = true
}

# Data

variable "point_in_time_recovery" {
  description = "Whether you can restore each table to any second of the last 35 days."
  type        = bool
  default     = true
}

variable "deletion_protection" {
  description = <<-EOT
    Whether AWS refuses to delete the tables and the user pool. If true, Terraform also refuses to delete the bucket of
    failed records while it has objects.
  EOT
  type        = bool
  default     = true
}

variable "table_names" {
  description = "Table names that do not follow the stack's name, such as a restored table's, by `core` and `usage`."
  type        = map(string)
  default     = {}

  validation {
    condition     = length(setsubtract(keys(var.table_names), ["core", "usage"])) == 0
    error_message = "The keys of table_names must be core or usage."
  }
}

variable "usage_shards" {
  description = <<-EOT
    The number of shards per usage counter. It limits how many batches of one organization's usage events the service
    can count at the same time. You can raise and lower it at any time, because reports read every shard that has
    counters.
  EOT
  type        = number
  default     = 4

  validation {
    condition     = var.usage_shards >= 1 && var.usage_shards <= 16 && floor(var.usage_shards) == var.usage_shards
    error_message = "usage_shards must be a whole number from 1 to 16."
  }
}

# Callers

variable "identity_provider" {
  description = <<-EOT
    Your OpenID Connect provider. Omit it if you set `cognito`.
    `issuer`: the value of the tokens' claim `iss`.
    `audiences`: the accepted values of `aud` or `client_id`.
    `claims`: the names of the claims with the email address, its verification, and the name.
    `scope_prefix`: the text before a scope's name.
    `service_clients`: the service clients (`client_id` or `azp`) whose scopes count.
    `page`: the public client with which the console and the invitation page sign in, its scopes, the token that the
    pages send to the API, and other origins of the issuer's endpoints.
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
    error_message = "Set either identity_provider or cognito."
  }

  validation {
    condition     = var.identity_provider == null || can(regex("^https://[^ ?#]+$", var.identity_provider.issuer))
    error_message = "identity_provider.issuer must be an https:// URL."
  }

  validation {
    condition     = var.identity_provider == null || try(length(var.identity_provider.audiences) > 0, false)
    error_message = "identity_provider.audiences must have at least one value."
  }

  validation {
    condition = contains(
      ["id_token", "access_token"],
      try(coalesce(var.identity_provider.page.token, "id_token"), "id_token"),
    )
    error_message = "identity_provider.page.token must be id_token or access_token."
  }
}

variable "cognito" {
  description = <<-EOT
    Creates a Cognito user pool with hosted sign-in.
    `domain_prefix`: the domain prefix of the hosted sign-in, unique in the region.
    `self_sign_up`: whether people may sign up by themselves.
    `audiences`: the ids of the pool's other clients whose tokens the API accepts, such as your application's client.
    `service_clients`: the ids of the service clients. Create them in the pool yourself, so that Terraform's state
    contains no secret.
    `callback_urls`: more URLs to which the console's client may return, so that your application can share it.
    `identity_providers`: the names, in the pool, of the identity providers with which people sign in.
    `tier`: the feature plan of the pool, which sets its price.
    `email`: the SES identity (`source_arn`) and the sender (`from`) of the pool's own mails. Without it, Cognito
    sends at most 50 mails a day.
    `pre_token_lambda_arn`: your function that changes ID tokens (event version 1).
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
    error_message = "cognito.tier must be LITE, ESSENTIALS or PLUS."
  }

  validation {
    condition = (
      var.cognito == null
      || length(try(var.cognito.audiences, [])) + length(try(var.cognito.service_clients, [])) < 50
    )
    error_message = join(" ", [
      "cognito.audiences and cognito.service_clients must have at most 49 values together:",
      "API Gateway accepts 50 audiences, and the console's client is one.",
    ])
  }

  validation {
    condition = alltrue([
      for url in try(var.cognito.callback_urls, []) : can(regex("^(https://|http://localhost[:/])", url))
    ])
    error_message = "Each of cognito.callback_urls must begin with https://, or with http://localhost."
  }
}

# The API

variable "domain" {
  description = <<-EOT
    A domain of your own for the API and its pages: its name, a certificate in the same region, and the Route 53 zone
    in which Terraform creates the record. Without a zone, create the record yourself.
  EOT
  type = object({
    name            = string
    certificate_arn = string
    zone_id         = optional(string)
  })
  default = null
}

variable "edge" {
  description = <<-EOT
    Puts CloudFront in front of the API. Needs `edge_secrets`.
    `name`: your domain.
    `certificate_arn`: a certificate in us-east-1.
    `zone_id`: the Route 53 zone in which Terraform creates the records. Without it, create the records yourself.
    `web_acl_arn`: a web ACL of AWS WAF, of the scope CLOUDFRONT.
    `price_class`: the price class of the distribution.
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
    error_message = "edge.certificate_arn must be a certificate in us-east-1: CloudFront accepts no other."
  }
}

variable "edge_secrets" {
  description = <<-EOT
    Origin secrets. CloudFront sends the first one in the header `x-origin-secret`. The API answers 403 to requests
    without one of them, and stores only their SHA-256. List two while you rotate. Terraform's state contains the
    secrets.
  EOT
  type        = list(string)
  default     = []
  sensitive   = true

  validation {
    condition     = alltrue([for secret in var.edge_secrets : length(secret) >= 32])
    error_message = "Each of edge_secrets must have at least 32 characters, such as those of `openssl rand -hex 32`."
  }

  validation {
    condition     = (var.edge == null) == (length(var.edge_secrets) == 0)
    error_message = "Set edge and edge_secrets together."
  }
}

variable "cors_origins" {
  description = "The origins whose pages may call the API from a browser."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for origin in var.cors_origins : can(regex("^https?://[^/*]+$", origin))])
    error_message = "Each of cors_origins must be like https://app.example.com, without a path and without a wildcard."
  }
}

variable "throttling" {
  description = <<-EOT
    The limits for requests per second and for bursts: for the whole API (`rate`, `burst`), and for each route
    without a token (`open_rate`, `open_burst`).
  EOT
  type = object({
    rate       = optional(number, 500)
    burst      = optional(number, 1000)
    open_rate  = optional(number, 20)
    open_burst = optional(number, 100)
  })
  default = {}
}

# Mail

variable "mail" {
  description = <<-EOT
    The sender of mails.
    `sender`: an address that is verified in SES, or an address of a verified domain (`../mail-identity` verifies
    one).
    `sender_name`: the sender's name.
    `manage_feedback`: whether Terraform creates the configuration set that reports bounces and complaints. If false,
    your own one, named by `configuration_set`, has to publish to the topic in the output `mail_feedback_topic_arn`.
  EOT
  type = object({
    sender            = string
    sender_name       = string
    manage_feedback   = optional(bool, true)
    configuration_set = optional(string)
  })

  validation {
    condition     = can(regex("^[^@ <>]+@[^@ <>]+$", var.mail.sender))
    error_message = "mail.sender must be an address, such as team@example.com. Set its name as mail.sender_name."
  }

  validation {
    condition     = !(var.mail.manage_feedback && var.mail.configuration_set != null)
    error_message = "Set mail.configuration_set only if mail.manage_feedback is false."
  }
}

variable "product" {
  description = "Your product, in mails and pages. Acceptance leads to `app_url`. `support_url` may be mailto:."
  type = object({
    name        = string
    logo_url    = optional(string, "")
    support_url = optional(string, "")
    app_url     = optional(string, "")
  })

  validation {
    condition = alltrue([
      for url in [var.product.logo_url, var.product.app_url] : url == "" || can(regex("^https://", url))
    ])
    error_message = "product.logo_url and product.app_url must be https:// URLs."
  }
}

variable "limits" {
  description = "Limits per person. For the invitations, 0 means no limit."
  type = object({
    orgs_per_creator              = optional(number, 50)
    invitations_per_inviter_hour  = optional(number, 300)
    invitations_per_recipient_day = optional(number, 20)
  })
  default = {}
}

# Monitoring

variable "alarms" {
  description = <<-EOT
    The alarms, and the SNS topics that they notify. `account_concurrency`: the account's quota of concurrent
    executions. If you set it, an alarm fires when at least 80 percent of the quota is in use or reserved.
  EOT
  type = object({
    enabled             = optional(bool, true)
    topic_arns          = optional(list(string), [])
    account_concurrency = optional(number)
  })
  default = {}
}

variable "contributor_insights" {
  description = <<-EOT
    Whether CloudWatch Contributor Insights records the busiest keys of the tables. AWS charges per event. It records
    nothing from before you enable it.
  EOT
  type        = bool
  default     = false
}

variable "dashboard" {
  description = "Whether to create a CloudWatch dashboard. From an account's fourth on, each costs $3 a month."
  type        = bool
  default     = false
}
