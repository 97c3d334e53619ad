# Tests the resources of a stack with a mocked provider. The caller sets `packages`, the path of the archive.

mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
  mock_data "aws_region" {
    defaults = { id = "eu-central-1", name = "eu-central-1" }
  }
  mock_data "aws_servicequotas_service_quota" {
    defaults = { value = 1000 }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/mock" }
  }
  mock_resource "aws_lambda_function" {
    defaults = {
      arn     = "arn:aws:lambda:eu-central-1:123456789012:function:mock"
      version = "3"
    }
  }
  mock_resource "aws_lambda_alias" {
    defaults = {
      arn        = "arn:aws:lambda:eu-central-1:123456789012:function:mock:live"
      invoke_arn = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/mock:live/invocations"
    }
  }
  mock_resource "aws_dynamodb_table" {
    defaults = {
      arn        = "arn:aws:dynamodb:eu-central-1:123456789012:table/mock"
      stream_arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/mock/stream/now"
    }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-central-1:123456789012:log-group:mock" }
  }
  mock_resource "aws_cloudwatch_event_bus" {
    defaults = { arn = "arn:aws:events:eu-central-1:123456789012:event-bus/mock" }
  }
  mock_resource "aws_cloudwatch_event_rule" {
    defaults = { arn = "arn:aws:events:eu-central-1:123456789012:rule/mock" }
  }
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-central-1:123456789012:mock" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::orgs-test-failures" }
  }
  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:eu-central-1:123456789012:mock" }
  }
  mock_resource "aws_apigatewayv2_api" {
    defaults = {
      api_endpoint  = "https://api.example.com"
      execution_arn = "arn:aws:execute-api:eu-central-1:123456789012:mock"
    }
  }
  mock_resource "aws_cognito_user_pool" {
    defaults = {
      arn      = "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_mock"
      endpoint = "cognito-idp.eu-central-1.amazonaws.com/eu-central-1_mock"
    }
  }
  mock_resource "aws_cognito_user_pool_client" {
    defaults = { id = "page-client" }
  }
}

variables {
  name = "orgs-test"
  identity_provider = {
    issuer          = "https://id.example.com/"
    audiences       = ["api"]
    service_clients = ["meter"]
    page            = { client_id = "page" }
  }
  mail    = { sender = "team@example.com", sender_name = "Example" }
  product = { name = "Example", app_url = "https://app.example.com" }
}

