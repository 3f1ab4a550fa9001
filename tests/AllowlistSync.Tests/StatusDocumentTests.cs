using System.Text.Json;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.State;
using AllowlistSync.Output;
using AllowlistSync.Tests.Daemon.Web;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests;

public sealed class StatusDocumentTests
{
    private static readonly Finding Problem = new("undo-overdue", Severity.Problem, "the undo was not made", "run it");

    [Fact]
    public void The_readme_of_the_reports_lists_its_fields()
    {
        var now = Snapshots.Now;
        var receipt = new Receipt { RunId = "run", Target = "web", Fingerprint = "1234567890ab", StartedAt = now, Stage = ReceiptStage.Applied, Result = TrafficSet.Empty, ConfirmBy = now };
        var bans = new TargetBans("web", [new Ban(IpPrefix.Parse("104.16.0.0/13"), "jail sshd")], null);
        var status = new Status(
            now,
            [new SourceStatus("cloudflare", Snapshots.Memory("cloudflare", [new(IpPrefix.Parse("131.0.72.0/22"), now, now)]), now, TimeSpan.FromDays(7))],
            [
                new TargetState(Snapshots.TargetOf("web", "nftables"), receipt, []) { Problem = Problem, LastRun = Snapshots.Run("web", "inSync"), Bans = bans },
                new TargetState(Snapshots.TargetOf("new", "ufw"), null, []),
            ])
        {
            Daemon = "process 7 (daemon)",
            Nodes = [new("one", "0.1.0", "3f2a9c1b7d42", now, now, TimeSpan.Zero)],
        };

        var document = JsonDocument.Parse(JsonDocuments.Object(json => StatusDocument.Write(json, status)));

        JsonFields.Listed("`status`").ShouldBe(JsonFields.In(document.RootElement));
    }
}
