using System.Collections.Immutable;
using System.Globalization;

namespace AllowlistSync.Providers.Host.Fail2Ban;

/// <summary>Something that a jail of the server is told.</summary>
/// <param name="Jail">The jail.</param>
/// <param name="Verb">One of the verbs below.</param>
/// <param name="Words">What it is about; any number of words.</param>
internal sealed record Fail2BanCommand(string Jail, string Verb, ImmutableArray<string> Words)
{
    public const string Ignore = "addignoreip";
    public const string NoLongerIgnore = "delignoreip";
    public const string Unban = "unbanip";

    /// <summary>True for the answer of a jail that did it: the list of what it ignores now, or the number of bans that it lifted.</summary>
    public bool IsDone(string answer) => Verb == Unban
        ? int.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        : Fail2BanReader.ReadIgnored(answer) is not null;

    /// <summary>As the server's command line takes it; no word of ours needs quoting.</summary>
    public override string ToString() => $"set {Jail} {Verb} {string.Join(' ', Words)}";
}
