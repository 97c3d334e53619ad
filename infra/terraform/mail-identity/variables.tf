variable "region" {
  description = "The region, the same as that of the stacks."
  type        = string
}

variable "identity" {
  description = "The sender's domain, such as example.com, or a single address to try SES."
  type        = string
}

variable "mail_from_subdomain" {
  description = <<-EOT
    The subdomain to which bounces return. With it, SPF passes for your own domain, so that a broken DKIM record alone
    does not fail DMARC. Null: SES's own domain.
  EOT
  type        = string
  default     = "bounce"
}

variable "dmarc" {
  description = <<-EOT
    The DMARC record, such as `v=DMARC1; p=none; rua=mailto:dmarc@example.com`. Null (the default): create no record,
    because the domain has one already or needs none.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.dmarc == null || can(regex("^v=DMARC1; *p=(none|quarantine|reject)", var.dmarc))
    error_message = "dmarc must begin with `v=DMARC1; p=none`, `p=quarantine` or `p=reject`."
  }
}

variable "zone_id" {
  description = "The Route 53 zone for the DNS records. Null: create them yourself, from the output `dns_records`."
  type        = string
  default     = null
}
