resource "aws_apigatewayv2_api" "this" {
  name                         = var.name
  description                  = "Organizations: teams, roles, invitations, usage"
  protocol_type                = "HTTP"
  disable_execute_api_endpoint = var.domain != null
  tags                         = local.tags

  dynamic "cors_configuration" {
    for_each = length(var.cors_origins) > 0 ? [1] : []
    content {
      allow_origins  = var.cors_origins
      allow_methods  = ["DELETE", "GET", "PATCH", "POST", "PUT"]
      allow_headers  = ["accept", "authorization", "content-type", "idempotency-key", "if-match"]
      expose_headers = ["etag", "idempotency-replayed", "link", "retry-after", "x-request-id"]
      max_age        = 3600
    }
  }
}

resource "aws_apigatewayv2_authorizer" "jwt" {
  api_id           = aws_apigatewayv2_api.this.id
  name             = "${var.name}-jwt"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = local.identity.issuer
    audience = local.identity.audiences
  }
}

resource "aws_apigatewayv2_integration" "this" {
  for_each = local.requests

  api_id                 = aws_apigatewayv2_api.this.id
  description            = local.functions[each.key].description
  integration_type       = "AWS_PROXY"
  integration_method     = "POST"
  integration_uri        = aws_lambda_alias.live[each.key].invoke_arn
  payload_format_version = "2.0"
  timeout_milliseconds   = 11000
}

resource "aws_apigatewayv2_route" "this" {
  # checkov:skip=CKV_AWS_309:routes.json marks the routes without a token: health, the pages, and links with a secret
  for_each = local.routes

  api_id             = aws_apigatewayv2_api.this.id
  route_key          = each.key
  operation_name     = each.value.function
  target             = "integrations/${aws_apigatewayv2_integration.this[each.value.function].id}"
  authorization_type = each.value.authorizer ? "JWT" : "NONE"
  authorizer_id      = each.value.authorizer ? aws_apigatewayv2_authorizer.jwt.id : null
}

resource "aws_cloudwatch_log_group" "access" {
  # checkov:skip=CKV_AWS_158:the key is optional (kms_key_arn); the default is a key that AWS owns
  # checkov:skip=CKV_AWS_338:log_retention_days sets the days
  # AWS limits the size of the account's resource policy for logs; one entry covers all groups with this prefix.
  name              = "/aws/vendedlogs/apigateway/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
  tags              = local.tags
}

locals {
  # Routes with limits of their own. All callers together share each limit.
  # The check of policies takes the most CPU time of all actions, up to its limit of 5 seconds on a small function, and
  # every owner of an organization can request it. Reserved concurrency would limit it too, but a new account has none
  # to reserve. Routes without a token are open to the whole internet.
  throttles = merge(
    { for key, route in local.routes : key => { rate = 1, burst = 5 } if route.function == "set_policies" },
    {
      for key, route in local.routes :
      key => { rate = var.throttling.open_rate, burst = var.throttling.open_burst } if !route.authorizer
    },
  )
}

resource "aws_apigatewayv2_stage" "this" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "$default"
  auto_deploy = true
  tags        = local.tags
  depends_on  = [aws_apigatewayv2_route.this] # the settings of a route need an existing route

  default_route_settings {
    throttling_rate_limit  = var.throttling.rate
    throttling_burst_limit = var.throttling.burst
  }

  dynamic "route_settings" {
    for_each = local.throttles
    content {
      route_key              = route_settings.key
      throttling_rate_limit  = min(route_settings.value.rate, var.throttling.rate)
      throttling_burst_limit = min(route_settings.value.burst, var.throttling.burst)
    }
  }

  # The format omits the path: the path of an opt-out contains a secret, and others contain user ids.
  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    format = jsonencode({
      request_id          = "$context.requestId"
      route               = "$context.routeKey"
      status              = "$context.status"
      error               = "$context.error.responseType"
      authorizer_error    = "$context.authorizer.error"
      integration_error   = "$context.integrationErrorMessage"
      latency_ms          = "$context.responseLatency"
      function_latency_ms = "$context.integrationLatency"
      bytes               = "$context.responseLength"
    })
  }
}

resource "aws_apigatewayv2_domain_name" "this" {
  count = var.domain == null ? 0 : 1

  domain_name = var.domain.name
  tags        = local.tags

  domain_name_configuration {
    certificate_arn = var.domain.certificate_arn
    endpoint_type   = "REGIONAL"
    ip_address_type = "dualstack"
    security_policy = "TLS_1_2"
  }
}

resource "aws_apigatewayv2_api_mapping" "this" {
  count = var.domain == null ? 0 : 1

  api_id      = aws_apigatewayv2_api.this.id
  domain_name = aws_apigatewayv2_domain_name.this[0].id
  stage       = aws_apigatewayv2_stage.this.id
}

resource "aws_route53_record" "this" {
  for_each = try(var.domain.zone_id, null) == null ? [] : toset(["A", "AAAA"])

  zone_id = var.domain.zone_id
  name    = var.domain.name
  type    = each.key

  alias {
    name                   = aws_apigatewayv2_domain_name.this[0].domain_name_configuration[0].target_domain_name
    zone_id                = aws_apigatewayv2_domain_name.this[0].domain_name_configuration[0].hosted_zone_id
    evaluate_target_health = false
  }
}
