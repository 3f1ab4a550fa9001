# top
resource "aws_security_group_rule" "web" {
  description = "say ${upper("a{\"}")} # no"
  cidr_blocks = [
    "9.0.0.0/8", # old
    # the big one
    "173.245.48.0/20", // keep
  ]
}