run "default_stack" {
  assert {
    condition = (
      toset(keys(aws_lambda_function.this))
      == toset([for function in jsondecode(file("../../routes.json")).functions : function.name])
    )
    error_message = "Each function of routes.json must be a Lambda function."
  }

  assert {
    condition = (
      aws_apigatewayv2_route.this["POST /v1/orgs"].authorization_type == "JWT"
      && aws_apigatewayv2_route.this["POST /v1/orgs"].authorizer_id != null
    )
    error_message = "create_org must require a token."
  }

  assert {
    condition = toset([
      for route, to in aws_apigatewayv2_route.this : route if to.authorization_type == "NONE"
      ]) == toset([
      "GET /v1/health", "POST /v1/invitations/preview", "POST /v1/mail/opt-out/{token}",
      "GET /", "HEAD /", "GET /invitations", "HEAD /invitations", "GET /assets/{file}", "HEAD /assets/{file}",
    ])
    error_message = "Only these routes may have no authorizer."
  }

  assert {
    condition = (
      aws_lambda_permission.api["get_member"].source_arn
      == "arn:aws:execute-api:eu-central-1:123456789012:mock/*/GET/v1/orgs/*/members/*"
    )
    error_message = "Only a function's own route may call it."
  }

  assert {
    condition     = aws_apigatewayv2_authorizer.jwt.jwt_configuration[0].issuer == "https://id.example.com/"
    error_message = "The authorizer must have the issuer of identity_provider."
  }

  assert {
    condition = {
      for route in aws_apigatewayv2_stage.this.route_settings :
      route.route_key => [route.throttling_rate_limit, route.throttling_burst_limit]
      } == merge(
      { for route, to in aws_apigatewayv2_route.this : route => [20, 100] if to.authorization_type == "NONE" },
      { "PUT /v1/orgs/{org_id}/policies" = [1, 5] },
    )
    error_message = "set_policies and each route without a token must have limits of their own."
  }

  assert {
    condition = (
      !strcontains(aws_apigatewayv2_stage.this.access_log_settings[0].format, "$context.path")
      && !strcontains(aws_apigatewayv2_stage.this.access_log_settings[0].format, "sourceIp")
    )
    error_message = "The access log must contain no path, which can contain a secret, and no IP address."
  }

  assert {
    condition = alltrue([
      for table in aws_dynamodb_table.this : table.deletion_protection_enabled
      && table.point_in_time_recovery[0].enabled
      && table.ttl[0].attribute_name == "ttl"
    ])
    error_message = "Tables must have deletion protection, point-in-time recovery and a TTL."
  }

  assert {
    condition = (
      aws_dynamodb_table.this["core"].stream_view_type == "NEW_AND_OLD_IMAGES"
      && one(aws_dynamodb_table.this["core"].global_secondary_index).projection_type == "KEYS_ONLY"
    )
    error_message = "core must have a stream, and a keys-only index."
  }

  assert {
    condition = alltrue(flatten([
      [for function in aws_lambda_function.this : startswith(function.function_name, "orgs-test-")],
      [for role in aws_iam_role.function : startswith(role.name, "orgs-test-eu-central-1-")],
      [for table in aws_dynamodb_table.this : startswith(table.name, "orgs-test-")],
      [for alarm in aws_cloudwatch_metric_alarm.this : startswith(alarm.alarm_name, "orgs-test-")],
      [for topic in aws_sns_topic.feedback : startswith(topic.name, "orgs-test-")],
      aws_sqs_queue.failures.name == "orgs-test-failures",
      aws_cloudwatch_event_bus.this.name == "orgs-test",
      aws_sesv2_configuration_set.this[0].configuration_set_name == "orgs-test",
    ]))
    error_message = "Every name must begin with the stack's name, so that one account can have two stacks."
  }

  assert {
    condition = alltrue(flatten([
      [
        for resource in concat(
          values(aws_lambda_function.this), values(aws_iam_role.function), values(aws_dynamodb_table.this),
          values(aws_cloudwatch_log_group.function),
        ) : resource.tags["organizations:stack"] == "orgs-test"
      ],
      aws_apigatewayv2_api.this.tags["organizations:stack"] == "orgs-test",
      aws_sqs_queue.failures.tags["organizations:stack"] == "orgs-test",
    ]))
    error_message = "Every resource must have the stack's tag."
  }

  assert {
    condition = (
      aws_lambda_function.this["create_org"].environment[0].variables.SERVICE_CLIENTS == "meter"
      && aws_lambda_function.this["create_org"].environment[0].variables.OIDC_ISSUER == "https://id.example.com/"
    )
    error_message = "The environment must contain the settings."
  }

  assert {
    condition     = alltrue([for function in aws_lambda_function.this : function.reserved_concurrent_executions == -1])
    error_message = "By default, no function may reserve concurrency."
  }

  # The archive and the alias

  assert {
    condition = alltrue([
      for action, function in aws_lambda_function.this : function.handler == action
      && function.publish
      && function.filename == var.packages.path
      && function.s3_bucket == null
    ])
    error_message = "Every function must run the archive, with its action as the handler."
  }

  assert {
    condition = (
      length(toset([for function in aws_lambda_function.this : function.source_code_hash])) == 1
      && aws_lambda_function.this["health"].source_code_hash == filebase64sha256(var.packages.path)
    )
    error_message = "A new archive must publish a new version of every function."
  }

  assert {
    condition = alltrue([
      for action, alias in aws_lambda_alias.live : alias.name == "live" && alias.function_version == "3"
    ])
    error_message = "The alias must point to the deployed version."
  }

  assert {
    condition = alltrue(flatten([
      [
        for integration in aws_apigatewayv2_integration.this :
        endswith(integration.integration_uri, ":live/invocations")
      ],
      [
        for mapping in concat(
          values(aws_lambda_event_source_mapping.stream), values(aws_lambda_event_source_mapping.mail),
        ) : endswith(mapping.function_name, ":live")
      ],
      [for target in aws_cloudwatch_event_target.schedule : endswith(target.arn, ":live")],
      [for subscription in aws_sns_topic_subscription.feedback : endswith(subscription.endpoint, ":live")],
      [for config in aws_lambda_function_event_invoke_config.unwaited : config.qualifier == "live"],
      [
        for permission in concat(
          values(aws_lambda_permission.api), values(aws_lambda_permission.schedule),
          values(aws_lambda_permission.feedback),
        ) : permission.qualifier == "live"
      ],
    ]))
    error_message = "Requests, streams, schedules and feedback must call the alias."
  }

  # Least privilege

  assert {
    condition = (
      [for statement in data.aws_iam_policy_document.function["get_me"].statement : statement.sid] == ["Logs"]
    )
    error_message = "A function that reads no data must have no access to data."
  }

  assert {
    condition = toset(flatten([
      for statement in data.aws_iam_policy_document.function["create_org"].statement :
      statement.actions if !contains(["Logs", "Traces"], statement.sid)
      ])) == toset([
      "dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:ConditionCheckItem", "dynamodb:DeleteItem",
      "dynamodb:PutItem", "dynamodb:UpdateItem",
    ])
    error_message = "create_org must have only the permissions to read and commit."
  }

  assert {
    condition = contains(
      flatten([
        for statement in data.aws_iam_policy_document.function["list_members"].statement :
        statement.resources if statement.sid == "CoreSearch"
      ]),
      "arn:aws:dynamodb:eu-central-1:123456789012:table/mock/index/listing"
    )
    error_message = "list_members must have access to the index."
  }

  assert {
    condition = toset(flatten([
      for statement in data.aws_iam_policy_document.function["send_mail"].statement :
      statement.resources if statement.sid == "MailSend"
      ])) == toset([
      "arn:aws:ses:eu-central-1:123456789012:identity/*",
      "arn:aws:ses:eu-central-1:123456789012:configuration-set/orgs-test",
    ])
    error_message = "The mail permission must cover every identity: the SES sandbox checks the recipient's, too."
  }

  assert {
    condition = alltrue(flatten([for document in data.aws_iam_policy_document.function : [
      for statement in document.statement : statement.sid != "MailSend" ? true : [
        for condition in statement.condition : [condition.test, condition.variable, tolist(condition.values)]
      ] == [["StringEquals", "ses:FromAddress", tolist(["team@example.com"])]]
    ]]))
    error_message = "Functions must be able to send mail from one address only."
  }

  assert {
    condition = alltrue(flatten([for function, document in data.aws_iam_policy_document.function : [
      for statement in document.statement : !contains(statement.resources, "*")
    ]]))
    error_message = "No statement may have the resource `*`."
  }

  assert {
    condition = alltrue(flatten([
      for function, document in data.aws_iam_policy_document.function :
      [for statement in document.statement : [for action in statement.actions : !strcontains(action, "*")]]
    ]))
    error_message = "No action may have a wildcard."
  }

  # Event-driven functions

  assert {
    condition = flatten([
      for statement in data.aws_iam_policy_document.function["publish_events"].statement :
      statement.resources if statement.sid == "EventsPublish"
      ]) == [
      "arn:aws:events:eu-central-1:123456789012:event-bus/mock",
    ]
    error_message = "publish_events must have access to the stack's bus only."
  }

  assert {
    condition = (
      keys(aws_lambda_event_source_mapping.stream) == ["alert_budget", "publish_events"]
      && aws_lambda_event_source_mapping.stream["alert_budget"].maximum_batching_window_in_seconds == 15
      && aws_lambda_event_source_mapping.stream["publish_events"].bisect_batch_on_function_error
    )
    error_message = "Each table's stream must have exactly one reader, and a bad record must not block others."
  }

  assert {
    condition = (
      jsondecode(
        one(one(aws_lambda_event_source_mapping.stream["publish_events"].filter_criteria).filter).pattern
      ).eventName == ["INSERT"]
    )
    error_message = "The stream reader must read only new audit records."
  }

  assert {
    condition = (
      aws_lambda_event_source_mapping.stream["publish_events"].destination_config[0].on_failure[0].destination_arn
      == aws_s3_bucket.failures.arn
      && aws_s3_bucket_notification.failures.queue[0].queue_arn == aws_sqs_queue.failures.arn
    )
    error_message = "Failed records must go to the bucket, which notifies the queue."
  }

  assert {
    condition = (
      aws_s3_bucket_public_access_block.failures.block_public_acls
      && aws_s3_bucket_public_access_block.failures.block_public_policy
      && aws_s3_bucket_lifecycle_configuration.failures.rule[0].expiration[0].days == 30
    )
    error_message = "The records must be private, and expire after 30 days."
  }

  assert {
    condition = (
      6 * 3600 == (
        aws_sqs_queue.mail["send_mail"].visibility_timeout_seconds
        * jsondecode(aws_sqs_queue.mail["send_mail"].redrive_policy).maxReceiveCount
      )
      && aws_sqs_queue.mail["send_mail"].visibility_timeout_seconds
      >= 6 * aws_lambda_function.this["send_mail"].timeout
    )
    error_message = "The queue must retry a mail for six hours."
  }

  assert {
    condition = (
      aws_lambda_event_source_mapping.mail["send_mail"].scaling_config[0].maximum_concurrency == 2
      && toset(aws_lambda_event_source_mapping.mail["send_mail"].function_response_types)
      == toset(["ReportBatchItemFailures"])
    )
    error_message = "The mailer must run at most two batches at once, and a bad message must not block others."
  }

  assert {
    condition = (
      jsondecode(aws_cloudwatch_event_rule.mail["send_mail"].event_pattern)
      == { source = ["organizations.mail"] }
      && aws_cloudwatch_event_target.mail["send_mail"].input_path == "$.detail"
      && aws_cloudwatch_event_target.mail["send_mail"].dead_letter_config[0].arn == aws_sqs_queue.failures.arn
    )
    error_message = "The bus must send mail requests to the queue."
  }

  assert {
    condition = (
      one([
        for to in aws_sesv2_configuration_set_event_destination.feedback["record_mail_feedback"].event_destination :
        toset(to.matching_event_types)
      ]) == toset(["BOUNCE", "COMPLAINT", "DELIVERY"])
    )
    error_message = "SES must report bounces, complaints and deliveries."
  }

  assert {
    condition = (
      aws_cloudwatch_event_rule.schedule["reconcile_counts"].schedule_expression == "rate(1 hour)"
      && aws_cloudwatch_event_target.schedule["reconcile_counts"].arn == aws_lambda_alias.live["reconcile_counts"].arn
      && aws_lambda_permission.schedule["reconcile_counts"].principal == "events.amazonaws.com"
    )
    error_message = "reconcile_counts must run every hour."
  }

  assert {
    condition = (
      toset(aws_sesv2_configuration_set.this[0].suppression_options[0].suppressed_reasons)
      == toset(["BOUNCE", "COMPLAINT"])
    )
    error_message = "SES must suppress addresses that bounced or complained."
  }

  assert {
    condition = one([
      for config in aws_lambda_function_event_invoke_config.unwaited["record_mail_feedback"].destination_config :
      config.on_failure[0].destination
    ]) == aws_sqs_queue.failures.arn
    error_message = "A failed report must go to the dead-letter queue."
  }
}

