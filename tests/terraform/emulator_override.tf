# The provider, led to an emulator of AWS. ENDPOINT and QUOTAS are put in by run.sh.

provider "aws" {
  access_key                  = "test"
  secret_key                  = "test"
  max_retries                 = 2 # a call that the emulator does not know would be repeated for minutes
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
