using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Providers.Host.Ufw;

/// <summary>A rule of a file: what ufw knows of it and the lines for iptables-restore below.</summary>
/// <param name="Tuple">What ufw knows; null when the lines stand alone, or when ufw could not read it.</param>
/// <param name="Said">The line that is meant to be a tuple; empty when there is none.</param>
/// <param name="Lines">The numbers of its lines, from 0, with the blank line ahead of it.</param>
/// <param name="Rules">Its lines for the chain of what comes in.</param>
public sealed record UfwEntry(UfwTuple? Tuple, string Said, ImmutableArray<int> Lines, ImmutableArray<string> Rules);

/// <summary>The file of the user's rules of one family, line by line as it is: every byte outside of our own rules is kept.</summary>
/// <param name="Family">The family.</param>
/// <param name="Lines">The lines with their ends. Bytes are kept as characters of Latin-1.</param>
/// <param name="RulesAt">The number of the line <c>### RULES ###</c>.</param>
/// <param name="Entries">The rules, in order.</param>
public sealed record UfwRulesFile(IpFamily Family, ImmutableArray<string> Lines, int RulesAt, ImmutableArray<UfwEntry> Entries)
{
    /// <summary>The file.</summary>
    public string Text => string.Concat(Lines);

    /// <summary>Its bytes as text that can be written back unchanged, whatever they are.</summary>
    public static string Decode(ReadOnlyMemory<byte> bytes) => Encoding.Latin1.GetString(bytes.Span);

    /// <summary>Back to bytes.</summary>
    public static byte[] Encode(string text) => Encoding.Latin1.GetBytes(text);
}
