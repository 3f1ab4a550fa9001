using System.Reflection;
using System.Text.RegularExpressions;
using AllowlistSync.Core;
using AllowlistSync.Postgres;
using AllowlistSync.Providers.Host;
using AllowlistSync.Reachability.Proving;
using AllowlistSync.Sources;
using Shouldly;
using Xunit;

namespace AllowlistSync.Architecture.Tests;

public sealed partial class DependencyTests
{
    // The sentence of the program, left to right. A stage may use the words to its left, never those to its right.
    private static readonly string[] Stages =
        ["Addresses", "Formats", "Sources", "Guards", "Desired", "Hosts", "Providers", "Planning", "State", "Verifying", "Applying", "Reporting"];

    [Fact]
    public void Core_uses_nothing_but_the_base_class_library() =>
        References(typeof(SyncPipeline).Assembly).ShouldAllBe(name => name.StartsWith("System", StringComparison.Ordinal));

    [Fact]
    public void Sources_use_Core_only() =>
        References(typeof(CloudflareSource).Assembly).Where(IsOurs).ShouldBe(["AllowlistSync.Core"]);

    [Fact]
    public void Host_providers_use_Core_only() =>
        References(typeof(HostProviders).Assembly).Where(IsOurs).ShouldBe(["AllowlistSync.Core"]);

    [Fact]
    public void State_in_PostgreSQL_uses_Core_and_its_driver_only() =>
        References(typeof(PostgresStateStore).Assembly).Where(name => !name.StartsWith("System", StringComparison.Ordinal) && name != "Microsoft.Extensions.Logging.Abstractions").Order(StringComparer.Ordinal).ShouldBe(["AllowlistSync.Core", "Npgsql"]);

    [Fact]
    public void The_model_of_packet_filters_uses_Core_only() =>
        References(typeof(Prover).Assembly).Where(name => !name.StartsWith("System", StringComparison.Ordinal)).ShouldBe(["AllowlistSync.Core"]);

    [Fact]
    public void In_the_model_what_is_pure_does_no_input_or_output() =>
        Repository.Sources("src", "AllowlistSync.Reachability")
            .Where(path => !path.Contains("/Collecting/", StringComparison.Ordinal) && InputOutput().IsMatch(File.ReadAllText(path)))
            .Select(Repository.Relative).ShouldBeEmpty();

    [Fact]
    public void Only_one_file_knows_the_library_that_runs_programs() =>
        Repository.Sources("src").Where(path => File.ReadAllText(path).Contains("Medallion", StringComparison.Ordinal) && Code(path).Contains("Medallion.Shell", StringComparison.Ordinal))
            .Select(Path.GetFileName).ShouldBe(["LocalHost.cs"]);

    [Fact]
    public void Each_stage_of_Core_uses_only_the_stages_to_its_left()
    {
        var wrong = Stages.SelectMany((stage, rank) => Repository.Sources("src", "AllowlistSync.Core", stage)
            .SelectMany(path => CoreUsing().Matches(File.ReadAllText(path)).Select(match => match.Groups["stage"].Value)
                .Where(used => Array.IndexOf(Stages, used) > rank || Array.IndexOf(Stages, used) < 0)
                .Select(used => $"{Repository.Relative(path)} uses {used}")));
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Every_folder_of_Core_is_a_stage() =>
        Directory.EnumerateDirectories(Repository.PathOf("src", "AllowlistSync.Core")).Select(Path.GetFileName)
            .Where(name => name is not ("bin" or "obj")).Order(StringComparer.Ordinal).ShouldBe(Stages.Order(StringComparer.Ordinal));

    [Fact]
    public void Only_the_guard_chain_makes_accepted_ranges()
    {
        var makers = Repository.Sources("src", "AllowlistSync.Core")
            .Where(path => AcceptedConstruction().IsMatch(File.ReadAllText(path)))
            .Select(Path.GetFileName);
        makers.ShouldBe(["GuardChain.cs"]);
    }

    [Fact]
    public void Providers_know_nothing_of_planning_applying_or_reporting() =>
        Repository.Sources("src", "AllowlistSync.Providers.Host")
            .Where(path => ForbiddenForProviders().IsMatch(File.ReadAllText(path)))
            .Select(Repository.Relative).ShouldBeEmpty();

    private static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(name => name.Name!);

    private static bool IsOurs(string name) => name.StartsWith("AllowlistSync", StringComparison.Ordinal) || name == "allowlist-sync";

    private static string Code(string path) => string.Join('\n', File.ReadLines(path).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));

    [GeneratedRegex(@"^using AllowlistSync\.Core\.(?<stage>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex CoreUsing();

    [GeneratedRegex(@"new AcceptedRanges\(|AcceptedRanges\??\s+\w+\([^)]*\)\s*=>[^;]*new\(", RegexOptions.Singleline, 5000)]
    private static partial Regex AcceptedConstruction();

    [GeneratedRegex(@"\bFile\.|\bDirectory\.|\bProcess\.|\bIHost\b|\basync\b|\bConsole\.", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex InputOutput();

    [GeneratedRegex(@"^using AllowlistSync\.Core\.(Planning|Applying|Reporting|State|Verifying|Guards|Sources);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex ForbiddenForProviders();
}
