# What the generated files say, sorted by what is made of it.

data "aws_caller_identity" "this" {}
data "aws_partition" "this" {}
data "aws_region" "this" {}

# A new account may run 10 functions at once, and background work alone can use most of them.
data "aws_servicequotas_service_quota" "concurrent_executions" {
  count = var.check_concurrency ? 1 : 0

  service_code = "lambda"
  quota_code   = "L-B99A9384"
}

check "concurrency" {
  assert {
    condition     = try(data.aws_servicequotas_service_quota.concurrent_executions[0].value >= 100, true)
    error_message = "This account may run fewer than 100 functions at once in this region. Ask for more (Service Quotas, Lambda, concurrent executions) before people use the stack."
  }
}

locals {
  functions = { for function in jsondecode(file("${path.module}/../../routes.json")).functions : function.name => function }
  tables    = { for table in jsondecode(file("${path.module}/../../tables.json")).tables : table.name => table }

  # Every request that a function answers.
  routes = merge([
    for name, function in local.functions : merge(
      { for http in try([function.trigger.http], []) : "${http.method} ${http.path}" => { function = name, authorizer = http.authorizer } },
      {
        for pair in try(setproduct(function.trigger.page.methods, function.trigger.page.paths), []) :
        "${pair[0]} ${pair[1]}" => { function = name, authorizer = false }
      },
    )
  ]...)
  # The functions that answer requests, each with its routes.
  requests  = { for route, to in local.routes : to.function => route... }
  streams   = { for name, function in local.functions : name => function.trigger.stream if can(function.trigger.stream) }
  mail      = { for name, function in local.functions : name => function.trigger.mail_queue if can(function.trigger.mail_queue) }
  feedback  = { for name, function in local.functions : name => function.trigger.sns if can(function.trigger.sns) }
  schedules = { for name, function in local.functions : name => function.trigger.schedule if can(function.trigger.schedule) }
  # What AWS calls without waiting, and tries again.
  unwaited = merge(local.feedback, local.schedules)
  # What is driven by events, and not by somebody who waits for an answer.
  background = merge(local.streams, local.mail, local.unwaited)

  account   = data.aws_caller_identity.this.account_id
  partition = data.aws_partition.this.partition
  region    = data.aws_region.this.id # the region's name in both majors: 5.x calls it `name`, 6.x `region`
  tags      = merge(var.tags, { "organizations:stack" = var.name })

  public_url = var.edge != null ? "https://${var.edge.name}" : var.domain == null ? aws_apigatewayv2_api.this.api_endpoint : "https://${var.domain.name}"
  identity   = var.cognito == null ? var.identity_provider : local.cognito
}
