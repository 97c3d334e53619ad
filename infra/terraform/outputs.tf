output "organizations" {
  description = "All outputs of the module."
  value       = module.organizations
}
