resource "aws_dynamodb_table" "this" {
  # checkov:skip=CKV_AWS_119:the key is optional (kms_key_arn); the default is a key that AWS owns
  for_each = local.tables

  name                        = lookup(var.table_names, each.key, "${var.name}-${each.key}")
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = each.value.partition_key
  range_key                   = each.value.sort_key
  stream_enabled              = each.value.stream != null
  stream_view_type            = each.value.stream
  deletion_protection_enabled = var.deletion_protection
  tags                        = local.tags

  dynamic "attribute" {
    for_each = toset(compact([
      each.value.partition_key, each.value.sort_key,
      try(each.value.index.partition_key, null), try(each.value.index.sort_key, null),
    ]))
    content {
      name = attribute.value
      type = "S"
    }
  }

  dynamic "global_secondary_index" {
    for_each = each.value.index[*]
    content {
      name            = global_secondary_index.value.name
      hash_key        = global_secondary_index.value.partition_key
      range_key       = global_secondary_index.value.sort_key
      projection_type = "KEYS_ONLY"
    }
  }

  ttl {
    attribute_name = each.value.ttl
    enabled        = true
  }

  point_in_time_recovery {
    enabled = var.point_in_time_recovery
  }

  server_side_encryption {
    enabled     = var.kms_key_arn != null
    kms_key_arn = var.kms_key_arn
  }
}

resource "aws_dynamodb_contributor_insights" "this" {
  for_each = toset(var.contributor_insights ? keys(local.tables) : [])

  table_name = aws_dynamodb_table.this[each.key].name
}
