using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading.Iptables;

namespace AllowlistSync.Reachability.Reading.Ipset;

/// <summary>Collects the elements of one set.</summary>
internal sealed class IpsetBuilder
{
    private readonly string _type;
    private readonly IpFamily _family;
    private readonly ImmutableArray<IpsetPart> _parts;
    private readonly UInt128 _mask;
    private readonly NumberCollector _numbers = new();
    private readonly List<Element> _elements = [];
    private readonly List<string> _members = [];
    private bool _isUnknown;

    internal IpsetBuilder(string type, ImmutableArray<string> options)
    {
        _type = type;
        _family = ValueOf(options, "family") is "inet6" ? IpFamily.IPv6 : IpFamily.IPv4;
        _mask = AddressText.Greatest(_family);
        _parts = type == "list:set" ? [] : PartsOf(type);
        _isUnknown = _parts.IsEmpty && type != "list:set";
        var mask = ValueOf(options, "netmask") ?? ValueOf(options, "bitmask");
        if (mask is not null)
        {
            _isUnknown |= !AddressText.TryMask(System.Text.Encoding.UTF8.GetBytes(mask), _family, out _mask) || (_parts.Length > 1 && !AddressText.IsPrefix(_mask, _family));
        }

        // A markmask changes what the elements are compared with; an element's mark has it applied already, a packet's has not.
        _isUnknown |= ValueOf(options, "markmask") is { } bits && !(Numbers.TryParse(bits, out var kept) && kept == uint.MaxValue);
    }

    private bool IsPrefixMask => AddressText.IsPrefix(_mask, _family);

    /// <summary>Forgets all elements.</summary>
    internal void Clear()
    {
        _numbers.Clear();
        _elements.Clear();
        _members.Clear();
    }

    /// <summary>The set holds something that is not known.</summary>
    internal void GiveUp() => _isUnknown = true;

    /// <summary>Adds an element without options to a set of addresses; false when it is another set, or not a plain address or prefix.</summary>
    internal bool TryAdd(ReadOnlySpan<byte> element)
    {
        if (_parts is not [IpsetPart.Address] || !IsPrefixMask || !AddressText.TryMasked(element, _family, out var first, out var mask) || !AddressText.IsPrefix(mask, _family))
        {
            return false;
        }

        Collect(first, mask, isExcluded: false);
        return true;
    }

    /// <summary>Adds an element.</summary>
    internal void Add(ReadOnlySpan<byte> element, List<string> options)
    {
        if (_type == "list:set")
        {
            _members.Add(System.Text.Encoding.UTF8.GetString(element));
            return;
        }

        var isExcluded = options.Contains("nomatch");
        if (!_isUnknown && !(_parts.Length == 1 ? AddNumber(element, isExcluded) : AddElement(element, isExcluded, options.Contains("wildcard"))))
        {
            GiveUp();
        }
    }

    /// <summary>The set.</summary>
    internal SavedSet Build()
    {
        var family = _parts.Contains(IpsetPart.Address) ? _family : (IpFamily?)null;
        var set = new SavedSet(_type, family, _isUnknown ? [] : _parts);
        if (_type == "list:set")
        {
            return set with { Members = [.. _members] };
        }

        return _isUnknown || _parts.Length > 1 || _parts is [IpsetPart.ProtocolPort]
            ? set with { Elements = new([.. _type == "hash:net,iface" ? WithNarrowestDeciding() : _elements]) }
            : set with { Numbers = _numbers.Build(), Mask = IsPrefixMask ? null : _mask };
    }

    // Of the networks that hold an address only the narrowest is asked for its interface: it hides the wider ones also when it names another.
    private IEnumerable<Element> WithNarrowestDeciding() =>
        _elements.Select(element => new Element([element.Parts[0], new NameSet(["*"])], IsExcluded: true)).Concat(_elements);

    private void Collect(UInt128 first, UInt128 mask, bool isExcluded)
    {
        first &= _mask;
        var last = IsPrefixMask ? first | (~(mask & _mask) & AddressText.Greatest(_family)) : first;
        _numbers.Add(new(first, last), isExcluded);
    }

    private bool AddNumber(ReadOnlySpan<byte> element, bool isExcluded)
    {
        var text = System.Text.Encoding.UTF8.GetString(element);
        switch (_parts[0])
        {
            case IpsetPart.Address when AddressText.TryMasked(element, _family, out var first, out var mask) && AddressText.IsPrefix(mask, _family):
                Collect(first, mask, isExcluded);
                return true;
            case IpsetPart.Address when ElementText.Addresses(text, _family) is { } range:
                _numbers.Add(IsPrefixMask ? new(range.First & _mask, range.Last | (~_mask & AddressText.Greatest(_family))) : range, isExcluded);
                return IsPrefixMask;
            case IpsetPart.Port when Numbers.Ports(text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..], '-') is { Ranges: [var ports] }:
                _numbers.Add(ports, isExcluded);
                return true;
            case IpsetPart.Mac when AddressModules.TryMac(text, out var mac):
                _numbers.Add(NumberRange.One(mac), isExcluded);
                return true;
            default:
                return false;
        }
    }

    private bool AddElement(ReadOnlySpan<byte> element, bool isExcluded, bool isWildcard)
    {
        var texts = System.Text.Encoding.UTF8.GetString(element).Split(',');
        var values = ImmutableArray.CreateBuilder<Values>();
        for (var i = 0; i < _parts.Length; i++)
        {
            var isMissing = i >= texts.Length;
            if (isMissing && _parts[i] != IpsetPart.Mac)
            {
                return false;
            }

            // An element of bitmap:ip,mac without its second part takes any (ipset(8), "bitmap:ip,mac").
            var read = isMissing ? [NumberSet.All] : ElementText.Read(_parts[i], texts[i], _family, _mask, isWildcard);
            if (read.IsDefault)
            {
                return false;
            }

            values.AddRange(read);
        }

        _elements.Add(new(values.DrainToImmutable(), isExcluded));
        return texts.Length <= _parts.Length;
    }

    private static string? ValueOf(ImmutableArray<string> options, string name) => options.IndexOf(name) is var at and >= 0 && at + 1 < options.Length ? options[at + 1] : null;

    /// <summary>The parts of an element of a type; empty when the type is not understood.</summary>
    internal static ImmutableArray<IpsetPart> PartsOf(string type)
    {
        var colon = type.IndexOf(':', StringComparison.Ordinal);
        var isBitmap = type.StartsWith("bitmap:", StringComparison.Ordinal);
        if (!isBitmap && !type.StartsWith("hash:", StringComparison.Ordinal))
        {
            return [];
        }

        var parts = type[(colon + 1)..].Split(',').Select(part => (IpsetPart?)(part switch
        {
            "ip" or "net" => IpsetPart.Address,
            "port" => isBitmap ? IpsetPart.Port : IpsetPart.ProtocolPort,
            "iface" => IpsetPart.Interface,
            "mark" => IpsetPart.Mark,
            "mac" => IpsetPart.Mac,
            _ => null,
        })).ToImmutableArray();
        return parts.Contains(null) ? [] : [.. parts.Select(part => part!.Value)];
    }
}
