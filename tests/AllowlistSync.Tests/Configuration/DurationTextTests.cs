using AllowlistSync.Configuration;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.Configuration;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("60s", 60)]
    [InlineData("15m", 900)]
    [InlineData("72h", 259200)]
    [InlineData("7d", 604800)]
    [InlineData("0s", 0)]
    [InlineData("3650d", 315360000)]
    public void A_number_and_a_unit_are_a_duration(string text, int seconds)
    {
        DurationText.TryParse(text, out var duration).ShouldBeTrue();

        duration.ShouldBe(TimeSpan.FromSeconds(seconds));
        DurationText.TryParse(DurationText.Print(duration), out var again).ShouldBeTrue();
        again.ShouldBe(duration);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("h")]
    [InlineData("72")]
    [InlineData("-1h")]
    [InlineData("1.5h")]
    [InlineData(" 1h")]
    [InlineData("1 h")]
    [InlineData("1w")]
    [InlineData("1H")]
    [InlineData("1d12h")]
    [InlineData("3651d")]
    [InlineData("999999999d")]
    public void Anything_else_is_none(string? text) => DurationText.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(60, "1m")]
    [InlineData(90, "90s")]
    [InlineData(259200, "3d")]
    public void It_prints_in_the_largest_unit_that_holds_it_exactly(int seconds, string text) =>
        DurationText.Print(TimeSpan.FromSeconds(seconds)).ShouldBe(text);
}
