namespace AllowlistSync.Core.Providers;

/// <summary>What went wrong, in terms of what to do next.</summary>
public enum FailureKind
{
    /// <summary>May go away by itself: try again.</summary>
    Transient,

    /// <summary>The tool, the daemon or the object is not there.</summary>
    Unavailable,

    /// <summary>A right is missing; the message names it.</summary>
    Permission,

    /// <summary>Somebody else holds a name of ours, or changed the target under us.</summary>
    Conflict,

    /// <summary>The target cannot do what was asked.</summary>
    Unsupported,

    /// <summary>What the operator gave is wrong.</summary>
    InvalidInput,

    /// <summary>A tool or an API answered in a way that is not understood.</summary>
    Protocol,

    /// <summary>An error in this program.</summary>
    Bug,
}

/// <summary>What a failure left behind.</summary>
public enum Aftermath
{
    /// <summary>Nothing was changed.</summary>
    Untouched,

    /// <summary>Changes were made and taken back.</summary>
    RolledBack,

    /// <summary>It is not known; the next run reads the target afresh.</summary>
    Unknown,
}
