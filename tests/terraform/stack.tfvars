# A stack for the emulator. The emulator does not support configuration sets of SES version 2, and returns other tags for
# them than it received. Only `terraform test` tests that part of the module.

region              = "eu-central-1"
architecture        = "x86_64"
deletion_protection = false
cors_origins        = ["https://app.example.com"]
tags                = { team = "platform" }

identity_provider = {
  issuer    = "https://id.example.com/"
  audiences = ["api"]
  page      = { client_id = "page" }
}

mail = {
  sender          = "team@example.com"
  sender_name     = "Example"
  manage_feedback = false
}

product = {
  name    = "Example"
  app_url = "https://app.example.com"
}
