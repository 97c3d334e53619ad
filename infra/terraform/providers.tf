terraform {
  required_version = ">= 1.11" # use_lockfile, for a state in S3

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }

  # Where the state is kept comes from `terraform init -backend-config=…`; without that it is a file beside this one.
}

provider "aws" {
  region = var.region
}
