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
    public async Task The_commands_of_the_local_gitops_sample_do_what_its_readme_says()
    {
        TestKit.Needs.Sandbox("git");
        await using var origin = await Origin.StartAsync();
        await origin.ShellAsync("mkdir", "-p", "/run/try/samples");
        await origin.ShellAsync("cp", "-r", Repository.PathOf("samples/gitops-local"), "/run/try/samples");
        await origin.ShellAsync("rm", "-rf", "/run/try/samples/gitops-local/work", "/run/try/samples/gitops-local/state");
        var config = await origin.ReadAsync("/run/try/samples/gitops-local/config.yaml");
        await origin.WriteAsync("/run/try/samples/gitops-local/config.yaml", origin.WithItsList(config));
        await origin.ShellAsync("chown", "-R", "65534:65534", "/run/try");
        var blocks = Commands(await File.ReadAllTextAsync(Repository.PathOf("samples/gitops-local/README.md"), TestContext.Current.CancellationToken));

        var script = string.Join('\n', ["set -e", "export HOME=/run/try", "cd /run/try", .. blocks]).Replace("dotnet run --project src/AllowlistSync --", "$PROGRAM", StringComparison.Ordinal);
        var said = (await origin.RunScriptAsNobodyAsync(script)).Ended(0);

        said.Saying("Proposal infra: would be opened", "plan to approve: realip", "after: port 80: 15 prefixes accepted", "Proposal infra: opened", "Allowlist-Sync-Plan: realip", "Target realip: applied", "set_real_ip_from 103.21.244.0/22;", "Proposal infra: closed", "Proposal infra: nothing to propose");
    }

    [Fact]
    public async Task Every_sample_has_a_readme_and_is_run_here()
    {
        var samples = Directory.EnumerateDirectories(Repository.PathOf("samples")).ToList();

        // The pipelines of the others are run by GitopsSampleTests.
        samples.Select(Path.GetFileName).ShouldBe(["first-look", "gitops-gitea", "gitops-github", "gitops-gitlab", "gitops-local"], ignoreOrder: true);
        foreach (var sample in samples)
        {
            (await File.ReadAllTextAsync(Path.Combine(sample, "README.md"), TestContext.Current.CancellationToken)).ShouldContain("dotnet run --project src/AllowlistSync");
        }
    }

    private static IEnumerable<string> Commands(string readme) => readme.Split("```sh\n").Skip(1).Select(block => block.Split("```")[0]);
}
