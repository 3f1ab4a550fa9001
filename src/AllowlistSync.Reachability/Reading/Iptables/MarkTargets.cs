using System.Collections.Immutable;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>MARK and CONNMARK (iptables-extensions(8)).</summary>
internal static class MarkTargets
{
    /// <summary>MARK.</summary>
    internal static ImmutableArray<Step>? Mark(ImmutableArray<MatchOption> options) =>
        options is [var option] && Write(MarkKind.Packet, option) is { } mark ? [mark] : null;

    /// <summary>CONNMARK.</summary>
    internal static ImmutableArray<Step>? ConnectionMark(ImmutableArray<MatchOption> options) => options switch
    {
        [{ Name: "save-mark" }, ..] => Copy(options, MarkKind.Connection),
        [{ Name: "restore-mark" }, ..] => Copy(options, MarkKind.Packet),
        [var option] when Write(MarkKind.Connection, option) is { } mark => [mark],
        [{ Value: { } value } option, { Name: "mask", Value: { } mask }] when Write(MarkKind.Connection, option with { Values = [$"{value}/{mask}"] }) is { } masked => [masked],
        _ => null,
    };

    private static SetMark? Write(MarkKind target, MatchOption option)
    {
        if (option.Value is not { } text || option.IsNegated || !Numbers.TryMasked(text, out var value, out var mask))
        {
            return null;
        }

        return option.Name switch
        {
            "set-xmark" => new(target, target, ~mask, value),
            "set-mark" => new(target, target, ~(mask | value), value),
            "and-mark" => new(target, target, value, 0),
            "or-mark" => new(target, target, ~value, value),
            "xor-mark" => new(target, target, uint.MaxValue, value),
            _ => null,
        };
    }

    /// <summary>
    /// Copies bits of one mark to the other: <c>to = (to and not toMask) xor (from and fromMask)</c>. The model has one source only, so it is
    /// known when the copy leaves nothing of what was there.
    /// </summary>
    private static ImmutableArray<Step>? Copy(ImmutableArray<MatchOption> options, MarkKind target)
    {
        var (nfMask, ctMask) = (uint.MaxValue, uint.MaxValue);
        foreach (var option in options[1..])
        {
            if (option.Value is not { } text || !Numbers.TryParse(text, out var mask) || option.Name is not ("mask" or "nfmask" or "ctmask"))
            {
                return null;
            }

            nfMask = option.Name == "ctmask" ? nfMask : mask;
            ctMask = option.Name == "nfmask" ? ctMask : mask;
        }

        var (source, fromMask, toMask) = target == MarkKind.Connection ? (MarkKind.Packet, nfMask, ctMask) : (MarkKind.Connection, ctMask, nfMask);
        return [new SetMark(target, source, fromMask, 0) { IsUnknown = toMask != uint.MaxValue }];
    }
}
