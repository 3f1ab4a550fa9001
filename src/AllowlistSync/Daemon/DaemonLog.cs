using Microsoft.Extensions.Logging;

namespace AllowlistSync.Daemon;

/// <summary>What the daemon logs. Event ids are stable: 1xx the daemon, 2xx runs, 3xx sources, 4xx watches, 5xx listeners.</summary>
internal static partial class DaemonLog
{
    [LoggerMessage(100, LogLevel.Information, "allowlist-sync {Version} started on {Node}: {Targets} targets, configuration {Path} ({Hash})")]
    public static partial void Started(this ILogger log, string version, string node, int targets, string path, string hash);

    [LoggerMessage(101, LogLevel.Information, "stopping: {Running} runs are going on and end first")]
    public static partial void Stopping(this ILogger log, int running);

    [LoggerMessage(102, LogLevel.Information, "stopped")]
    public static partial void Stopped(this ILogger log);

    [LoggerMessage(103, LogLevel.Information, "configuration {Path} was read again ({Hash}): {Targets} targets")]
    public static partial void Reloaded(this ILogger log, string path, string hash, int targets);

    [LoggerMessage(104, LogLevel.Error, "configuration {Path} is not taken over and the one before ({Hash}) stays in force: {Problems}")]
    public static partial void ReloadRefused(this ILogger log, string path, string hash, string problems);

    [LoggerMessage(105, LogLevel.Warning, "runs that went on for {Seconds} s were cancelled; each change was made as a whole or not at all")]
    public static partial void Cancelled(this ILogger log, int seconds);

    [LoggerMessage(106, LogLevel.Warning, "the clock was set by {Seconds} s; the schedule starts anew")]
    public static partial void ClockSet(this ILogger log, long seconds);

    [LoggerMessage(107, LogLevel.Warning, "{Message}")]
    public static partial void StateMended(this ILogger log, string message);

    [LoggerMessage(108, LogLevel.Error, "the configuration before cannot begin either, so nothing is run and firewalls stay as they are: {Message}; tried again in {Seconds} s")]
    public static partial void CannotReturn(this ILogger log, string message, int seconds);

    [LoggerMessage(110, LogLevel.Error, "{Message}; runs fail until then, and firewalls stay as they are")]
    public static partial void StateAway(this ILogger log, string message);

    [LoggerMessage(111, LogLevel.Information, "{Place} can be reached again")]
    public static partial void StateBack(this ILogger log, string place);

    [LoggerMessage(112, LogLevel.Information, "node {Node} {What} (version {Version})")]
    public static partial void NodeSeen(this ILogger log, string node, string what, string version);

    [LoggerMessage(113, LogLevel.Warning, "node {Node} has another configuration ({Theirs}) than this node ({Ours}): a shared target is run by the one or by the other; give all nodes the same file")]
    public static partial void NodeDiffers(this ILogger log, string node, string theirs, string ours);

    [LoggerMessage(114, LogLevel.Warning, "{Target}: its time has come, and this node does not know it: another node has another configuration")]
    public static partial void NotOurs(this ILogger log, string target);

    [LoggerMessage(115, LogLevel.Information, "{Target}: no node has it in its configuration any more, so it has left the schedule that nodes share")]
    public static partial void Dropped(this ILogger log, string target);

    [LoggerMessage(200, LogLevel.Information, "{Target}: {Status} ({Trigger}, {Milliseconds} ms, run {RunId})")]
    public static partial void RunEnded(this ILogger log, string target, string status, string trigger, long milliseconds, string runId);

    [LoggerMessage(201, LogLevel.Information, "{Target}: changed: {Added} added, {Removed} removed, {Repairs} repaired, {Lifted} bans lifted ({Trigger}, {Milliseconds} ms, run {RunId})")]
    public static partial void RunChanged(this ILogger log, string target, int added, int removed, int repairs, int lifted, string trigger, long milliseconds, string runId);

    [LoggerMessage(202, LogLevel.Warning, "{Target}: somebody else changed it; put back: {Added} added, {Removed} removed, {Repairs} repaired ({Milliseconds} ms, run {RunId})")]
    public static partial void RunRepaired(this ILogger log, string target, int added, int removed, int repairs, long milliseconds, string runId);

    [LoggerMessage(EventId = 203, Message = "{Target}: {Status}: {Why} ({Trigger}, run {RunId})")]
    public static partial void RunBad(this ILogger log, LogLevel level, string target, string status, string why, string trigger, string runId);

    [LoggerMessage(204, LogLevel.Error, "{Target}: something else undoes what is repaired: {Repairs} repairs within {Minutes} minutes; nothing is repaired until {Until:u}. Find out what else writes to this firewall, then reload (SIGHUP)")]
    public static partial void Fight(this ILogger log, string target, int repairs, int minutes, DateTimeOffset until);

    [LoggerMessage(205, LogLevel.Error, "{Target}: what happened could not be kept: {Message}")]
    public static partial void NotKept(this ILogger log, string target, string message);

    [LoggerMessage(206, LogLevel.Critical, "{Target}: a run failed by an error in this program")]
    public static partial void Bug(this ILogger log, string target, Exception bug);

    [LoggerMessage(300, LogLevel.Information, "source {Source}: the list changed: {Added} added, {Removed} removed; {IPv4} IPv4 and {IPv6} IPv6 prefixes")]
    public static partial void ListChanged(this ILogger log, string source, int added, int removed, int ipv4, int ipv6);

    [LoggerMessage(301, LogLevel.Warning, "source {Source}: {Why}; the last good list stays in force")]
    public static partial void ListRefused(this ILogger log, string source, string why);

    [LoggerMessage(302, LogLevel.Error, "source {Source}: the last good list is {Days:0.0} days old")]
    public static partial void ListStale(this ILogger log, string source, double days);

    [LoggerMessage(400, LogLevel.Information, "{Target}: watching {Watches}")]
    public static partial void Watching(this ILogger log, string target, string watches);

    [LoggerMessage(401, LogLevel.Warning, "{Watch} cannot be watched: {Message}; tried again in {Seconds} s, then less and less often, and the schedule goes on")]
    public static partial void WatchBroke(this ILogger log, string watch, string message, int seconds);

    [LoggerMessage(402, LogLevel.Debug, "{Watch}: {Sign}")]
    public static partial void Sign(this ILogger log, string watch, string sign);

    [LoggerMessage(403, LogLevel.Information, "{Watch} is not there and is not watched; the schedule goes on")]
    public static partial void NothingToWatch(this ILogger log, string watch);

    [LoggerMessage(404, LogLevel.Information, "{Watch} is watched again")]
    public static partial void WatchedAgain(this ILogger log, string watch);

    [LoggerMessage(500, LogLevel.Error, "{Listener} failed")]
    public static partial void ListenerFailed(this ILogger log, string listener, Exception failure);
}
