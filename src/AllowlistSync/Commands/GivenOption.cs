using System.CommandLine;
using System.CommandLine.Parsing;

namespace AllowlistSync.Commands;

/// <summary>Options as a validator may read them.</summary>
internal static class GivenOption
{
    /// <summary>
    /// What was given for an option; nothing when it stands there without its argument. Validators run before the parser looks for that,
    /// and asking it for a value that is not there throws; it reports the missing argument itself, after them.
    /// </summary>
    public static T? Given<T>(this CommandResult result, Option<T> option) =>
        result.GetResult(option) is { Tokens.Count: > 0 } ? result.GetValue(option) : default;
}
