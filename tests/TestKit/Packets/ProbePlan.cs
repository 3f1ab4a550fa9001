using System.Net;

namespace AllowlistSync.TestKit;

/// <summary>Where to probe a prefix: its ends, and the addresses beside them.</summary>
/// <param name="First">The first address inside.</param>
/// <param name="Last">The last address inside.</param>
/// <param name="Before">The address just before; null when there is none.</param>
/// <param name="After">The address just after; null when there is none.</param>
public sealed record ProbePlan(IPAddress First, IPAddress Last, IPAddress? Before, IPAddress? After)
{
    /// <summary>First and last address; one when the prefix is a single address.</summary>
    public IReadOnlyList<IPAddress> Inside => First.Equals(Last) ? [First] : [First, Last];

    /// <summary>The addresses beside that exist.</summary>
    public IReadOnlyList<IPAddress> Beside => [.. new[] { Before, After }.OfType<IPAddress>()];

    /// <summary>The plan of one prefix.</summary>
    /// <exception cref="FormatException">It is no CIDR, or bits behind the prefix length are set.</exception>
    public static ProbePlan For(string cidr)
    {
        var network = IPNetwork.Parse(cidr);
        var last = LastOf(network);
        return new ProbePlan(network.BaseAddress, last, Step(network.BaseAddress, -1), Step(last, 1));
    }

    /// <summary>
    /// The plan of a whole list: the ends of all prefixes, and those addresses beside them that no prefix of the list holds
    /// (104.16.0.0/13 and 104.24.0.0/14 are neighbours).
    /// </summary>
    public static (IReadOnlyList<IPAddress> Inside, IReadOnlyList<IPAddress> Beside) ForList(IEnumerable<string> cidrs)
    {
        var list = cidrs.ToList();
        var networks = list.ConvertAll(IPNetwork.Parse);
        var plans = list.ConvertAll(For);
        var beside = plans.SelectMany(plan => plan.Beside).Where(address => !networks.Exists(network => network.Contains(address)));
        return ([.. plans.SelectMany(plan => plan.Inside).Distinct()], [.. beside.Distinct()]);
    }

    /// <summary>All sources with all ports.</summary>
    public static IReadOnlyList<Probe> Probes(IEnumerable<IPAddress> sources, params int[] ports)
    {
        return [.. sources.SelectMany(source => ports.Select(port => new Probe(source, port)))];
    }

    private static IPAddress LastOf(IPNetwork network)
    {
        var bytes = network.BaseAddress.GetAddressBytes();
        for (int bit = network.PrefixLength; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return new IPAddress(bytes);
    }

    private static IPAddress? Step(IPAddress address, int by)
    {
        var bytes = address.GetAddressBytes();
        for (int i = bytes.Length - 1; i >= 0; i--)
        {
            bytes[i] = (byte)(bytes[i] + by);
            bool carries = by > 0 ? bytes[i] == 0 : bytes[i] == 255;
            if (!carries)
            {
                return new IPAddress(bytes);
            }
        }

        return null;
    }
}
