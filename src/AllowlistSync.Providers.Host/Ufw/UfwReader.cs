using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Ufw;

/// <summary>Reads ufw's files and what iptables-save prints. Pure. What is not understood is a failure that names the place, never an empty answer.</summary>
public static class UfwReader
{
    /// <summary>Reads a file of the user's rules.</summary>
    public static UfwRulesFile ReadRules(string text, IpFamily family)
    {
        var lines = Lines(text);
        var rulesAt = Require(lines, family, "### RULES ###");
        RequireShape(lines, family, rulesAt);
        return new UfwRulesFile(family, lines, rulesAt, Entries(lines, rulesAt, family));
    }

    /// <summary>Reads the chain of the user's rules out of iptables-save; null when it is not there.</summary>
    public static UfwChain? ReadChain(string text, IpFamily family, string command) =>
        ChainText.Read(text, UfwPlaces.Chain(family), command) is { } lines ? new UfwChain([.. lines.Select(line => new UfwChainRule(UfwRule.Read(line, family), line))]) : null;

    /// <summary>The value of a variable of one of ufw's settings files, in lower case and without quotes, as ufw reads it (<c>_get_defaults</c>); null when it is not set.</summary>
    public static string? ReadVariable(string text, string name) => text.Split('\n').Select(line => line.Trim())
        .Where(line => line.StartsWith(name + "=", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim('"', '\'').ToLowerInvariant())
        .LastOrDefault();

    private static ImmutableArray<string> Lines(string text)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start);
            var next = end < 0 ? text.Length : end + 1;
            lines.Add(text[start..next]);
            start = next;
        }

        return lines.DrainToImmutable();
    }

    private static int Require(ImmutableArray<string> lines, IpFamily family, string what)
    {
        var at = lines.Select(line => line.Trim()).ToList().IndexOf(what);
        return at >= 0 ? at : throw Damaged(family, $"has no line `{what}`");
    }

    // A fresh file of the package has no end of the rules; one that ufw wrote has a part for logging and an end ahead of it.
    private static void RequireShape(ImmutableArray<string> lines, IpFamily family, int rulesAt)
    {
        var declaration = $":{UfwPlaces.Chain(family)} ";
        if (Require(lines, family, "*filter") > rulesAt || !lines.Take(rulesAt).Any(line => line.StartsWith(declaration, StringComparison.Ordinal)))
        {
            throw Damaged(family, $"does not begin with `*filter` and `{declaration}- [0:0]`");
        }

        if (Require(lines, family, "COMMIT") < rulesAt)
        {
            throw Damaged(family, "has its `COMMIT` ahead of its rules");
        }

        if (lines.Any(line => line.Trim() == "### LOGGING ###"))
        {
            Require(lines, family, "### END RULES ###");
        }
    }

    private static ImmutableArray<UfwEntry> Entries(ImmutableArray<string> lines, int rulesAt, IpFamily family)
    {
        var entries = ImmutableArray.CreateBuilder<UfwEntry>();
        UfwEntry? open = null;
        for (var at = rulesAt + 1; at < lines.Length; at++)
        {
            var line = lines[at];
            if (line.StartsWith('-'))
            {
                open ??= new UfwEntry(null, "", [], []);
                open = open with { Lines = open.Lines.Add(at), Rules = IsOfChain(line, family) ? open.Rules.Add(line.TrimEnd()) : open.Rules };
                continue;
            }

            Close(entries, open);
            open = UfwTuple.IsOne(line) ? new UfwEntry(UfwTuple.Read(line), line.TrimEnd(), string.IsNullOrWhiteSpace(lines[at - 1]) ? [at - 1, at] : [at], []) : null;
        }

        Close(entries, open);
        return entries.DrainToImmutable();
    }

    private static void Close(ImmutableArray<UfwEntry>.Builder entries, UfwEntry? entry)
    {
        if (entry is not null && (entry.Said.Length > 0 || !entry.Rules.IsEmpty))
        {
            entries.Add(entry);
        }
    }

    private static bool IsOfChain(string line, IpFamily family) =>
        line.Split((char[]?)null, 3, StringSplitOptions.RemoveEmptyEntries) is ["-A" or "-I" or "--append" or "--insert", var chain, ..] && chain == UfwPlaces.Chain(family);

    private static ProviderException Damaged(IpFamily family, string what) => new(
        FailureKind.Conflict,
        Aftermath.Untouched,
        $"{UfwPlaces.Rules(family)} {what}, so it is not a file that ufw wrote; it was left as it is",
        "put back a good copy, or let ufw write it again: `ufw logging low` rewrites both files from the rules that it can read (look at `ufw show added` first)");
}
