namespace AllowlistSync.Proposals.Git;

/// <summary>Why git did not do what was asked.</summary>
public enum GitFailure
{
    /// <summary>git is not installed.</summary>
    NotInstalled,

    /// <summary>The remote did not answer, or the connection broke.</summary>
    Unreachable,

    /// <summary>The remote does not know us, or this token, or this key.</summary>
    Denied,

    /// <summary>There is no such repository, or it is not shown to us.</summary>
    NoRepository,

    /// <summary>There is no such branch.</summary>
    NoBranch,

    /// <summary>The remote speaks an old protocol and hands out whole histories only.</summary>
    NoSingleContents,

    /// <summary>Somebody else pushed to the branch since we looked.</summary>
    LeaseLost,

    /// <summary>The remote does not take this push: the branch is protected, or a hook of the remote said no.</summary>
    Rejected,

    /// <summary>The key of the ssh host is not known, or another one than known.</summary>
    HostKey,

    /// <summary>Nobody that this machine trusts vouches for the certificate of the remote.</summary>
    Certificate,

    /// <summary>The commit could not be signed.</summary>
    Signing,

    /// <summary>It did not end in time.</summary>
    TimedOut,

    /// <summary>Anything else; the message says what git said.</summary>
    Other,
}

/// <summary>git did not do what was asked. Nothing was changed in the remote, unless the message says so.</summary>
/// <param name="failure">Why.</param>
/// <param name="message">What happened.</param>
/// <param name="remedy">What a person can do.</param>
public sealed class GitException(GitFailure failure, string message, string remedy) : Exception(message)
{
    /// <summary>Why.</summary>
    public GitFailure Failure { get; } = failure;

    /// <summary>What a person can do.</summary>
    public string Remedy { get; } = remedy;
}
