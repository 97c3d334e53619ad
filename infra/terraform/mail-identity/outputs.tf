output "dns_records" {
  description = "The DNS records of the identity: DKIM, MAIL FROM with SPF, and DMARC if you set it."
  value       = concat(local.dkim, values(local.others))
}