run "idle_bill" {
  command = plan

  assert {
    condition = (
      length(
        aws_cloudwatch_metric_alarm.this
      ) + length(aws_cloudwatch_metric_alarm.own) + length(aws_cloudwatch_metric_alarm.schedule) == 17
      && sum([
        for alarm in local.alarms : length(alarm.metrics)
      ]) + length(aws_cloudwatch_metric_alarm.own) + length(aws_cloudwatch_metric_alarm.schedule) == 30
    )
    error_message = "The stack must have 17 alarms with 30 metrics, for $3.00 a month, as the documents state."
  }

  assert {
    condition = (
      alltrue([for function in aws_lambda_function.this : function.tracing_config[0].mode == "PassThrough"])
      && length(aws_cloudwatch_dashboard.this) + length(aws_dynamodb_contributor_insights.this) == 0
    )
    error_message = "Options that cost more must be off by default."
  }
}

run "uploaded_archive_and_rollback" {
  variables {
    rollback = 1
    packages = { path = "main.tf", bucket = "archives", key = "orgs-test/1.zip" }
  }

  assert {
    condition     = aws_s3_object.archive[0].bucket == "archives" && aws_s3_object.archive[0].source == "main.tf"
    error_message = "Terraform must upload the archive."
  }

  assert {
    condition = alltrue([
      for function in aws_lambda_function.this : function.s3_bucket == "archives"
      && function.s3_key == "orgs-test/1.zip"
      && function.filename == null
      && function.source_code_hash == filebase64sha256("main.tf")
    ])
    error_message = "Every function must run the archive in the bucket."
  }

  assert {
    condition     = alltrue([for alias in aws_lambda_alias.live : alias.function_version == "2"])
    error_message = "The alias must point to the version before."
  }

  assert {
    condition     = alltrue([for function in aws_lambda_function.this : !function.publish])
    error_message = "During a rollback, Terraform must publish no version, because that would move the alias."
  }
}

