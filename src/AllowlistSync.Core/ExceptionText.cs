namespace AllowlistSync.Core;

/// <summary>What an exception of .NET says, for a message of ours.</summary>
public static class ExceptionText
{
    /// <summary>Its message as a part of a sentence that goes on: without the full stop that .NET puts behind it.</summary>
    public static string Clause(this Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.Message.TrimEnd('.');
    }
}
