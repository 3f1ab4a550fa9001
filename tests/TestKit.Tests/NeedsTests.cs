using Shouldly;

namespace AllowlistSync.TestKit.Tests;

public sealed class NeedsTests
{
    [Fact]
    public void What_is_missing_skips_the_test_with_the_reason()
    {
        Needs.Sandbox();

        Should.Throw<SkipException>(() => Needs.Sandbox("no-such-program")).Message.ShouldBe("$XunitDynamicSkip$no-such-program is missing");
    }

    [Fact]
    public void A_reason_not_to_run_is_never_an_empty_one()
    {
        if (Sandbox.CannotRunReason() is { } reason)
        {
            reason.Trim().ShouldNotBeEmpty();
        }
        else
        {
            Environment.IsPrivilegedProcess.ShouldBeTrue();
        }
    }
}
