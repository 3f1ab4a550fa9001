using Microsoft.Extensions.Logging;

namespace AllowlistSync.Notifying;

/// <summary>What is logged about messages; event ids 7xx. Never an address: it is a secret.</summary>
internal static partial class NotifyLog
{
    [LoggerMessage(700, LogLevel.Warning, "{Receiver} takes no messages: {Reason}; they wait and are tried again, and this is not repeated here")]
    public static partial void Broke(this ILogger log, string receiver, string reason);

    [LoggerMessage(701, LogLevel.Information, "{Receiver} takes messages again")]
    public static partial void Mended(this ILogger log, string receiver);

    [LoggerMessage(702, LogLevel.Error, "{Receiver} refused a message for good ({Reason}), so it is left out: {Summary}")]
    public static partial void Refused(this ILogger log, string receiver, string reason, string summary);

    [LoggerMessage(703, LogLevel.Warning, "{Receiver} was not told before the end: {Summary}")]
    public static partial void Left(this ILogger log, string receiver, string summary);

    [LoggerMessage(704, LogLevel.Warning, "{Message}; messages go out all the same, and some may be told twice ({Remedy})")]
    public static partial void NotRemembered(this ILogger log, string message, string remedy);

    [LoggerMessage(705, LogLevel.Debug, "{Receiver} was told: {Summary}")]
    public static partial void Told(this ILogger log, string receiver, string summary);

    [LoggerMessage(706, LogLevel.Critical, "{Receiver}: an error in this program ({Kind}) keeps a message from being sent; it is tried again")]
    public static partial void Bug(this ILogger log, string receiver, string kind);
}
