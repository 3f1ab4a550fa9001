using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AllowlistSync.TestKit;

/// <summary>A method and a path that a forge knows, what may be asked there, and what it does.</summary>
internal sealed class ForgeRoute
{
    private readonly Regex _path;
    private readonly string _method;

    /// <summary>A route.</summary>
    /// <param name="call">The method and the path below the API; <c>{number}</c> and <c>{sha}</c> stand for parts.</param>
    /// <param name="answer">What it does.</param>
    public ForgeRoute(string call, Func<ForgeRequest, Task<ForgeReply>> answer)
    {
        var words = call.Split(' ');
        (_method, Answer) = (words[0], answer);
        var path = Regex.Escape(words[1]).Replace(@"\{number}", "(?<number>[0-9]+)", StringComparison.Ordinal).Replace(@"\{sha}", "(?<sha>[^/]+)", StringComparison.Ordinal);
        _path = new Regex($"^{path}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
    }

    /// <summary>What it does.</summary>
    public Func<ForgeRequest, Task<ForgeReply>> Answer { get; }

    /// <summary>The names that the query may have.</summary>
    public IReadOnlyList<string> Query { get; init; } = [];

    /// <summary>The members that the body may have, each with its type and <c>!</c> when it must be there; null when no body is taken.</summary>
    public IReadOnlyDictionary<string, string>? Body { get; init; }

    /// <summary>The right that it needs.</summary>
    public required string Needs { get; init; }

    /// <summary>Members of a body: <c>title:string! draft:boolean labels:strings</c>.</summary>
    public static IReadOnlyDictionary<string, string> Members(string members) =>
        members.Split(' ').ToDictionary(member => member.Split(':')[0], member => member.Split(':')[1], StringComparer.Ordinal);

    /// <summary>The request with its parts, when it is meant; else null.</summary>
    public ForgeRequest? Of(ForgeRequest request, string path) => request.Method == _method && _path.Match(path) is { Success: true } match
        ? request with { Parts = match.Groups.Values.Skip(1).ToDictionary(group => group.Name, group => group.Value, StringComparer.Ordinal) }
        : null;

    /// <summary>Names that the description of the API does not have; the real one would not say so, which is why a test must.</summary>
    public string? Unknown(ForgeRequest request) =>
        request.Query.Keys.FirstOrDefault(name => !Query.Contains(name, StringComparer.Ordinal)) is { } parameter ? $"unknown parameter {parameter}"
        : request.Json.FirstOrDefault(member => Body?.ContainsKey(member.Key) != true) is { Key: { } name } ? $"unknown member {name}" : null;

    /// <summary>What is wrong with the body: a member that is not there, or of another type; null when nothing is.</summary>
    public (string Member, string Fault)? WrongBody(JsonObject body)
    {
        foreach (var (name, type) in Body ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            if (!body.TryGetPropertyValue(name, out var value))
            {
                if (type.EndsWith('!'))
                {
                    return (name, "is missing");
                }
            }
            else if (!Is(value, type.TrimEnd('!')))
            {
                return (name, "is invalid");
            }
        }

        return null;
    }

    private static bool Is(JsonNode? value, string type) => type switch
    {
        "strings" => value is JsonArray array && array.All(item => Is(item, "string")),
        "integers" => value is JsonArray array && array.All(item => Is(item, "integer")),
        "string" => value?.GetValueKind() == JsonValueKind.String,
        "integer" => value?.GetValueKind() == JsonValueKind.Number && value.AsValue().TryGetValue<long>(out _),
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        _ => throw new ArgumentException($"no type {type}", nameof(type)),
    };
}
