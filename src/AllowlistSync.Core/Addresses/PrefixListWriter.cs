namespace AllowlistSync.Core.Addresses;

/// <summary>Writes the fewest prefixes of a set as text: one a line, IPv4 first, ascending, each line ended by LF.</summary>
public static class PrefixListWriter
{
    private const int BufferSize = 128 * 1024;

    /// <summary>Writes all prefixes as UTF-8; the stream is neither flushed nor closed.</summary>
    public static void Write(PrefixSet set, Stream output)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(output);
        if (set.IsEmpty)
        {
            return;
        }

        byte[] buffer = new byte[BufferSize];
        int used = WriteAll<Word, IPv4Math>(set.V4, output, buffer, 0);
        used = WriteAll<Wide, IPv6Math>(set.V6, output, buffer, used);
        output.Write(buffer, 0, used);
    }

    private static int WriteAll<T, TMath>(ReadOnlySpan<Interval<T>> intervals, Stream output, byte[] buffer, int used)
        where T : unmanaged
        where TMath : struct, IAddressMath<T>
    {
        foreach (var interval in intervals)
        {
            var first = interval.First;
            while (true)
            {
                if (buffer.Length - used <= PrefixFormat.MaxLength)
                {
                    output.Write(buffer, 0, used);
                    used = 0;
                }

                int hostBits = TMath.HostBits(first, interval.Last);
                used += PrefixFormat.Write(TMath.Family, TMath.Widen(first), TMath.Family.Bits() - hostBits, buffer.AsSpan(used));
                buffer[used++] = (byte)'\n';
                var last = TMath.LastOf(first, hostBits);
                if (TMath.Same(last, interval.Last))
                {
                    break;
                }

                first = TMath.Next(last);
            }
        }

        return used;
    }
}
