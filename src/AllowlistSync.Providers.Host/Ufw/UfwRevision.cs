using System.Security.Cryptography;
using System.Text;

namespace AllowlistSync.Providers.Host.Ufw;

/// <summary>A digest of all that a plan depends on: both files whole, the chains of the user's rules, and whether ufw is started.</summary>
internal static class UfwRevision
{
    public static string Of(UfwState state)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(digest, $"{state.IsEnabled} {state.HasIPv6} {state.Backend}\n");
        foreach (var family in state.Families)
        {
            Append(digest, family.File is { } file ? $"file {file.Text.Length}\n{file.Text}" : "no file\n");
            Append(digest, family.Chain is { } chain ? $"chain {chain.Rules.Length}\n" : "no chain\n");
            foreach (var rule in family.Chain?.Rules ?? [])
            {
                Append(digest, rule.Text + "\n");
            }
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    private static void Append(IncrementalHash digest, string text) => digest.AppendData(Encoding.UTF8.GetBytes(text));
}
