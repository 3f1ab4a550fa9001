using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Evaluating;

/// <summary>What the model knows of one field of a packet.</summary>
internal readonly struct FieldValue
{
    private FieldValue(ValueKind kind) => Kind = kind;

    public enum ValueKind
    {
        /// <summary>The packet has no such field.</summary>
        Absent,

        /// <summary>It has one; nothing is known of it.</summary>
        Unknown,

        /// <summary>It is the visitor's address: what is looked for.</summary>
        Peer,

        /// <summary>One number; some of its bits may be unknown.</summary>
        Number,

        /// <summary>One of several numbers.</summary>
        OneOf,

        /// <summary>A name.</summary>
        Name,

        /// <summary>An interface whose name is not known, and which is not the loopback: visitors do not come through that.</summary>
        OutsideInterface,
    }

    public static FieldValue Absent { get; } = new(ValueKind.Absent);

    public static FieldValue Unknown { get; } = new(ValueKind.Unknown);

    public static FieldValue Peer { get; } = new(ValueKind.Peer);

    public static FieldValue OutsideInterface { get; } = new(ValueKind.OutsideInterface);

    public ValueKind Kind { get; }

    public UInt128 Number { get; private init; }

    public UInt128 UnknownBits { get; private init; }

    public NumberSet? Numbers { get; private init; }

    public string? Text { get; private init; }

    public static FieldValue Of(UInt128 number) => new(ValueKind.Number) { Number = number };

    public static FieldValue Bits(UInt128 known, UInt128 unknown) => new(ValueKind.Number) { Number = known, UnknownBits = unknown };

    public static FieldValue Of(NumberSet numbers) => numbers.Ranges is [var only] && only.First == only.Last
        ? Of(only.First)
        : new(ValueKind.OneOf) { Numbers = numbers };

    public static FieldValue Of(string name) => new(ValueKind.Name) { Text = name };
}
