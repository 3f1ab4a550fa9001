using AllowlistSync.Core.Applying;

namespace AllowlistSync.Output;

/// <summary>One line on standard error that says what is being done, and is gone when it is done. Silent when nobody watches.</summary>
internal sealed class ProgressLine(Shell shell) : IProgress<ApplyStep>
{
    private const string ClearLine = "\r\u001b[2K";

    /// <summary>Shows what is being done now.</summary>
    public void Show(string what)
    {
        if (shell.ShowsProgress)
        {
            shell.Error.Write(ClearLine + what + " ...");
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Clear()
    {
        if (shell.ShowsProgress)
        {
            shell.Error.Write(ClearLine);
        }
    }

    /// <inheritdoc/>
    public void Report(ApplyStep value)
    {
        if (value == ApplyStep.Done)
        {
            Clear();
            return;
        }

        Show(value switch
        {
            ApplyStep.Preflight => "checking the change",
            ApplyStep.Change => "changing",
            ApplyStep.ReadBack => "reading back",
            _ => "writing the journal",
        });
    }
}
