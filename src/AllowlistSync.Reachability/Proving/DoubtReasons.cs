namespace AllowlistSync.Reachability.Proving;

/// <summary>Reasons of doubts that an option of <c>verify</c> can take away.</summary>
public static class DoubtReasons
{
    /// <summary>A rule asks for an interface, and nobody said through which one the packets come.</summary>
    public const string Interface = "the interface is not known";

    /// <summary>A rule asks for a destination, and nobody said which address is connected to.</summary>
    public const string OwnAddress = "the host's own address is not known";
}
