using System.Text.Json.Nodes;
using AllowlistSync.Configuration;
using AllowlistSync.Core.Providers;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.Configuration;

public sealed class ConfigSchemaTests
{
    private const string Regenerate = "ALLOWLIST_SYNC_REGENERATE";

    private static readonly byte[] Written = Write(Composition.Providers);

    // The corpus has a second provider, so that "one of several" is tried as well.
    private static readonly TinySchema Schema = new(JsonNode.Parse(Write(TestProviders.All))!);

    public static TheoryData<string> BadNames => [.. BadConfigs.All.Where(bad => bad.Schema != BySchema.NotAsked).Select(bad => bad.Name)];

    [Fact]
    public async Task The_shipped_schema_is_what_the_code_writes()
    {
        var path = Repository.PathOf("config/schema.json");
        if (Environment.GetEnvironmentVariable(Regenerate) == "1")
        {
            await File.WriteAllBytesAsync(path, Written, TestContext.Current.CancellationToken);
        }

        var shipped = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);

        shipped.AsSpan().SequenceEqual(Written).ShouldBeTrue(
            $"config/schema.json is not what ConfigSchema writes. Run: {Regenerate}=1 dotnet run --project tests/AllowlistSync.Tests, then commit the file.");
    }

    [Fact]
    public void The_schema_uses_only_words_that_the_validator_here_knows() => Schema.UnknownWords().ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(BadNames))]
    public void The_schema_and_the_loader_agree_on_a_bad_file(string name)
    {
        var bad = BadConfigs.All.Single(candidate => candidate.Name == name);

        Schema.Accepts(YamlAsJson.Read(bad.Yaml)).ShouldBe(bad.Schema == BySchema.Accepted);
    }

    [Theory]
    [MemberData(nameof(ConfigLoaderTests.GoodNames), MemberType = typeof(ConfigLoaderTests))]
    public void The_schema_accepts_what_the_loader_accepts(string name) =>
        Schema.Accepts(YamlAsJson.Read(GoodConfigs.All[name])).ShouldBeTrue();

    [Fact]
    public async Task The_schema_accepts_the_shipped_configuration() =>
        Schema.Accepts(YamlAsJson.Read(await File.ReadAllTextAsync(Repository.PathOf("config/config.yaml"), TestContext.Current.CancellationToken))).ShouldBeTrue();

    // What it does not show, nobody finds. The settings of providers are in the table of the README.
    [Fact]
    public async Task The_shipped_configuration_shows_every_setting()
    {
        var words = (await File.ReadAllTextAsync(Repository.PathOf("config/config.yaml"), TestContext.Current.CancellationToken)).Split([' ', '#', '{', '-', '\n', ','], StringSplitOptions.RemoveEmptyEntries);

        Keys(JsonNode.Parse(Written)!).Where(key => !words.Contains($"{key}:")).Distinct().ShouldBeEmpty();
    }

    [Fact]
    public void The_schema_is_never_stricter_than_the_loader()
    {
        var random = new Random(1121);
        var tried = 0;
        for (var round = 0; round < 3000; round++)
        {
            var yaml = GoodConfigs.Everything.Remove(random.Next(GoodConfigs.Everything.Length - 9), random.Next(1, 9));
            if (ConfigLoaderTests.Load(yaml).IsValid)
            {
                Schema.Accepts(YamlAsJson.Read(yaml)).ShouldBeTrue(yaml);
                tried++;
            }
        }

        tried.ShouldBeGreaterThan(100);
    }

    private static IEnumerable<string> Keys(JsonNode? node) => node switch
    {
        JsonObject found => found.Where(part => part.Key != "settings").SelectMany(part => part.Key == "properties"
            ? part.Value!.AsObject().Where(key => key.Key != "settings").SelectMany(key => Keys(key.Value).Prepend(key.Key))
            : Keys(part.Value)),
        JsonArray list => list.SelectMany(Keys),
        _ => [],
    };

    private static byte[] Write(IReadOnlyList<ProviderRegistration> providers)
    {
        using var stream = new MemoryStream();
        ConfigSchema.Write(stream, providers);
        return stream.ToArray();
    }
}
