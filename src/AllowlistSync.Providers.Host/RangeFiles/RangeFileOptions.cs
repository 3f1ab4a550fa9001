using System.Collections.Immutable;
using System.Globalization;
using AllowlistSync.Core.Formats;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.RangeFiles;

/// <summary>The settings of a file target, checked.</summary>
public sealed record RangeFileOptions
{
    private static readonly string[] Commands = ["check", "reload"];
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(10);

    /// <summary>The file; absolute.</summary>
    public required string Path { get; init; }

    /// <summary>What is written into it.</summary>
    public required RangeFormat Format { get; init; }

    /// <summary>The name of what the file defines, where its format has one.</summary>
    public string Name { get; init; } = RangeFileLabel.DefaultName;

    /// <summary>The program that says whether the configuration with this file is good, and its arguments; empty for none.</summary>
    public ImmutableArray<string> CheckCommand { get; init; } = [];

    /// <summary>The program that lets the file be read again, and its arguments; empty for none.</summary>
    public ImmutableArray<string> ReloadCommand { get; init; } = [];

    /// <summary>How long each of the two may take.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>The note beside the file that stands while a check and a reload are owed. A leading dot keeps it out of patterns such as <c>*.conf</c>.</summary>
    public string NotePath => $"{System.IO.Path.GetDirectoryName(Path)!.TrimEnd('/')}/.{System.IO.Path.GetFileName(Path)}.allowlist-sync-pending";

    /// <summary>The settings that the configuration knows.</summary>
    public static ImmutableArray<SettingField> Fields { get; } =
    [
        new("path", SettingType.Path, "The file; the whole of it is kept by us.", "/etc/nginx/cloudflare-realip.conf"),
        new("format", SettingType.Choice, "What is written into it; see the table of formats.", "nginx-realip") { Choices = [.. RangeFormats.All.Select(format => format.Name)] },
        new("name", SettingType.Text, "The name of the ACL, the variables or the sets that the file defines, in formats that have one.", RangeFileLabel.DefaultName),
        new("check", SettingType.Texts, "A program and its arguments that says whether the configuration is good with the new file in place; if not, the old file is put back.", "[nginx, -t]"),
        new("reload", SettingType.Texts, "A program and its arguments that lets the file be read again.", "[systemctl, reload, nginx]"),
        new("timeout", SettingType.Text, "How long each of the two may take.", "30s"),
    ];

    /// <summary>All problems of the settings at once.</summary>
    public static ImmutableArray<SettingProblem> Check(ProviderSettings settings) => Read(settings).Problems;

    /// <summary>The checked settings; throws for settings that the check complains about.</summary>
    public static RangeFileOptions From(ProviderSettings settings) =>
        Read(settings) is { Problems.IsEmpty: true } read
            ? read.Options
            : throw new ArgumentException("settings must be checked first", nameof(settings));

    private static (RangeFileOptions Options, ImmutableArray<SettingProblem> Problems) Read(ProviderSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var format = RangeFormats.Find(settings["format"] ?? "");
        var timeout = ReadTimeout(settings["timeout"]);
        var options = new RangeFileOptions
        {
            Path = settings["path"] ?? "",
            Format = format ?? RangeFormats.All[0],
            Name = settings["name"] ?? RangeFileLabel.DefaultName,
            CheckCommand = settings.List("check"),
            ReloadCommand = settings.List("reload"),
            Timeout = timeout ?? DefaultTimeout,
        };
        return (options, [.. Problems(options, settings, format is null, timeout is null)]);
    }

    private static IEnumerable<SettingProblem> Problems(RangeFileOptions options, ProviderSettings settings, bool lacksFormat, bool lacksTimeout)
    {
        if (!IsFile(options.Path))
        {
            yield return new SettingProblem("path", options.Path.Length == 0 ? "the file is not named" : $"`{options.Path}` is not the path of a file", "write an absolute path, such as /etc/nginx/cloudflare-realip.conf");
        }

        if (lacksFormat)
        {
            yield return new SettingProblem("format", settings["format"] is { } format ? $"`{format}` is not a format" : "what shall be written is not named", $"write one of {string.Join(", ", RangeFormats.All.Select(known => known.Name))}");
        }
        else if (settings["name"] is not null && !options.Format.UsesName)
        {
            yield return new SettingProblem("name", $"a file of format {options.Format.Name} defines nothing by a name", "take it out");
        }

        if (!RangeFileLabel.IsName(options.Name))
        {
            yield return new SettingProblem("name", $"`{options.Name}` is not a name that every program takes", $"a letter, then letters, digits and `_`, at most {RangeFileLabel.LongestName}");
        }

        foreach (var key in Commands.Where(key => settings.List(key) is ["", ..]))
        {
            yield return new SettingProblem(key, "the name of the program is empty", "write the program, then each argument, such as [nginx, -t]");
        }

        if (lacksTimeout)
        {
            yield return new SettingProblem("timeout", $"`{settings["timeout"]}` is not a duration that can be used", "write a number and s or m, from 1s to 10m, such as 30s");
        }
    }

    private static bool IsFile(string path) => path.Length > 1 && path[0] == '/' && path[^1] != '/' && !path.Any(char.IsControl) && System.IO.Path.GetFullPath(path) == path;

    private static TimeSpan? ReadTimeout(string? text)
    {
        if (text is null)
        {
            return DefaultTimeout;
        }

        var isNumber = int.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 3600;
        TimeSpan? time = (isNumber, text.LastOrDefault()) switch
        {
            (true, 's') => TimeSpan.FromSeconds(number),
            (true, 'm') => TimeSpan.FromMinutes(number),
            _ => null,
        };
        return time >= TimeSpan.FromSeconds(1) && time <= LongestTimeout ? time : null;
    }
}
