  /* allowlist-sync:begin cf */
  /* allowlist-sync:end cf */
