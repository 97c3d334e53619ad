locals {
  metrics_namespace = "Organizations/${var.name}"

  # Each alarm has a runbook in the operations guide. An alarm adds up its `metrics`, or takes their maximum.
  alarms = {
    api_errors = {
      description = "The API returned five or more 5xx responses in five minutes."
      metrics = [
        { namespace = "AWS/ApiGateway", name = "5xx", dimensions = { ApiId = aws_apigatewayv2_api.this.id } },
      ]
      statistic = "Sum"
      threshold = 5
    }
    function_errors = {
      description = "Event-driven functions failed five or more times in five minutes."
      metrics = [
        for name, function in aws_lambda_function.this :
        { namespace = "AWS/Lambda", name = "Errors", dimensions = { FunctionName = function.function_name } }
        if contains(keys(local.background), name)
      ]
      statistic = "Sum"
      threshold = 5
    }
    throttles = {
      description = "DynamoDB throttled 50 or more requests to the tables in five minutes."
      metrics = flatten([for key, table in aws_dynamodb_table.this : [
        for dimensions in concat(
          [{ TableName = table.name }],
          # The table's own metrics do not include those of its indexes.
          [for index in local.tables[key].index[*] : { TableName = table.name, GlobalSecondaryIndexName = index.name }],
          ) : [
          for metric in ["ReadThrottleEvents", "WriteThrottleEvents"] :
          { namespace = "AWS/DynamoDB", name = metric, dimensions = dimensions }
        ]
      ]])
      statistic = "Sum"
      threshold = 50
    }
    lambda_throttles = {
      description = "Lambda throttled five or more calls in five minutes: the account or a function is at its limit."
      metrics     = [{ namespace = "AWS/Lambda", name = "Throttles", dimensions = {} }]
      statistic   = "Sum"
      threshold   = 5
    }
    dead_letters = {
      description = "A dead-letter queue contains events or mails that failed every retry."
      metrics = [
        for queue in concat([aws_sqs_queue.failures], values(aws_sqs_queue.failed_mail)) :
        { namespace = "AWS/SQS", name = "ApproximateNumberOfMessagesVisible", dimensions = { QueueName = queue.name } }
      ]
      statistic = "Maximum"
      threshold = 1
    }
    stream_age = {
      description = "A reader of a table's stream is at least five minutes behind."
      metrics = [
        for name, function in aws_lambda_function.this :
        { namespace = "AWS/Lambda", name = "IteratorAge", dimensions = { FunctionName = function.function_name } }
        if contains(keys(local.streams), name)
      ]
      statistic = "Maximum"
      threshold = 300000
    }
    mail_age = {
      description = "The oldest mail request has waited in the mail queue for at least 30 minutes."
      metrics = [
        for queue in aws_sqs_queue.mail :
        { namespace = "AWS/SQS", name = "ApproximateAgeOfOldestMessage", dimensions = { QueueName = queue.name } }
      ]
      statistic = "Maximum"
      threshold = 1800
    }
    bounce_rate = {
      description = "At least 5 % of mails bounce. SES reviews an account at 5 %, and may pause it at 10 %."
      metrics     = [{ namespace = "AWS/SES", name = "Reputation.BounceRate", dimensions = {} }]
      statistic   = "Average"
      threshold   = 0.05
    }
    complaint_rate = {
      description = "The complaint rate is at least 0.1 %. SES reviews an account at 0.1 %, and may pause it at 0.5 %."
      metrics     = [{ namespace = "AWS/SES", name = "Reputation.ComplaintRate", dimensions = {} }]
      statistic   = "Average"
      threshold   = 0.001
    }
  }

  # Alarms on the metrics that the functions write themselves (METRICS_NAMESPACE).
  own_alarms = var.metrics ? {
    internal_errors   = { metric = "InternalErrors", threshold = 1 }
    policy_errors     = { metric = "PolicyErrors", threshold = 1 }
    count_differences = { metric = "CountDifferences", threshold = 1 }
    mail_failures     = { metric = "MailFailures", threshold = 5 }
    failed_records    = { metric = "FailedRecords", threshold = 10 }
  } : {}
  own_alarm_descriptions = {
    internal_errors   = "A request or an event failed with an internal error."
    policy_errors     = "A Cedar policy could not be evaluated, so the request was denied."
    count_differences = "A stored member or owner count is wrong."
    mail_failures     = "SES did not accept five or more mails in five minutes."
    failed_records    = "Functions returned ten or more stream records or mail requests for a retry in five minutes."
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = {
    for name, alarm in local.alarms : name => alarm if var.alarms.enabled && length(alarm.metrics) > 0
  }

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

# An hourly job that did not run.
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
  alarm_description   = "The account uses at least 80 % of its Lambda concurrency in this region. Runbook: concurrency."
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
  alarm_description   = "${local.own_alarm_descriptions[each.key]} Runbook: ${replace(each.key, "_", "-")}."
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
