namespace AllowlistSync.Configuration;

/// <summary>Writes where to listen: as one text where that says all.</summary>
internal static class ListenWriter
{
    internal static void Write(YamlText yaml, ListenConfig listen)
    {
        var address = listen.Address?.ToString() ?? ListenConfig.Off;
        if (listen is { Token: null, Tls: null })
        {
            yaml.Text("listen", address);
            return;
        }

        yaml.Map("listen", () =>
        {
            yaml.Text("address", address);
            yaml.Text("token", listen.Token?.ToString());
            if (listen.Tls is { } tls)
            {
                yaml.Map("tls", () =>
                {
                    yaml.Text("certificate", tls.Certificate);
                    yaml.Text("key", tls.Key);
                    yaml.Text("clientCa", tls.ClientCa);
                });
            }
        });
    }
}
