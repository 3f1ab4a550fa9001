namespace AllowlistSync.StandIns.Csf;

/// <summary>csf.conf: <c>NAME = "VALUE"</c>. A value without quotes and a name that comes twice end every command.</summary>
internal sealed class Configuration
{
    private readonly Dictionary<string, string> _values;

    private Configuration(Dictionary<string, string> values) => _values = values;

    public string this[string name] => _values.GetValueOrDefault(name, "");

    public static Configuration Load()
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in ListFile.Lines(Places.Configuration).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#' && line.Contains('=', StringComparison.Ordinal)))
        {
            var (name, rest) = (line[..line.IndexOf('=', StringComparison.Ordinal)].Replace(" ", "", StringComparison.Ordinal), line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            var (first, last) = (rest.IndexOf('"', StringComparison.Ordinal), rest.LastIndexOf('"'));
            if (last <= first)
            {
                throw new ExitException(255, "", $"*Error* Invalid configuration line [{line}] in {Places.Configuration} at /usr/sbin/csf line 1.\n");
            }

            if (!values.TryAdd(name, rest[(first + 1)..last]))
            {
                throw new ExitException(255, "", $"*Error* Setting {name} is repeated in {Places.Configuration} - you must remove the duplicates and then restart csf and lfd at /usr/sbin/csf line 1.\n");
            }
        }

        return new Configuration(values);
    }

    /// <summary>Whether a switch is on: neither empty nor 0, as Perl takes it.</summary>
    public bool Is(string name) => this[name] is not ("" or "0");

    public int Number(string name) => int.TryParse(this[name], out var number) ? number : 0;
}
