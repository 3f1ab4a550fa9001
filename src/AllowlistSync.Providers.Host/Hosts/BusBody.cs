using System.Collections.Immutable;
using AllowlistSync.Core.Hosts;
using Tmds.DBus.Protocol;

namespace AllowlistSync.Providers.Host.Hosts;

/// <summary>Values to bytes and back; recursive, as types are.</summary>
internal static class BusBody
{
    public static ImmutableArray<BusValue> Read(Message message)
    {
        var reader = message.GetBodyReader();
        var values = ImmutableArray.CreateBuilder<BusValue>();
        var signature = message.SignatureIsSet ? message.SignatureAsString : "";
        for (var at = 0; at < signature!.Length;)
        {
            var end = EndOf(signature, at);
            values.Add(Read(ref reader, signature[at..end]));
            at = end;
        }

        return values.ToImmutable();
    }

    public static void Write(ref MessageWriter writer, BusValue value)
    {
        switch (value)
        {
            case BusText text: writer.WriteString(text.Text); break;
            case BusPath path: writer.WriteObjectPath(path.Path); break;
            case BusNumber number: writer.WriteInt32(checked((int)number.Number)); break;
            case BusFlag flag: writer.WriteBool(flag.IsSet); break;
            case BusVariant variant: writer.WriteSignature(variant.Value.Signature); Write(ref writer, variant.Value); break;
            case BusStruct fields: writer.WriteStructureStart(); WriteAll(ref writer, fields.Fields); break;
            case BusList list: WriteList(ref writer, list); break;
            case BusMap map: WriteMap(ref writer, map); break;
            default: throw new NotSupportedException($"{value.GetType().Name} cannot be sent");
        }
    }

    private static void WriteAll(ref MessageWriter writer, ImmutableArray<BusValue> values)
    {
        foreach (var value in values)
        {
            Write(ref writer, value);
        }
    }

    private static void WriteList(ref MessageWriter writer, BusList list)
    {
        var start = writer.WriteArrayStart(TypeOf(list.ItemSignature));
        WriteAll(ref writer, list.Items);
        writer.WriteArrayEnd(start);
    }

    private static void WriteMap(ref MessageWriter writer, BusMap map)
    {
        var start = writer.WriteDictionaryStart();
        foreach (var (key, item) in map.Items)
        {
            writer.WriteDictionaryEntryStart();
            writer.WriteString(key);
            Write(ref writer, item);
        }

        writer.WriteDictionaryEnd(start);
    }

    private static BusValue Read(ref Reader reader, string signature) => signature[0] switch
    {
        's' => new BusText(reader.ReadString()),
        'g' => new BusText(reader.ReadSignatureAsString()),
        'o' => new BusPath(reader.ReadObjectPathAsString()),
        'b' => new BusFlag(reader.ReadBool()),
        'y' => new BusNumber(reader.ReadByte()),
        'n' => new BusNumber(reader.ReadInt16()),
        'q' => new BusNumber(reader.ReadUInt16()),
        'i' => new BusNumber(reader.ReadInt32()),
        'u' => new BusNumber(reader.ReadUInt32()),
        'x' => new BusNumber(reader.ReadInt64()),
        'v' => new BusVariant(Read(ref reader, reader.ReadSignatureAsString())),
        '(' => ReadStruct(ref reader, signature[1..^1]),
        'a' when signature[1] == '{' => ReadMap(ref reader, signature[2..^1]),
        'a' => ReadList(ref reader, signature[1..]),
        _ => throw new FormatException($"a value of the type {signature} is not understood"),
    };

    private static BusStruct ReadStruct(ref Reader reader, string signature)
    {
        reader.AlignStruct();
        var fields = ImmutableArray.CreateBuilder<BusValue>();
        for (var at = 0; at < signature.Length;)
        {
            var end = EndOf(signature, at);
            fields.Add(Read(ref reader, signature[at..end]));
            at = end;
        }

        return new BusStruct(fields.ToImmutable());
    }

    private static BusList ReadList(ref Reader reader, string item)
    {
        var items = ImmutableArray.CreateBuilder<BusValue>();
        var end = reader.ReadArrayStart(TypeOf(item));
        while (reader.HasNext(end))
        {
            items.Add(Read(ref reader, item));
        }

        return new BusList(item, items.ToImmutable());
    }

    private static BusMap ReadMap(ref Reader reader, string pair)
    {
        var items = ImmutableSortedDictionary.CreateBuilder<string, BusValue>(StringComparer.Ordinal);
        var end = reader.ReadDictionaryStart();
        while (reader.HasNext(end))
        {
            reader.AlignStruct();
            var key = Read(ref reader, pair[..1]);
            items[key is BusText text ? text.Text : $"{key}"] = Read(ref reader, pair[1..]);
        }

        return new BusMap(pair[1..], items.ToImmutable());
    }

    private static DBusType TypeOf(string signature) => signature[0] == '(' ? DBusType.Struct : (DBusType)signature[0];

    // The end of the one complete type that begins there.
    private static int EndOf(string signature, int at)
    {
        while (signature[at] == 'a')
        {
            at++;
        }

        var depth = 0;
        do
        {
            depth += signature[at] is '(' or '{' ? 1 : signature[at] is ')' or '}' ? -1 : 0;
            at++;
        }
        while (depth > 0);
        return at;
    }
}
