namespace AllowlistSync.Core.Addresses;

/// <summary>Collects intervals of both families in any order, then makes the set.</summary>
internal struct PrefixSetCollector
{
    private IntervalList<Word, IPv4Math> _v4;
    private IntervalList<Wide, IPv6Math> _v6;

    internal void Add(IpFamily family, Wide first, Wide last)
    {
        if (family == IpFamily.IPv4)
        {
            AddIPv4(IPv4Math.Narrow(first), IPv4Math.Narrow(last));
        }
        else
        {
            _v6.Add(first, last);
        }
    }

    internal void AddIPv4(Word first, Word last) => _v4.Add(first, last);

    internal readonly PrefixSet ToSet() => PrefixSet.OfCanonical(_v4.ToCanonical(), _v6.ToCanonical());
}
