using AllowlistSync.Core.Providers;

namespace AllowlistSync.CrashHost;

/// <summary>Settings as arguments of a program: <c>KEY=VALUE</c>, and <c>KEY[]=ITEM</c> for each item of a list.</summary>
public static class SettingArguments
{
    private const string OfList = "[]";

    /// <summary>Writes them.</summary>
    public static IEnumerable<string> Write(ProviderSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return [.. settings.Values.Select(pair => $"{pair.Key}={pair.Value}"), .. settings.Lists.SelectMany(pair => pair.Value.Select(item => $"{pair.Key}{OfList}={item}"))];
    }

    /// <summary>Reads them.</summary>
    public static ProviderSettings Read(IEnumerable<string> arguments)
    {
        var pairs = arguments.Select(argument => argument.Split('=', 2)).ToLookup(pair => pair[0].EndsWith(OfList, StringComparison.Ordinal));
        return new ProviderSettings
        {
            Values = pairs[false].Aggregate(ProviderSettings.None.Values, (all, pair) => all.Add(pair[0], pair[1])),
            Lists = pairs[true].GroupBy(pair => pair[0][..^OfList.Length], pair => pair[1]).Aggregate(ProviderSettings.None.Lists, (all, list) => all.Add(list.Key, [.. list])),
        };
    }
}
