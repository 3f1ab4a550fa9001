variable "other" { default = ["1.1.1.1/32"] }
variable "allow" {
  type = list(string)
  default = ["9.0.0.0/8"] /* c */
}
