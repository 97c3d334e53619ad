# Unknown keys, which the deployment's own variables reject.

mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
  mock_data "aws_servicequotas_service_quota" {
    defaults = { value = 1000 }
  }
}

variables {
  region            = "eu-central-1"
  identity_provider = { issuer = "https://id.example.com/", audiences = ["api"] }
  mail              = { sender = "team@example.com", sender_name = "Example" }
  product           = { name = "Example" }
}

run "every_known_key" {
  command = plan

  variables {
    identity_provider = {
      issuer          = "https://id.example.com/"
      audiences       = ["api"]
      claims          = { email = "email", email_verified = "email_verified", name = "name" }
      scope_prefix    = ""
      service_clients = ["meter"]
      page = {
        client_id = "page"
        scope     = "openid"
        token     = "id_token"
        origins   = ["https://id.example.com"]
      }
    }
    domain = {
      name            = "orgs.example.com"
      certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/1"
      zone_id         = "Z1"
    }
    mail = {
      sender            = "team@example.com"
      sender_name       = "Example"
      manage_feedback   = false
      configuration_set = "ours"
    }
    product = {
      name        = "Example"
      logo_url    = "https://example.com/logo.png"
      support_url = "mailto:help@example.com"
      app_url     = "https://app.example.com"
    }
    throttling = { rate = 10, burst = 20, open_rate = 1, open_burst = 2 }
  }

  assert {
    condition     = length(module.organizations.functions) > 0
    error_message = "The deployment must accept every key that the module knows."
  }
}

run "unknown_key_of_cognito" {
  command = plan
  variables {
    identity_provider = null
    cognito           = { domain_prefix = "orgs", audience = ["spa"] }
  }
  expect_failures = [var.cognito]
}

run "unknown_key_of_cognito_email" {
  command = plan
  variables {
    identity_provider = null
    cognito = {
      domain_prefix = "orgs"
      email = {
        source_arn = "arn:aws:ses:eu-central-1:123456789012:identity/example.com"
        sender     = "id@example.com"
      }
    }
  }
  expect_failures = [var.cognito]
}

run "unknown_key_of_identity_provider" {
  command = plan
  variables {
    identity_provider = { issuer = "https://id.example.com/", audiences = ["api"], clients = ["meter"] }
  }
  expect_failures = [var.identity_provider]
}

run "unknown_key_of_identity_provider_page" {
  command = plan
  variables {
    identity_provider = {
      issuer    = "https://id.example.com/"
      audiences = ["api"]
      page      = { client_id = "page", scopes = "openid" }
    }
  }
  expect_failures = [var.identity_provider]
}

run "unknown_key_of_identity_provider_claims" {
  command = plan
  variables {
    identity_provider = { issuer = "https://id.example.com/", audiences = ["api"], claims = { mail = "email" } }
  }
  expect_failures = [var.identity_provider]
}

run "unknown_key_of_mail" {
  command = plan
  variables { mail = { sender = "team@example.com", sender_name = "Example", identity = "example.com" } }
  expect_failures = [var.mail]
}

run "unknown_key_of_domain" {
  command = plan
  variables {
    domain = {
      name            = "orgs.example.com"
      certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/1"
      zone            = "Z1"
    }
  }
  expect_failures = [var.domain]
}

run "unknown_key_of_product" {
  command = plan
  variables { product = { name = "Example", url = "https://example.com" } }
  expect_failures = [var.product]
}

run "unknown_key_of_edge" {
  command = plan
  variables {
    edge = {
      name            = "orgs.example.com"
      certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/1"
      waf             = "a"
    }
    edge_secrets = ["0123456789abcdef0123456789abcdef"]
  }
  expect_failures = [var.edge]
}

run "unknown_key_of_throttling" {
  command = plan
  variables { throttling = { limit = 1 } }
  expect_failures = [var.throttling]
}
