# Invalid settings, which a plan rejects.

mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
  mock_data "aws_servicequotas_service_quota" {
    defaults = { value = 1000 }
  }
}

variables {
  identity_provider = { issuer = "https://id.example.com/", audiences = ["api"] }
  mail              = { sender = "team@example.com", sender_name = "Example" }
  product           = { name = "Example" }
}

run "name_with_capital_letters" {
  command = plan
  variables { name = "Organizations" }
  expect_failures = [var.name]
}

run "unknown_architecture" {
  command = plan
  variables { architecture = "riscv64" }
  expect_failures = [var.architecture]
}

run "too_little_memory" {
  command = plan
  variables { memory_mb = 64 }
  expect_failures = [var.memory_mb]
}

run "unsupported_log_retention" {
  command = plan
  variables { log_retention_days = 31 }
  expect_failures = [var.log_retention_days]
}

run "unknown_table" {
  command = plan
  variables { table_names = { members = "restored" } }
  expect_failures = [var.table_names]
}

run "too_many_shards" {
  command = plan
  variables { usage_shards = 17 }
  expect_failures = [var.usage_shards]
}

run "key_alias_instead_of_arn" {
  command = plan
  variables { kms_key_arn = "alias/mine" }
  expect_failures = [var.kms_key_arn]
}

run "two_identity_providers" {
  command = plan
  variables { cognito = { domain_prefix = "orgs" } }
  expect_failures = [var.identity_provider]
}

run "issuer_without_tls" {
  command = plan
  variables { identity_provider = { issuer = "http://id.example.com/", audiences = ["api"] } }
  expect_failures = [var.identity_provider]
}

run "no_audience" {
  command = plan
  variables { identity_provider = { issuer = "https://id.example.com/", audiences = [] } }
  expect_failures = [var.identity_provider]
}

run "unknown_token" {
  command = plan
  variables {
    identity_provider = {
      issuer    = "https://id.example.com/"
      audiences = ["api"]
      page      = { client_id = "page", token = "refresh_token" }
    }
  }
  expect_failures = [var.identity_provider]
}

run "origin_with_a_wildcard" {
  command = plan
  variables { cors_origins = ["https://*.example.com"] }
  expect_failures = [var.cors_origins]
}

run "name_too_long_for_a_role_name_with_region" {
  command = plan
  variables { name = "organizations-of-the-example1" }
  expect_failures = [var.name]
}

run "sender_with_a_name" {
  command = plan
  variables { mail = { sender = "Example <team@example.com>", sender_name = "Example" } }
  expect_failures = [var.mail]
}

run "unknown_tier" {
  command = plan
  variables {
    identity_provider = null
    cognito           = { domain_prefix = "orgs", tier = "FREE" }
  }
  expect_failures = [var.cognito]
}

run "too_many_audiences_for_an_authorizer" {
  command = plan
  variables {
    identity_provider = null
    cognito = {
      domain_prefix   = "orgs"
      audiences       = [for number in range(40) : "app-${number}"]
      service_clients = [for number in range(10) : "meter-${number}"]
    }
  }
  expect_failures = [var.cognito]
}

run "callback_url_without_tls" {
  command = plan
  variables {
    identity_provider = null
    cognito           = { domain_prefix = "orgs", callback_urls = ["http://app.example.com/"] }
  }
  expect_failures = [var.cognito]
}

run "two_configuration_sets" {
  command = plan
  variables { mail = { sender = "team@example.com", sender_name = "Example", configuration_set = "ours" } }
  expect_failures = [var.mail]
}

run "app_url_without_tls" {
  command = plan
  variables { product = { name = "Example", app_url = "http://app.example.com" } }
  expect_failures = [var.product]
}

run "missing_archive_file" {
  command = plan
  variables { packages = { path = "/nowhere/bootstrap.zip" } }
  expect_failures = [aws_lambda_function.this]
}

run "bucket_without_a_key" {
  command = plan
  variables { packages = { bucket = "archives" } }
  expect_failures = [var.packages]
}

run "no_archive" {
  command = plan
  variables { packages = {} }
  expect_failures = [var.packages]
}

run "reserved_concurrency_of_an_unknown_function" {
  command = plan
  variables { reserved_concurrency = { deliver_invitation = 2 } }
  expect_failures = [var.reserved_concurrency]
}

run "fractional_rollback" {
  command = plan
  variables { rollback = 0.5 }
  expect_failures = [var.rollback]
}

run "edge_without_a_secret" {
  command = plan
  variables {
    edge = { name = "orgs.example.com", certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/1" }
  }
  expect_failures = [var.edge_secrets]
}

run "edge_with_a_short_secret" {
  command = plan
  variables {
    edge         = { name = "orgs.example.com", certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/1" }
    edge_secrets = ["short"]
  }
  expect_failures = [var.edge_secrets]
}

run "edge_with_a_certificate_in_another_region" {
  command = plan
  variables {
    edge = {
      name            = "orgs.example.com"
      certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/1"
    }
    edge_secrets = ["0123456789abcdef0123456789abcdef"]
  }
  expect_failures = [var.edge]
}
