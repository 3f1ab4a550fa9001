using System.Collections.Immutable;
using System.Diagnostics;
using AllowlistSync.Conformance.Harnesses;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Reporting;
using Shouldly;

namespace AllowlistSync.Conformance.Cases;

/// <summary>Size and secrets.</summary>
public static class LimitCases
{
    /// <summary>L and E.</summary>
    public static ImmutableArray<ConformanceCase> All { get; } =
    [
        new("L1", "the number of programs that are run does not grow with the list", [], ConstantProcesses),
        new("L2", "more than the target can hold is refused before the first write", [], OverTheLimit),
        new("E2", "no secret of the environment reaches a tool, a report or the books", [], NoSecret),
    ];

    private static async Task ConstantProcesses(ConformanceContext context, CancellationToken cancellationToken)
    {
        await context.ReachAsync(Lists.Of("104.16.0.0/13", "2400:cb00::/32"), cancellationToken);
        await context.ChangeAsync(ForeignChange.Settle, cancellationToken);
        var calls = new List<int>();
        foreach (var count in context.Harness.IsSlow ? [4, 1_000, 10_000] : new[] { 4, 100, 1_000, 10_000 })
        {
            // Only more, and of both families each time, so that each step does the same kinds of things.
            ImmutableArray<IpPrefix> list = [.. Lists.Of("104.16.0.0/13", "2400:cb00::/32"), .. Lists.Many(count)];
            context.Tap.Reset();
            var start = Stopwatch.GetTimestamp();
            var report = await context.ApplyAsync(list, cancellationToken);
            var elapsed = Stopwatch.GetElapsedTime(start);
            TestContext.Current.TestOutputHelper?.WriteLine($"{count} prefixes: {context.Tap.Programs} programs, {elapsed.TotalMilliseconds:0} ms");
            calls.Add(context.Tap.Programs);
            report.Error.ShouldBeNull();
            report.Status.ShouldBe(TargetStatus.Applied);
            elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(90));
            await context.DemandAsync(list, cancellationToken);
        }

        calls.Distinct().Count().ShouldBe(1, string.Join(", ", calls));
    }

    private static async Task OverTheLimit(ConformanceContext context, CancellationToken cancellationToken)
    {
        await context.ChangeAsync(ForeignChange.LimitToTwo, cancellationToken);
        context.Tap.Reset();
        var writes = 0;
        context.BeforeWrites(() =>
        {
            writes++;
            return Task.CompletedTask;
        });

        var report = await context.ApplyAsync(Lists.Cloudflare, cancellationToken);

        report.Status.ShouldBe(TargetStatus.Refused);
        report.Refusals.Select(refusal => refusal.RuleId).Distinct(StringComparer.Ordinal).ShouldBe(["over-capacity"]);
        report.Refusals[0].Message.ShouldContain("15 IPv4");
        report.Refusals[0].CanBeAccepted.ShouldBeFalse();
        writes.ShouldBe(0);
        await context.DemandForeignAsync(cancellationToken);
        await context.ReachAsync(Lists.Of("104.16.0.0/13", "2400:cb00::/32"), cancellationToken);
    }

    private static async Task NoSecret(ConformanceContext context, CancellationToken cancellationToken)
    {
        const string Secret = "canary-7f3a91c4";
        Environment.SetEnvironmentVariable("ALS_CONFORMANCE_TOKEN", Secret);
        var environment = await context.Subject.Host.RunAsync(new HostCommand("env", []), cancellationToken);
        System.Text.Encoding.UTF8.GetString(environment.Output.Span).ShouldNotContain(Secret);

        var said = new List<string>();
        said.Add((await context.ApplyAsync(Lists.Small, cancellationToken)).ToString());
        context.Tap.Before = (_, _) => Task.FromResult<CommandResult?>(new CommandResult(1, ReadOnlyMemory<byte>.Empty, "Error: no\n"));
        said.Add((await context.ApplyAsync(Lists.Other, cancellationToken)).ToString());
        context.Tap.Reset();
        foreach (var file in Directory.EnumerateFiles(context.Program.State.Place, "*", SearchOption.AllDirectories))
        {
            said.Add(await File.ReadAllTextAsync(file, cancellationToken));
        }

        said.Count.ShouldBeGreaterThan(4);
        said.ShouldAllBe(text => !text.Contains(Secret, StringComparison.Ordinal));
    }
}
