using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>Digests of what a plan depends on. Pure.</summary>
internal static class IptablesDigest
{
    private const int AddressBytes = 16;

    /// <summary>Of texts, each for itself.</summary>
    public static string Of(IEnumerable<string> texts)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in texts)
        {
            digest.AppendData(Encoding.UTF8.GetBytes(text));
            digest.AppendData("\n"u8);
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    /// <summary>Of sets: which are there, and what they match.</summary>
    public static string Of(ImmutableArray<OwnSet> sets, IEnumerable<(string Name, SavedSet Info)> unfinished) =>
        Of([.. sets.Select(set => Text(set.Name, set.Info)), .. unfinished.Select(set => Text(set.Name, set.Info))]);

    private static string Text(string name, SavedSet? info) => info is null
        ? name + " absent"
        : $"{name} {info.Type} {info.Family} {info.MaxElements} {info.Forgets} {info.HasExceptions} {Addresses(info)}";

    // As numbers: a hundred thousand ranges as text would cost more than the rest of a plan.
    private static string Addresses(SavedSet info)
    {
        var ranges = info.Matches.Ranges().ToArray();
        var bytes = new byte[ranges.Length * 2 * AddressBytes];
        for (var i = 0; i < ranges.Length; i++)
        {
            BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(i * 2 * AddressBytes), ranges[i].First);
            BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(((i * 2) + 1) * AddressBytes), ranges[i].Last);
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
