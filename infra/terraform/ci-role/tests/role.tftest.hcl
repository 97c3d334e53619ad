mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/mock" }
  }
}

variables {
  region       = "eu-central-1"
  stack        = "staging"
  repository   = "example/organizations"
  state_bucket = "states"
}

run "trust_policies" {
  assert {
    condition = { for name, document in data.aws_iam_policy_document.trust : name => flatten([
      for condition in document.statement[0].condition : condition.values if endswith(condition.variable, ":sub")
      ]) } == {
      plan  = ["repo:example/organizations:environment:staging-plan"]
      apply = ["repo:example/organizations:environment:staging"]
    }
    error_message = "Only one environment of one repository must be able to assume each role."
  }
}

run "permissions_of_the_plan_role" {
  assert {
    condition = alltrue([
      for action in data.aws_iam_policy_document.plan.statement[0].actions :
      can(regex("^[a-z0-9-]+:(GET|Describe.*|Get.*|List.*)$", action))
      && !startswith(action, "dynamodb:Get") && !startswith(action, "s3:GetObject")
    ])
    error_message = "The plan role must change nothing, and read no data."
  }
}

run "repository_with_a_wildcard" {
  command = plan
  variables { repository = "example/*" }
  expect_failures = [var.repository]
}
