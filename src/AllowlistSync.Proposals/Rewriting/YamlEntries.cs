using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AllowlistSync.Proposals.Rewriting;

/// <summary>An entry of a list in YAML.</summary>
/// <param name="Start">Its first character.</param>
/// <param name="End">The character behind its last text.</param>
/// <param name="Prefix">Its range; null for one that is not ours and stays.</param>
/// <param name="Node">Its event.</param>
internal readonly record struct YamlEntry(int Start, int End, IpPrefix? Prefix, int Node);

/// <summary>Reads the entries of a list in YAML: texts, or peers of a network policy.</summary>
internal sealed class YamlEntries(TextFile file, KeyPlace place, YamlDocument document)
{
    /// <summary>All of them, in order.</summary>
    public ImmutableArray<YamlEntry> Of(int list, bool arePeers) =>
        [.. document.Children(list).Select(node => new YamlEntry((int)document[node].Start.Index, document.EndOf(node, file.Text), RangeOf(node, arePeers), node))];

    /// <summary>Whether the entries are peers; an empty list is what its place says.</summary>
    public bool ArePeers(int list) => place.Shape switch
    {
        ValueShape.IpBlocks => true,
        ValueShape.List => false,
        _ => document[list + 1] is MappingStart,
    };

    /// <summary>The event of <c>cidr</c> in a peer; null when it is no <c>ipBlock</c>.</summary>
    public int? CidrOf(int peer)
    {
        if (document.ValueOf(peer, "ipBlock") is not { } block)
        {
            return null;
        }

        var (outer, inner) = (document.Children(peer).Count() / 2, document[block] is MappingStart ? document.Children(block).Count() / 2 : 0);
        return outer == 1 && inner == 1 && document.ValueOf(block, "cidr") is { } cidr && document[cidr] is Scalar
            ? cidr
            : throw new RewriteException("ip-block", $"{file.Path}, line {document[peer].Start.Line}: an ipBlock with something beside `cidr` (such as `except`) says more than a range, and that would be lost", "give that peer a policy of its own");
    }

    /// <summary>Refuses anchors, aliases and tags on a node, and in it.</summary>
    public void DemandPlain(int node, bool deep = true)
    {
        for (var at = node; at <= (deep ? document.CloseOf(node) : node); at++)
        {
            if (document[at] is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
            {
                throw new RewriteException("yaml-anchor", $"{file.Path}, line {document[at].Start.Line}: an anchor or alias is in {place.Key}, so a change would reach other places too", "write the list out at its place");
            }

            if (document[at] is NodeEvent { Tag.IsEmpty: false } tagged)
            {
                throw new RewriteException("yaml-tag", $"{file.Path}, line {tagged.Start.Line}: {place.Key} has a tag ({tagged.Tag}), which this program does not know", "write the value without a tag");
            }
        }
    }

    private IpPrefix? RangeOf(int node, bool arePeers)
    {
        if (arePeers)
        {
            return document[node] is not MappingStart
                ? throw Foreign(node, "is no peer")
                : CidrOf(node) is { } cidr ? Parse(cidr, (Scalar)document[cidr]) : null;
        }

        return document[node] is Scalar text ? Parse(node, text) : throw Foreign(node, "is no text");
    }

    private IpPrefix? Parse(int node, Scalar text)
    {
        DemandPlain(node);
        return text.Style is ScalarStyle.Literal or ScalarStyle.Folded
            ? throw Foreign(node, "is a text of several lines")
            : EntryText.Parse(file, (int)text.Start.Index, text.Value, place.Family);
    }

    private RewriteException Foreign(int node, string what)
    {
        DemandPlain(node);
        return new("foreign-entry", $"{file.Path}, line {document[node].Start.Line}: an entry of {place.Key} {what}, and it would be lost", "give our ranges a list of their own");
    }
}