run "archive_in_s3_and_rollback_before_the_first_version" {
  variables {
    rollback = 7
    packages = { bucket = "archives", key = "organizations-0.1.0.zip" }
  }

  assert {
    condition = (
      length(aws_s3_object.archive) == 0
      && alltrue([
        for function in aws_lambda_function.this : function.s3_bucket == "archives"
        && function.s3_key == "organizations-0.1.0.zip"
      ])
    )
    error_message = "Terraform must upload nothing, and every function must run the object."
  }

  assert {
    condition     = alltrue([for alias in aws_lambda_alias.live : alias.function_version == "1"])
    error_message = "The alias must not go back beyond the first version."
  }
}

run "cognito_user_pool" {
  variables {
    identity_provider = null
    cognito = {
      domain_prefix      = "orgs-test"
      audiences          = ["app"]
      service_clients    = ["meter"]
      callback_urls      = ["https://app.example.com/signed-in"]
      identity_providers = ["COGNITO", "Google"]
      email = {
        source_arn = "arn:aws:ses:eu-central-1:123456789012:identity/example.com"
        from       = "Example <id@example.com>"
      }
      pre_token_lambda_arn = "arn:aws:lambda:eu-central-1:123456789012:function:claims"
    }
  }

  assert {
    condition = (
      toset(aws_apigatewayv2_authorizer.jwt.jwt_configuration[0].audience) == toset(["page-client", "app", "meter"])
    )
    error_message = "The authorizer must accept the page's client, the application's client and the service client."
  }

  assert {
    condition = alltrue([
      for name, value in {
        OIDC_ISSUER     = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_mock"
        OIDC_CLIENT_ID  = "page-client"
        OIDC_TOKEN      = "id_token"
        OIDC_ORIGINS    = "https://orgs-test.auth.eu-central-1.amazoncognito.com"
        SCOPE_PREFIX    = "orgs-test/"
        SERVICE_CLIENTS = "meter"
      } : aws_lambda_function.this["console"].environment[0].variables[name] == value
    ])
    error_message = "The environment must contain the settings of the pool."
  }

  assert {
    condition = (
      tolist(
        aws_cognito_user_pool_client.page[0].callback_urls
        ) == tolist([
          "https://api.example.com/",
          "https://api.example.com/invitations",
          "https://app.example.com/signed-in",
      ])
      && !aws_cognito_user_pool_client.page[0].generate_secret
    )
    error_message = "The page's client must be public, and return to the pages."
  }

  assert {
    condition = (
      toset(aws_cognito_user_pool_client.page[0].supported_identity_providers) == toset(["COGNITO", "Google"])
      && aws_cognito_user_pool.this[0].user_pool_tier == "LITE"
    )
    error_message = "The page's client must support the pool's identity providers, and the tier must be LITE."
  }

  assert {
    condition = (
      aws_cognito_user_pool.this[0].email_configuration[0].email_sending_account == "DEVELOPER"
      && aws_cognito_user_pool.this[0].email_configuration[0].from_email_address == "Example <id@example.com>"
    )
    error_message = "The pool must send its mails from your address."
  }

  assert {
    condition = (
      aws_cognito_user_pool.this[0].lambda_config[0].pre_token_generation
      == "arn:aws:lambda:eu-central-1:123456789012:function:claims"
      && aws_lambda_permission.pre_token[0].principal == "cognito-idp.amazonaws.com"
    )
    error_message = "The pool must call your function for each token, and be allowed to."
  }

  assert {
    condition = (
      toset([for scope in aws_cognito_resource_server.this[0].scope : scope.scope_name])
      == toset(["usage:write", "usage:backfill", "usage:void", "access:check", "billing:read", "orgs:operate"])
    )
    error_message = "The resource server must have the scopes of service clients."
  }
}

