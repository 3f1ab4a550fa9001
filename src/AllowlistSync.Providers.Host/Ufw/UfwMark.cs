using System.Text;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Providers.Host.Ufw;

/// <summary>The comment of our rules: owner and target. The slash cannot be part of either, so no two targets share a mark.</summary>
/// <param name="Comment">As <c>ufw status</c> shows it.</param>
public sealed record UfwMark(string Comment)
{
    /// <summary>As ufw writes it into its files: the UTF-8 bytes in hex (ufw 0.36.2, util.py).</summary>
    public string Hex { get; } = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Comment));

    /// <summary>The mark of a target.</summary>
    public static UfwMark Of(Target target) => new($"{target.Owner}/{target.Mark}");

    /// <summary>True for the comment of a rule, in hex, that is ours.</summary>
    public bool Is(string? hex) => string.Equals(hex, Hex, StringComparison.OrdinalIgnoreCase);
}
