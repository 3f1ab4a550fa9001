using System.Security.Cryptography;
using System.Text;

namespace AllowlistSync.Providers.Host.Csf;

/// <summary>A digest of all that a plan depends on: our files, the lists that include them, our rules in force, and whether CSF and lfd run. Bans are not part of it: strangers are banned all the time.</summary>
internal static class CsfRevision
{
    public static string Of(CsfView view)
    {
        var state = view.State;
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(digest, $"{state.Configuration.HasIPv6} {state.Configuration.OneBadEntryFails} {state.IsDisabled} {state.IsLoaded} {state.Lfd is not null}");
        foreach (var text in (string?[])[state.Error, state.Allow.Files[0].Text, state.Ignore.Files[0].Text, state.OwnAllow.Text, state.OwnIgnore.Text])
        {
            Append(digest, text ?? "none");
        }

        foreach (var line in view.InForce.Select(rule => rule.Subject).Order(StringComparer.Ordinal))
        {
            Append(digest, line);
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    private static void Append(IncrementalHash digest, string text) => digest.AppendData(Encoding.UTF8.GetBytes($"{text.Length}\n{text}\n"));
}
