using System.Diagnostics;
using System.Text;
using System.Xml.Linq;
using AllowlistSync.Core.State;
using AllowlistSync.Daemon;
using AllowlistSync.Daemon.Web.Page;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.Daemon.Web;

public sealed class PageTests
{
    private const string Nasty = "<script>alert('1')</script>\"&\u202e\a";

    public static TheoryData<string> Names => ["empty", "good", "full"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_page_is_what_it_was(string name) => await Golden.MatchAsync($"{name}.html", StatusPage.Write(Named(name)));

    [Fact]
    public async Task The_page_of_a_target_is_what_it_was() => await Golden.MatchAsync("target.html", TargetPage.Write(Snapshots.Full, Snapshots.Blocked));

    [Theory]
    [MemberData(nameof(Names))]
    public void Elements_are_closed_in_order_and_ids_are_unique(string name)
    {
        foreach (var page in new[] { StatusPage.Write(Named(name)) }.Concat(Named(name).Targets.Select(target => TargetPage.Write(Named(name), target))))
        {
            var ids = Parse(page).Descendants().Select(element => element.Attribute("id")?.Value).OfType<string>().ToList();
            ids.ShouldBeUnique();
            Parse(page).Descendants("use").Select(use => use.Attribute("href")!.Value[1..]).Except(ids).ShouldBeEmpty();
        }
    }

    [Fact]
    public void A_reader_who_hears_the_page_finds_headings_headers_and_texts_of_pictures()
    {
        var page = Parse(StatusPage.Write(Snapshots.Full));

        page.Descendants("h1").Count().ShouldBe(1);
        page.Root!.Attribute("lang")!.Value.ShouldBe("en");
        page.Descendants("table").ShouldAllBe(table => table.Descendants("th").Any());
        page.Descendants("th").ShouldAllBe(header => header.Attribute("scope") != null);
        page.Descendants("svg").ShouldAllBe(picture => picture.Attribute("aria-hidden") != null || (picture.Attribute("role")!.Value == "img" && picture.Attribute("aria-label")!.Value.Length > 0));
    }

    [Fact]
    public void What_somebody_else_named_is_text_and_nothing_more()
    {
        var daemon = Nastily();
        foreach (var page in new[] { StatusPage.Write(daemon), TargetPage.Write(daemon, daemon.Targets[0]) })
        {
            page.ShouldNotContain("<script");
            page.ShouldNotContain("\u202e");
            page.ShouldNotContain("\a");
            page.ShouldContain("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;");
            Parse(page).Descendants("script").ShouldBeEmpty();
        }
    }

    [Fact]
    public void A_thousand_targets_make_a_page_below_a_megabyte_in_no_time()
    {
        var daemon = Snapshots.Good with { Targets = [.. Enumerable.Range(0, 1000).Select(i => i % 3 == 0 ? Snapshots.Blocked with { Target = Snapshots.TargetOf($"web-{i}", "nftables") } : Snapshots.GoodTarget($"web-{i}"))] };
        StatusPage.Write(daemon);

        var start = Stopwatch.GetTimestamp();
        var page = StatusPage.Write(daemon);

        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(1));
        Encoding.UTF8.GetByteCount(page).ShouldBeLessThan(1_000_000);
        page.ShouldContain("targets/web-999\"");
        page.ShouldContain("334 of 1\u202f000 targets need attention");
    }

    [Fact]
    public void Two_hundred_cells_are_drawn_each_with_its_title()
    {
        var cells = Enumerable.Range(0, 100).SelectMany(i => new[] { "80", "443" }.Select(port => new ReachCell($"10.{i}.0.0/16", port, i % 9 == 0 ? "blocked" : "accepted", null, "r", "w")));
        var html = new HtmlWriter();

        ReachPicture.Write(html, Snapshots.Run("web", "inSync") with { Reach = [.. cells] });

        var picture = XElement.Parse(html.ToString());
        picture.Descendants("title").Count().ShouldBe(200);
        picture.Descendants("use").Count(use => use.Attribute("href")!.Value == "#no").ShouldBe(24 + 1);
    }

    private static DaemonSnapshot Named(string name) => name switch
    {
        "empty" => Snapshots.Empty,
        "good" => Snapshots.Good,
        _ => Snapshots.Full,
    };

    private static DaemonSnapshot Nastily()
    {
        var run = Snapshots.Blocked.Last! with
        {
            Error = new(Nasty, Core.Providers.Severity.Problem, Nasty, Nasty),
            Refusals = [new(Nasty, Nasty, Nasty)],
            Reach = [new(Nasty, Nasty, "blocked", 521, Nasty, Nasty)],
            Added = [Nasty],
        };
        var target = Snapshots.Blocked with { Target = Snapshots.TargetOf(Nasty, Nasty, Nasty), Last = run, LastChange = run, Watches = Nasty, Recent = [run] };
        return Snapshots.Full with { Node = Nasty, ConfigProblem = Nasty, ConfigHash = Nasty, Version = Nasty, Targets = [target], Sources = [Snapshots.Full.Sources[0] with { Name = Nasty }] };
    }

    // What is written is XML but for three elements that HTML never closes; that makes it easy to look into.
    private static XDocument Parse(string page)
    {
        var xml = page.Replace("<!doctype html>", "", StringComparison.Ordinal).Replace("<br>", "<br/>", StringComparison.Ordinal);
        return XDocument.Parse(System.Text.RegularExpressions.Regex.Replace(xml, "<(?<name>meta|link)(?<rest> [^>]*)>", "<${name}${rest}/>", System.Text.RegularExpressions.RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)));
    }
}
