mock_provider "aws" {
  mock_resource "aws_sesv2_email_identity" {
    defaults = { dkim_signing_attributes = { tokens = ["one", "two", "three"] } }
  }
}

variables {
  region   = "eu-central-1"
  identity = "example.com"
}

run "a_domain" {
  assert {
    condition = jsonencode(output.dns_records) == jsonencode([
      { name = "one._domainkey.example.com", type = "CNAME", value = "one.dkim.amazonses.com" },
      { name = "two._domainkey.example.com", type = "CNAME", value = "two.dkim.amazonses.com" },
      { name = "three._domainkey.example.com", type = "CNAME", value = "three.dkim.amazonses.com" },
      { name = "bounce.example.com", type = "MX", value = "10 feedback-smtp.eu-central-1.amazonses.com" },
      { name = "bounce.example.com", type = "TXT", value = "v=spf1 include:amazonses.com ~all" },
    ])
    error_message = "The records for DKIM and MAIL FROM are told."
  }

  assert {
    condition     = length(aws_route53_record.dkim) + length(aws_route53_record.other) == 0
    error_message = "No record is made without a zone."
  }
}

run "a_domain_with_a_zone" {
  variables {
    zone_id = "Z1"
    dmarc   = "v=DMARC1; p=none"
  }

  assert {
    condition     = length(aws_route53_record.dkim) == 3 && keys(aws_route53_record.other) == ["dmarc", "mail_from_mx", "mail_from_spf"]
    error_message = "The zone has all records."
  }

  assert {
    condition     = aws_route53_record.other["dmarc"].name == "_dmarc.example.com" && aws_sesv2_email_identity_mail_from_attributes.this[0].mail_from_domain == "bounce.example.com"
    error_message = "DMARC is for the domain, MAIL FROM is a subdomain."
  }
}

run "a_region_with_a_dkim_domain_of_its_own" {
  variables {
    region = "eu-south-1"
  }

  assert {
    condition     = output.dns_records[0].value == "one.dkim.eu-south-1.amazonses.com"
    error_message = "The records lead to the region's domain."
  }
}

run "an_address" {
  variables {
    identity = "team@example.com"
    zone_id  = "Z1"
  }

  assert {
    condition     = length(output.dns_records) == 0 && length(aws_route53_record.dkim) == 0 && length(aws_sesv2_email_identity_mail_from_attributes.this) == 0
    error_message = "An address is verified by a mail, and needs no records."
  }
}

run "a_record_that_is_not_dmarc" {
  command = plan
  variables {
    identity = "team@example.com"
    dmarc    = "p=none"
  }
  expect_failures = [var.dmarc]
}
