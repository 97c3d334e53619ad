# One role per function, with only the statements that its grants in routes.json need.

locals {
  # The resources of a statement, by its table in routes.json, or by the first word of its grant.
  resources = {
    "core"         = [aws_dynamodb_table.this["core"].arn]
    "core/listing" = ["${aws_dynamodb_table.this["core"].arn}/index/listing"]
    "usage"        = [aws_dynamodb_table.this["usage"].arn]
    "events"       = [aws_cloudwatch_event_bus.this.arn]
    # In the SES sandbox, SES also authorizes the recipient's identity: the address if it is verified, or else its
    # domain. So the statement allows every identity, and the condition limits the sender.
    "mail" = concat(
      ["arn:${local.partition}:ses:${local.region}:${local.account}:identity/*"],
      [
        for set in local.configuration_set[*] :
        "arn:${local.partition}:ses:${local.region}:${local.account}:configuration-set/${set}"
      ],
    )
  }
  # The conditions of statements, by the first word of the grant.
  conditions = {
    "mail" = { "ses:FromAddress" = var.mail.sender }
  }
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

resource "aws_iam_role" "function" {
  for_each = local.functions

  name                 = "${var.name}-${local.region}-${each.key}" # role names are unique across regions
  description          = each.value.description
  assume_role_policy   = data.aws_iam_policy_document.assume.json
  permissions_boundary = var.permissions_boundary
  tags                 = local.tags
}

data "aws_iam_policy_document" "function" {
  # checkov:skip=CKV_AWS_356:X-Ray has no resource names, and Lambda creates a network interface before it has one
  # checkov:skip=CKV_AWS_111:X-Ray has no resource names, and Lambda creates a network interface before it has one
  for_each = local.functions

  statement {
    sid       = "Logs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.function[each.key].arn}:*"]
  }

  dynamic "statement" {
    for_each = var.tracing ? [1] : []
    content {
      sid       = "Traces"
      actions   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
      resources = ["*"]
    }
  }

  dynamic "statement" {
    for_each = var.vpc == null ? [] : [1]
    content {
      sid = "Network"
      actions = [
        "ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:UnassignPrivateIpAddresses",
      ]
      resources = ["*"]
    }
  }

  dynamic "statement" {
    for_each = each.value.statements
    content {
      sid       = replace(title(replace(statement.value.grant, ":", " ")), " ", "")
      actions   = statement.value.actions
      resources = local.resources[coalesce(statement.value.table, split(":", statement.value.grant)[0])]

      dynamic "condition" {
        for_each = lookup(local.conditions, split(":", statement.value.grant)[0], {})
        content {
          test     = "StringEquals"
          variable = condition.key
          values   = [condition.value]
        }
      }
    }
  }

  dynamic "statement" {
    for_each = try([local.streams[each.key]], [])
    content {
      sid = "Stream"
      actions = [
        "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams",
      ]
      resources = [aws_dynamodb_table.this[statement.value.table].stream_arn]
    }
  }

  dynamic "statement" {
    for_each = contains(keys(local.mail), each.key) ? [1] : []
    content {
      sid       = "Queue"
      actions   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
      resources = [aws_sqs_queue.mail[each.key].arn]
    }
  }

  dynamic "statement" {
    for_each = contains(keys(local.streams), each.key) ? [1] : []
    content {
      sid       = "FailedRecords"
      actions   = ["s3:ListBucket", "s3:PutObject"]
      resources = [aws_s3_bucket.failures.arn, "${aws_s3_bucket.failures.arn}/*"]
      condition {
        test     = "StringEquals"
        variable = "s3:ResourceAccount"
        values   = [local.account]
      }
    }
  }

  dynamic "statement" {
    for_each = contains(keys(local.unwaited), each.key) ? [1] : []
    content {
      sid       = "Failures"
      actions   = ["sqs:SendMessage"]
      resources = [aws_sqs_queue.failures.arn]
    }
  }

  dynamic "statement" {
    for_each = length(each.value.statements) > 0 || contains(keys(local.background), each.key) ? var.kms_key_arn[*] : []
    content {
      sid       = "Key"
      actions   = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]
      resources = [statement.value]
      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values = [
          for service in ["dynamodb", "s3", "sqs"] :
          "${service}.${local.region}.${data.aws_partition.this.dns_suffix}"
        ]
      }
    }
  }
}

resource "aws_iam_role_policy" "function" {
  for_each = local.functions

  name   = "grants"
  role   = aws_iam_role.function[each.key].id
  policy = data.aws_iam_policy_document.function[each.key].json
}
