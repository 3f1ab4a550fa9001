namespace AllowlistSync.Tests.Configuration;

/// <summary>What the JSON schema says of a file that the loader refuses.</summary>
public enum BySchema
{
    /// <summary>It refuses it too.</summary>
    Refused,

    /// <summary>It accepts it: the fault lies between values, in the system, or in how the YAML is written.</summary>
    Accepted,

    /// <summary>It is never asked: the text has no value to hold against a schema.</summary>
    NotAsked,
}

/// <summary>A file with the problems that must be found in it, without the name of the file.</summary>
internal sealed record ConfigCase(string Name, BySchema Schema, string Yaml, params string[] Problems);