run "custom_domain" {
  variables {
    domain = {
      name            = "orgs.example.com"
      certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/1"
      zone_id         = "Z1"
    }
  }

  assert {
    condition = (
      aws_apigatewayv2_api.this.disable_execute_api_endpoint
      && aws_lambda_function.this["send_mail"].environment[0].variables.PUBLIC_URL
      == "https://orgs.example.com"
    )
    error_message = "Mails must link to the domain, and the API's default endpoint must be disabled."
  }

  assert {
    condition     = keys(aws_route53_record.this) == ["A", "AAAA"]
    error_message = "The zone must have both records."
  }
}

run "edge" {
  variables {
    edge = {
      name            = "orgs.example.com"
      certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/1"
      zone_id         = "Z1"
      web_acl_arn     = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/a/1"
    }
    edge_secrets = ["0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"]
  }

  assert {
    condition = (
      aws_lambda_function.this["create_org"].environment[0].variables.ORIGIN_SECRET_SHA256
      == join(",", [sha256("0123456789abcdef0123456789abcdef"), sha256("fedcba9876543210fedcba9876543210")])
    )
    error_message = "The environment must contain the hashes of both secrets."
  }

  assert {
    condition = (
      one(one(aws_cloudfront_distribution.this[0].origin).custom_header).value == "0123456789abcdef0123456789abcdef"
      && one(aws_cloudfront_distribution.this[0].origin).domain_name == "api.example.com"
      && aws_cloudfront_distribution.this[0].web_acl_id != null
    )
    error_message = "CloudFront must send the first secret to the API, and have the web ACL."
  }

  assert {
    condition = (
      alltrue([
        for response in aws_cloudfront_distribution.this[0].custom_error_response :
        response.error_caching_min_ttl == 0
      ])
      && contains(aws_cloudfront_distribution.this[0].custom_error_response[*].error_code, 404)
    )
    error_message = "CloudFront must cache no errors."
  }

  assert {
    condition = (
      aws_lambda_function.this["send_mail"].environment[0].variables.PUBLIC_URL == "https://orgs.example.com"
      && keys(aws_route53_record.edge) == ["A", "AAAA"]
    )
    error_message = "Mails must link to the edge, and the zone must have both records."
  }
}

