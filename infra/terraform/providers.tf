terraform {
  required_version = ">= 1.11" # for `use_lockfile`, with a state in S3

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }

  # Set the place of the state with a backend block and `terraform init -backend-config=…`. By default it is a file in
  # this folder.
}

provider "aws" {
  region = var.region
}
