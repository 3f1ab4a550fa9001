using System.Collections.Immutable;
using System.Globalization;

namespace AllowlistSync.Core.Hosts;

/// <summary>A value on the bus, of the types that services of a host use (D-Bus specification, "Type System"). <c>ToString</c> writes it so that different values differ.</summary>
/// <param name="Signature">Its type, as D-Bus writes it.</param>
public abstract record BusValue(string Signature)
{
    /// <summary>A list of texts.</summary>
    public static BusList Texts(IEnumerable<string> texts) => new("s", [.. texts.Select(text => new BusText(text))]);
}

/// <summary>A text (<c>s</c>).</summary>
/// <param name="Text">The text.</param>
public sealed record BusText(string Text) : BusValue("s")
{
    /// <inheritdoc/>
    public override string ToString() => $"{Text.Length}:{Text}";
}

/// <summary>The path of an object (<c>o</c>).</summary>
/// <param name="Path">The path.</param>
public sealed record BusPath(string Path) : BusValue("o")
{
    /// <inheritdoc/>
    public override string ToString() => Path;
}

/// <summary>A number; written as <c>i</c>, read from every type of whole numbers.</summary>
/// <param name="Number">The number.</param>
public sealed record BusNumber(long Number) : BusValue("i")
{
    /// <inheritdoc/>
    public override string ToString() => Number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Yes or no (<c>b</c>).</summary>
/// <param name="IsSet">True for yes.</param>
public sealed record BusFlag(bool IsSet) : BusValue("b")
{
    /// <inheritdoc/>
    public override string ToString() => IsSet ? "true" : "false";
}

/// <summary>A list (<c>a</c> and the type of its items).</summary>
/// <param name="ItemSignature">The type of the items.</param>
/// <param name="Items">The items.</param>
public sealed record BusList(string ItemSignature, ImmutableArray<BusValue> Items) : BusValue("a" + ItemSignature)
{
    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(',', Items)}]";
}

/// <summary>A map with texts as its keys (<c>a{s..}</c>).</summary>
/// <param name="ItemSignature">The type of the values.</param>
/// <param name="Items">The values.</param>
public sealed record BusMap(string ItemSignature, ImmutableSortedDictionary<string, BusValue> Items) : BusValue($"a{{s{ItemSignature}}}")
{
    /// <summary>A map of pairs.</summary>
    public static BusMap Of(string itemSignature, params ReadOnlySpan<(string Key, BusValue Value)> pairs)
    {
        var items = ImmutableSortedDictionary.CreateBuilder<string, BusValue>(StringComparer.Ordinal);
        foreach (var (key, value) in pairs)
        {
            items[key] = value;
        }

        return new BusMap(itemSignature, items.ToImmutable());
    }

    /// <inheritdoc/>
    public override string ToString() => $"{{{string.Join(',', Items.Select(item => $"{item.Key.Length}:{item.Key}={item.Value}"))}}}";
}

/// <summary>Values of fixed types (<c>(..)</c>).</summary>
/// <param name="Fields">The values.</param>
public sealed record BusStruct(ImmutableArray<BusValue> Fields) : BusValue($"({string.Concat(Fields.Select(field => field.Signature))})")
{
    /// <inheritdoc/>
    public override string ToString() => $"({string.Join(',', Fields)})";
}

/// <summary>A value that tells its type (<c>v</c>).</summary>
/// <param name="Value">The value.</param>
public sealed record BusVariant(BusValue Value) : BusValue("v")
{
    /// <inheritdoc/>
    public override string ToString() => $"<{Value.Signature} {Value}>";
}