run "customer_managed_key" {
  variables {
    kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/1"
  }

  assert {
    condition = alltrue([
      for table in aws_dynamodb_table.this :
      table.server_side_encryption[0].kms_key_arn == "arn:aws:kms:eu-central-1:123456789012:key/1"
    ])
    error_message = "The tables must use the key."
  }

  assert {
    condition = (
      contains(
        [for statement in data.aws_iam_policy_document.function["create_org"].statement : statement.sid],
        "Key"
      )
      && !contains([for statement in data.aws_iam_policy_document.function["get_me"].statement : statement.sid], "Key")
    )
    error_message = "Only functions with access to data must be able to use the key."
  }

  assert {
    condition     = aws_cloudwatch_event_bus.this.dead_letter_config[0].arn == aws_sqs_queue.failures.arn
    error_message = "An encrypted bus must send undeliverable events to the dead-letter queue."
  }
}

run "restored_table" {
  variables {
    table_names = { core = "orgs-test-core-restored" }
  }

  assert {
    condition = (
      aws_dynamodb_table.this["core"].name == "orgs-test-core-restored"
      && aws_lambda_function.this["create_org"].environment[0].variables.CORE_TABLE == "orgs-test-core-restored"
    )
    error_message = "The functions must use the restored table."
  }
}

