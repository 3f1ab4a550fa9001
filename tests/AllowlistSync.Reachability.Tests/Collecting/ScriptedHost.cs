using System.Text;
using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Reachability.Tests.Collecting;

/// <summary>A host whose tools answer as they are told; a tool that nobody mentioned is not installed.</summary>
internal sealed class ScriptedHost : IHost
{
    private readonly Dictionary<string, Func<CommandResult>> _answers = new(StringComparer.Ordinal);

    public string Name => "scripted";

    public IHostFiles Files => throw new NotSupportedException("this host has no files");

    public ISystemBus Bus => throw new NotSupportedException("this host has no bus");

    /// <summary>All tools, with nothing in any table.</summary>
    public static ScriptedHost Empty() => new ScriptedHost()
        .Says("nft -j list ruleset", """{"nftables": [{"metainfo": {"version": "1.0.6", "release_name": "Lester Gooch #5", "json_schema_version": 1}}]}""" + "\n")
        .Says("nft -a list ruleset", "")
        .Says("iptables-legacy-save", "").Says("ip6tables-legacy-save", "").Says("iptables-nft-save", "").Says("ip6tables-nft-save", "").Says("ipset save", "")
        .Says("ip -j address", "[]").Says("ip -j route", "[]").Says("ip -j -6 route", "");

    public ScriptedHost Says(string command, string output, int exitCode = 0, string error = "") =>
        With(command, () => new CommandResult(exitCode, Encoding.UTF8.GetBytes(output), error));

    public ScriptedHost Lacks(string command) => With(command, () => throw new HostException(HostFailure.NotFound, $"{command.Split(' ')[0]} is not installed on scripted"));

    public ScriptedHost Hangs(string command) => With(command, () => throw new HostException(HostFailure.TimedOut, $"`{command}` did not end within 20 s and was stopped"));

    public ValueTask<CommandResult> RunAsync(HostCommand command, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_answers.TryGetValue(command.ToString(), out var answer) ? answer() : throw new HostException(HostFailure.NotFound, $"{command.Program} is not installed on scripted"));

    private ScriptedHost With(string command, Func<CommandResult> answer)
    {
        _answers[command] = answer;
        return this;
    }
}
