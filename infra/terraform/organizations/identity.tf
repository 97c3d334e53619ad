# An optional user pool with hosted sign-in. Its ID tokens have `email`, `email_verified` and `name`, and its access
# tokens do not. So people call the API with ID tokens, and service clients with access tokens of their own client.
# Create the service clients outside Terraform, which would store their secrets in its state.

locals {
  scopes = {
    "usage:write"    = "Record usage"
    "usage:backfill" = "Record usage of the last 35 days"
    "usage:void"     = "Void usage"
    "access:check"   = "Ask what a member may do"
    "billing:read"   = "Read the usage of every organization and account"
    "orgs:operate"   = "Perform the operator's actions"
  }
  cognito = var.cognito == null ? null : {
    issuer    = "https://${aws_cognito_user_pool.this[0].endpoint}"
    audiences = concat([aws_cognito_user_pool_client.page[0].id], var.cognito.audiences, var.cognito.service_clients)
    claims    = { email = "email", email_verified = "email_verified", name = "name" }
    # Cognito puts the resource server's identifier before the scope.
    scope_prefix    = "${var.name}/"
    service_clients = var.cognito.service_clients
    page = {
      client_id = aws_cognito_user_pool_client.page[0].id
      scope     = "openid email profile"
      token     = "id_token"
      origins   = ["https://${aws_cognito_user_pool_domain.this[0].domain}.auth.${local.region}.amazoncognito.com"]
    }
  }
}

resource "aws_cognito_user_pool" "this" {
  count = var.cognito == null ? 0 : 1

  name                     = var.name
  deletion_protection      = var.deletion_protection ? "ACTIVE" : "INACTIVE"
  username_attributes      = ["email"]
  auto_verified_attributes = ["email"]
  mfa_configuration        = "OPTIONAL"
  user_pool_tier           = var.cognito.tier # LITE has every feature that the stack uses
  tags                     = local.tags

  username_configuration {
    case_sensitive = false
  }

  # A new address takes effect after its verification.
  user_attribute_update_settings {
    attributes_require_verification_before_update = ["email"]
  }

  software_token_mfa_configuration {
    enabled = true
  }

  password_policy {
    minimum_length                   = 12
    require_lowercase                = false
    require_numbers                  = false
    require_symbols                  = false
    require_uppercase                = false
    temporary_password_validity_days = 7
  }

  dynamic "email_configuration" {
    for_each = var.cognito.email[*]
    content {
      email_sending_account = "DEVELOPER"
      source_arn            = email_configuration.value.source_arn
      from_email_address    = email_configuration.value.from
    }
  }

  dynamic "lambda_config" {
    for_each = var.cognito.pre_token_lambda_arn[*]
    content {
      pre_token_generation = lambda_config.value
    }
  }

  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }

  admin_create_user_config {
    allow_admin_create_user_only = !var.cognito.self_sign_up
  }

  schema {
    name                = "name"
    attribute_data_type = "String"
    mutable             = true
    required            = true
    string_attribute_constraints {
      min_length = "1"
      max_length = "2048"
    }
  }
}

resource "aws_lambda_permission" "pre_token" {
  count = try(var.cognito.pre_token_lambda_arn, null) == null ? 0 : 1

  statement_id  = "${var.name}-pre-token"
  function_name = var.cognito.pre_token_lambda_arn
  action        = "lambda:InvokeFunction"
  principal     = "cognito-idp.amazonaws.com"
  source_arn    = aws_cognito_user_pool.this[0].arn
}

resource "aws_cognito_user_pool_domain" "this" {
  count = var.cognito == null ? 0 : 1

  user_pool_id = aws_cognito_user_pool.this[0].id
  domain       = var.cognito.domain_prefix
}

# The public client of the console and of the invitation page, with PKCE.
resource "aws_cognito_user_pool_client" "page" {
  count = var.cognito == null ? 0 : 1

  name                                 = "${var.name}-page"
  user_pool_id                         = aws_cognito_user_pool.this[0].id
  generate_secret                      = false
  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_flows                  = ["code"]
  allowed_oauth_scopes                 = ["openid", "email", "profile"]
  supported_identity_providers         = var.cognito.identity_providers
  callback_urls = concat(
    ["${local.public_url}/", "${local.public_url}/invitations"],
    var.cognito.callback_urls,
  )
  logout_urls                   = ["${local.public_url}/"]
  explicit_auth_flows           = ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]
  prevent_user_existence_errors = "ENABLED"
  enable_token_revocation       = true
  access_token_validity         = 60
  id_token_validity             = 60
  refresh_token_validity        = 1

  token_validity_units {
    access_token  = "minutes"
    id_token      = "minutes"
    refresh_token = "days"
  }
}

resource "aws_cognito_resource_server" "this" {
  count = var.cognito == null ? 0 : 1

  identifier   = var.name
  name         = var.name
  user_pool_id = aws_cognito_user_pool.this[0].id

  dynamic "scope" {
    for_each = local.scopes
    content {
      scope_name        = scope.key
      scope_description = scope.value
    }
  }
}
