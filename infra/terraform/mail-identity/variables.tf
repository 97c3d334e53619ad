variable "region" {
  description = "The region, the same as that of the stacks."
  type        = string
}

variable "identity" {
  description = "The domain that mails come from, such as example.com; or one address, to try it out."
  type        = string
}

variable "mail_from_subdomain" {
  description = "The subdomain that bounces return to. With it, SPF passes for your own domain too, so that one broken DKIM record does not fail DMARC. Null: SES's own domain."
  type        = string
  default     = "bounce"
}

variable "dmarc" {
  description = "The DMARC record, such as `v=DMARC1; p=none; rua=mailto:dmarc@example.com`. Null (the default): the domain has one already, or will not have one."
  type        = string
  default     = null

  validation {
    condition     = var.dmarc == null || can(regex("^v=DMARC1; *p=(none|quarantine|reject)", var.dmarc))
    error_message = "A DMARC record begins with `v=DMARC1; p=none`, `p=quarantine` or `p=reject`."
  }
}

variable "zone_id" {
  description = "The Route 53 zone in which the records are made. Null: make them yourself, from the output `dns_records`."
  type        = string
  default     = null
}
