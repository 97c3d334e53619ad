# A deployment, for you to change. It reads nothing outside `infra/`.

locals {
  archive = "${path.module}/../packages/${var.release}/bootstrap.zip"
  # With a bucket, Terraform uploads the archive once, under a key with its hash. Without one, it sends the archive with
  # each function.
  archive_hash = fileexists(local.archive) ? substr(filesha256(local.archive), 0, 12) : "absent"
  packages = {
    path   = local.archive
    bucket = var.packages_bucket
    key    = var.packages_bucket == null ? null : "${var.name}/${var.release}-${local.archive_hash}.zip"
  }
}

module "organizations" {
  source = "./organizations"

  name         = var.name
  packages     = local.packages
  rollback     = var.rollback
  architecture = var.architecture
  tags         = var.tags

  identity_provider = var.identity_provider
  cognito           = var.cognito
  domain            = var.domain
  edge              = var.edge
  edge_secrets      = var.edge_secrets
  cors_origins      = var.cors_origins
  mail              = var.mail
  product           = var.product
  alarms            = { topic_arns = var.alarm_topic_arns }

  throttling          = var.throttling
  kms_key_arn         = var.kms_key_arn
  table_names         = var.table_names
  deletion_protection = var.deletion_protection
}
