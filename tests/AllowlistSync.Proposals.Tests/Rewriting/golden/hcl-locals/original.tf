locals {
  text = <<-EOT
    edge = ["x"] }
  EOT
  edge = { "v4" : ["9.0.0.0/8"], v6 = [] }
  all = concat(local.edge.v4, [])
}
