using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using YamlDotNet.Core.Events;

namespace AllowlistSync.Proposals.Rewriting;

/// <summary>How a new entry of a list in YAML is written: as the first of ours that is there.</summary>
/// <param name="Quote">The quotation mark, or nothing.</param>
/// <param name="PeerIndent">Null for texts; for peers how far <c>cidr</c> is from the dash, 0 for <c>ipBlock: { cidr: X }</c> on one line.</param>
internal sealed record YamlStyle(string Quote, int? PeerIndent)
{
    /// <summary>The style of a list.</summary>
    public static YamlStyle Of(TextFile file, YamlDocument document, ImmutableArray<YamlEntry> entries, bool arePeers, YamlEntries reader)
    {
        if (entries.FirstOrDefault(entry => entry.Prefix is not null) is not { Prefix: not null } first)
        {
            return new("", arePeers ? 4 : null);
        }

        var cidr = arePeers ? reader.CidrOf(first.Node)!.Value : first.Node;
        var quote = file.Text[(int)document[cidr].Start.Index] is '"' or '\'' ? file.Text[(int)document[cidr].Start.Index].ToString() : "";
        var block = document[Math.Max(cidr - 2, 0)];
        var isFlow = block is MappingStart { Style: MappingStyle.Flow };
        return new(quote, arePeers ? isFlow ? 0 : (int)(document[cidr - 1].Start.Column - DashColumn(file, first.Start)) : null);
    }

    /// <summary>A new entry behind its dash.</summary>
    public string InBlock(IpPrefix prefix, int dash, string lineEnd) => PeerIndent switch
    {
        null => Quoted(prefix, inFlow: false),
        0 => $"ipBlock: {{ cidr: {Quoted(prefix, inFlow: true)} }}",
        { } indent => $"ipBlock:{lineEnd}{new string(' ', dash + indent)}cidr: {Quoted(prefix, inFlow: false)}",
    };

    /// <summary>A new entry between brackets.</summary>
    public string InFlow(IpPrefix prefix) => PeerIndent is null ? Quoted(prefix, inFlow: true) : $"{{ ipBlock: {{ cidr: {Quoted(prefix, inFlow: true)} }} }}";

    // Between brackets older parsers take a colon in a plain text for the end of a key; and nowhere may a plain text begin with one.
    private string Quoted(IpPrefix prefix, bool inFlow)
    {
        var text = prefix.ToString();
        var quote = Quote.Length == 0 && (text[0] == ':' || (inFlow && prefix.Family == IpFamily.IPv6)) ? "\"" : Quote;
        return quote + text + quote;
    }

    private static int DashColumn(TextFile file, int start) => file.IndentAt(start).Length + 1;
}
