namespace AllowlistSync.Core.Applying;

/// <summary>The steps of an apply, in order. Reported before each one begins: for progress on a terminal, and for tests that end the process there.</summary>
public enum ApplyStep
{
    /// <summary>The target's own check of the change.</summary>
    Preflight,

    /// <summary>The receipt with the way back is written.</summary>
    WriteReceipt,

    /// <summary>The journal says that the change begins.</summary>
    JournalBegin,

    /// <summary>The guard process for an unconfirmed change is started.</summary>
    ArmUndo,

    /// <summary>The target is changed.</summary>
    Change,

    /// <summary>The target is read again and compared.</summary>
    ReadBack,

    /// <summary>The receipt says that the change is made.</summary>
    CloseReceipt,

    /// <summary>The journal says that the change is made.</summary>
    JournalEnd,

    /// <summary>Everything is written.</summary>
    Done,
}
