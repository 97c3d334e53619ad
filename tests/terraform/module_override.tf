# The emulator reads the function of an event source back as the version that the alias points at, where AWS reads back the alias, and a
# queue's redrive policy with other spaces.

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

resource "aws_sqs_queue" "mail" {
  lifecycle {
    ignore_changes = [redrive_policy]
  }
}
