using System.Net;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Reachability.Tests.Kernel.Generating;

/// <summary>
/// Prefixes that overlap each other, and ranges as Cloudflare has them, in every way. Remembers what it gave away: those are the
/// addresses at which a rule set can change its mind.
/// </summary>
internal sealed class AddressPool
{
    private static readonly string[] Wide4 = ["104.16.0.0/13", "172.64.0.0/13", "162.158.0.0/15", "131.0.72.0/22", "141.101.64.0/18", "188.114.96.0/20"];
    private static readonly string[] Wide6 = ["2400:cb00::/32", "2606:4700::/32", "2a06:98c0::/29", "2c0f:f248::/32"];
    private readonly Dice _dice;
    private readonly List<IpPrefix> _narrow = [];
    private readonly List<IpPrefix> _wide;

    public AddressPool(Dice dice, IpFamily family)
    {
        _dice = dice;
        Family = family;
        Published = [.. (family == IpFamily.IPv4 ? Wide4 : Wide6).Select(IpPrefix.Parse)];
        _wide = [.. (family == IpFamily.IPv4 ? ["0.0.0.0/0", "128.0.0.0/1", "198.51.100.0/24"] : new[] { "::/0", "2000::/3", "2001:db8:77::/48" }).Select(IpPrefix.Parse)];
        for (var i = 0; i < 14; i++)
        {
            _narrow.Add(Vary(_dice.PickOf(Published)));
        }
    }

    public IpFamily Family { get; }

    public bool IsV6 => Family == IpFamily.IPv6;

    public List<IpPrefix> Published { get; }

    /// <summary>What was given away.</summary>
    public List<IpRange> Mentioned { get; } = [];

    private int Width => IsV6 ? 128 : 32;

    /// <summary>Any prefix; now and then one that holds all addresses.</summary>
    public IpPrefix Prefix() => Note(_dice.Chance(0.07) ? _dice.PickOf(_wide) : _dice.PickOf(_narrow));

    /// <summary>A prefix that does not hold all addresses, as iptables refuses the negation of that.</summary>
    public IpPrefix Narrow() => Note(_dice.PickOf(_narrow));

    public IPAddress Address()
    {
        var prefix = _dice.PickOf(_narrow);
        var address = prefix.First + _dice.Bits(prefix.Last - prefix.First);
        Mentioned.Add(new(Family, address, address));
        return Text(address);
    }

    /// <summary>Two different addresses, in their order.</summary>
    public (IPAddress First, IPAddress Last) Range()
    {
        var prefix = _dice.PickOf(Published);
        var one = prefix.First + _dice.Bits(prefix.Last - prefix.First);
        var other = prefix.First + _dice.Bits(prefix.Last - prefix.First);
        var (first, last) = (UInt128.Min(one, other), one == other ? one + 1 : UInt128.Max(one, other));
        Mentioned.Add(new(Family, first, last));
        return (Text(first), Text(last));
    }

    /// <summary>Prefixes that do not overlap: sets of nft that are not auto-merged want it so.</summary>
    public List<IpPrefix> Disjoint(int most)
    {
        var chosen = new List<IpPrefix>();
        foreach (var prefix in _dice.Some(_narrow, most * 2).Where(prefix => chosen.TrueForAll(other => !other.Overlaps(prefix))).Take(most))
        {
            chosen.Add(Note(prefix));
        }

        return chosen;
    }

    public IPAddress Text(UInt128 address)
    {
        var bytes = new byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, address);
        return new IPAddress(bytes.AsSpan(IsV6 ? 0 : 12));
    }

    private IpPrefix Note(IpPrefix prefix)
    {
        Mentioned.Add(new(Family, prefix.First, prefix.Last));
        return prefix;
    }

    private IpPrefix Vary(IpPrefix published)
    {
        var kind = _dice.Roll(1, 20);
        var length = kind switch
        {
            <= 4 => published.Length,
            <= 15 => Math.Min(Width, published.Length + _dice.Roll(1, IsV6 ? 20 : 10)),
            <= 18 => Width,
            _ => published.Length - _dice.Roll(1, 4),
        };
        var host = length == 0 ? UInt128.MaxValue : (UInt128.One << (Width - length)) - 1;
        var address = published.First + _dice.Bits(published.Last - published.First);
        return IpPrefix.Create(Family, address & ~host & (IsV6 ? UInt128.MaxValue : uint.MaxValue), length);
    }
}
