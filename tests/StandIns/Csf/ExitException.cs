namespace AllowlistSync.StandIns.Csf;

/// <summary>The command ends here.</summary>
internal sealed class ExitException : Exception
{
    /// <summary>Ends with a code, having said something.</summary>
    /// <param name="code">The exit code.</param>
    /// <param name="said">What goes to standard output.</param>
    /// <param name="complaint">What goes to standard error.</param>
    public ExitException(int code, string said, string complaint = "") => (Code, Said, Complaint) = (code, said, complaint);

    public int Code { get; }

    public string Said { get; }

    public string Complaint { get; }
}
