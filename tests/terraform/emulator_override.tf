# Points the provider at an emulator of AWS. run.sh replaces ENDPOINT and QUOTAS.

provider "aws" {
  access_key                  = "test"
  secret_key                  = "test"
  max_retries                 = 2 # the provider would retry a call that the emulator does not support for minutes
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  s3_use_path_style           = true

  endpoints {
    apigatewayv2   = "ENDPOINT"
    cloudwatch     = "ENDPOINT"
    cloudwatchlogs = "ENDPOINT"
    dynamodb       = "ENDPOINT"
    events         = "ENDPOINT"
    iam            = "ENDPOINT"
    lambda         = "ENDPOINT"
    s3             = "ENDPOINT"
    servicequotas  = "QUOTAS"
    sns            = "ENDPOINT"
    sqs            = "ENDPOINT"
    sts            = "ENDPOINT"
  }
}
