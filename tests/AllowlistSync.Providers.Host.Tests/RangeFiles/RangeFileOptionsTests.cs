using AllowlistSync.Core.Formats;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.RangeFiles;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.RangeFiles;

public sealed class RangeFileOptionsTests
{
    [Fact]
    public void Good_settings_are_taken_as_they_are()
    {
        var options = RangeFileOptions.From(Settings(("path", "/etc/varnish/edge.vcl"), ("format", "varnish-acl"), ("name", "edge"), ("timeout", "2m")) with
        {
            Lists = ProviderSettings.None.Lists.Add("check", ["varnishd", "-C"]).Add("reload", ["varnishreload"]),
        });

        options.Format.ShouldBeSameAs(RangeFormats.Find("varnish-acl"));
        (options.Name, options.Timeout).ShouldBe(("edge", TimeSpan.FromMinutes(2)));
        options.CheckCommand.ShouldBe(["varnishd", "-C"]);
        options.ReloadCommand.ShouldBe(["varnishreload"]);
        options.NotePath.ShouldBe("/etc/varnish/.edge.vcl.allowlist-sync-pending");
        RangeFileOptions.From(Settings(("path", "/list"), ("format", "plain"))).NotePath.ShouldBe("/.list.allowlist-sync-pending");
    }

    [Theory]
    [InlineData("path", "etc/list")]
    [InlineData("path", "/etc/nginx/")]
    [InlineData("path", "/etc/../list")]
    [InlineData("path", "/")]
    [InlineData("path", "/etc/a\nb")]
    [InlineData("format", "nginx")]
    [InlineData("name", "edge")]
    [InlineData("timeout", "30")]
    [InlineData("timeout", "0s")]
    [InlineData("timeout", "11m")]
    [InlineData("timeout", "")]
    public void A_value_that_cannot_be_used_is_named_with_what_would_be_right(string key, string value)
    {
        var values = Settings(("path", "/etc/list"), ("format", "plain")).Values;

        var problem = RangeFileOptions.Check(new ProviderSettings { Values = values.SetItem(key, value) }).ShouldHaveSingleItem();

        problem.Key.ShouldBe(key);
        problem.Fix.ShouldNotBeEmpty();
        Should.Throw<ArgumentException>(() => RangeFileOptions.From(new ProviderSettings { Values = values.SetItem(key, value) }));
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        var settings = new ProviderSettings { Values = Settings(("name", "4-edge")).Values, Lists = ProviderSettings.None.Lists.Add("check", ["", "-t"]) };

        RangeFileOptions.Check(settings).Select(problem => problem.Key).ShouldBe(["path", "format", "name", "check"]);
    }

    private static ProviderSettings Settings(params (string Key, string Value)[] values) =>
        new() { Values = values.Aggregate(ProviderSettings.None.Values, (all, pair) => all.Add(pair.Key, pair.Value)) };
}
