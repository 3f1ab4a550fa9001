using System.Text.Json;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Nftables;

/// <summary>The golden files are what the nft of this machine prints, or it prints more.</summary>
public sealed class CaptureTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ruleset.terse.json", "-j -t list ruleset")]
    [InlineData("ruleset.json", "-j list ruleset")]
    [InlineData("set.plain.json", "-j list set inet filter plain")]
    [InlineData("set.merged.json", "-j list set inet filter merged")]
    [InlineData("set.tagged.json", "-j list set inet filter tagged")]
    [InlineData("set.counted.json", "-j list set inet filter counted")]
    public async Task Nft_prints_the_shape_of_the_golden_file(string file, string arguments)
    {
        Needs.Sandbox("nft");
        await using var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);
        (await sandbox.RunAsync(["nft", "-f", "-"], await File.ReadAllTextAsync(Golden.Path("ruleset.nft"), Ct), ct: Ct)).EnsureSuccess();

        var live = (await sandbox.RunAsync(["nft", .. arguments.Split(' ')], ct: Ct)).EnsureSuccess().StdOut;

        var golden = Shape(await File.ReadAllTextAsync(Golden.Path(file), Ct));
        golden.Count.ShouldBeGreaterThan(10);
        golden.Except(Shape(live), StringComparer.Ordinal).ShouldBeEmpty();
    }

    // Every path with its kind of value, without the places in arrays: what a reader relies on.
    private static HashSet<string> Shape(string json)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        Walk(JsonDocument.Parse(json).RootElement, "", paths);
        return paths;
    }

    private static void Walk(JsonElement value, string path, HashSet<string> paths)
    {
        paths.Add($"{path}: {value.ValueKind}");
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject())
            {
                Walk(member.Value, $"{path}/{member.Name}", paths);
            }
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                Walk(item, path + "/*", paths);
            }
        }
    }
}
