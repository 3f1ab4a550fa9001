namespace AllowlistSync.ProofScore.Cases;

/// <summary>Finds the sets that lie beside a file of rules.</summary>
internal static class IpsetFiles
{
    /// <summary>
    /// <c>FILE.ipset</c>, else that of a shorter stem: <c>bans.ipset</c> serves <c>bans.v4.rules</c> and <c>bans.v6.rules</c>. The first that is
    /// there; when none is, <c>FILE.ipset</c>.
    /// </summary>
    /// <param name="rules">The path of the rules.</param>
    internal static string Beside(string rules)
    {
        var folder = Path.GetDirectoryName(rules) ?? "";
        for (var stem = Path.GetFileName(rules); stem.Length > 0; stem = Path.GetFileNameWithoutExtension(stem))
        {
            var sets = Path.Combine(folder, stem + ".ipset");
            if (File.Exists(sets))
            {
                return sets;
            }

            if (!Path.HasExtension(stem))
            {
                break;
            }
        }

        return rules + ".ipset";
    }
}
