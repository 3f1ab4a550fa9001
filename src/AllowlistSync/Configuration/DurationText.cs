using System.Globalization;

namespace AllowlistSync.Configuration;

/// <summary>Durations as the configuration writes them: a whole number and one unit, <c>60s</c>, <c>15m</c>, <c>72h</c>, <c>7d</c>.</summary>
public static class DurationText
{
    /// <summary>The text form as a regular expression, for the schema.</summary>
    public const string Pattern = "^[0-9]{1,9}[smhd]$";

    /// <summary>No duration is longer: ten years.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(3650);

    private static readonly (char Unit, TimeSpan Length)[] Units =
    [
        ('d', TimeSpan.FromDays(1)),
        ('h', TimeSpan.FromHours(1)),
        ('m', TimeSpan.FromMinutes(1)),
        ('s', TimeSpan.FromSeconds(1)),
    ];

    /// <summary>Reads the text form; at most <see cref="Longest"/>.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (text is not { Length: >= 2 and <= 10 }
            || !int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        var length = Array.Find(Units, unit => unit.Unit == text[^1]).Length;
        if (length == TimeSpan.Zero || number > Longest / length)
        {
            return false;
        }

        duration = number * length;
        return true;
    }

    /// <summary>Writes whole seconds in the largest unit that holds them exactly: 72 hours are <c>3d</c>.</summary>
    public static string Print(TimeSpan duration)
    {
        var unit = Array.Find(Units, unit => duration >= unit.Length && duration.Ticks % unit.Length.Ticks == 0);
        unit = unit.Length == TimeSpan.Zero ? Units[^1] : unit;
        return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / unit.Length.Ticks}{unit.Unit}");
    }
}
