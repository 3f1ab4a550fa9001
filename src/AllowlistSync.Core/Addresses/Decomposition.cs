using System.Collections.Immutable;

namespace AllowlistSync.Core.Addresses;

/// <summary>
/// Cuts intervals into the fewest prefixes: from the start, always the largest prefix that is aligned there and
/// does not pass the end. For canonical intervals the result is minimal, since no prefix spans two of them.
/// </summary>
internal static class Decomposition
{
    internal static IEnumerable<IpPrefix> Prefixes<T, TMath>(Interval<T>[] intervals)
        where T : unmanaged
        where TMath : struct, IAddressMath<T>
    {
        foreach (var interval in intervals)
        {
            var first = interval.First;
            while (true)
            {
                int hostBits = TMath.HostBits(first, interval.Last);
                yield return IpPrefix.Trusted(TMath.Family, TMath.Widen(first), TMath.Family.Bits() - hostBits);
                var last = TMath.LastOf(first, hostBits);
                if (TMath.Same(last, interval.Last))
                {
                    break;
                }

                first = TMath.Next(last);
            }
        }
    }

    /// <summary>The prefixes of one interval, without an enumerator for each line of a long list.</summary>
    internal static void AddTo<T, TMath>(ImmutableArray<IpPrefix>.Builder prefixes, Interval<T> interval)
        where T : unmanaged
        where TMath : struct, IAddressMath<T>
    {
        var first = interval.First;
        while (true)
        {
            int hostBits = TMath.HostBits(first, interval.Last);
            prefixes.Add(IpPrefix.Trusted(TMath.Family, TMath.Widen(first), TMath.Family.Bits() - hostBits));
            var last = TMath.LastOf(first, hostBits);
            if (TMath.Same(last, interval.Last))
            {
                return;
            }

            first = TMath.Next(last);
        }
    }

    internal static int Count<T, TMath>(ReadOnlySpan<Interval<T>> intervals)
        where T : unmanaged
        where TMath : struct, IAddressMath<T>
    {
        int count = 0;
        foreach (var interval in intervals)
        {
            var last = TMath.LastOf(interval.First, TMath.HostBits(interval.First, interval.Last));
            count++;
            while (!TMath.Same(last, interval.Last))
            {
                var first = TMath.Next(last);
                last = TMath.LastOf(first, TMath.HostBits(first, interval.Last));
                count++;
            }
        }

        return count;
    }
}
