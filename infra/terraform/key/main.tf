# A KMS key of your own for a stack, with the policy that AWS services need. It has a state of its own: if you destroy
# the stack by mistake, you can restore its data only while the key exists.

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
  description = "The region, the same as that of the stack."
  type        = string
}

variable "name" {
  description = "The stack's name."
  type        = string
}

data "aws_caller_identity" "this" {}
data "aws_partition" "this" {}

locals {
  account = data.aws_caller_identity.this.account_id
  arn     = "arn:${data.aws_partition.this.partition}"
  # The services that use the key, and the resources that they use it for.
  services = {
    logs = {
      principal = "logs.${var.region}.${data.aws_partition.this.dns_suffix}"
      variable  = "kms:EncryptionContext:aws:logs:arn"
      values = [
        "${local.arn}:logs:${var.region}:${local.account}:log-group:/aws/lambda/${var.name}-*",
        "${local.arn}:logs:${var.region}:${local.account}:log-group:/aws/vendedlogs/apigateway/${var.name}",
      ]
    }
    events = {
      principal = "events.amazonaws.com"
      variable  = "aws:SourceArn"
      values = [
        "${local.arn}:events:${var.region}:${local.account}:event-bus/${var.name}",
        "${local.arn}:events:${var.region}:${local.account}:rule/${var.name}*",
      ]
    }
    ses = {
      principal = "ses.amazonaws.com"
      variable  = "aws:SourceArn"
      values    = ["${local.arn}:ses:${var.region}:${local.account}:configuration-set/*"]
    }
    s3 = {
      principal = "s3.amazonaws.com"
      variable  = "aws:SourceArn"
      values    = ["${local.arn}:s3:::${var.name}-*"]
    }
    sns = {
      principal = "sns.amazonaws.com"
      variable  = "aws:SourceArn"
      values    = ["${local.arn}:sns:${var.region}:${local.account}:${var.name}-*"]
    }
  }
}

data "aws_iam_policy_document" "key" {
  # checkov:skip=CKV_AWS_109:a key policy applies to its own key only
  # checkov:skip=CKV_AWS_111:a key policy applies to its own key only
  # checkov:skip=CKV_AWS_356:a key policy applies to its own key only

  # IAM policies in the account can grant access to the key, too: functions get access from their roles, and key
  # administrators keep theirs.
  statement {
    sid       = "Account"
    actions   = ["kms:*"]
    resources = ["*"]
    principals {
      type        = "AWS"
      identifiers = ["${local.arn}:iam::${local.account}:root"]
    }
  }

  dynamic "statement" {
    for_each = local.services
    content {
      sid       = title(statement.key)
      actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
      resources = ["*"]
      principals {
        type        = "Service"
        identifiers = [statement.value.principal]
      }
      condition {
        test     = "ArnLike"
        variable = statement.value.variable
        values   = statement.value.values
      }
    }
  }

  # EventBridge describes the key before the bus exists, so no source can be named.
  statement {
    sid       = "Describe"
    actions   = ["kms:DescribeKey"]
    resources = ["*"]
    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }
  }
}

resource "aws_kms_key" "this" {
  description         = "Organizations: ${var.name}"
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.key.json
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.name}"
  target_key_id = aws_kms_key.this.key_id
}

output "kms_key_arn" {
  description = "The ARN of the key, for the variable `kms_key_arn` of the stack."
  value       = aws_kms_key.this.arn
}
