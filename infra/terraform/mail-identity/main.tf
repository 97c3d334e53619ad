# The SES identity of the sender: a domain or an address. SES has one per account and region, and several stacks may
# share it. So it has a state of its own, and destroying a stack never removes it.

terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

provider "aws" {
  region = var.region
}

locals {
  is_domain = !strcontains(var.identity, "@")
  mail_from = local.is_domain && var.mail_from_subdomain != null ? "${var.mail_from_subdomain}.${var.identity}" : null

  # Newer regions have a DKIM domain of their own.
  # https://docs.aws.amazon.com/general/latest/gr/ses.html#ses_dkim_domains
  own_dkim = [
    "af-south-1", "ap-northeast-3", "ap-south-2", "ap-southeast-3", "ap-southeast-5", "ca-west-1", "eu-central-2",
    "eu-south-1", "il-central-1", "me-central-1", "us-gov-east-1",
  ]
  dkim_domain = contains(local.own_dkim, var.region) ? "dkim.${var.region}.amazonses.com" : "dkim.amazonses.com"

  # DKIM signs mails. MAIL FROM with SPF proves the sending domain. DMARC tells receivers what to do with mails that
  # fail both.
  dkim = local.is_domain ? [
    for number in range(3) : {
      name  = "${aws_sesv2_email_identity.this.dkim_signing_attributes[0].tokens[number]}._domainkey.${var.identity}"
      type  = "CNAME"
      value = "${aws_sesv2_email_identity.this.dkim_signing_attributes[0].tokens[number]}.${local.dkim_domain}"
    }
  ] : []
  others = merge(
    local.mail_from == null ? {} : {
      mail_from_mx  = { name = local.mail_from, type = "MX", value = "10 feedback-smtp.${var.region}.amazonses.com" }
      mail_from_spf = { name = local.mail_from, type = "TXT", value = "v=spf1 include:amazonses.com ~all" }
    },
    local.is_domain && var.dmarc != null ? {
      dmarc = { name = "_dmarc.${var.identity}", type = "TXT", value = var.dmarc }
    } : {},
  )
}

resource "aws_sesv2_email_identity" "this" {
  email_identity = var.identity

  dynamic "dkim_signing_attributes" {
    for_each = local.is_domain ? [1] : []
    content {
      next_signing_key_length = "RSA_2048_BIT"
    }
  }
}

resource "aws_sesv2_email_identity_mail_from_attributes" "this" {
  count = local.mail_from == null ? 0 : 1

  email_identity         = aws_sesv2_email_identity.this.email_identity
  mail_from_domain       = local.mail_from
  behavior_on_mx_failure = "USE_DEFAULT_VALUE" # without the record, SES still sends mails, from its own domain
}

resource "aws_route53_record" "dkim" {
  count = var.zone_id != null && local.is_domain ? 3 : 0

  zone_id = var.zone_id
  name    = local.dkim[count.index].name
  type    = local.dkim[count.index].type
  ttl     = 3600
  records = [local.dkim[count.index].value]
}

resource "aws_route53_record" "other" {
  for_each = var.zone_id == null ? {} : local.others

  zone_id = var.zone_id
  name    = each.value.name
  type    = each.value.type
  ttl     = 3600
  records = [each.value.value]
}
