# Two roles for the deploy workflow: `plan` may only read, and `apply` may change the stack. Only one GitHub environment
# of one repository can assume each role, by OpenID Connect, so GitHub stores no access key.
#
# This is an example: review the permissions of `apply` before you use it. They cover a stack with the module's
# defaults, and `cognito`. A key of your own, an archive in S3, a zone, an edge, a VPC and a permissions boundary need
# more.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

provider "aws" {
  region = var.region
}

variable "region" {
  description = "The region of the stack."
  type        = string
}

variable "stack" {
  description = <<-EOT
    The stack, as the workflow names it: staging or production. Its environments are `<stack>-plan` and `<stack>`, and
    its name is `organizations-<stack>`.
  EOT
  type        = string
}

variable "repository" {
  description = "The GitHub repository, as owner/name."
  type        = string

  validation {
    condition     = can(regex("^[^/*]+/[^/*]+$", var.repository))
    error_message = "repository must be owner/name, without a wildcard."
  }
}

variable "state_bucket" {
  description = "The bucket that holds the state."
  type        = string
}

variable "cognito" {
  description = <<-EOT
    Set this to true if your stack sets `cognito`. The two roles then get the permissions for the user pool. The
    plan role can then read the secrets of the pool's clients.
  EOT
  type        = bool
  default     = false
}

variable "make_provider" {
  description = "Whether to create GitHub's OpenID Connect provider. An account can have only one."
  type        = bool
  default     = true
}

data "aws_caller_identity" "this" {}
data "aws_partition" "this" {}

locals {
  account = data.aws_caller_identity.this.account_id
  arn     = "arn:${data.aws_partition.this.partition}"
  name    = "organizations-${var.stack}"
  issuer  = "token.actions.githubusercontent.com"
  roles   = { plan = "${var.stack}-plan", apply = var.stack }
  state   = "${local.arn}:s3:::${var.state_bucket}"
}

resource "aws_iam_openid_connect_provider" "github" {
  count = var.make_provider ? 1 : 0

  url            = "https://${local.issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_policy_document" "trust" {
  # checkov:skip=CKV_AWS_358:the subject names one repository and environment; the check cannot read interpolated names
  for_each = local.roles

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["${local.arn}:iam::${local.account}:oidc-provider/${local.issuer}"]
    }
    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:sub"
      values   = ["repo:${var.repository}:environment:${each.value}"]
    }
  }
}

resource "aws_iam_role" "this" {
  for_each = local.roles

  name                 = "${local.name}-${var.region}-${each.key}"
  description          = "GitHub Actions: ${each.key} of ${local.name}"
  assume_role_policy   = data.aws_iam_policy_document.trust[each.key].json
  max_session_duration = 3600
  depends_on           = [aws_iam_openid_connect_provider.github]
}

data "aws_iam_policy_document" "plan" {
  # checkov:skip=CKV_AWS_107:the role may describe user pools only if the stack has one
  # checkov:skip=CKV_AWS_356:most of these actions support no resource names; none of them reads the data of a table

  statement {
    sid = "Describe"
    actions = [
      "apigateway:GET", "cloudwatch:Describe*", "cloudwatch:Get*", "cloudwatch:List*", "dynamodb:Describe*",
      "dynamodb:List*", "events:Describe*", "events:List*", "iam:Get*", "iam:List*", "lambda:Get*", "lambda:List*",
      "logs:Describe*", "logs:List*", "s3:GetBucket*", "s3:Get*Configuration", "s3:ListBucket",
      "s3:ListTagsForResource", "servicequotas:GetAWSDefaultServiceQuota", "servicequotas:GetServiceQuota", "ses:Get*",
      "ses:List*", "sns:Get*", "sns:List*", "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags",
    ]
    resources = ["*"]
  }

  # DescribeUserPoolClient returns the client's secret.
  dynamic "statement" {
    for_each = var.cognito ? [1] : []
    content {
      sid       = "DescribePool"
      actions   = ["cognito-idp:Describe*", "cognito-idp:Get*", "cognito-idp:List*"]
      resources = ["*"]
    }
  }

  statement {
    sid       = "ReadState"
    actions   = ["s3:GetObject"]
    resources = ["${local.state}/${local.name}.tfstate"]
  }

  statement {
    sid       = "LockState"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    resources = ["${local.state}/${local.name}.tfstate.tflock"]
  }
}

