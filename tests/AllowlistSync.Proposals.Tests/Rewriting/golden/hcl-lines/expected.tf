# top
resource "aws_security_group_rule" "web" {
  description = "say ${upper("a{\"}")} # no"
  cidr_blocks = [
    "104.16.0.0/13",
    # the big one
    "173.245.48.0/20", // keep
  ]
}
