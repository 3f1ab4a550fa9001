using System.Collections.Immutable;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>What a match or a map looks at.</summary>
internal abstract record NftOperand
{
    private NftOperand()
    {
    }

    /// <summary>A field of the model, or some bits of it.</summary>
    internal sealed record Known(Field Field) : NftOperand
    {
        public UInt128? Mask { get; init; }

        public NftValueKind Kind => NftValueKinds.Of(Field);
    }

    /// <summary>Something that has one value in all packets of the model that have it at all.</summary>
    internal sealed record Constant(UInt128 Value, NftValueKind Kind, Condition Guard) : NftOperand
    {
        public UInt128? Mask { get; init; }

        /// <summary>The bits that are known to be constant.</summary>
        public UInt128 KnownBits { get; init; } = UInt128.MaxValue;
    }

    /// <summary>A field of a header that neither TCP nor UDP has: it breaks the rule.</summary>
    internal sealed record Missing : NftOperand
    {
        public static Missing Instance { get; } = new();
    }

    /// <summary>Several fields together.</summary>
    internal sealed record Joined(ImmutableArray<Field> Fields) : NftOperand;

    /// <summary>What cannot be known.</summary>
    internal sealed record Unknown(UnknownReason Reason) : NftOperand
    {
        /// <summary>Holds when the packet has the header at all.</summary>
        public Condition? Guard { get; init; }

        public bool UsesConntrack { get; init; }
    }
}

/// <summary>Conditions that stand for "the packet has this header".</summary>
internal static class NftGuards
{
    public static Condition IPv4 { get; } = new FieldCondition(Field.NetworkFamily, NumberSet.Of(2));

    public static Condition IPv6 { get; } = new FieldCondition(Field.NetworkFamily, NumberSet.Of(10));

    public static Condition Tcp { get; } = new FieldCondition(Field.Protocol, NumberSet.Of(6));

    public static Condition Udp { get; } = new FieldCondition(Field.Protocol, NumberSet.Of(17));

    /// <summary>Holds when the packet has the field, whatever is in it.</summary>
    public static Condition Has(Field field) =>
        new FieldCondition(field, NftValueKinds.Of(field) == NftValueKind.Name ? NftJsonElements.AnyName : NumberSet.All);
}
