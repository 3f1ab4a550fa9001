using System.Diagnostics.CodeAnalysis;

namespace AllowlistSync.Reachability.Reading;

/// <summary>Remembers a value for each text of bytes, and looks it up without a copy of the text. Stops taking new texts when it is full, so that a dump of ever different texts costs no memory.</summary>
internal sealed class ByteKeyed<T>(int capacity = int.MaxValue)
{
    private readonly Dictionary<byte[], T>.AlternateLookup<ReadOnlySpan<byte>> _lookup =
        new Dictionary<byte[], T>(ByteComparer.Instance).GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>The value of the text.</summary>
    internal bool TryGet(ReadOnlySpan<byte> key, [MaybeNullWhen(false)] out T value) => _lookup.TryGetValue(key, out value);

    /// <summary>Remembers a value.</summary>
    internal void Set(ReadOnlySpan<byte> key, T value)
    {
        if (_lookup.Dictionary.Count < capacity)
        {
            _lookup[key] = value;
        }
    }

    private sealed class ByteComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        internal static ByteComparer Instance { get; } = new();

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public int GetHashCode(byte[] obj) => GetHashCode((ReadOnlySpan<byte>)obj);
    }
}
