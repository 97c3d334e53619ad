# A deployment: yours to change. It reads nothing outside `infra/`.

module "organizations" {
  source = "./organizations"

  name         = var.name
  packages     = "${path.module}/../packages/${var.release}"
  architecture = var.architecture
  tags         = var.tags

  identity_provider = var.identity_provider
  cognito           = var.cognito
  domain            = var.domain
  cors_origins      = var.cors_origins
  mail              = var.mail
  product           = var.product
  alarms            = { topic_arns = var.alarm_topic_arns }

  deletion_protection = var.deletion_protection
}
