using System.Text;

namespace AllowlistSync.TestKit;

/// <summary>Collects what a program prints, and lets others wait for a text in it.</summary>
internal sealed class OutputPump
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private TaskCompletionSource _changed = NewSignal();

    private OutputPump(TextReader reader)
    {
        Completion = PumpAsync(reader);
    }

    /// <summary>Ends when the other side closed the pipe.</summary>
    internal Task Completion { get; }

    internal string Text
    {
        get
        {
            lock (_gate)
            {
                return _text.ToString();
            }
        }
    }

    internal static OutputPump Start(TextReader reader)
    {
        return new OutputPump(reader);
    }

    /// <summary>Waits until the output holds the text; false when it ended without.</summary>
    internal async Task<bool> WaitForAsync(string text, CancellationToken ct)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                changed = _changed.Task;
            }

            if (Text.Contains(text, StringComparison.Ordinal))
            {
                return true;
            }

            if (Completion.IsCompleted)
            {
                return false;
            }

            await Task.WhenAny(changed, Completion).WaitAsync(ct);
        }
    }

    private static TaskCompletionSource NewSignal()
    {
        return new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private async Task PumpAsync(TextReader reader)
    {
        var buffer = new char[4096];
        while (true)
        {
            int count = await reader.ReadAsync(buffer);
            if (count == 0)
            {
                return;
            }

            TaskCompletionSource changed;
            lock (_gate)
            {
                _text.Append(buffer, 0, count);
                changed = _changed;
                _changed = NewSignal();
            }

            changed.SetResult();
        }
    }
}
