using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>A set as the kernel has it.</summary>
/// <param name="Type">Its type, such as <c>hash:net</c>.</param>
/// <param name="Family"><c>inet</c> or <c>inet6</c>; empty for types without.</param>
/// <param name="MaxElements">How many elements it takes.</param>
/// <param name="Forgets">True when its elements have a lifetime.</param>
public sealed record SavedSet(string Type, string Family, long MaxElements, bool Forgets)
{
    /// <summary>The addresses that it matches.</summary>
    public PrefixSet Matches { get; init; } = PrefixSet.Empty;

    /// <summary>True when it holds exceptions (<c>nomatch</c>), which we never write.</summary>
    public bool HasExceptions { get; init; }
}

/// <summary>Reads <c>ipset save</c> (captured from ipset 7.17), of some sets only: there may be a million elements of others. Pure.</summary>
public static class IpsetReader
{
    /// <summary>The sets of these names that are there.</summary>
    public static ImmutableDictionary<string, SavedSet> Read(ReadOnlySpan<byte> save, IEnumerable<string> names)
    {
        if (save.Length > 0 && save[^1] != (byte)'\n')
        {
            throw NotASave("its last line is not ended");
        }

        var wanted = names.Select(name => (Name: name, Create: Encoding.UTF8.GetBytes($"create {name} "), Add: Encoding.UTF8.GetBytes($"add {name} "))).ToArray();
        var found = new Dictionary<string, Filling>(StringComparer.Ordinal);
        var last = -1;
        foreach (var range in save.Split((byte)'\n'))
        {
            var line = save[range];
            if (last >= 0 && line.StartsWith(wanted[last].Add))
            {
                found[wanted[last].Name].Take(line[wanted[last].Add.Length..]);
            }
            else if (line.StartsWith("create "u8))
            {
                last = IndexOf(wanted, line);
                if (last >= 0)
                {
                    found[wanted[last].Name] = new Filling(Header(Encoding.UTF8.GetString(line[wanted[last].Create.Length..])));
                }
            }
            else if (!line.IsEmpty && !line.StartsWith("add "u8))
            {
                throw NotASave($"`{Encoding.UTF8.GetString(line[..Math.Min(line.Length, 60)])}` is no line of it");
            }
        }

        return found.ToImmutableDictionary(pair => pair.Key, pair => pair.Value.ToSet(), StringComparer.Ordinal);
    }

    private static int IndexOf((string Name, byte[] Create, byte[] Add)[] wanted, ReadOnlySpan<byte> line)
    {
        for (var i = 0; i < wanted.Length; i++)
        {
            if (line.StartsWith(wanted[i].Create))
            {
                return i;
            }
        }

        return -1;
    }

    private static SavedSet Header(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new SavedSet(words[0], After(words, "family") ?? "", long.TryParse(After(words, "maxelem"), CultureInfo.InvariantCulture, out var most) ? most : long.MaxValue, words.Contains("timeout", StringComparer.Ordinal));
    }

    private static string? After(string[] words, string word) => Array.IndexOf(words, word) is >= 0 and var at && at + 1 < words.Length ? words[at + 1] : null;

    private static ProviderException NotASave(string why) =>
        new(FailureKind.Protocol, Aftermath.Untouched, $"what `ipset save` printed is not whole: {why}", "run `ipset save` and look; when it is right there, please report it together with `ipset --version`");

    private sealed class Filling(SavedSet header)
    {
        private readonly List<IpPrefix> _matches = [];
        private readonly List<IpPrefix> _exceptions = [];

        // Elements of another type of set are not ours to understand: the header tells that it is a stranger's.
        public void Take(ReadOnlySpan<byte> element)
        {
            var end = element.IndexOf((byte)' ');
            if (IpPrefix.TryParse(end < 0 ? element : element[..end], out var prefix))
            {
                (end >= 0 && element[end..].IndexOf(" nomatch"u8) >= 0 ? _exceptions : _matches).Add(prefix);
            }
            else if (header.Type == "hash:net")
            {
                throw NotASave($"`{Encoding.UTF8.GetString(element)}` is no prefix");
            }
        }

        public SavedSet ToSet() => header with { Matches = PrefixSet.Of(_matches).Except(PrefixSet.Of(_exceptions)), HasExceptions = _exceptions.Count > 0 };
    }
}
