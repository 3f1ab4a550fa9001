using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Nftables;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Nftables;

public sealed class OptionsTests
{
    internal static ProviderSettings Settings(params (string Key, string Value)[] pairs) =>
        new() { Values = pairs.Aggregate(ProviderSettings.None.Values, (all, pair) => all.Add(pair.Key, pair.Value)) };

    [Theory]
    [InlineData("", "neither way is given")]
    [InlineData("table=inet filter", "the rule way needs `table` and `chain`")]
    [InlineData("chain=input", "the rule way needs `table` and `chain`")]
    [InlineData("table=inet filter|chain=input|sets.ipv4=inet filter cf4", "both ways are given")]
    [InlineData("table=filter|chain=input", "`filter` is not a table that can be used")]
    [InlineData("table=bridge filter|chain=input", "`bridge filter` is not a table that can be used")]
    [InlineData("table=inet filter x|chain=input", "`inet filter x` is not a table that can be used")]
    [InlineData("table=inet filter;|chain=input", "`inet filter;` is not a table that can be used")]
    [InlineData("table=inet filter|chain=in put", "`in put` is not a name of nftables")]
    [InlineData("table=inet filter|chain=1st", "`1st` is not a name of nftables")]
    [InlineData("table=inet filter|chain=a\"b", "`a\"b` is not a name of nftables")]
    [InlineData("sets.ipv4=cf4", "`cf4` is not a set that can be used")]
    [InlineData("sets.ipv6=inet filter cf6\nflush ruleset", "is not a set that can be used")]
    public void A_wrong_setting_is_named_with_what_would_be_right(string settings, string problem)
    {
        var pairs = settings.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).Select(pair => (pair[0], pair[1]));

        var found = NftablesOptions.Check(Settings([.. pairs])).ShouldHaveSingleItem();

        found.Problem.ShouldContain(problem);
        found.Fix.ShouldNotBeEmpty();
    }

    [Fact]
    public void All_problems_are_told_at_once()
    {
        NftablesOptions.Check(Settings(("table", "filter"), ("chain", "a b"), ("sets.ipv4", "x"))).Length.ShouldBe(4);
    }

    [Theory]
    [InlineData("table=inet filter|chain=input")]
    [InlineData("table=ip6  my.filter-2|chain=INPUT_x/y")]
    [InlineData("sets.ipv4=inet filter cf4")]
    [InlineData("sets.ipv4=ip filter cf4|sets.ipv6=ip6 filter cf6")]
    public void Right_settings_are_read(string settings)
    {
        var right = Settings([.. settings.Split('|').Select(pair => pair.Split('=')).Select(pair => (pair[0], pair[1]))]);

        NftablesOptions.Check(right).ShouldBeEmpty();
        NftablesOptions.From(right).ShouldNotBeNull();
    }
}
