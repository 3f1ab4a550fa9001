using System.Globalization;
using System.Text.Json.Nodes;

namespace AllowlistSync.TestKit;

/// <summary>
/// GitLab, API version 4, by its documentation and by answers that people showed. A merge request whose target is missing, or that has no commits, is opened there, as the real one does it.
/// </summary>
public sealed class GitLabServer : ForgeServer
{
    private const string SameState = "Cannot transition status via :success from :success (Reason(s): Status cannot transition via \"success\")";

    private GitLabServer(BareRepository repository)
        : base(repository)
    {
    }

    /// <inheritdoc/>
    public override string Type => "gitlab";

    private protected override string Root => "/api/v4";

    // The path of a project is one segment.
    private string Project => $"/projects/{Uri.EscapeDataString(Name)}";

    /// <summary>Starts one.</summary>
    /// <param name="repository">The repository that it shows.</param>
    /// <param name="sandbox">Whose loopback it listens at; null for this machine's.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Task<GitLabServer> StartAsync(BareRepository repository, Sandbox? sandbox, CancellationToken cancellationToken) => StartAsync(new GitLabServer(repository), sandbox, cancellationToken);

    private protected override string PagePath(ForgePull pull) => $"/{Name}/-/merge_requests/{pull.Number}";

    private protected override ForgeReply? SignInFault(ForgeRequest request) => request.Header("private-token") == Token ? null : Said(401, "401 Unauthorized");

    private protected override ForgeReply ScopeFault(string needs) => new(403, new JsonObject
    {
        ["error"] = "insufficient_scope",
        ["error_description"] = "The request requires higher privileges than provided by the access token.",
        ["scope"] = needs,
    });

    private protected override ForgeReply NotFound() => Said(404, "404 Project Not Found");

    private protected override ForgeReply Wrong(string member, string fault) => new(400, new JsonObject { ["error"] = $"{member} {fault}" });

    private protected override IEnumerable<ForgeRoute> Routes()
    {
        const string merge = "title:string description:string labels:string reviewer_ids:integers assignee_id:integer assignee_ids:integers milestone_id:integer remove_source_branch:boolean squash:boolean allow_collaboration:boolean";
        yield return new($"GET {Project}", _ => Task.FromResult(Ok(new JsonObject { ["id"] = 3, ["path_with_namespace"] = Name }))) { Needs = "api read_api" };
        yield return new($"GET {Project}/merge_requests", ListAsync)
        {
            Needs = "api read_api",
            Query = ["state", "source_branch", "target_branch", "order_by", "sort", "per_page", "page", "labels", "milestone", "view", "author_id", "search", "wip", "iids[]"],
        };
        yield return new($"POST {Project}/merge_requests", OpenAsync)
        {
            Needs = "api",
            Body = ForgeRoute.Members($"source_branch:string! target_branch:string! target_project_id:integer {merge.Replace("title:string", "title:string!", StringComparison.Ordinal)}"),
        };
        yield return new($"PUT {Project}/merge_requests/{{number}}", Change) { Needs = "api", Body = ForgeRoute.Members($"state_event:string target_branch:string discussion_locked:boolean add_labels:string remove_labels:string {merge}") };
        yield return new($"POST {Project}/merge_requests/{{number}}/notes", Comment) { Needs = "api", Body = ForgeRoute.Members("body:string! created_at:string internal:boolean") };
        yield return new("GET /users", request => Task.FromResult(Ok(List(Users(request.Query.GetValueOrDefault("username", "")))))) { Needs = "api read_api read_user", Query = ["username", "per_page", "page"] };
        yield return new($"POST {Project}/statuses/{{sha}}", MarkAsync)
        {
            Needs = "api",
            Body = ForgeRoute.Members("state:string! ref:string name:string context:string target_url:string description:string pipeline_id:integer"),
        };
    }

    private async Task<ForgeReply> ListAsync(ForgeRequest request)
    {
        var (state, size) = (request.Query.GetValueOrDefault("state", "all"), Math.Min(request.NumberIn("per_page", 20), 100));
        if (state is not ("opened" or "closed" or "locked" or "merged" or "all"))
        {
            return new ForgeReply(400, new JsonObject { ["error"] = "state does not have a valid value" });
        }

        var (source, target) = (request.Query.GetValueOrDefault("source_branch"), request.Query.GetValueOrDefault("target_branch"));
        var found = Newest.Where(pull => (state == "all" || StateOf(pull) == state) && (source is null || pull.Head == source) && (target is null || pull.Base == target));
        var shown = new List<JsonNode>();
        foreach (var pull in found.Skip((request.NumberIn("page", 1) - 1) * size).Take(size))
        {
            shown.Add(await ShownAsync(pull));
        }

        return Ok(List(shown));
    }

