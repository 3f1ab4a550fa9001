using System.Collections.Immutable;

namespace AllowlistSync.Proposals.Rewriting;

/// <summary>Finds a value in HCL by its key: names of blocks, their labels, attributes, and keys of objects.</summary>
internal sealed class HclFinder(TextFile file, HclTokens tokens, string key)
{
    private readonly ImmutableArray<KeyPart> _path = KeyPath.Parse(key);

    private readonly record struct Item(string Name, ImmutableArray<string> Labels, int Value, bool IsBlock);

    /// <summary>The first token of the value.</summary>
    public int Find()
    {
        var (from, to, depth) = (0, tokens.Count, 0);
        while (true)
        {
            var here = Items(from, to).ToList();
            var fitting = here.Where(item => Fits(item, depth)).ToList();
            var next = depth + 1 + (fitting.Count > 0 ? fitting[0].Labels.Length : 0);
            var item = Choose(fitting, here, depth, ref next);
            if (next == _path.Length)
            {
                return item.IsBlock ? throw new RewriteException("value-shape", $"{file.Path}, line {file.LineOf(tokens[item.Value].Start)}: {key} is a block", "name an attribute in it") : item.Value;
            }

            if (!tokens.Is(item.Value, '{'))
            {
                throw Missing(next, $"{Above(next)} is no block and no object");
            }

            (from, to, depth) = (item.Value + 1, tokens.CloseOf(item.Value), next);
        }
    }

    private bool Fits(Item item, int depth) => _path[depth].Name == item.Name && depth + item.Labels.Length < _path.Length
        && item.Labels.Select((label, i) => _path[depth + 1 + i].Name == label).All(fits => fits);

    private Item Choose(List<Item> fitting, List<Item> here, int depth, ref int next)
    {
        if (next < _path.Length && _path[next] is { Name: null, Index: var index } && fitting.Count > 0 && fitting[0].IsBlock)
        {
            next++;
            return index < fitting.Count ? fitting[index] : throw Missing(next - 1, $"there are {fitting.Count} of {Above(next - 1)}");
        }

        return fitting.Count switch
        {
            1 => fitting[0],
            0 => throw Missing(depth, $"{Above(depth)} has {(here.Count == 0 ? "nothing" : string.Join(", ", here.Select(item => string.Join('.', item.Labels.Prepend(item.Name))).Distinct(StringComparer.Ordinal).Take(8)))}"),
            _ => throw new RewriteException("key-doubled", $"{file.Path}, line {file.LineOf(tokens[fitting[1].Value].Start)}: {Above(next)} is written {fitting.Count} times", "keep one of them, or say which of the blocks by [0], [1]"),
        };
    }

    // The items of a body or of an object.
    private IEnumerable<Item> Items(int from, int to)
    {
        for (var at = from; at < to;)
        {
            if (tokens.Is(at, HclKind.LineEnd) || tokens.Is(at, ','))
            {
                at++;
                continue;
            }

            var (head, labels) = (at, ImmutableArray.CreateBuilder<string>());
            while (++at < to && (tokens.Is(at, HclKind.Name) || tokens.Is(at, HclKind.Text)))
            {
                labels.Add(tokens.TextOf(at));
            }

            var isNamed = tokens.Is(head, HclKind.Name) || tokens.Is(head, HclKind.Text);
            if (isNamed && at < to && tokens.Is(at, '{'))
            {
                yield return new Item(tokens.TextOf(head), labels.ToImmutable(), at, IsBlock: true);
            }
            else if (isNamed && labels.Count == 0 && at + 1 < to && (tokens.Is(at, '=') || tokens.Is(at, ':')))
            {
                yield return new Item(tokens.TextOf(head), [], at + 1, IsBlock: false);
            }

            at = EndOfItem(tokens.Is(head, HclKind.Other) ? head : at, to);
        }
    }

    private int EndOfItem(int at, int to)
    {
        while (at < to && !tokens.Is(at, HclKind.LineEnd) && !tokens.Is(at, ','))
        {
            at = tokens.Is(at, '{') || tokens.Is(at, '[') || tokens.Is(at, '(') ? tokens.CloseOf(at) + 1 : at + 1;
        }

        return at;
    }

    private string Above(int depth) => KeyPath.Text(_path, depth, "the file");

    private RewriteException Missing(int depth, string there) =>
        new("key-missing", $"{file.Path}: there is no {Above(Math.Min(depth + 1, _path.Length))}; {there}", "correct `key`, or write an empty list there first");
}
