# For the function of an event source, the emulator returns the version behind the alias, where AWS returns the alias.
# It also returns a queue's redrive policy with different spaces.

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
