using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.BtPanel;

/// <summary>Turns what is there into what it means. Pure.</summary>
internal static class BtPanelObservation
{
    /// <summary>By whom the entries of the drop set are told.</summary>
    public const string By = "the panel's drop list (" + BtPanelReader.DropSet + ")";

    public static ObservedState Of(BtPanelState state) => new()
    {
        Existence = state.Exists ? Existence.Present : Existence.Absent,
        Allowed = state.Allowed,
        Foreign = [.. Foreign(state)],
        Defects = [.. Defects(state)],
        Findings = [.. Findings(state)],
        Bans = [.. state.Drops.Select(drop => new Ban(drop.Prefix, By) { Note = drop.Timeout > 0 ? string.Create(CultureInfo.InvariantCulture, $"{drop.Timeout} s left") : "" })],
        Revision = Revision(state),
        Native = state,
    };

    /// <summary>A digest of our set, our rules and the panel's chain; not of the drop set, and not of what is saved.</summary>
    public static string Revision(BtPanelState state)
    {
        var text = new StringBuilder().Append(state.HasUnfinished).Append(state.IsLinked).Append('\n').AppendJoin('\n', state.Chain).Append('\n');
        text.AppendJoin(' ', state.Set?.Matches.Prefixes() ?? []).Append(state.Set is null ? "no set" : "set");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    // The panel itself has two rules there, one for each of its sets.
    private static IEnumerable<Finding> Foreign(BtPanelState state)
    {
        var others = state.Chain.Where(rule => !rule.Contains("_bt_user_", StringComparison.Ordinal) && state.Rules.All(own => own.Text != rule)).ToList();
        if (others.Count > 0)
        {
            yield return new Finding("foreign-rules", Severity.Info, $"chain {BtPanelReader.Chain} holds {others.Count} rules that neither the panel nor we made; they are left alone, first {others[0]}", "");
        }
    }

    private static IEnumerable<Defect> Defects(BtPanelState state)
    {
        if (state.Rules.Any(rule => rule.Rule is null))
        {
            yield return new Defect("rule-edited", $"a rule of ours in chain {BtPanelReader.Chain} was changed into something else; it is replaced");
        }

        if (state.Rules.DistinctBy(rule => rule.Text).Count() < state.Rules.Length)
        {
            yield return new Defect("rule-doubled", $"a rule of ours stands twice in chain {BtPanelReader.Chain}; one is taken out");
        }

        if (!state.IsSaved)
        {
            yield return new Defect("not-saved", "what is in force of ours is not what the panel has saved for the next boot; it is told to save");
        }
    }

    private static IEnumerable<Finding> Findings(BtPanelState state)
    {
        if (!state.IsLinked)
        {
            yield return new Finding("panel-not-in-force", Severity.Problem, $"no incoming packet gets to chain {BtPanelReader.Chain}, because INPUT does not lead to IN_BT: the panel's firewall is stopped, and what is let in here has no effect", "start it (`systemctl start BT-FirewallServices`), or keep the firewall that does filter here");
        }

        if (state.Saved is null)
        {
            yield return new Finding("not-persistent", Severity.Warning, "the panel's BT-FirewallServices.py is not there, so nothing brings the rules back at boot", "mend the panel's installation; until then run `apply` after each boot");
        }
    }
}