data "aws_iam_policy_document" "apply" {
  # checkov:skip=CKV_AWS_356:the ids of APIs, event source mappings and user pools are unknown before they exist
  # checkov:skip=CKV_AWS_109:roles are limited to the names of the stack
  # checkov:skip=CKV_AWS_111:the ids of APIs, event source mappings and user pools are unknown before they exist

  source_policy_documents = [data.aws_iam_policy_document.plan.json]

  statement {
    sid       = "WriteState"
    actions   = ["s3:PutObject"]
    resources = ["${local.state}/${local.name}.tfstate"]
  }

  statement {
    sid = "Named"
    actions = [
      "cloudwatch:DeleteAlarms", "cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard", "cloudwatch:PutMetricAlarm",
      "cloudwatch:TagResource", "cloudwatch:UntagResource", "dynamodb:CreateTable", "dynamodb:DeleteTable",
      "dynamodb:TagResource", "dynamodb:UntagResource", "dynamodb:UpdateContinuousBackups",
      "dynamodb:UpdateContributorInsights", "dynamodb:UpdateTable", "dynamodb:UpdateTimeToLive",
      "events:CreateEventBus", "events:DeleteEventBus", "events:DeleteRule", "events:PutRule", "events:PutTargets",
      "events:RemoveTargets", "events:TagResource", "events:UntagResource", "events:UpdateEventBus", "iam:CreateRole",
      "iam:DeleteRole", "iam:DeleteRolePolicy", "iam:PutRolePolicy", "iam:TagRole", "iam:UntagRole",
      "iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "lambda:*", "logs:CreateLogGroup", "logs:DeleteLogGroup",
      "logs:PutRetentionPolicy", "logs:TagResource", "logs:UntagResource", "s3:CreateBucket", "s3:DeleteBucket",
      "s3:PutBucket*", "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration", "s3:TagResource",
      "s3:UntagResource", "sns:CreateTopic", "sns:DeleteTopic", "sns:SetTopicAttributes", "sns:Subscribe",
      "sns:TagResource", "sns:Unsubscribe", "sns:UntagResource", "sqs:CreateQueue", "sqs:DeleteQueue",
      "sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:UntagQueue",
    ]
    resources = [
      "${local.arn}:cloudwatch:${var.region}:${local.account}:alarm:${local.name}-*",
      "${local.arn}:cloudwatch::${local.account}:dashboard/${local.name}*",
      "${local.arn}:dynamodb:${var.region}:${local.account}:table/${local.name}-*",
      "${local.arn}:events:${var.region}:${local.account}:event-bus/${local.name}",
      "${local.arn}:events:${var.region}:${local.account}:rule/${local.name}*",
      "${local.arn}:iam::${local.account}:role/${local.name}-${var.region}-*",
      "${local.arn}:lambda:${var.region}:${local.account}:function:${local.name}-*",
      "${local.arn}:logs:${var.region}:${local.account}:log-group:/aws/lambda/${local.name}-*",
      "${local.arn}:logs:${var.region}:${local.account}:log-group:/aws/vendedlogs/apigateway/${local.name}*",
      "${local.arn}:s3:::${local.name}-*",
      "${local.arn}:sns:${var.region}:${local.account}:${local.name}-*",
      "${local.arn}:sqs:${var.region}:${local.account}:${local.name}-*",
    ]
  }

  statement {
    sid = "Unnamed"
    actions = [
      "apigateway:DELETE", "apigateway:PATCH", "apigateway:POST", "apigateway:PUT", "apigateway:TagResource",
      "lambda:CreateEventSourceMapping", "lambda:DeleteEventSourceMapping", "lambda:UpdateEventSourceMapping",
      "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:DeleteLogDelivery", "logs:PutResourcePolicy",
      "logs:UpdateLogDelivery", "ses:CreateConfigurationSet", "ses:CreateConfigurationSetEventDestination",
      "ses:DeleteConfigurationSet", "ses:DeleteConfigurationSetEventDestination", "ses:PutConfigurationSet*",
      "ses:TagResource", "ses:UpdateConfigurationSetEventDestination",
    ]
    resources = ["*"]
  }

  dynamic "statement" {
    for_each = var.cognito ? [1] : []
    content {
      sid = "Pool"
      actions = [
        "cognito-idp:CreateResourceServer", "cognito-idp:CreateUserPool", "cognito-idp:CreateUserPoolClient",
        "cognito-idp:CreateUserPoolDomain", "cognito-idp:DeleteResourceServer", "cognito-idp:DeleteUserPool",
        "cognito-idp:DeleteUserPoolClient", "cognito-idp:DeleteUserPoolDomain", "cognito-idp:SetUserPoolMfaConfig",
        "cognito-idp:TagResource", "cognito-idp:UpdateResourceServer", "cognito-idp:UpdateUserPool",
        "cognito-idp:UpdateUserPoolClient",
      ]
      resources = ["*"]
    }
  }

  statement {
    sid       = "Tags"
    actions   = ["lambda:TagResource", "lambda:UntagResource"]
    resources = ["${local.arn}:lambda:${var.region}:${local.account}:event-source-mapping:*"]
  }

  statement {
    sid       = "Pass"
    actions   = ["iam:PassRole"]
    resources = ["${local.arn}:iam::${local.account}:role/${local.name}-${var.region}-*"]
    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["lambda.amazonaws.com"]
    }
  }

  # The role cannot change the two roles of this file. It can still create a role for a function and deploy that
  # function, so it has every permission that it can give to such a role. Protect the environment, and use a permissions
  # boundary if that is too much.
  statement {
    sid     = "NotItself"
    effect  = "Deny"
    actions = ["iam:*"]
    resources = [
      for role in keys(local.roles) : "${local.arn}:iam::${local.account}:role/${local.name}-${var.region}-${role}"
    ]
  }
}

resource "aws_iam_role_policy" "this" {
  for_each = { plan = data.aws_iam_policy_document.plan.json, apply = data.aws_iam_policy_document.apply.json }

  name   = each.key
  role   = aws_iam_role.this[each.key].id
  policy = each.value
}

output "roles" {
  description = "The ARN of each role, by environment, for its variable AWS_ROLE."
  value       = { for name, role in aws_iam_role.this : local.roles[name] => role.arn }
}