    private async Task<ForgeReply> OpenAsync(ForgeRequest request)
    {
        var (source, target) = (request.Text("source_branch")!, request.Text("target_branch")!);
        if (source == target)
        {
            return Said(422, new JsonArray("You can't use same project/branch for source and target"));
        }

        if (await HeadAsync(source) is null)
        {
            return Said(400, new JsonObject { ["source_branch"] = new JsonArray("does not exist") });
        }

        if (OpenOne(source, target) is { } other)
        {
            return Said(409, new JsonArray($"Another open merge request already exists for this source branch: !{other.Number}"));
        }

        var ids = request.Numbers("reviewer_ids");
        var pull = Add(source, target, request.Text("title")!, request.Text("description") ?? "");
        pull.Reviewers.AddRange(People.Where((_, at) => ids.Contains(at + 1)));
        pull.Labels.AddRange((request.Text("labels") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries));
        return Created(await ShownAsync(pull));
    }

    private async Task<ForgeReply> Change(ForgeRequest request)
    {
        if (Find(request.Number) is not { } pull)
        {
            return Said(404, "404 Not found");
        }

        if (request.Text("state_event") is not (null or "close" or "reopen"))
        {
            return new ForgeReply(400, new JsonObject { ["error"] = "state_event does not have a valid value" });
        }

        (pull.Title, pull.Text) = (request.Text("title") ?? pull.Title, request.Text("description") ?? pull.Text);
        pull.State = (request.Text("state_event"), pull.State) switch { ("close", "open") => "closed", ("reopen", "closed") => "open", _ => pull.State };
        return Ok(await ShownAsync(pull));
    }

    private Task<ForgeReply> Comment(ForgeRequest request)
    {
        if (Find(request.Number) is not { } pull)
        {
            return Task.FromResult(Said(404, "404 Not found"));
        }

        pull.Comments.Add(request.Text("body")!);
        return Task.FromResult(Created(new JsonObject { ["id"] = pull.Comments.Count, ["body"] = request.Text("body") }));
    }

    private async Task<ForgeReply> MarkAsync(ForgeRequest request)
    {
        var (commit, state, name) = (request.Parts["sha"], request.Text("state")!, request.Text("name") ?? request.Text("context") ?? "default");
        if (!await HasCommitAsync(commit))
        {
            return Said(404, "404 Commit Not Found");
        }

        if (state is not ("pending" or "running" or "success" or "failed" or "canceled" or "skipped"))
        {
            return new ForgeReply(400, new JsonObject { ["error"] = "state does not have a valid value" });
        }

        if (state == "success" && StatusList.Exists(status => status.Commit == commit && status.Context == name && status.State == "success"))
        {
            return Said(400, SameState);
        }

        StatusList.Add(new ForgeStatus(commit, state, name, request.Text("description") ?? ""));
        return Created(new JsonObject { ["id"] = StatusList.Count, ["sha"] = commit, ["status"] = state, ["name"] = name });
    }

    private IEnumerable<JsonNode> Users(string name) => People.Index()
        .Where(person => string.Equals(person.Item, name, StringComparison.OrdinalIgnoreCase))
        .Select(person => new JsonObject { ["id"] = person.Index + 1, ["username"] = person.Item });

    private async Task<JsonNode> ShownAsync(ForgePull pull) => new JsonObject
    {
        ["id"] = pull.Number + 1000,
        ["iid"] = pull.Number,
        ["project_id"] = 3,
        ["web_url"] = UrlOf(pull).AbsoluteUri,
        ["title"] = pull.Title,
        ["description"] = pull.Text,
        ["state"] = StateOf(pull),
        ["draft"] = pull.Title.StartsWith("Draft: ", StringComparison.OrdinalIgnoreCase),
        ["source_branch"] = pull.Head,
        ["target_branch"] = pull.Base,
        ["source_project_id"] = pull.IsOfFork ? 4 : 3,
        ["target_project_id"] = 3,
        ["sha"] = await HeadAsync(pull.Head),
        ["created_at"] = DateTimeOffset.UnixEpoch.AddSeconds(pull.Number).ToString("O", CultureInfo.InvariantCulture),
    };

    private static string StateOf(ForgePull pull) => pull.State == "open" ? "opened" : pull.State;

    private static ForgeReply Said(int status, JsonNode message) => new(status, new JsonObject { ["message"] = message });
}
