locals {
  metrics_namespace = "Organizations/${var.name}"

  # Each has a runbook in docs/guides/operate.md. `metrics` are added up.
  alarms = {
    api_errors = {
      description = "The API answers 5xx."
      metrics     = [{ namespace = "AWS/ApiGateway", name = "5xx", dimensions = { ApiId = aws_apigatewayv2_api.this.id } }]
      statistic   = "Sum"
      threshold   = 5
    }
    function_errors = {
      description = "A function that is driven by events fails."
      metrics     = [for name, _ in local.background : { namespace = "AWS/Lambda", name = "Errors", dimensions = { FunctionName = aws_lambda_function.this[name].function_name } }]
      statistic   = "Sum"
      threshold   = 5
    }
    throttles = {
      description = "DynamoDB throttles a table."
      metrics = flatten([for key, table in aws_dynamodb_table.this : [
        for dimensions in concat(
          [{ TableName = table.name }],
          [for index in local.tables[key].index[*] : { TableName = table.name, GlobalSecondaryIndexName = index.name }], # not counted with the table
        ) : [for metric in ["ReadThrottleEvents", "WriteThrottleEvents"] : { namespace = "AWS/DynamoDB", name = metric, dimensions = dimensions }]
      ]])
      statistic = "Sum"
      threshold = 50
    }
    lambda_throttles = {
      description = "Lambda refuses to run more functions at once: the account's limit in this region, which all functions share."
      metrics     = [{ namespace = "AWS/Lambda", name = "Throttles", dimensions = {} }]
      statistic   = "Sum"
      threshold   = 5
    }
    dead_letters = {
      description = "A dead-letter queue has messages: events or mails that failed for good."
      metrics = [for queue in concat([aws_sqs_queue.failures], values(aws_sqs_queue.failed_mail)) :
        { namespace = "AWS/SQS", name = "ApproximateNumberOfMessagesVisible", dimensions = { QueueName = queue.name } }
      ]
      statistic = "Maximum"
      threshold = 1
    }
    stream_age = {
      description = "Events wait: a reader of a table's stream is more than five minutes behind."
      metrics     = [for name, _ in local.streams : { namespace = "AWS/Lambda", name = "IteratorAge", dimensions = { FunctionName = aws_lambda_function.this[name].function_name } }]
      statistic   = "Maximum"
      threshold   = 300000
    }
    mail_age = {
      description = "A mail waits for half an hour: nothing reads the mail queue."
      metrics = [for queue in aws_sqs_queue.mail :
        { namespace = "AWS/SQS", name = "ApproximateAgeOfOldestMessage", dimensions = { QueueName = queue.name } }
      ]
      statistic = "Maximum"
      threshold = 1800
    }
    bounce_rate = {
      description = "SES reviews an account at 5 % of bounces, and may pause it at 10 %."
      metrics     = [{ namespace = "AWS/SES", name = "Reputation.BounceRate", dimensions = {} }]
      statistic   = "Average"
      threshold   = 0.05
    }
    complaint_rate = {
      description = "SES reviews an account at 0.1 % of complaints, and may pause it at 0.5 %."
      metrics     = [{ namespace = "AWS/SES", name = "Reputation.ComplaintRate", dimensions = {} }]
      statistic   = "Average"
      threshold   = 0.001
    }
  }

  # What the functions' own metrics tell (METRICS_NAMESPACE).
  own_alarms = var.metrics ? {
    internal_errors   = { description = "A request failed with an internal error (500).", metric = "InternalErrors", threshold = 1 }
    policy_errors     = { description = "A Cedar policy could not be evaluated, and denied.", metric = "PolicyErrors", threshold = 1 }
    count_differences = { description = "A stored count of members or owners is wrong.", metric = "CountDifferences", threshold = 1 }
    mail_failures     = { description = "SES rejects or throttles mails.", metric = "MailFailures", threshold = 5 }
    failed_records    = { description = "Functions return stream records or mails for a retry.", metric = "FailedRecords", threshold = 10 }
  } : {}
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = var.alarms.enabled ? { for name, alarm in local.alarms : name => alarm if length(alarm.metrics) > 0 } : {}

  alarm_name          = "${var.name}-${replace(each.key, "_", "-")}"
  alarm_description   = "${each.value.description} Runbook: ${replace(each.key, "_", "-")}."
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.threshold
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarms.topic_arns
  ok_actions          = var.alarms.topic_arns
  tags                = local.tags

  metric_query {
    id          = "all"
    expression  = each.value.statistic == "Sum" ? "SUM(METRICS())" : "MAX(METRICS())"
    label       = each.key
    return_data = true
  }

  dynamic "metric_query" {
    for_each = each.value.metrics
    content {
      id = "m${metric_query.key}"
      metric {
        namespace   = metric_query.value.namespace
        metric_name = metric_query.value.name
        dimensions  = metric_query.value.dimensions
        period      = 300
        stat        = each.value.statistic
      }
    }
  }
}

# Missed runs of the hourly jobs.
resource "aws_cloudwatch_metric_alarm" "schedule" {
  for_each = var.alarms.enabled ? local.schedules : {}

  alarm_name          = "${var.name}-${replace(each.key, "_", "-")}-missed"
  alarm_description   = "${each.key} did not run for three hours. Runbook: ${replace(each.key, "_", "-")}-missed."
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  evaluation_periods  = 3
  namespace           = "AWS/Lambda"
  metric_name         = "Invocations"
  dimensions          = { FunctionName = aws_lambda_function.this[each.key].function_name }
  period              = 3600
  statistic           = "Sum"
  treat_missing_data  = "breaching"
  alarm_actions       = var.alarms.topic_arns
  ok_actions          = var.alarms.topic_arns
  tags                = local.tags
}

resource "aws_cloudwatch_metric_alarm" "concurrency" {
  count = var.alarms.enabled && var.alarms.account_concurrency != null ? 1 : 0

  alarm_name          = "${var.name}-concurrency"
  alarm_description   = "The account uses 80 percent of its concurrent Lambda executions in this region. Runbook: concurrency."
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 0.8 * var.alarms.account_concurrency
  evaluation_periods  = 1
  namespace           = "AWS/Lambda"
  metric_name         = "ClaimedAccountConcurrency"
  period              = 300
  statistic           = "Maximum"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarms.topic_arns
  ok_actions          = var.alarms.topic_arns
  tags                = local.tags
}

resource "aws_cloudwatch_metric_alarm" "own" {
  for_each = var.alarms.enabled ? local.own_alarms : {}

  alarm_name          = "${var.name}-${replace(each.key, "_", "-")}"
  alarm_description   = "${each.value.description} Runbook: ${replace(each.key, "_", "-")}."
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.threshold
  evaluation_periods  = 1
  namespace           = local.metrics_namespace
  metric_name         = each.value.metric
  period              = 300
  statistic           = "Sum"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarms.topic_arns
  ok_actions          = var.alarms.topic_arns
  tags                = local.tags
}
