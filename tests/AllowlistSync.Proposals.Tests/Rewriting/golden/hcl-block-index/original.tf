resource "sg" "web" {
  ingress {
    cidr_blocks = []
  }
  ingress {
    cidr_blocks = []
  }
}
