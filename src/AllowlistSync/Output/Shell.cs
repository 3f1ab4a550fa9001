using System.Text;

namespace AllowlistSync.Output;

/// <summary>Where the program writes and whom it can ask. Results go to <see cref="Out"/>, everything else to <see cref="Error"/>.</summary>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="In">Standard input.</param>
/// <param name="Color">True when results may be coloured.</param>
/// <param name="ShowsProgress">True when a person watches standard error.</param>
/// <param name="CanAsk">True when a person can answer.</param>
internal sealed record Shell(TextWriter Out, TextWriter Error, TextReader In, bool Color, bool ShowsProgress, bool CanAsk)
{
    /// <summary>Where questions are written; standard error unless that is not a terminal.</summary>
    public TextWriter Prompt { get; init; } = Error;

    /// <summary>The shell of this process. Colour and progress only on a terminal; NO_COLOR is honoured (https://no-color.org).</summary>
    public static Shell OfProcess()
    {
        var plain = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) || Environment.GetEnvironmentVariable("TERM") is null or "dumb";
        var error = TextWriter.Synchronized(Writer(Console.OpenStandardError(), isResult: false));
        return new Shell(
            Writer(Console.OpenStandardOutput(), isResult: true),
            error,
            ClosedStreams.Input,
            Color: !plain && !Console.IsOutputRedirected,
            ShowsProgress: !plain && !Console.IsErrorRedirected,
            CanAsk: !Console.IsInputRedirected)
        {
            // Whoever reads the messages from a file still sits at the terminal, and is asked there.
            Prompt = !Console.IsInputRedirected && Console.IsErrorRedirected ? OpenTerminal() : error,
        };
    }

    private static StreamWriter Writer(Stream stream, bool isResult) =>
        new(new StandardStream(stream, isResult), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 15) { AutoFlush = true };

    private static StreamWriter OpenTerminal() => new("/dev/tty", append: true) { AutoFlush = true };
}
