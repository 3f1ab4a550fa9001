using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace AllowlistSync.Core.Addresses;

/// <summary>
/// One CIDR prefix, such as <c>104.16.0.0/13</c> or <c>2606:4700::/32</c>. It never has host bits set.
/// The default value is <c>0.0.0.0/0</c>. Order: IPv4 before IPv6, then by first address, then the wider one first.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct IpPrefix : IEquatable<IpPrefix>, IComparable<IpPrefix>, ISpanFormattable, IUtf8SpanFormattable
{
    private readonly Wide _first;
    private readonly byte _length;
    private readonly byte _family;

    private IpPrefix(IpFamily family, Wide first, int length)
    {
        _first = first;
        _length = (byte)length;
        _family = (byte)family;
    }

    /// <summary>No text of a prefix is longer, in bytes.</summary>
    public const int MaxTextLength = PrefixFormat.MaxLength;

    /// <summary>The family of the addresses.</summary>
    public IpFamily Family => (IpFamily)_family;

    /// <summary>The first address as a number; an IPv4 address is its 32-bit number.</summary>
    public UInt128 First => _first.ToUInt128();

    /// <summary>The last address as a number.</summary>
    public UInt128 Last => WideLast.ToUInt128();

    /// <summary>The number of fixed bits: 0 to 32, or 0 to 128.</summary>
    public int Length => _length;

    internal Wide WideFirst => _first;

    internal Wide WideLast => _first | Wide.LowOnes(Family.Bits() - _length);

    /// <summary>Makes a prefix from numbers.</summary>
    /// <exception cref="ArgumentException">The length does not fit the family, or bits beyond it are set.</exception>
    public static IpPrefix Create(IpFamily family, UInt128 first, int length)
    {
        if (family is not (IpFamily.IPv4 or IpFamily.IPv6))
        {
            throw new ArgumentException($"{family} is not an address family.", nameof(family));
        }

        if (length < 0 || length > family.Bits())
        {
            throw new ArgumentException($"The length {length} is not between 0 and {family.Bits()}.", nameof(length));
        }

        var wide = Wide.From(first);
        var allowed = Wide.LowOnes(family.Bits()) & ~Wide.LowOnes(family.Bits() - length);
        if ((wide & ~allowed) != default)
        {
            throw new ArgumentException($"The number has bits set outside of the first {length} of {family}.", nameof(first));
        }

        return new(family, wide, length);
    }

    /// <summary>Makes a prefix from numbers; false when they do not fit each other.</summary>
    public static bool TryCreate(IpFamily family, UInt128 first, int length, out IpPrefix prefix)
    {
        prefix = default;
        var wide = Wide.From(first);
        if (length < 0 || length > family.Bits() || (wide & ~(Wide.LowOnes(family.Bits()) & ~Wide.LowOnes(family.Bits() - length))) != default)
        {
            return false;
        }

        prefix = new(family, wide, length);
        return true;
    }

    /// <summary>Makes a prefix from parts that are known to fit.</summary>
    internal static IpPrefix Trusted(IpFamily family, Wide first, int length) => new(family, first, length);

    /// <summary>
    /// Reads a prefix or a bare address (then /32 or /128). Nothing around it is accepted, no leading zeros in
    /// octets or length, no host bits, no IPv4-mapped IPv6, no zone id.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpPrefix prefix) => TryParse(text, out prefix, out _);

    /// <summary>Reads a prefix or a bare address from ASCII bytes, as <see cref="TryParse(ReadOnlySpan{char}, out IpPrefix)"/> does; the fast way for long files.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out IpPrefix prefix) =>
        PrefixText.TryParse(utf8, out prefix, out _);

    /// <summary>Reads a prefix or a bare address, as <see cref="TryParse(ReadOnlySpan{char}, out IpPrefix)"/> does.</summary>
    /// <exception cref="FormatException">The text is none; the message says why, and what would be right where that is clear.</exception>
    public static IpPrefix Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out var prefix, out string? reason)
            ? prefix
            : throw new FormatException($"\"{Excerpt.Of(text)}\" is not a prefix: {reason}");
    }

    /// <summary>Reads a prefix or a bare address; when it is none, says why in words for people.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpPrefix prefix, [NotNullWhen(false)] out string? reason)
    {
        reason = null;
        Span<byte> utf8 = stackalloc byte[PrefixText.MaxLength];
        if (!Encoding.UTF8.TryGetBytes(text, utf8, out int count))
        {
            prefix = default;
            reason = PrefixText.TooLong;
            return false;
        }

        if (PrefixText.TryParse(utf8[..count], out prefix, out var fault))
        {
            return true;
        }

        reason = fault.Reason;
        return false;
    }

    /// <summary>Whether all addresses of the other prefix are in this one.</summary>
    public bool Contains(IpPrefix other)
        => _family == other._family && _length <= other._length && (other._first & ~HostMask) == _first;

    /// <summary>Whether the two share an address; then one of them contains the other.</summary>
    public bool Overlaps(IpPrefix other) => Contains(other) || other.Contains(this);

    private Wide HostMask => Wide.LowOnes(Family.Bits() - _length);

    /// <inheritdoc/>
    public bool Equals(IpPrefix other) => _first == other._first && _length == other._length && _family == other._family;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is IpPrefix other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_first.High, _first.Low, _length, _family);

    /// <inheritdoc/>
    public int CompareTo(IpPrefix other)
    {
        if (_family != other._family)
        {
            return _family < other._family ? -1 : 1;
        }

        if (_first != other._first)
        {
            return _first < other._first ? -1 : 1;
        }

        return _length.CompareTo(other._length);
    }

    /// <summary>The canonical text: always with a length, IPv6 as RFC 5952 wants it.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[PrefixFormat.MaxLength];
        return Encoding.ASCII.GetString(text[..PrefixFormat.Write(this, text)]);
    }

    /// <summary>The canonical text; format and provider do not change it.</summary>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        Span<byte> text = stackalloc byte[PrefixFormat.MaxLength];
        return Encoding.ASCII.TryGetChars(text[..PrefixFormat.Write(this, text)], destination, out charsWritten);
    }

    /// <inheritdoc/>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        Span<byte> text = stackalloc byte[PrefixFormat.MaxLength];
        int count = PrefixFormat.Write(this, text);
        bool fits = text[..count].TryCopyTo(utf8Destination);
        bytesWritten = fits ? count : 0;
        return fits;
    }

    /// <summary>Whether the two are the same prefix.</summary>
    public static bool operator ==(IpPrefix left, IpPrefix right) => left.Equals(right);

    /// <summary>Whether the two are different prefixes.</summary>
    public static bool operator !=(IpPrefix left, IpPrefix right) => !left.Equals(right);

    /// <summary>Whether left sorts before right.</summary>
    public static bool operator <(IpPrefix left, IpPrefix right) => left.CompareTo(right) < 0;

    /// <summary>Whether left sorts after right.</summary>
    public static bool operator >(IpPrefix left, IpPrefix right) => left.CompareTo(right) > 0;

    /// <summary>Whether left sorts before right or is the same.</summary>
    public static bool operator <=(IpPrefix left, IpPrefix right) => left.CompareTo(right) <= 0;

    /// <summary>Whether left sorts after right or is the same.</summary>
    public static bool operator >=(IpPrefix left, IpPrefix right) => left.CompareTo(right) >= 0;
}
