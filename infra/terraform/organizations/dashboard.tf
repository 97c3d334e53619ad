locals {
  widgets = [
    {
      title = "Requests"
      metrics = [
        ["AWS/ApiGateway", "Count", "ApiId", aws_apigatewayv2_api.this.id, { stat = "Sum" }],
        [".", "4xx", ".", ".", { stat = "Sum" }],
        [".", "5xx", ".", ".", { stat = "Sum" }],
      ]
    },
    {
      title = "Latency, p50 and p99"
      metrics = [
        ["AWS/ApiGateway", "Latency", "ApiId", aws_apigatewayv2_api.this.id, { stat = "p50" }],
        ["...", { stat = "p99" }],
      ]
    },
    {
      title = "Denials, conflicts, failed mails"
      metrics = [
        [local.metrics_namespace, "Denials", { stat = "Sum" }],
        [".", "Conflicts", { stat = "Sum" }],
        [".", "MailFailures", { stat = "Sum" }],
      ]
    },
    {
      title = "Cold starts, and their duration (ms)"
      metrics = [
        [local.metrics_namespace, "ColdStarts", { stat = "Sum" }],
        [".", "InitDuration", { stat = "p99", yAxis = "right" }],
      ]
    },
    {
      title = "Consumed capacity of the tables"
      metrics = concat([for table in aws_dynamodb_table.this : [
        for metric in ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"] :
        ["AWS/DynamoDB", metric, "TableName", table.name, { stat = "Sum" }]
      ]]...)
    },
    {
      title = "Delay of the stream readers (ms)"
      metrics = [
        for name, _ in local.streams : [
          "AWS/Lambda", "IteratorAge", "FunctionName", aws_lambda_function.this[name].function_name,
          { stat = "Maximum" },
        ]
      ]
    },
  ]
}

resource "aws_cloudwatch_dashboard" "this" {
  count = var.dashboard ? 1 : 0

  dashboard_name = var.name
  dashboard_body = jsonencode({
    widgets = [for at, widget in local.widgets : {
      type   = "metric"
      x      = at % 2 * 12
      y      = floor(at / 2) * 6
      width  = 12
      height = 6
      properties = {
        title   = widget.title
        metrics = widget.metrics
        region  = local.region
        period  = 300
        view    = "timeSeries"
      }
    }]
  })
}
