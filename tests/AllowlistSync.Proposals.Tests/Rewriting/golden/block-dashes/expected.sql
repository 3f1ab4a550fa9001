-- allowlist-sync:begin cf
104.16.0.0/13
-- allowlist-sync:end cf
