# The emulator reads a stream's function back as the version that the alias points at, where AWS reads back the alias.

resource "aws_lambda_event_source_mapping" "stream" {
  lifecycle {
    ignore_changes = [function_name]
  }
}

resource "aws_lambda_event_source_mapping" "mail" {
  lifecycle {
    ignore_changes = [function_name]
  }
}
