using System.Collections.Immutable;
using System.CommandLine;
using AllowlistSync.Configuration;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Notifying;
using AllowlistSync.Notifying.Receivers;
using AllowlistSync.Output;

namespace AllowlistSync.Commands;

/// <summary><c>notify test</c>: sends a test message to each receiver.</summary>
internal static class NotifyCommand
{
    private static readonly Option<string?> Only = new("--only")
    {
        Description = "Only receivers of this type (webhook, slack, teams, discord, email, exec), or the one at this position, counted from 0",
        HelpName = "TYPE|INDEX",
    };

    public static Command Create(Shell shell)
    {
        var test = new ExampleCommand(
            "test",
            "Sends a test message to each receiver and says what came of it",
            "allowlist-sync notify test",
            "allowlist-sync notify test --only slack",
            "allowlist-sync notify test --only 0 --output json")
        {
            Only,
        };
        test.SetAction((parsed, cancellationToken) => TestAsync(shell, GlobalOptions.Read(parsed), parsed.GetValue(Only), cancellationToken));
        return new Command("notify", "Tries the messages that the configuration's notify asks for") { test };
    }

    private static async Task<int> TestAsync(Shell shell, GlobalArguments arguments, string? only, CancellationToken cancellationToken)
    {
        if (arguments.Targets.Count > 0)
        {
            await shell.Error.WriteLineAsync("--target: a test message is of no target, and none was sent; --only TYPE or --only INDEX names a receiver");
            return ExitCodes.Usage;
        }

        var (config, path, problems) = await ConfigSource.LoadAsync(shell, arguments, ConfigNeed.Required, cancellationToken);
        if (config is null)
        {
            await shell.Error.WriteLineAsync(string.Join('\n', problems));
            return ExitCodes.Configuration;
        }

        var receivers = config.Notify.Select((receiver, index) => (Receiver: receiver, Index: index)).Where(line => only is null || only == line.Receiver.Type || only == $"{line.Index}").ToList();
        if (receivers.Count == 0)
        {
            await shell.Error.WriteLineAsync(config.Notify.IsEmpty
                ? $"{path}: notify is empty, so nobody is told of anything; add a receiver and run this again"
                : $"--only {only}: there is no such receiver in {path}; there is {string.Join(", ", config.Notify.Select((receiver, index) => ReceiverTable.NameOf(index, receiver)))}");
            return config.Notify.IsEmpty ? ExitCodes.Failed : ExitCodes.Usage;
        }

        var results = await Task.WhenAll(receivers.Select(line => TryAsync(line.Index, line.Receiver, cancellationToken)));
        await WriteAsync(shell, arguments.Format, [.. results]);
        return results.All(result => result.Delivery.Outcome == Arrival.Delivered) ? ExitCodes.Ok : ExitCodes.Failed;
    }

    private static async Task<Result> TryAsync(int index, NotifyConfig config, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var limits = CourierLimits.Command.For(config);
        var notice = new Notice(new("test", "", ""), NoticeState.Event)
        {
            Summary = "this is a test of notifications",
            Detail = $"It was sent by `allowlist-sync notify test`. This receiver is told of: {string.Join(", ", config.On)}.",
            At = time.GetUtcNow(),
            Node = NodeName.Own,
        };
        using var late = new CancellationTokenSource(limits.Try, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            return new Result(index, config.Type, await ReceiverTable.Create(config, time).SendAsync(new Outgoing(notice, 0), either.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Result(index, config.Type, new Delivery(Arrival.TryAgain, $"no answer within {limits.Try.TotalSeconds:0} s"));
        }
    }

    private static Task WriteAsync(Shell shell, OutputFormat format, ImmutableArray<Result> results) => format == OutputFormat.Json
        ? shell.Out.WriteLineAsync(JsonDocuments.Object(json =>
        {
            json.WriteString("schema", "allowlist-sync/notify-test/v1");
            json.WriteStartArray("receivers");
            foreach (var result in results)
            {
                json.WriteStartObject();
                json.WriteNumber("index", result.Index);
                json.WriteString("type", result.Type);
                json.WriteBoolean("delivered", result.Delivery.Outcome == Arrival.Delivered);
                json.WriteString("message", result.Delivery.Reason);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }))
        : shell.Out.WriteLineAsync(string.Join('\n', results.Select(result =>
            $"notify[{result.Index}] ({result.Type}): {(result.Delivery.Outcome == Arrival.Delivered ? "delivered" : "not delivered")}: {result.Delivery.Reason}")));

    private sealed record Result(int Index, string Type, Delivery Delivery);
}
