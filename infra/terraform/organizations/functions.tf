locals {
  environment = {
    CORE_TABLE                    = aws_dynamodb_table.this["core"].name
    USAGE_TABLE                   = aws_dynamodb_table.this["usage"].name
    USAGE_SHARDS                  = tostring(var.usage_shards)
    PUBLIC_URL                    = local.public_url
    PRODUCT_NAME                  = var.product.name
    LOGO_URL                      = var.product.logo_url
    SUPPORT_URL                   = var.product.support_url
    APP_URL                       = var.product.app_url
    OIDC_ISSUER                   = local.identity.page == null ? "" : local.identity.issuer
    OIDC_CLIENT_ID                = try(local.identity.page.client_id, "")
    OIDC_SCOPE                    = try(local.identity.page.scope, "")
    OIDC_TOKEN                    = try(local.identity.page.token, "")
    OIDC_ORIGINS                  = join(",", try(local.identity.page.origins, []))
    MAIL_SENDER                   = var.mail.sender
    MAIL_SENDER_NAME              = var.mail.sender_name
    SES_CONFIGURATION_SET         = local.configuration_set == null ? "" : local.configuration_set
    ORGS_PER_CREATOR              = tostring(var.limits.orgs_per_creator)
    INVITATIONS_PER_INVITER_HOUR  = tostring(var.limits.invitations_per_inviter_hour)
    INVITATIONS_PER_RECIPIENT_DAY = tostring(var.limits.invitations_per_recipient_day)
    CLAIM_EMAIL                   = local.identity.claims.email
    CLAIM_EMAIL_VERIFIED          = local.identity.claims.email_verified
    CLAIM_NAME                    = local.identity.claims.name
    SCOPE_PREFIX                  = local.identity.scope_prefix
    SERVICE_CLIENTS               = join(",", local.identity.service_clients)
    ORIGIN_SECRET_SHA256          = nonsensitive(join(",", [for secret in var.edge_secrets : sha256(secret)]))
    EVENT_BUS                     = aws_cloudwatch_event_bus.this.name
    METRICS_NAMESPACE             = var.metrics ? local.metrics_namespace : ""
    RUST_LOG                      = var.log_level
  }
  # True if Terraform uploads the archive to S3.
  object = var.packages.path != null && var.packages.bucket != null
  archive_hash = (
    var.packages.path == null ? var.packages.sha256 :
    fileexists(var.packages.path) ? filebase64sha256(var.packages.path) : null
  )
  # In seconds. API Gateway waits for 11 seconds at most.
  timeouts = { for name, _ in local.functions : name => (
    contains(keys(local.schedules), name) ? 900 : contains(keys(local.background), name) ? 60 : 10
  ) }
}

# One upload serves all functions.
resource "aws_s3_object" "archive" {
  # checkov:skip=CKV_AWS_186:the bucket's own default encryption applies; the archive holds no secret
  count = local.object ? 1 : 0

  bucket      = var.packages.bucket
  key         = var.packages.key
  source      = var.packages.path
  source_hash = local.archive_hash
  tags        = { "organizations:stack" = var.name } # S3 allows at most ten tags on an object
}

resource "aws_lambda_function" "this" {
  # checkov:skip=CKV_AWS_115:reserved concurrency is optional (reserved_concurrency): a new account has 10 in all
  # checkov:skip=CKV_AWS_116:event sources and invoke configs have dead-letter destinations; API callers get a response
  # checkov:skip=CKV_AWS_117:a VPC is optional (vpc): functions call AWS over TLS, and endpoints or NAT cost while idle
  # checkov:skip=CKV_AWS_173:the environment holds settings and no secret; it is encrypted with a key that AWS owns
  # checkov:skip=CKV_AWS_272:the SHA-256 of the release verifies the archive; signing needs a profile of your own
  for_each = local.functions

  function_name                  = "${var.name}-${each.key}"
  description                    = each.value.description
  role                           = aws_iam_role.function[each.key].arn
  runtime                        = "provided.al2023"
  handler                        = each.key          # the archive's one binary serves the action with this name
  publish                        = var.rollback == 0 # a version published during a rollback would move the alias
  architectures                  = [var.architecture]
  memory_size                    = var.memory_mb
  timeout                        = local.timeouts[each.key]
  filename                       = var.packages.bucket == null ? var.packages.path : null
  s3_bucket                      = var.packages.bucket
  s3_key                         = local.object ? aws_s3_object.archive[0].key : var.packages.key
  source_code_hash               = local.archive_hash
  reserved_concurrent_executions = lookup(var.reserved_concurrency, each.key, -1)
  tags                           = local.tags

  environment {
    variables = merge(var.environment, local.environment)
  }

  dynamic "vpc_config" {
    for_each = var.vpc[*]
    content {
      subnet_ids         = vpc_config.value.subnet_ids
      security_group_ids = vpc_config.value.security_group_ids
    }
  }

  tracing_config {
    mode = var.tracing ? "Active" : "PassThrough"
  }

  # A function that starts before its permissions exist would fail its first requests.
  depends_on = [aws_cloudwatch_log_group.function, aws_iam_role_policy.function]

  lifecycle {
    precondition {
      condition = var.packages.path == null ? true : fileexists(var.packages.path)
      error_message = join(" ", [
        "The file ${coalesce(var.packages.path, "archive")} does not exist.",
        "Build it with infra/package.sh, or fetch a release with infra/fetch-release.sh.",
      ])
    }
  }
}

# The version that requests, streams, schedules and mail feedback call.
resource "aws_lambda_alias" "live" {
  for_each = local.functions

  name             = "live"
  description      = "The version that serves"
  function_name    = aws_lambda_function.this[each.key].function_name
  function_version = tostring(max(1, tonumber(aws_lambda_function.this[each.key].version) - var.rollback))
}

resource "aws_cloudwatch_log_group" "function" {
  # checkov:skip=CKV_AWS_158:the key is optional (kms_key_arn); the default is a key that AWS owns
  # checkov:skip=CKV_AWS_338:log_retention_days sets the days; logs hold no addresses, tables hold the audit records
  for_each = local.functions

  name              = "/aws/lambda/${var.name}-${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
  tags              = local.tags
}

resource "aws_lambda_permission" "api" {
  for_each = local.requests

  statement_id  = "api"
  function_name = aws_lambda_function.this[each.key].function_name
  qualifier     = aws_lambda_alias.live[each.key].name
  action        = "lambda:InvokeFunction"
  principal     = "apigateway.amazonaws.com"
  # A function with one route may be called by that route only, with any value for each path parameter. A function
  # with several routes may be called by every route of this API.
  source_arn = join("/*/", [
    aws_apigatewayv2_api.this.execution_arn,
    length(each.value) == 1 ? replace(replace(each.value[0], " ", ""), "/\\{[a-z_]+\\}/", "*") : "*",
  ])
}
