using Microsoft.Extensions.Logging;

namespace AllowlistSync.Output;

/// <summary>The log of a command: warnings and errors as lines on standard error, nothing else.</summary>
internal sealed class ShellLog(Shell shell) : ILoggerFactory, ILogger
{
    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("A command's log has one place.");

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            shell.Error.WriteLine(formatter(state, exception));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
