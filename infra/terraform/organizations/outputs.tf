output "api_url" {
  description = "The URL of the API, the console and the invitation page."
  value       = local.public_url
}

output "tables" {
  description = "The names of the tables, by `core` and `usage`."
  value       = { for name, table in aws_dynamodb_table.this : name => table.name }
}

output "functions" {
  description = "The names of the functions, by action."
  value       = { for name, function in aws_lambda_function.this : name => function.function_name }
}

output "versions" {
  description = "The version of each function that the alias `live` points at."
  value       = { for name, alias in aws_lambda_alias.live : name => alias.function_version }
}

output "roles" {
  description = "The ARNs of the functions' roles, by action."
  value       = { for name, role in aws_iam_role.function : name => role.arn }
}

output "event_bus" {
  description = "The event bus with each committed change: name and ARN."
  value       = { name = aws_cloudwatch_event_bus.this.name, arn = aws_cloudwatch_event_bus.this.arn }
}

output "failures_queue_url" {
  description = "The URL of the dead-letter queue, with a message for each failed event or batch."
  value       = aws_sqs_queue.failures.url
}

output "failures_bucket" {
  description = "The bucket with the stream records that failed every retry."
  value       = aws_s3_bucket.failures.bucket
}

output "mail_queue" {
  description = "The mail queue: URL and ARN."
  value       = one([for queue in aws_sqs_queue.mail : { url = queue.url, arn = queue.arn }])
}

output "failed_mail_queue" {
  description = "The dead-letter queue of the mail queue: URL and ARN."
  value       = one([for queue in aws_sqs_queue.failed_mail : { url = queue.url, arn = queue.arn }])
}

output "mail_feedback_topic_arn" {
  description = "The SNS topic to which SES reports bounces, complaints and deliveries."
  value       = one([for topic in aws_sns_topic.feedback : topic.arn])
}

output "edge_target" {
  description = "The target for a DNS record of your own for the edge."
  value       = var.edge == null ? null : aws_cloudfront_distribution.this[0].domain_name
}

output "domain_target" {
  description = "The target for a DNS record of your own for the domain."
  value       = one(aws_apigatewayv2_domain_name.this[*].domain_name_configuration[0].target_domain_name)
}

output "cognito" {
  description = "The user pool, the public client and the domain of the hosted sign-in, if the stack creates them."
  value = var.cognito == null ? null : {
    user_pool_id   = aws_cognito_user_pool.this[0].id
    page_client_id = aws_cognito_user_pool_client.page[0].id
    domain         = aws_cognito_user_pool_domain.this[0].domain
  }
}
