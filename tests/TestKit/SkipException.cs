namespace AllowlistSync.TestKit;

/// <summary>Skips the running test: xunit v3 tells it by the beginning of the message, so that this library needs no test framework.</summary>
public sealed class SkipException : Exception
{
    private const string Token = "$XunitDynamicSkip$";

    /// <summary>A skip without a reason.</summary>
    public SkipException()
        : this("no reason given")
    {
    }

    /// <summary>A skip with its reason.</summary>
    public SkipException(string reason)
        : base(Token + reason)
    {
    }

    /// <summary>A skip with its reason and what caused it.</summary>
    public SkipException(string reason, Exception cause)
        : base(Token + reason, cause)
    {
    }
}
