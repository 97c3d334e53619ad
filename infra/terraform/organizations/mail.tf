locals {
  configuration_set = (
    var.mail.manage_feedback
    ? aws_sesv2_configuration_set.this[0].configuration_set_name
    : var.mail.configuration_set
  )
}

resource "aws_sesv2_configuration_set" "this" {
  count = var.mail.manage_feedback ? 1 : 0

  configuration_set_name = var.name
  tags                   = local.tags

  delivery_options {
    tls_policy = "REQUIRE"
  }

  reputation_options {
    reputation_metrics_enabled = true
  }

  sending_options {
    sending_enabled = true
  }

  suppression_options {
    suppressed_reasons = ["BOUNCE", "COMPLAINT"]
  }
}

resource "aws_sesv2_configuration_set_event_destination" "feedback" {
  for_each = var.mail.manage_feedback ? local.feedback : {}

  configuration_set_name = aws_sesv2_configuration_set.this[0].configuration_set_name
  event_destination_name = each.value.topic

  event_destination {
    enabled              = true
    matching_event_types = each.value.events

    sns_destination {
      topic_arn = aws_sns_topic.feedback[each.key].arn
    }
  }

  depends_on = [aws_sns_topic_policy.feedback]
}

resource "aws_sns_topic" "feedback" {
  # checkov:skip=CKV_AWS_26:SES cannot publish to a topic with AWS's key for SNS; your own key is optional (kms_key_arn)
  for_each = local.feedback

  name              = "${var.name}-${replace(each.value.topic, "_", "-")}"
  kms_master_key_id = var.kms_key_arn
  tags              = local.tags
}

data "aws_iam_policy_document" "feedback" {
  for_each = local.feedback

  statement {
    sid       = "Ses"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.feedback[each.key].arn]
    principals {
      type        = "Service"
      identifiers = ["ses.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values = [join("/", [
        "arn:${local.partition}:ses:${local.region}:${local.account}:configuration-set",
        local.configuration_set == null ? "*" : local.configuration_set,
      ])]
    }
  }
}

resource "aws_sns_topic_policy" "feedback" {
  for_each = local.feedback

  arn    = aws_sns_topic.feedback[each.key].arn
  policy = data.aws_iam_policy_document.feedback[each.key].json
}

resource "aws_sns_topic_subscription" "feedback" {
  for_each = local.feedback

  topic_arn = aws_sns_topic.feedback[each.key].arn
  protocol  = "lambda"
  endpoint  = aws_lambda_alias.live[each.key].arn
}

resource "aws_lambda_permission" "feedback" {
  for_each = local.feedback

  statement_id  = each.value.topic
  function_name = aws_lambda_function.this[each.key].function_name
  qualifier     = aws_lambda_alias.live[each.key].name
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.feedback[each.key].arn
}
