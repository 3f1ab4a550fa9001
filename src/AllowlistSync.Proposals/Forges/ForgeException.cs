namespace AllowlistSync.Proposals.Forges;

/// <summary>Why a forge did not do what was asked.</summary>
public enum ForgeFailure
{
    /// <summary>No answer, or a failure of its own.</summary>
    Unavailable,

    /// <summary>Too many requests.</summary>
    Limited,

    /// <summary>It does not take this token.</summary>
    SignIn,

    /// <summary>The token may not do that.</summary>
    Scope,

    /// <summary>There is no such thing, or it is not shown to us.</summary>
    NotFound,

    /// <summary>There is one already.</summary>
    Exists,

    /// <summary>It says that the request is wrong.</summary>
    Invalid,

    /// <summary>The answer is not what its documentation says.</summary>
    Protocol,
}

/// <summary>A forge did not do what was asked.</summary>
/// <param name="failure">Why.</param>
/// <param name="message">What happened.</param>
/// <param name="remedy">What a person can do.</param>
public sealed class ForgeException(ForgeFailure failure, string message, string remedy) : Exception(message)
{
    /// <summary>Why.</summary>
    public ForgeFailure Failure { get; } = failure;

    /// <summary>What a person can do.</summary>
    public string Remedy { get; } = remedy;
}
