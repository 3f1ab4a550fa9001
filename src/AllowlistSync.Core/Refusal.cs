namespace AllowlistSync.Core;

/// <summary>A guard's or planner's no.</summary>
/// <param name="RuleId">The rule, a stable kebab-case id, for example <c>too-few-prefixes</c>.</param>
/// <param name="Message">What was found, with the numbers that decided.</param>
/// <param name="WayOut">What a person can do.</param>
/// <param name="CanBeAccepted">True when <c>apply --accept FINGERPRINT</c> may override it; false for what can never be right.</param>
public sealed record Refusal(string RuleId, string Message, string WayOut, bool CanBeAccepted = false);
