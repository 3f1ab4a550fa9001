using System.Text;
using System.Text.Json;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Core.Formats;

/// <summary>Formats for programs that read data, not configuration: no comments, so the mark is a member or a column.</summary>
internal static class DataFormats
{
    private const string Schema = "allowlist-sync/ranges/v1";
    private const string Columns = "prefix,family";
    private const string KeptColumns = "prefix,family,managedBy";

    internal static RangeFormat Json { get; } = new(
        (prefixes, label) => JsonLines([("schema", Schema), ("managedBy", label.MarkText)], prefixes, "ipv4", "ipv6"),
        (text, _, draft) => FindInJson(text, draft, "managedBy", "ipv4", "ipv6"))
    {
        Name = "json",
        Summary = "A list for each family, under ipv4 and ipv6; the schema is allowlist-sync/ranges/v1.",
        Example = "jq -r '.ipv4[]' PATH",
        HasComments = false,
        MarkForm = "\"managedBy\": \"allowlist-sync: {0}\"",
    };

    // "//" is a comment to Terraform: hcl leaves the key out of a file of values (json/structure.go, JustAttributes).
    internal static RangeFormat TerraformVariables { get; } = new(
        (prefixes, label) => JsonLines([("//", label.MarkText)], prefixes, $"{label.Name}_ipv4", $"{label.Name}_ipv6"),
        (text, name, draft) => FindInJson(text, draft, "//", $"{name}_ipv4", $"{name}_ipv6"))
    {
        Name = "terraform-tfvars",
        Summary = "Values of two variables of Terraform, called by the name and _ipv4 or _ipv6, for a file *.auto.tfvars.json.",
        Example = "variable \"cloudflare_ipv4\" { type = list(string) }",
        HasComments = false,
        UsesName = true,
        MarkForm = "\"//\": \"allowlist-sync: {0}\"",
    };

    internal static RangeFormat Csv { get; } = new(
        CsvLines,
        FindInCsv)
    {
        Name = "csv",
        Summary = "Columns prefix and family, and managedBy in a file that is kept.",
        Example = "cut -d, -f1 PATH",
        HasComments = false,
        MarkForm = "prefix,family,managedBy  (and in each row after it)  PREFIX,FAMILY,allowlist-sync: {0}",
    };

    private static IEnumerable<string> JsonLines((string Key, string? Value)[] texts, IReadOnlyList<IpPrefix> all, string key4, string key6) =>
    [
        "{",
        .. texts.Where(text => text.Value is not null).Select(text => $"  \"{text.Key}\": \"{text.Value}\","),
        .. JsonArray(key4, all.Where(prefix => prefix.Family == IpFamily.IPv4), ","),
        .. JsonArray(key6, all.Where(prefix => prefix.Family == IpFamily.IPv6), ""),
        "}",
    ];

    private static IEnumerable<string> JsonArray(string key, IEnumerable<IpPrefix> prefixes, string after)
    {
        var lines = prefixes.Select(prefix => $"    \"{prefix}\"").ToList();
        return lines.Count > 0
            ? [$"  \"{key}\": [", .. lines.SkipLast(1).Select(line => line + ","), lines[^1], $"  ]{after}"]
            : [$"  \"{key}\": []{after}"];
    }

    private static void FindInJson(string text, RangeFileDraft draft, string markKey, string key4, string key6)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
        string? key = null;
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        key = reader.CurrentDepth == 1 ? reader.GetString() : null;
                        break;
                    case JsonTokenType.String when key == markKey && reader.CurrentDepth == 1:
                        draft.Mark ??= RangeFileLabel.MarkOf(reader.GetString());
                        break;
                    case JsonTokenType.String when (key == key4 || key == key6) && reader.CurrentDepth == 2:
                        draft.Add(reader.GetString());
                        break;
                }
            }
        }
        catch (Exception notJson) when (notJson is JsonException or InvalidOperationException)
        {
            FindInLines(text, draft, $"\"{markKey}\": \"");
        }
    }

    // A text that somebody damaged is no JSON any more. It is read by its lines, so that the mark holds, and the damage is told from the rest.
    private static void FindInLines(ReadOnlySpan<char> text, RangeFileDraft draft, string markStart)
    {
        foreach (var line in text.EnumerateLines())
        {
            var content = line.Trim().TrimEnd(',');
            if (content.Length > markStart.Length && content.StartsWith(markStart, StringComparison.Ordinal) && content[^1] == '"')
            {
                draft.Mark ??= RangeFileLabel.MarkOf(content[markStart.Length..^1]);
            }
            else if (content.Length > 2 && content[0] == '"' && content[^1] == '"')
            {
                draft.Add(content[1..^1]);
            }
        }
    }

    // A file that is kept must say so even if it holds nothing: then one row has the mark alone.
    private static IEnumerable<string> CsvLines(IReadOnlyList<IpPrefix> prefixes, RangeFileLabel label)
    {
        var end = label.MarkText is { } mark ? $",{mark}" : "";
        return
        [
            end.Length > 0 ? KeptColumns : Columns,
            .. prefixes.Select(prefix => $"{prefix},{prefix.Family}{end}"),
            .. prefixes.Count == 0 && end.Length > 0 ? new[] { $",{end}" } : [],
        ];
    }

    private static void FindInCsv(string text, string name, RangeFileDraft draft)
    {
        var isKept = text.AsSpan().StartsWith(KeptColumns, StringComparison.Ordinal);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var content = line.Trim();
            if (content.IndexOf(',') is >= 0 and var first)
            {
                draft.Add(content[..first]);
                var last = content[(content.LastIndexOf(',') + 1)..];
                draft.Mark ??= isKept ? RangeFileLabel.MarkOf(last) : null;
            }
        }
    }
}
