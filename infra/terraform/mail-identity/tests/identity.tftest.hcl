mock_provider "aws" {
  mock_resource "aws_sesv2_email_identity" {
    defaults = { dkim_signing_attributes = { tokens = ["one", "two", "three"] } }
  }
}

variables {
  region   = "eu-central-1"
  identity = "example.com"
}

run "domain" {
  assert {
    condition = jsonencode(output.dns_records) == jsonencode([
      { name = "one._domainkey.example.com", type = "CNAME", value = "one.dkim.amazonses.com" },
      { name = "two._domainkey.example.com", type = "CNAME", value = "two.dkim.amazonses.com" },
      { name = "three._domainkey.example.com", type = "CNAME", value = "three.dkim.amazonses.com" },
      { name = "bounce.example.com", type = "MX", value = "10 feedback-smtp.eu-central-1.amazonses.com" },
      { name = "bounce.example.com", type = "TXT", value = "v=spf1 include:amazonses.com ~all" },
    ])
    error_message = "The output must list the records for DKIM and MAIL FROM."
  }

  assert {
    condition     = length(aws_route53_record.dkim) + length(aws_route53_record.other) == 0
    error_message = "Without a zone, Terraform must create no record."
  }
}

run "domain_with_a_zone" {
  variables {
    zone_id = "Z1"
    dmarc   = "v=DMARC1; p=none"
  }

  assert {
    condition = (
      length(aws_route53_record.dkim) == 3
      && keys(aws_route53_record.other) == ["dmarc", "mail_from_mx", "mail_from_spf"]
    )
    error_message = "The zone must have all records."
  }

  assert {
    condition = (
      aws_route53_record.other["dmarc"].name == "_dmarc.example.com"
      && aws_sesv2_email_identity_mail_from_attributes.this[0].mail_from_domain == "bounce.example.com"
    )
    error_message = "DMARC must be a record of the domain, and MAIL FROM a subdomain."
  }
}

run "region_with_its_own_dkim_domain" {
  variables {
    region = "eu-south-1"
  }

  assert {
    condition     = output.dns_records[0].value == "one.dkim.eu-south-1.amazonses.com"
    error_message = "The records must point to the region's DKIM domain."
  }
}

run "address" {
  variables {
    identity = "team@example.com"
    zone_id  = "Z1"
  }

  assert {
    condition = (
      length(output.dns_records) == 0
      && length(aws_route53_record.dkim) == 0
      && length(aws_sesv2_email_identity_mail_from_attributes.this) == 0
    )
    error_message = "An address must have no records: SES verifies it by a mail."
  }
}

run "invalid_dmarc_record" {
  command = plan
  variables {
    identity = "team@example.com"
    dmarc    = "p=none"
  }
  expect_failures = [var.dmarc]
}
