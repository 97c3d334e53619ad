# What most deployments decide; everything else is an argument of the module (organizations/variables.tf), set in main.tf.

variable "region" {
  description = "The region."
  type        = string
}

variable "name" {
  description = "The stack: a name for each, such as organizations-staging and organizations-production."
  type        = string
  default     = "organizations"
}

variable "release" {
  description = "Which archive: `local` for a build of your own, or the version of a release that `fetch-release.sh` has fetched, such as 0.1.0."
  type        = string
  default     = "local"
}

variable "packages_bucket" {
  description = "A bucket in the same region that the archive is uploaded to, once for all functions. Absent: it is sent with each of them."
  type        = string
  default     = null
}

variable "rollback" {
  description = "How many published versions back the functions serve: 1 is what was deployed before. Set it to 0 again with the next release."
  type        = number
  default     = 0
}

variable "architecture" {
  description = "What the archive was built for: arm64 or x86_64."
  type        = string
  default     = "arm64"
}

variable "tags" {
  description = "Tags on everything."
  type        = map(string)
  default     = {}
}

variable "identity_provider" {
  description = "Your OpenID Connect provider: see organizations/variables.tf. Absent where `cognito` makes one."
  type        = any
  default     = null
}

variable "cognito" {
  description = "A user pool made with the stack: see organizations/variables.tf."
  type        = any
  default     = null
}

variable "domain" {
  description = "An own domain: see organizations/variables.tf."
  type        = any
  default     = null
}

variable "cors_origins" {
  description = "Origins whose pages may call the API from a browser."
  type        = list(string)
  default     = []
}

variable "mail" {
  description = "Whom mails come from: see organizations/variables.tf."
  type        = any
}

variable "product" {
  description = "Your product: see organizations/variables.tf."
  type        = any
}

variable "alarm_topic_arns" {
  description = "The SNS topics that alarms notify."
  type        = list(string)
  default     = []
}

variable "deletion_protection" {
  description = "Whether tables and user pool refuse to be deleted."
  type        = bool
  default     = true
}
