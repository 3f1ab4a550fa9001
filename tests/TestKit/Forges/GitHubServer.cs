using System.Globalization;
using System.Text.Json.Nodes;

namespace AllowlistSync.TestKit;

/// <summary>GitHub, API version 2022-11-28, by its published description; a token signs in, or an App.</summary>
public sealed partial class GitHubServer : ForgeServer
{
    private static readonly string[] s_states = ["error", "failure", "pending", "success"];

    private GitHubServer(BareRepository repository)
        : base(repository)
    {
    }

    /// <inheritdoc/>
    public override string Type => "github";

    private protected override string Root => "";

    /// <summary>Whether it has draft pull requests: in private repositories not by every plan.</summary>
    public bool HasDrafts { get; set; } = true;

    private string Owner => Name.Split('/')[0];

    /// <summary>Starts one.</summary>
    /// <param name="repository">The repository that it shows.</param>
    /// <param name="sandbox">Whose loopback it listens at; null for this machine's.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Task<GitHubServer> StartAsync(BareRepository repository, Sandbox? sandbox, CancellationToken cancellationToken) => StartAsync(new GitHubServer(repository), sandbox, cancellationToken);

    private protected override string PagePath(ForgePull pull) => $"/{Name}/pull/{pull.Number}";

    private protected override ForgeReply ScopeFault(string needs) =>
        Said(403, "Resource not accessible by personal access token") with { Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["x-accepted-github-permissions"] = needs } };

    private protected override ForgeReply NotFound() => Said(404, "Not Found");

    private protected override ForgeReply Wrong(string member, string fault) => Invalid(new JsonObject { ["resource"] = "PullRequest", ["field"] = member, ["code"] = fault == "is missing" ? "missing_field" : "invalid" });

    private protected override IEnumerable<ForgeRoute> Routes()
    {
        const string pulls = "pull_requests=write";
        yield return new($"GET /repos/{Name}", _ => Task.FromResult(Ok(new JsonObject { ["id"] = 2, ["full_name"] = Name }))) { Needs = "metadata=read" };
        yield return new($"GET /repos/{Name}/pulls", ListAsync) { Needs = "pull_requests=read", Query = ["state", "head", "base", "sort", "direction", "per_page", "page"] };
        yield return new($"POST /repos/{Name}/pulls", OpenAsync)
        {
            Needs = pulls,
            Body = ForgeRoute.Members("title:string head:string! head_repo:string base:string! body:string maintainer_can_modify:boolean draft:boolean issue:integer"),
        };
        yield return new($"PATCH /repos/{Name}/pulls/{{number}}", ChangeAsync) { Needs = pulls, Body = ForgeRoute.Members("title:string body:string state:string base:string maintainer_can_modify:boolean") };
        yield return new($"POST /repos/{Name}/pulls/{{number}}/requested_reviewers", AskReviewersAsync) { Needs = pulls, Body = ForgeRoute.Members("reviewers:strings team_reviewers:strings") };
        yield return new($"POST /repos/{Name}/issues/{{number}}/comments", CommentAsync) { Needs = "issues=write; pull_requests=write", Body = ForgeRoute.Members("body:string!") };
        yield return new($"POST /repos/{Name}/issues/{{number}}/labels", LabelAsync) { Needs = "issues=write; pull_requests=write", Body = ForgeRoute.Members("labels:strings") };
        yield return new($"POST /repos/{Name}/statuses/{{sha}}", MarkAsync) { Needs = "statuses=write", Body = ForgeRoute.Members("state:string! target_url:string description:string context:string") };
        yield return new($"GET /repos/{Name}/installation", _ => Task.FromResult(App is null ? NotFound() : Ok(new JsonObject { ["id"] = Installation }))) { Needs = "" };
        yield return new($"POST /app/installations/{Installation}/access_tokens", _ => Task.FromResult(NewToken())) { Needs = "", Body = ForgeRoute.Members("repositories:strings repository_ids:integers") };
    }

    private async Task<ForgeReply> ListAsync(ForgeRequest request)
    {
        var (state, size) = (request.Query.GetValueOrDefault("state", "open"), request.NumberIn("per_page", 30));
        if (state is not ("open" or "closed" or "all") || size is < 1 or > 100 || request.Query.GetValueOrDefault("sort", "created") is not ("created" or "updated" or "popularity" or "long-running") || request.Query.GetValueOrDefault("direction", "desc") is not ("asc" or "desc"))
        {
            return Wrong("query", "is invalid");
        }

        // A head without its owner is not looked at, which would show the pull requests of all branches.
        var (head, @base) = (request.Query.GetValueOrDefault("head"), request.Query.GetValueOrDefault("base"));
        var found = Newest
            .Where(pull => state == "all" || pull.IsOpen == (state == "open"))
            .Where(pull => head?.Contains(':', StringComparison.Ordinal) != true || head == LabelOf(pull))
            .Where(pull => @base is null || pull.Base == @base);
        var shown = new List<JsonNode>();
        foreach (var pull in found.Skip((request.NumberIn("page", 1) - 1) * size).Take(size))
        {
            shown.Add(await ShownAsync(pull));
        }

        return Ok(List(shown));
    }

    private async Task<ForgeReply> OpenAsync(ForgeRequest request)
    {
        var (head, @base) = (request.Text("head")!, request.Text("base")!);
        if (request.Text("title") is not { Length: > 0 } title)
        {
            return Wrong("title", "is missing");
        }

        foreach (var (field, branch) in new[] { ("head", head), ("base", @base) })
        {
            if (await HeadAsync(branch) is null)
            {
                return Wrong(field, "is invalid");
            }
        }

        if (!HasDrafts && request.Json["draft"]?.GetValue<bool>() == true)
        {
            return Said(422, "Draft pull requests are not supported in this repository.");
        }

        if (OpenOne(head, @base) is not null)
        {
            return Custom($"A pull request already exists for {Owner}:{head}.");
        }

        if (!await HasCommitsAsync(@base, head))
        {
            return Custom($"No commits between {@base} and {head}");
        }

        var text = request.Text("body") ?? "";
        return text.Length > 65_536
            ? Custom("body is too long (maximum is 65536 characters)")
            : Created(await ShownAsync(Add(head, @base, title, text, request.Json["draft"]?.GetValue<bool>() ?? false)));
    }

    private Task<ForgeReply> ChangeAsync(ForgeRequest request) => WithAsync(request, async pull =>
    {
        if (request.Text("state") is not (null or "open" or "closed") || (pull.State == "merged" && request.Text("state") == "open"))
        {
            return Wrong("state", "is invalid");
        }

        (pull.Title, pull.Text) = (request.Text("title") ?? pull.Title, request.Text("body") ?? pull.Text);
        pull.State = pull.State == "merged" ? pull.State : request.Text("state") ?? pull.State;
        return Ok(await ShownAsync(pull));
    });

    private Task<ForgeReply> AskReviewersAsync(ForgeRequest request) => WithAsync(request, async pull =>
    {
        string[] asked = [.. request.Texts("reviewers"), .. request.Texts("team_reviewers").Select(team => $"team:{team}")];
        if (asked.Any(name => !People.Contains(name)))
        {
            return Said(422, $"Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the {Name} repository.");
        }

        pull.Reviewers.AddRange(asked);
        return Created(await ShownAsync(pull));
    });

    private Task<ForgeReply> CommentAsync(ForgeRequest request) => WithAsync(request, pull =>
    {
        pull.Comments.Add(request.Text("body")!);
        return Task.FromResult(Created(new JsonObject { ["id"] = pull.Comments.Count, ["body"] = request.Text("body") }));
    });

    private Task<ForgeReply> LabelAsync(ForgeRequest request) => WithAsync(request, pull =>
    {
        foreach (var name in request.Texts("labels"))
        {
            LabelTable.TryAdd(LabelTable.FirstOrDefault(label => label.Value == name).Key is > 0 and var id ? id : LabelTable.Count + 1, name);
            pull.Labels.Add(name);
        }

        return Task.FromResult(Ok(List(pull.Labels.Select(name => new JsonObject { ["name"] = name }))));
    });

    private async Task<ForgeReply> MarkAsync(ForgeRequest request)
    {
        var (commit, state, text) = (request.Parts["sha"], request.Text("state")!, request.Text("description") ?? "");
        if (!await HasCommitAsync(commit))
        {
            return Said(422, $"No commit found for SHA: {commit}");
        }

        if (!s_states.Contains(state, StringComparer.Ordinal) || text.Length > 140)
        {
            return Invalid(new JsonObject { ["resource"] = "Status", ["field"] = text.Length > 140 ? "description" : "state", ["code"] = "custom" });
        }

        StatusList.Add(new ForgeStatus(commit, state, request.Text("context") ?? "default", text));
        return Created(new JsonObject { ["id"] = StatusList.Count, ["state"] = state });
    }

    private async Task<ForgeReply> WithAsync(ForgeRequest request, Func<ForgePull, Task<ForgeReply>> work) => Find(request.Number) is { } pull ? await work(pull) : NotFound();

    private string LabelOf(ForgePull pull) => $"{(pull.IsOfFork ? "stranger" : Owner)}:{pull.Head}";

    private async Task<JsonNode> ShownAsync(ForgePull pull) => new JsonObject
    {
        ["id"] = pull.Number + 1000,
        ["number"] = pull.Number,
        ["url"] = string.Create(CultureInfo.InvariantCulture, $"{Url}repos/{Name}/pulls/{pull.Number}"),
        ["html_url"] = UrlOf(pull).AbsoluteUri,
        ["title"] = pull.Title,
        ["body"] = pull.Text.Length == 0 ? null : pull.Text,
        ["state"] = pull.IsOpen ? "open" : "closed",
        ["draft"] = pull.IsDraft,
        ["merged_at"] = pull.State == "merged" ? "2026-11-21T03:46:09Z" : null,
        ["head"] = new JsonObject { ["label"] = LabelOf(pull), ["ref"] = pull.Head, ["sha"] = await HeadAsync(pull.Head) },
        ["base"] = new JsonObject { ["label"] = $"{Owner}:{pull.Base}", ["ref"] = pull.Base, ["sha"] = await HeadAsync(pull.Base) },
    };

    private static ForgeReply Custom(string message) => Invalid(new JsonObject { ["resource"] = "PullRequest", ["code"] = "custom", ["message"] = message });

    private static ForgeReply Invalid(JsonObject error) => Said(422, "Validation Failed", new JsonArray(error));

    private static ForgeReply Said(int status, string message, JsonArray? errors = null)
    {
        var body = new JsonObject { ["message"] = message };
        if (errors is not null)
        {
            body["errors"] = errors;
        }

        body["documentation_url"] = "https://docs.github.com/rest";
        body["status"] = status.ToString(CultureInfo.InvariantCulture);
        return new ForgeReply(status, body);
    }
}
