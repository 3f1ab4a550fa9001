resource "sg" "web" {
  ingress {
    cidr_blocks = []
  }
  ingress {
    cidr_blocks = ["104.16.0.0/13"]
  }
}
