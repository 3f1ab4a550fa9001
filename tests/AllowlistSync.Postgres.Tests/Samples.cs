using System.Globalization;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Sources;
using AllowlistSync.Core.State;

namespace AllowlistSync.Postgres.Tests;

/// <summary>Things to keep.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Morning = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    public static SourceMemory Memory(params string[] prefixes) => new(
        new RangeSnapshot
        {
            Source = "cloudflare",
            Kind = SourceKind.Cloudflare,
            Published = [.. prefixes.Select(IpPrefix.Parse)],
            Ranges = PrefixSet.Of(prefixes.Select(IpPrefix.Parse)),
            ETag = "38f79d050aa027e3be3865e495dcc9bc",
            FetchedAt = Morning,
            Provenance = Provenance.CrossChecked,
        },
        PrefixSet.Of(prefixes.Select(IpPrefix.Parse)),
        [new PendingRemoval(IpPrefix.Parse("131.0.72.0/22"), Morning, Morning.AddHours(72))]);

    public static Receipt Receipt(string runId = "run-1") => new()
    {
        RunId = runId,
        Target = "web",
        Fingerprint = "f00d",
        StartedAt = Morning,
        Stage = ReceiptStage.Applying,
        Result = TrafficSet.Of(PrefixSet.Of([IpPrefix.Parse("2400:cb00::/32")]), PortSet.Any),
        Before = new TargetSnapshot("fake", 1, "web", "{\"a\":1}"),
        ConfirmBy = Morning.AddMinutes(1),
    };

    public static JournalEntry Entry(string step) => new(Morning, "run-1", step, "f00d", "ä 'quoted' \"");

    public static RunRecord Run(int number, string target = "web") => new()
    {
        RunId = number.ToString(CultureInfo.InvariantCulture),
        Node = "n",
        Trigger = RunTrigger.Schedule,
        Target = target,
        Provider = "nftables",
        At = Morning.AddMinutes(number),
        Took = TimeSpan.FromMilliseconds(5),
        Status = "applied",
        Added = ["104.16.0.0/13 443"],
        AddedCount = 1,
        ReachCounts = new ReachCounts(44, 0, 0),
    };
}
