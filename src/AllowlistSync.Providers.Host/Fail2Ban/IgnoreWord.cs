using System.Globalization;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Providers.Host.Fail2Ban;

/// <summary>A word of an <c>ignoreip</c>: a prefix, an address, a name of a host, or <c>file:PATH</c>. Two words are the same when fail2ban takes them for the same.</summary>
/// <param name="Meaning">What is compared: fail2ban writes 127.0.0.1/8 as 127.0.0.0/8, an address without /32, and file:/a as file://a.</param>
/// <param name="Text">As it was written or said.</param>
internal sealed record IgnoreWord(string Meaning, string Text)
{
    private const string File = "file:";

    /// <summary>The prefix; null for anything else.</summary>
    public IpPrefix? Prefix => IpPrefix.TryParse(Meaning, out var prefix) ? prefix : null;

    /// <summary>True for a list that fail2ban reads itself (1.1.1 and newer).</summary>
    public bool IsList => Meaning.StartsWith(File, StringComparison.Ordinal);

    /// <summary>True for what is neither an address nor a list: fail2ban asks the name service for it at every match.</summary>
    public bool IsName => Prefix is null && !IsList;

    /// <summary>The word that a text is.</summary>
    public static IgnoreWord Of(string text)
    {
        if (text.StartsWith(File, StringComparison.Ordinal))
        {
            return new(File + '/' + text[File.Length..].TrimStart('/'), text);
        }

        return Network(text) is { } prefix ? new(prefix.ToString(), text) : new(text, text);
    }

    // An operator may write an address with host bits; fail2ban takes it for its network.
    private static IpPrefix? Network(string text)
    {
        if (IpPrefix.TryParse(text, out var prefix))
        {
            return prefix;
        }

        return text.Split('/') is [var address, var length]
            && IpPrefix.TryParse(address, out var host)
            && int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
            && bits <= host.Length
            && IpPrefix.TryCreate(host.Family, host.First >> (host.Length - bits) << (host.Length - bits), bits, out prefix)
            ? prefix
            : null;
    }

    /// <inheritdoc/>
    public bool Equals(IgnoreWord? other) => other is not null && Meaning == other.Meaning;

    /// <inheritdoc/>
    public override int GetHashCode() => Meaning.GetHashCode(StringComparison.Ordinal);
}
