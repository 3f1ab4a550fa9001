using System.Runtime.CompilerServices;
using Shouldly;
using Xunit;

namespace AllowlistSync;

/// <summary>Compares a text with a file beside the tests; compiled into each test project that uses it; <c>UPDATE_GOLDEN=1</c> writes the file instead.</summary>
internal static class Golden
{
    public static async Task MatchAsync(string name, string actual, [CallerFilePath] string here = "")
    {
        var ct = TestContext.Current.CancellationToken;
        var path = Path.Combine(Path.GetDirectoryName(here)!, "golden", name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(path, actual, ct);
        }

        File.Exists(path).ShouldBeTrue($"{path} is missing; run the tests once with UPDATE_GOLDEN=1 and look at it");
        var expected = await File.ReadAllTextAsync(path, ct);
        if (expected != actual)
        {
            Assert.Fail($"{name} differs (-: the file, +: what was written; UPDATE_GOLDEN=1 rewrites it)\n{Diff(expected.Split('\n'), actual.Split('\n'))}");
        }
    }

    /// <summary>The lines between the common beginning and the common end.</summary>
    private static string Diff(string[] expected, string[] actual)
    {
        var start = 0;
        while (start < expected.Length && start < actual.Length && expected[start] == actual[start])
        {
            start++;
        }

        var end = 0;
        while (end < expected.Length - start && end < actual.Length - start && expected[^(end + 1)] == actual[^(end + 1)])
        {
            end++;
        }

        var lines = expected[start..^end].Select(line => "- " + line).Concat(actual[start..^end].Select(line => "+ " + line));
        return $"line {start + 1}:\n{string.Join('\n', lines.Take(60))}";
    }
}
