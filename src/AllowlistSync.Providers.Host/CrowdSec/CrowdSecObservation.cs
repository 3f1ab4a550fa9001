using System.Security.Cryptography;
using System.Text;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.CrowdSec;

/// <summary>Turns what is there into what it means. Pure.</summary>
internal static class CrowdSecObservation
{
    public static ObservedState Of(CrowdSecState state, CrowdSecMark mark) => new()
    {
        Existence = HasOwn(state) ? Existence.Present : Existence.Absent,
        Allowed = TrafficSet.Of(state.Own, PortSet.Any),
        AllowedByOthers = TrafficSet.Of(state.Foreign, PortSet.Any),
        Foreign = [.. Foreign(state, mark)],
        Defects = [.. Defects(state, mark)],
        Findings = [.. Findings(state, mark)],
        Bans = state.Decisions.Bans,
        Revision = Revision(state),
        Native = state,
    };

    // Our allowlist with nothing but entries of others in it is theirs.
    private static bool HasOwn(CrowdSecState state) =>
        state.File.Text is not null || state.Allowlist is { Own.IsEmpty: false } or { Foreign.IsEmpty: true };

    private static IEnumerable<Finding> Foreign(CrowdSecState state, CrowdSecMark mark)
    {
        if (state.Allowlist is { Foreign.IsEmpty: false } list)
        {
            yield return new Finding("foreign-elements", Severity.Info, $"allowlist {mark.Name}: {list.Foreign.Length} entries do not carry our comment or have an end of their own and are left alone, first {list.Foreign[0].Value}", "");
        }
    }

    private static IEnumerable<Defect> Defects(CrowdSecState state, CrowdSecMark mark)
    {
        if (state.HasAllowlists)
        {
            if (state.File.Text is not null)
            {
                yield return new Defect("parser-file-left", $"{mark.Path} is left from an older crowdsec, and an allowlist holds the same; the file is taken away");
            }

            yield break;
        }

        if (!state.File.IsWhole)
        {
            yield return new Defect("file-edited", $"{mark.Path} was edited; it is written anew");
        }

        if (state.Load == WhitelistLoad.Reloadable)
        {
            yield return new Defect("not-loaded", $"it is not known whether crowdsec has read {mark.Path}; it is told to load it");
        }
    }

    private static IEnumerable<Finding> Findings(CrowdSecState state, CrowdSecMark mark)
    {
        if (state.Load == WhitelistLoad.NotLoaded)
        {
            yield return new Finding("not-loaded", Severity.Problem, $"the crowdsec that runs has not read {mark.Path}, and there is no systemd here by which it could be told: it may ban wanted sources", "restart crowdsec: it reads its parsers when it starts");
        }

        if (state.Load == WhitelistLoad.NotRunning)
        {
            yield return new Finding("not-running", Severity.Warning, $"no crowdsec runs on this host; it will read {mark.Path} when it starts", $"`systemctl start {CrowdSecDaemon.Unit}` if it should run");
        }

        if (!state.Decisions.Others.IsEmpty)
        {
            yield return new Finding("decisions-not-judged", Severity.Warning, $"{state.Decisions.Others.Length} decisions are about something else than addresses ({string.Join(", ", state.Decisions.Others.Distinct(StringComparer.Ordinal).Take(5))}): whether they keep wanted sources out is not known here", "look at them with `cscli decisions list`");
        }
    }

    private static string Revision(CrowdSecState state)
    {
        var text = new StringBuilder().Append(state.HasAllowlists).Append(state.Load).Append('\n').Append(state.File.Text).Append('\n').Append(state.Allowlist is null ? "no list" : "list").Append('\n');
        foreach (var entry in (state.Allowlist?.Own ?? []).Concat(state.Allowlist?.Foreign ?? []).OrderBy(entry => entry.Value, StringComparer.Ordinal))
        {
            text.Append(entry.Value).Append('\0').Append(entry.Comment).Append('\0').Append(entry.Expires).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
