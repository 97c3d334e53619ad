output "organizations" {
  description = "Everything that the module tells."
  value       = module.organizations
}
