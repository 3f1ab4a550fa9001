using AllowlistSync.Tests.Configuration;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

/// <summary>What the README promises of the samples.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task The_first_look_is_a_true_diff_without_rights_and_without_network()
    {
        await using var origin = await Origin.StartAsync();
        await origin.ShellAsync("cp", "-r", Repository.PathOf("samples/first-look"), "/run/first-look");
        await origin.ShellAsync("chmod", "-R", "a+rX", "/run/first-look");

        var diff = await origin.RunAsNobodyAsync("diff", "--config", "/run/first-look/config.yaml");

        diff.Ended(2).Saying("built into this program", "+ 104.24.0.0/14", "+ 2a06:98c0::/29", "- 199.27.128.0/21", "jump-too-late", "1 differs (+2 -1 !1)");
        diff.StdOut.ShouldNotContain("+ 104.16.0.0/13");
    }

    [Fact]
    public async Task Every_sample_has_a_readme_and_is_run_here()
    {
        var samples = Directory.EnumerateDirectories(Repository.PathOf("samples")).ToList();

        samples.Select(Path.GetFileName).ShouldBe(["first-look"]);
        foreach (var sample in samples)
        {
            (await File.ReadAllTextAsync(Path.Combine(sample, "README.md"), TestContext.Current.CancellationToken)).ShouldContain("dotnet run --project src/AllowlistSync");
        }
    }
}
