# Optional: CloudFront in front of the API, which applies a web ACL and caches the console's files.

resource "aws_cloudfront_distribution" "this" {
  # checkov:skip=CKV_AWS_68:a web ACL is optional (edge.web_acl_arn)
  # checkov:skip=CKV2_AWS_47:a web ACL is optional (edge.web_acl_arn)
  # checkov:skip=CKV_AWS_86:the API has an access log without paths; a log of CloudFront would contain secrets in paths
  # checkov:skip=CKV_AWS_305:a function serves the console at the root path
  # checkov:skip=CKV_AWS_310:there is one origin
  # checkov:skip=CKV_AWS_374:tokens decide who may call the API, not countries
  # checkov:skip=CKV2_AWS_32:the functions send the security headers
  count = var.edge == null ? 0 : 1

  enabled         = true
  comment         = var.name
  aliases         = [var.edge.name]
  is_ipv6_enabled = true
  http_version    = "http2and3"
  price_class     = var.edge.price_class
  web_acl_id      = var.edge.web_acl_arn
  tags            = local.tags

  origin {
    origin_id   = "api"
    domain_name = replace(aws_apigatewayv2_api.this.api_endpoint, "https://", "")

    custom_header {
      name  = "x-origin-secret"
      value = var.edge_secrets[0]
    }

    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }

  default_cache_behavior {
    target_origin_id         = "api"
    viewer_protocol_policy   = "redirect-to-https"
    allowed_methods          = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
    cached_methods           = ["GET", "HEAD"]
    compress                 = true
    cache_policy_id          = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad" # CachingDisabled
    origin_request_policy_id = "b689b0a8-53d0-40ab-baf2-68738e2966ac" # AllViewerExceptHostHeader
  }

  # The name of a file changes with its content, so CloudFront may cache it.
  ordered_cache_behavior {
    path_pattern           = "/assets/*"
    target_origin_id       = "api"
    viewer_protocol_policy = "redirect-to-https"
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    compress               = true
    cache_policy_id        = "658327ea-f89d-4fab-a63d-7e88639e58f6" # CachingOptimized
  }

  # By default, CloudFront caches errors for ten seconds even with CachingDisabled, and would return one caller's error
  # to another caller.
  dynamic "custom_error_response" {
    for_each = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504]
    content {
      error_code            = custom_error_response.value
      error_caching_min_ttl = 0
    }
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    acm_certificate_arn      = var.edge.certificate_arn
    ssl_support_method       = "sni-only"
    minimum_protocol_version = "TLSv1.2_2021"
  }
}

resource "aws_route53_record" "edge" {
  for_each = try(var.edge.zone_id, null) == null ? [] : toset(["A", "AAAA"])

  zone_id = var.edge.zone_id
  name    = var.edge.name
  type    = each.key

  alias {
    name                   = aws_cloudfront_distribution.this[0].domain_name
    zone_id                = aws_cloudfront_distribution.this[0].hosted_zone_id
    evaluate_target_health = false
  }
}
