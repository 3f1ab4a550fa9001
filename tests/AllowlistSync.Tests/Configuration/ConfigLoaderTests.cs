using AllowlistSync.Configuration;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.Configuration;

public sealed class ConfigLoaderTests
{
    public static TheoryData<string> BadNames => [.. BadConfigs.All.Select(bad => bad.Name)];

    [Theory]
    [MemberData(nameof(BadNames))]
    public void A_bad_file_is_refused_with_all_of_its_problems(string name)
    {
        var bad = BadConfigs.All.Single(candidate => candidate.Name == name);

        var result = Load(bad.Yaml);

        result.Problems.Select(problem => problem.ToString()["c.yaml:".Length..]).ShouldBe(bad.Problems);
        result.Config.ShouldBeNull();
    }

    internal static ConfigResult Load(string yaml) => ConfigLoader.Load("c.yaml", yaml, TestProviders.All, new TestSecrets());
}
