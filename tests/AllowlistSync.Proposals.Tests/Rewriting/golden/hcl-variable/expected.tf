variable "other" { default = ["1.1.1.1/32"] }
variable "allow" {
  type = list(string)
  default = [] /* c */
}
