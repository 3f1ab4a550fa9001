using System.Runtime.CompilerServices;
using AllowlistSync.Configuration.Reading;
using AllowlistSync.Core;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using Quartz;

namespace AllowlistSync.Configuration.Shapes;

/// <summary>Checks of single texts: what is wrong, what would be right.</summary>
internal static class TextChecks
{
    internal static Fault? Name(string text) =>
        Owner.IsValidName(text) ? null : new($"\"{Shown.Of(text)}\" is not a name", "write " + Texts.Name.Expected);

    internal static Fault? GroupName(string text) =>
        text != "local" && Owner.IsValidName(text) ? null : new($"\"{Shown.Of(text)}\" is not a name of a group", "write " + Texts.GroupName.Expected);

    internal static Fault? Duration(string text) =>
        DurationText.TryParse(text, out _) ? null : new($"\"{Shown.Of(text)}\" is not a duration", "write " + Texts.Duration.Expected);

    internal static Fault? Prefix(string text) =>
        IpPrefix.TryParse(text, out _, out var reason)
            ? null
            : new($"\"{Shown.Of(text)}\" is not a prefix: {reason}", "write " + Texts.Prefix.Expected);

    internal static Fault? Format(string text) =>
        char.IsAsciiLetterLower(text[0]) && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            ? null
            : new($"\"{Shown.Of(text)}\" is not the name of a format", "write lower case letters, digits and -, such as nginx-realip");

    internal static Fault? OneLine(string text) =>
        text.Any(char.IsControl) ? new($"\"{Shown.Of(text)}\" is more than one line, or holds control characters", "write one line of text") : null;

    /// <summary>A connection string often holds a password, so it is never shown.</summary>
    internal static Fault? State(string text)
    {
        if (!IsConnection(text))
        {
            return null;
        }

        var mayHoldPassword = text.Contains("pass", StringComparison.OrdinalIgnoreCase)
            || text.Contains("pwd", StringComparison.OrdinalIgnoreCase)
            || (text.Contains("://", StringComparison.Ordinal) && text.Contains('@', StringComparison.Ordinal));
        return mayHoldPassword
            ? new("a connection string with a password stands here", "put the whole of it into a file or variable and write " + SecretShape.Instance.Expected)
            : null;
    }

    internal static bool IsConnection(string state) =>
        state.Contains('=', StringComparison.Ordinal) || state.Contains("://", StringComparison.Ordinal);

    /// <summary>The default is known to be right: Quartz is loaded only for another one.</summary>
    internal static Fault? Cron(string text) => text == ScheduleConfig.DefaultCron ? null : Crontab(text) ?? AskQuartz(text);

    internal static Fault? TimeZone(string text) => TimeZoneInfo.TryFindSystemTimeZoneById(text, out _)
        ? null
        : new($"\"{Shown.Of(text)}\" is not a time zone that this machine knows", "write a name below /usr/share/zoneinfo, such as Europe/Berlin (package tzdata), or UTC");

    // One of crontab(5): Quartz says what is wrong with it at length, and what would be right, with a day too many.
    private static Fault? Crontab(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var minute, var hour, var day, var month, var weekday]
        ? new(
            $"\"{Shown.Of(text)}\" has the five fields of crontab; here the seconds come first",
            weekday == "*" ? $"write \"0 {Shown.Of($"{minute} {hour} {day} {month}")} ?\"" : "write seconds, minutes, hours, ?, month, day of week by name, such as \"0 30 4 ? * SUN\" (Quartz counts days from 1 = SUN)")
        : null;

    // It is asked for the time only to tell a schedule that is over from one that is not.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Fault? AskQuartz(string text)
    {
        try
        {
            return new CronExpression(text).GetNextValidTimeAfter(TimeProvider.System.GetUtcNow()) is null
                ? new($"\"{Shown.Of(text)}\" names a time that never comes", "write one that comes again and again, such as \"0 0/15 * * * ?\"")
                : null;
        }
        catch (FormatException exception)
        {
            return new(
                $"\"{Shown.Of(text)}\" is not a cron expression: {Shown.Of(exception.Clause(), 200)}",
                "write seconds, minutes, hours, day of month, month, day of week (one of the days is ?), such as \"0 0/15 * * * ?\"");
        }
    }
}
