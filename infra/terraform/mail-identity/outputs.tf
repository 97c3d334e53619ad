output "dns_records" {
  description = "The DNS records of the identity: DKIM, MAIL FROM with SPF, and DMARC where it is set."
  value       = concat(local.dkim, values(local.others))
}
