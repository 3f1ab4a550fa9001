namespace AllowlistSync.Reachability.Tests.Kernel.Generating;

/// <summary>Chance that is the same for the same seed.</summary>
internal sealed class Dice(int seed)
{
    private readonly Random _random = new(seed);

    public bool Chance(double probability) => _random.NextDouble() < probability;

    /// <summary>Both ends included.</summary>
    public int Roll(int first, int last) => _random.Next(first, last + 1);

    public T Pick<T>(params ReadOnlySpan<T> items) => items[_random.Next(items.Length)];

    public T PickOf<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    /// <summary>One of some texts, each with its weight.</summary>
    public string Weighted(params (double Weight, Func<string> Make)[] choices)
    {
        var left = _random.NextDouble() * choices.Sum(choice => choice.Weight);
        foreach (var (weight, make) in choices)
        {
            left -= weight;
            if (left <= 0)
            {
                return make();
            }
        }

        return choices[^1].Make();
    }

    /// <summary>Some different ones, at least one.</summary>
    public List<T> Some<T>(IReadOnlyList<T> items, int most)
    {
        var all = items.ToArray();
        _random.Shuffle(all);
        return [.. all.Distinct().Take(Roll(1, Math.Min(most, all.Length)))];
    }

    /// <summary>A number from 0 to the greatest, which is one less than a power of two.</summary>
    public UInt128 Bits(UInt128 greatest) => new UInt128((ulong)_random.NextInt64() << 1 ^ (ulong)_random.NextInt64(), (ulong)_random.NextInt64() << 1 ^ (ulong)_random.NextInt64()) & greatest;

    /// <summary>Words with blanks between them; empty ones left out.</summary>
    public static string Join(params IEnumerable<string> words) => string.Join(' ', words.Where(word => word.Length > 0));

    /// <summary>A negation, now and then.</summary>
    public string Not(double probability, string sign = "! ") => Chance(probability) ? sign : "";
}
