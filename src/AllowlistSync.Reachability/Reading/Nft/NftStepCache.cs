using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>
/// Remembers what a match was read as, so that rules which say the same share it. Matches on addresses are left out: there are many, and
/// mostly no two alike.
/// </summary>
internal sealed class NftStepCache
{
    private const int Capacity = 4096;
    private readonly Dictionary<byte[], Step[]> _steps = new(Bytes.Comparer);

    /// <summary>Whether it is worth while to look for this match.</summary>
    public static bool Takes(JsonElement match) => JsonMarshal.GetRawUtf8Value(match).IndexOf("addr\""u8) < 0;

    public bool TryGet(JsonElement match, [NotNullWhen(true)] out Step[]? steps) =>
        _steps.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(JsonMarshal.GetRawUtf8Value(match), out steps);

    public void Add(JsonElement match, Step[] steps)
    {
        if (_steps.Count < Capacity)
        {
            _steps[JsonMarshal.GetRawUtf8Value(match).ToArray()] = steps;
        }
    }

    private sealed class Bytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static Bytes Comparer { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
