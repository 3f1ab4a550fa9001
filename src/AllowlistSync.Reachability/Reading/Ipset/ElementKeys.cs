using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading.Iptables;

namespace AllowlistSync.Reachability.Reading.Ipset;

/// <summary>What makes an element of a set the same as another.</summary>
/// <param name="First">Of a set with one part: its first number.</param>
/// <param name="Last">And its last.</param>
/// <param name="Text">Of a set with several parts: all of them in one spelling; else null.</param>
internal readonly record struct ElementKey(UInt128 First, UInt128 Last, string? Text);

/// <summary>Tells which elements a script means, in the way of one type of set (ipset(8), "SET TYPES").</summary>
internal sealed class ElementKeys
{
    // More than the kernel takes by default (maxelem 65536) is not worth spelling out.
    private const uint Most = 65536;

    private readonly string _type;
    private readonly IpFamily _family;
    private readonly UInt128 _mask;
    private readonly NumberRange? _range;
    private readonly bool _isUnderstood;

    /// <param name="set">The set; its elements are not looked at.</param>
    internal ElementKeys(IpSet set)
    {
        _type = set.Type;
        _family = SetOptions.Value(set, "family") is "inet6" ? IpFamily.IPv6 : IpFamily.IPv4;
        _mask = AddressText.Greatest(_family);
        Parts = IpsetBuilder.PartsOf(_type);
        var mask = SetOptions.Value(set, "netmask") ?? SetOptions.Value(set, "bitmask");
        _isUnderstood = (_type == "list:set" || !Parts.IsEmpty) && (mask is null || (AddressText.TryMask(System.Text.Encoding.UTF8.GetBytes(mask), _family, out _mask) && AddressText.IsPrefix(_mask, _family)));
        _range = SetOptions.Value(set, "range") is not { } range ? null
            : Parts is [IpsetPart.Port] ? Numbers.Ports(range, '-') is { Ranges: [var ports] } ? ports : null
            : ElementText.Addresses(range, _family);
    }

    /// <summary>The parts of an element; empty for a list of sets.</summary>
    internal ImmutableArray<IpsetPart> Parts { get; }

    /// <summary>The elements that a text means, several for a range; null when the tool refuses it or it is not understood.</summary>
    internal IReadOnlyList<ElementKey>? Of(ReadOnlySpan<byte> text)
    {
        if (!_isUnderstood)
        {
            return null;
        }

        // The usual case, without a copy of the text.
        if (_type is "hash:net" && AddressText.TryMasked(text, _family, out var address, out var mask) && AddressText.IsPrefix(mask, _family))
        {
            return mask == 0 ? null : [Masked(address, mask & _mask)];
        }

        var word = System.Text.Encoding.UTF8.GetString(text);
        return _type switch
        {
            "list:set" => [new(0, 0, word)],
            "hash:net" => Nets(word),
            "hash:ip" or "bitmap:ip" => Hosts(word),
            "bitmap:port" => Ports(word),
            "hash:mac" => AddressModules.TryMac(word, out var mac) ? [new(mac, mac, null)] : null,
            _ => Several(word) is { } key ? [key] : null,
        };
    }

    /// <summary>An element in the words of ipset, for one that a range stood for.</summary>
    internal string Spell(ElementKey key)
    {
        if (key.Text is not null || Parts is not [IpsetPart.Address])
        {
            return key.Text ?? $"{key.First}";
        }

        return string.Join(',', new IpRange(_family, key.First, _type == "hash:net" ? key.Last : key.First).ToPrefixes());
    }

    private ElementKey Masked(UInt128 address, UInt128 mask) => new(address & mask, (address & mask) | (~mask & AddressText.Greatest(_family)), null);

    // A range of IPv4 becomes the fewest networks; IPv6 has none (ipset(8), "hash:net").
    private List<ElementKey>? Nets(string word) => _family == IpFamily.IPv4 && ElementText.Addresses(word, _family) is { } range && range.First <= range.Last
        ? [.. new IpRange(_family, range.First, range.Last).ToPrefixes().Select(prefix => new ElementKey(prefix.First, prefix.Last, null))]
        : null;

    private List<ElementKey>? Hosts(string word)
    {
        if (ElementText.Addresses(word, _family) is not { } range || (_family == IpFamily.IPv6 && range.First != range.Last))
        {
            return null;
        }

        var step = (~_mask & AddressText.Greatest(_family)) + 1;
        var first = range.First & _mask;
        if (range.First > range.Last || (range.Last - first) / step >= Most || (_type == "hash:ip" && first == 0) || (_range is { } all && (first < all.First || range.Last > all.Last)))
        {
            return null;
        }

        var keys = new List<ElementKey>();
        for (var i = UInt128.Zero; i <= (range.Last - first) / step; i++)
        {
            keys.Add(new(first + (i * step), first + (i * step) + (step - 1), null));
        }

        return keys;
    }

    private List<ElementKey>? Ports(string word)
    {
        // bitmap:port takes a protocol before the port and forgets it.
        if (Numbers.Ports(word[(word.IndexOf(':', StringComparison.Ordinal) + 1)..], '-') is not { Ranges: [var ports] } || _range is not { } all || ports.First < all.First || ports.Last > all.Last)
        {
            return null;
        }

        var keys = new List<ElementKey>();
        for (var port = ports.First; port <= ports.Last; port++)
        {
            keys.Add(new(port, port, null));
        }

        return keys;
    }

    // Ranges in an element of several parts stand for many elements: they are not followed.
    private ElementKey? Several(string word)
    {
        var texts = word.Split(',');
        var names = _type[(_type.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(',');
        if (texts.Length != Parts.Length)
        {
            return null;
        }

        var spelled = new string?[texts.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            spelled[i] = Parts[i] switch
            {
                IpsetPart.Address => Address(texts[i], names[i] == "net"),
                IpsetPart.ProtocolPort => Port(texts[i]),
                IpsetPart.Mark => Numbers.TryParse(texts[i], out var mark) ? $"{mark}" : null,
                IpsetPart.Mac => AddressModules.TryMac(texts[i], out var mac) ? $"{mac:x}" : null,
                IpsetPart.Interface => texts[i],
                _ => null,
            };
        }

        return spelled.Contains(null) ? null : new(0, 0, string.Join(',', spelled));
    }

    private string? Address(string text, bool isNet)
    {
        var isOne = AddressText.TryMasked(System.Text.Encoding.UTF8.GetBytes(text), _family, out var address, out var mask) && AddressText.IsPrefix(mask, _family);
        if (!isOne || (!isNet && mask != AddressText.Greatest(_family)) || (mask == 0 && _type is "hash:net,port" or "hash:ip,port,net"))
        {
            return null;
        }

        var key = Masked(address, mask & _mask);
        return $"{new IpRange(_family, key.First, key.Last).ToPrefixes().First()}";
    }

    private static string? Port(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        byte protocol = 6;
        if (colon >= 0 && !ProtocolNames.TryProtocol(text[..colon], out protocol))
        {
            return null;
        }

        return protocol is 6 or 17 or 132 or 136
            ? ProtocolNames.TryPort(text[(colon + 1)..], out var port) ? $"{protocol}:{port}" : null
            : $"{protocol}:{text[(colon + 1)..]}";
    }
}
