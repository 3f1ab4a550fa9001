using AllowlistSync.Configuration;
using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Notifying.Receivers;

/// <summary>A program that reads the message from its standard input. It gets the environment of every program that is run here: <c>LC_ALL=C</c> and the fixed search path, so no secret of ours.</summary>
internal sealed class ExecReceiver(ExecNotifyConfig config, IHost host) : IReceiver
{
    private const int MostShown = 200;

    /// <inheritdoc/>
    public async ValueTask<Delivery> SendAsync(Outgoing outgoing, CancellationToken cancellationToken)
    {
        var command = new HostCommand(config.Command[0], [.. config.Command.Skip(1)]) { Input = (byte[])[.. NoticeJson.Write(outgoing), (byte)'\n'], Timeout = config.Timeout };
        try
        {
            var result = await host.RunAsync(command, cancellationToken);
            return result.ExitCode == 0
                ? new Delivery(Arrival.Delivered, "it ended with 0")
                : new Delivery(Arrival.TryAgain, $"it ended with {result.ExitCode}{Said(result.Error)}");
        }
        catch (HostException failure)
        {
            return new Delivery(Arrival.TryAgain, failure.Message);
        }
    }

    private static string Said(string error) => error.Trim().Split('\n')[0] is { Length: > 0 } line ? $": {NoticeText.Cut(line, MostShown)}" : "";
}
