using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Benchmarks.Addresses;

/// <summary>Reads a list, merges it, writes the fewest prefixes to standard output.</summary>
internal static class MergeFile
{
    internal static int Run(string file)
    {
        var set = PrefixParser.ParseSet(File.ReadAllBytes(file), out var problems);
        using var output = Console.OpenStandardOutput();
        PrefixListWriter.Write(set, output);
        if (problems.IsEmpty)
        {
            return 0;
        }

        Console.Error.WriteLine(problems[0]);
        return 2;
    }

    internal static PrefixSet Read(string file)
    {
        var set = PrefixParser.ParseSet(File.ReadAllBytes(file), out var problems);
        return problems.IsEmpty ? set : throw new InvalidDataException($"{file}: {problems[0]}");
    }
}
