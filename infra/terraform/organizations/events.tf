# The event bus, the mail queue, the event sources and schedules of the functions, and the places for failed events.

resource "aws_sqs_queue" "failures" {
  name                              = "${var.name}-failures"
  message_retention_seconds         = 1209600
  sqs_managed_sse_enabled           = var.kms_key_arn == null ? true : null
  kms_master_key_id                 = var.kms_key_arn
  kms_data_key_reuse_period_seconds = var.kms_key_arn == null ? null : 3600
  tags                              = local.tags
}

resource "aws_cloudwatch_event_bus" "this" {
  name               = var.name
  description        = "Each committed change to an organization"
  kms_key_identifier = var.kms_key_arn
  tags               = local.tags

  # A bus with a key of your own sends events that it cannot decrypt to the queue.
  dynamic "dead_letter_config" {
    for_each = var.kms_key_arn[*]
    content {
      arn = aws_sqs_queue.failures.arn
    }
  }
}

# Stream records that failed every retry. A dead-letter queue would only hold pointers to the stream, which keeps
# records for a day. The records contain names and addresses.
resource "aws_s3_bucket" "failures" {
  # checkov:skip=CKV_AWS_18:CloudTrail records the readers; access logs would need a bucket of their own
  # checkov:skip=CKV_AWS_21:objects are written once, and deleted after 30 days
  # checkov:skip=CKV_AWS_144:a copy in another region would be another place with personal data
  # checkov:skip=CKV_AWS_145:the key is optional (kms_key_arn); the default is a key of S3
  bucket        = "${var.name}-${local.account}-${local.region}"
  force_destroy = !var.deletion_protection
  tags          = local.tags
}

resource "aws_s3_bucket_public_access_block" "failures" {
  bucket                  = aws_s3_bucket.failures.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "failures" {
  bucket = aws_s3_bucket.failures.id

  rule {
    bucket_key_enabled = var.kms_key_arn != null
    apply_server_side_encryption_by_default {
      sse_algorithm     = var.kms_key_arn == null ? "AES256" : "aws:kms"
      kms_master_key_id = var.kms_key_arn
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "failures" {
  bucket = aws_s3_bucket.failures.id

  rule {
    id     = "expire"
    status = "Enabled"
    filter {}
    expiration {
      days = 30
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}

# Each new object sends a message to the failures queue, which triggers the alarm dead-letters.
resource "aws_s3_bucket_notification" "failures" {
  bucket     = aws_s3_bucket.failures.id
  depends_on = [aws_sqs_queue_policy.failures]

  queue {
    queue_arn = aws_sqs_queue.failures.arn
    events    = ["s3:ObjectCreated:*"]
  }
}

data "aws_iam_policy_document" "failures" {
  statement {
    sid       = "Bucket"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.failures.arn]
    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_s3_bucket.failures.arn]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }

  statement {
    sid       = "Bus"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.failures.arn]
    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }
    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values = [
        "arn:${local.partition}:events:${local.region}:${local.account}:event-bus/${var.name}",
        "arn:${local.partition}:events:${local.region}:${local.account}:rule/${var.name}/*",
      ]
    }
  }
}

resource "aws_sqs_queue_policy" "failures" {
  queue_url = aws_sqs_queue.failures.url
  policy    = data.aws_iam_policy_document.failures.json
}

# The mail queue. The bus sends mail requests to it, and it retries them for hours while SES accepts no mail.

resource "aws_sqs_queue" "mail" {
  for_each = local.mail

  name                              = "${var.name}-mail"
  message_retention_seconds         = 345600 # four days, in case the function cannot run
  visibility_timeout_seconds        = each.value.visibility_seconds
  sqs_managed_sse_enabled           = var.kms_key_arn == null ? true : null
  kms_master_key_id                 = var.kms_key_arn
  kms_data_key_reuse_period_seconds = var.kms_key_arn == null ? null : 3600
  tags                              = local.tags

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.failed_mail[each.key].arn
    maxReceiveCount     = each.value.receives
  })
}

