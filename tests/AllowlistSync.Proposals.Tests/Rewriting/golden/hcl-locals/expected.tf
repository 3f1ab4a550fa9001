locals {
  text = <<-EOT
    edge = ["x"] }
  EOT
  edge = { "v4" : ["104.16.0.0/13"], v6 = [] }
  all = concat(local.edge.v4, [])
}
