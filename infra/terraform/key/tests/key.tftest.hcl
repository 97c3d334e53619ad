mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
}

variables {
  region = "eu-central-1"
  name   = "orgs-test"
}

run "key_policy" {
  assert {
    condition = toset(flatten([
      for statement in data.aws_iam_policy_document.key.statement : [
        for principal in statement.principals : principal.identifiers
      ]
      ])) == toset([
      "arn:aws:iam::123456789012:root", "logs.eu-central-1.amazonaws.com", "events.amazonaws.com", "s3.amazonaws.com",
      "ses.amazonaws.com", "sns.amazonaws.com",
    ])
    error_message = "Only the account and these five services must be able to use the key."
  }

  assert {
    condition = alltrue([
      for statement in data.aws_iam_policy_document.key.statement :
      contains(["Account", "Describe"], statement.sid) || length(statement.condition) == 1
    ])
    error_message = "A service must be able to use the key for this stack only."
  }
}
