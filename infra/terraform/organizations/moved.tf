# Resources whose key in the state is the name of a renamed function, although their name in AWS is not. Without these
# blocks, Terraform would delete the mail queue with its messages, and create a queue, rule or topic whose name still
# exists. Each function's own resources have its name in AWS, and are replaced.

moved {
  from = aws_sqs_queue.mail["deliver_invitation"]
  to   = aws_sqs_queue.mail["send_mail"]
}

moved {
  from = aws_sqs_queue.failed_mail["deliver_invitation"]
  to   = aws_sqs_queue.failed_mail["send_mail"]
}

moved {
  from = aws_sqs_queue_policy.mail["deliver_invitation"]
  to   = aws_sqs_queue_policy.mail["send_mail"]
}

moved {
  from = aws_cloudwatch_event_rule.mail["deliver_invitation"]
  to   = aws_cloudwatch_event_rule.mail["send_mail"]
}

moved {
  from = aws_cloudwatch_event_target.mail["deliver_invitation"]
  to   = aws_cloudwatch_event_target.mail["send_mail"]
}

moved {
  from = aws_lambda_event_source_mapping.mail["deliver_invitation"]
  to   = aws_lambda_event_source_mapping.mail["send_mail"]
}

moved {
  from = aws_sns_topic.feedback["record_delivery"]
  to   = aws_sns_topic.feedback["record_mail_feedback"]
}

moved {
  from = aws_sns_topic_policy.feedback["record_delivery"]
  to   = aws_sns_topic_policy.feedback["record_mail_feedback"]
}

moved {
  from = aws_sesv2_configuration_set_event_destination.feedback["record_delivery"]
  to   = aws_sesv2_configuration_set_event_destination.feedback["record_mail_feedback"]
}