run "external_configuration_set" {
  variables {
    mail = {
      sender            = "team@example.com"
      sender_name       = "Example"
      manage_feedback   = false
      configuration_set = "ours"
    }
  }

  assert {
    condition = (
      length(aws_sesv2_configuration_set.this) == 0
      && aws_lambda_function.this["send_mail"].environment[0].variables.SES_CONFIGURATION_SET == "ours"
    )
    error_message = "Terraform must create no configuration set, and the functions must use yours."
  }
}

run "monitoring_disabled" {
  variables {
    alarms    = { enabled = false }
    metrics   = false
    dashboard = true
  }

  assert {
    condition = (
      length(
        aws_cloudwatch_metric_alarm.this
      ) + length(aws_cloudwatch_metric_alarm.own) + length(aws_cloudwatch_metric_alarm.schedule) == 0
      && aws_lambda_function.this["health"].environment[0].variables.METRICS_NAMESPACE == ""
    )
    error_message = "There must be no alarms and no metrics."
  }

  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets) == 6
    error_message = "The dashboard must have six widgets."
  }
}

run "optional_monitoring" {
  variables {
    tracing              = true
    contributor_insights = true
    alarms               = { account_concurrency = 1000 }
  }

  assert {
    condition = (
      [for statement in data.aws_iam_policy_document.function["get_me"].statement : statement.sid]
      == ["Logs", "Traces"]
      && aws_lambda_function.this["get_me"].tracing_config[0].mode == "Active"
    )
    error_message = "With X-Ray, every function must be able to send traces."
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.concurrency[0].threshold == 800
      && keys(aws_dynamodb_contributor_insights.this) == ["core", "usage"]
    )
    error_message = "The alarm must watch for 80 percent of the quota, and both tables must have Contributor Insights."
  }
}

run "vpc_and_environment" {
  variables {
    vpc         = { subnet_ids = ["subnet-1"], security_group_ids = ["sg-1"] }
    environment = { CA_FILE = "/opt/roots.pem", CORE_TABLE = "another" }
  }

  assert {
    condition = (
      alltrue([
        for function in aws_lambda_function.this : toset(function.vpc_config[0].subnet_ids) == toset(["subnet-1"])
      ])
      && contains(
        [for statement in data.aws_iam_policy_document.function["get_me"].statement : statement.sid],
        "Network"
      )
    )
    error_message = "Every function must run in the subnets, with the permissions for it."
  }

  assert {
    condition = (
      aws_lambda_function.this["health"].environment[0].variables.CA_FILE == "/opt/roots.pem"
      && aws_lambda_function.this["health"].environment[0].variables.CORE_TABLE == "orgs-test-core"
    )
    error_message = "The environment must contain your variables, and the module's own must take precedence."
  }
}

run "new_account" {
  command = plan

  override_data {
    target = data.aws_servicequotas_service_quota.concurrent_executions[0]
    values = { value = 10 }
  }

  expect_failures = [check.concurrency]
}
