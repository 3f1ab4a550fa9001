using AllowlistSync.Configuration.Reading;
using AllowlistSync.Configuration.Shapes;
using AllowlistSync.Core.Guards;
using FluentValidation;

namespace AllowlistSync.Configuration.Rules;

/// <summary>The rules over <c>guard</c>.</summary>
internal sealed class GuardRules : AbstractValidator<GuardPolicy>
{
    public GuardRules()
    {
        Named(RuleFor(guard => guard.MinPrefixes.IPv4).Must(Sane.IsCount), "minPrefixes.ipv4", CountFix);
        Named(RuleFor(guard => guard.MinPrefixes.IPv6).Must(Sane.IsCount), "minPrefixes.ipv6", CountFix);
        Named(RuleFor(guard => guard.MaxRemovedPercent).Must(value => Sane.IsPercent(value, GuardLimits.MaxRemovedPercent)), "maxRemovedPercent", PercentFix(GuardLimits.MaxRemovedPercent));
        Named(RuleFor(guard => guard.MaxAddedPercent).Must(value => Sane.IsPercent(value, GuardLimits.MaxAddedPercent)), "maxAddedPercent", PercentFix(GuardLimits.MaxAddedPercent));
        Named(RuleFor(guard => guard.Widest.IPv4).Must(value => Sane.IsLength(value, GuardLimits.IPv4Bits)), "widest.ipv4", LengthFix(GuardLimits.IPv4Bits));
        Named(RuleFor(guard => guard.Widest.IPv6).Must(value => Sane.IsLength(value, GuardLimits.IPv6Bits)), "widest.ipv6", LengthFix(GuardLimits.IPv6Bits));
        Named(RuleFor(guard => guard.RemovalGrace).Must(Sane.IsDuration), "removalGrace", DurationFix);
        Named(RuleFor(guard => guard.MaxAge).Must(Sane.IsDuration), "maxAge", DurationFix);
    }

    private static string CountFix => $"write a whole number from {GuardLimits.MinPrefixes} to {GuardLimits.MaxPrefixes}; with 0 an empty list would be believed";

    private static string DurationFix => "write " + Texts.Duration.Expected;

    private static string PercentFix(int maximum) => $"write a whole number from 0 to {maximum}";

    private static string LengthFix(int bits) => $"write a prefix length from {GuardLimits.Widest} to {bits}";

    private static void Named<T>(IRuleBuilderOptions<GuardPolicy, T> rule, string path, string fix) =>
        rule.OverridePropertyName(path).WithState(_ => fix).WithMessage((_, value) => Shown.Of($"{value}") + " is out of range");
}
