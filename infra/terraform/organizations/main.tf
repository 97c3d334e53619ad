# Reads the generated files routes.json and tables.json, and groups the functions by their trigger.

data "aws_caller_identity" "this" {}
data "aws_partition" "this" {}
data "aws_region" "this" {}

# A new account may run 10 functions at once, and background functions alone can use most of them.
data "aws_servicequotas_service_quota" "concurrent_executions" {
  count = var.check_concurrency ? 1 : 0

  service_code = "lambda"
  quota_code   = "L-B99A9384"
}

check "concurrency" {
  assert {
    condition = try(data.aws_servicequotas_service_quota.concurrent_executions[0].value >= 100, true)
    error_message = join(" ", [
      "This account may run fewer than 100 functions at once in this region.",
      "Request a higher quota (Service Quotas, Lambda, concurrent executions) before people use the stack.",
    ])
  }
}

locals {
  functions = {
    for function in jsondecode(file("${path.module}/../../routes.json")).functions : function.name => function
  }
  tables = { for table in jsondecode(file("${path.module}/../../tables.json")).tables : table.name => table }

  # The API's routes, each with its function.
  routes = merge([
    for name, function in local.functions : merge(
      {
        for http in try([function.trigger.http], []) :
        "${http.method} ${http.path}" => { function = name, authorizer = http.authorizer }
      },
      {
        for pair in try(setproduct(function.trigger.page.methods, function.trigger.page.paths), []) :
        "${pair[0]} ${pair[1]}" => { function = name, authorizer = false }
      },
    )
  ]...)
  # The functions that answer requests, each with its routes.
  requests = { for route, to in local.routes : to.function => route... }
  triggers = {
    for kind in ["stream", "mail_queue", "sns", "schedule"] : kind => {
      for name, function in local.functions : name => function.trigger[kind] if can(function.trigger[kind])
    }
  }
  streams   = local.triggers.stream
  mail      = local.triggers.mail_queue
  feedback  = local.triggers.sns
  schedules = local.triggers.schedule
  # Functions that AWS invokes asynchronously, with retries.
  unwaited = merge(local.feedback, local.schedules)
  # Event-driven functions: no caller waits for their response.
  background = merge(local.streams, local.mail, local.unwaited)

  account   = data.aws_caller_identity.this.account_id
  partition = data.aws_partition.this.partition
  region    = data.aws_region.this.id # `id` is the region's name in provider 5.x and 6.x
  tags      = merge(var.tags, { "organizations:stack" = var.name })

  public_url = (
    var.edge != null ? "https://${var.edge.name}" :
    var.domain != null ? "https://${var.domain.name}" : aws_apigatewayv2_api.this.api_endpoint
  )
  identity = var.cognito == null ? var.identity_provider : local.cognito
}