# The mail queue has its own dead-letter queue, because SQS can redrive messages only to their source queue.
resource "aws_sqs_queue" "failed_mail" {
  for_each = local.mail

  name                              = "${var.name}-failed-mail"
  message_retention_seconds         = 1209600
  sqs_managed_sse_enabled           = var.kms_key_arn == null ? true : null
  kms_master_key_id                 = var.kms_key_arn
  kms_data_key_reuse_period_seconds = var.kms_key_arn == null ? null : 3600
  tags                              = local.tags
}

resource "aws_cloudwatch_event_rule" "mail" {
  for_each = local.mail

  name           = "${var.name}-mail"
  description    = "Mail requests"
  event_bus_name = aws_cloudwatch_event_bus.this.name
  event_pattern  = jsonencode({ source = [each.value.source] })
  tags           = local.tags
}

resource "aws_cloudwatch_event_target" "mail" {
  for_each = local.mail

  rule           = aws_cloudwatch_event_rule.mail[each.key].name
  event_bus_name = aws_cloudwatch_event_bus.this.name
  arn            = aws_sqs_queue.mail[each.key].arn
  input_path     = "$.detail"

  dead_letter_config {
    arn = aws_sqs_queue.failures.arn
  }
}

data "aws_iam_policy_document" "mail" {
  for_each = local.mail

  statement {
    sid       = "Rule"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.mail[each.key].arn]
    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_cloudwatch_event_rule.mail[each.key].arn]
    }
  }
}

resource "aws_sqs_queue_policy" "mail" {
  for_each = local.mail

  queue_url = aws_sqs_queue.mail[each.key].url
  policy    = data.aws_iam_policy_document.mail[each.key].json
}

resource "aws_lambda_event_source_mapping" "mail" {
  for_each = local.mail

  event_source_arn        = aws_sqs_queue.mail[each.key].arn
  function_name           = aws_lambda_alias.live[each.key].arn
  batch_size              = each.value.batch_size
  function_response_types = ["ReportBatchItemFailures"]
  tags                    = local.tags

  scaling_config {
    maximum_concurrency = each.value.concurrency
  }
}

resource "aws_lambda_event_source_mapping" "stream" {
  for_each = local.streams

  event_source_arn                   = aws_dynamodb_table.this[each.value.table].stream_arn
  function_name                      = aws_lambda_alias.live[each.key].arn
  starting_position                  = "TRIM_HORIZON"
  batch_size                         = each.value.batch_size
  bisect_batch_on_function_error     = each.value.bisect_batch_on_error
  maximum_retry_attempts             = each.value.maximum_retry_attempts
  maximum_record_age_in_seconds      = 86400
  function_response_types            = each.value.report_batch_item_failures ? ["ReportBatchItemFailures"] : []
  maximum_batching_window_in_seconds = each.value.batching_window_seconds
  tags                               = local.tags

  filter_criteria {
    filter {
      pattern = jsonencode(each.value.filter)
    }
  }

  destination_config {
    on_failure {
      destination_arn = aws_s3_bucket.failures.arn
    }
  }
}

resource "aws_lambda_function_event_invoke_config" "unwaited" {
  for_each = local.unwaited

  function_name                = aws_lambda_function.this[each.key].function_name
  qualifier                    = aws_lambda_alias.live[each.key].name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 21600

  destination_config {
    on_failure {
      destination = aws_sqs_queue.failures.arn
    }
  }
}

resource "aws_cloudwatch_event_rule" "schedule" {
  for_each = local.schedules

  name                = "${var.name}-${each.key}"
  description         = local.functions[each.key].description
  schedule_expression = each.value.expression
  tags                = local.tags
}

resource "aws_cloudwatch_event_target" "schedule" {
  for_each = local.schedules

  rule = aws_cloudwatch_event_rule.schedule[each.key].name
  arn  = aws_lambda_alias.live[each.key].arn
}

resource "aws_lambda_permission" "schedule" {
  for_each = local.schedules

  statement_id  = "schedule"
  function_name = aws_lambda_function.this[each.key].function_name
  qualifier     = aws_lambda_alias.live[each.key].name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.schedule[each.key].arn
}
