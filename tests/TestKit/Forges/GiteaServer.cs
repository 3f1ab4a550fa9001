using System.Text.Json.Nodes;

namespace AllowlistSync.TestKit;

/// <summary>Gitea and Forgejo, API version 1: by the published descriptions of both, and by answers that a Gitea 1.15.3 gave. A pull request without commits is opened there, as it was by that one.</summary>
public sealed class GiteaServer : ForgeServer
{
    private GiteaServer(BareRepository repository)
        : base(repository)
    {
    }

    /// <inheritdoc/>
    public override string Type => "gitea";

    /// <summary>The most that a page holds, whatever is asked for.</summary>
    public int PageSize { get; set; } = 50;

    private protected override string Root => "/api/v1";

    /// <summary>Starts one.</summary>
    /// <param name="repository">The repository that it shows.</param>
    /// <param name="sandbox">Whose loopback it listens at; null for this machine's.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Task<GiteaServer> StartAsync(BareRepository repository, Sandbox? sandbox, CancellationToken cancellationToken) => StartAsync(new GiteaServer(repository), sandbox, cancellationToken);

    private protected override string PagePath(ForgePull pull) => $"/{Name}/pulls/{pull.Number}";

    private protected override ForgeReply? SignInFault(ForgeRequest request) =>
        request.Header("authorization") == $"token {Token}" ? null : Said(401, "token is required");

    private protected override ForgeReply ScopeFault(string needs) => Said(403, $"token does not have at least one of required scope(s): [{needs}]");

    private protected override ForgeReply NotFound() => NotFound("Not Found");

    private protected override ForgeReply Wrong(string member, string fault) => Said(422, $"[{member}]: {fault}");

    private protected override IEnumerable<ForgeRoute> Routes()
    {
        const string repository = "write:repository";
        const string issue = "write:issue";
        yield return new($"GET /repos/{Name}", _ => Task.FromResult(Ok(new JsonObject { ["id"] = 2, ["full_name"] = Name }))) { Needs = "read:repository" };
        yield return new($"GET /repos/{Name}/pulls", ListAsync) { Needs = "read:repository", Query = ["state", "sort", "milestone", "labels", "page", "limit"] };
        yield return new($"POST /repos/{Name}/pulls", OpenAsync)
        {
            Needs = repository,
            Body = ForgeRoute.Members("title:string! head:string! base:string! body:string assignee:string assignees:strings labels:integers milestone:integer due_date:string"),
        };
        yield return new($"PATCH /repos/{Name}/pulls/{{number}}", Change)
        {
            Needs = repository,
            Body = ForgeRoute.Members("title:string body:string state:string base:string assignee:string assignees:strings labels:integers milestone:integer due_date:string unset_due_date:boolean allow_maintainer_edit:boolean"),
        };
        yield return new($"POST /repos/{Name}/pulls/{{number}}/requested_reviewers", AskReviewers) { Needs = repository, Body = ForgeRoute.Members("reviewers:strings team_reviewers:strings") };
        yield return new($"POST /repos/{Name}/issues/{{number}}/comments", Comment) { Needs = issue, Body = ForgeRoute.Members("body:string! updated_at:string") };
        yield return new($"GET /repos/{Name}/labels", request => Task.FromResult(Ok(List(Page(request, LabelTable).Select(Shown))))) { Needs = "read:issue", Query = ["page", "limit"] };
        yield return new($"POST /repos/{Name}/labels", MakeLabel) { Needs = issue, Body = ForgeRoute.Members("name:string! color:string! description:string exclusive:boolean") };
        yield return new($"POST /repos/{Name}/issues/{{number}}/labels", SetLabels) { Needs = issue, Body = ForgeRoute.Members("labels:integers") };
        yield return new($"POST /repos/{Name}/statuses/{{sha}}", MarkAsync) { Needs = repository, Body = ForgeRoute.Members("state:string context:string description:string target_url:string") };
    }

    private async Task<ForgeReply> ListAsync(ForgeRequest request)
    {
        var state = request.Query.GetValueOrDefault("state", "open");
        if (state is not ("open" or "closed" or "all"))
        {
            return Said(422, "state is invalid");
        }

        var shown = new List<JsonNode>();
        foreach (var pull in Page(request, Newest.Where(pull => state == "all" || pull.IsOpen == (state == "open"))))
        {
            shown.Add(await ShownAsync(pull));
        }

        return Ok(List(shown));
    }

    private async Task<ForgeReply> OpenAsync(ForgeRequest request)
    {
        var (head, @base) = (request.Text("head")!, request.Text("base")!);
        if (await HeadAsync(head) is null || await HeadAsync(@base) is null)
        {
            return NotFound("Not Found");
        }

        if (head == @base)
        {
            return Said(422, "Invalid PullRequest: There are no changes between the head and the base");
        }

        return OpenOne(head, @base) is { } other
            ? Said(409, $"pull request already exists for these targets [id: {other.Number}, issue_id: {other.Number}, head_repo_id: 2, base_repo_id: 2, head_branch: {head}, base_branch: {@base}]")
            : Created(await ShownAsync(Add(head, @base, request.Text("title")!, request.Text("body") ?? "")));
    }

    private async Task<ForgeReply> Change(ForgeRequest request)
    {
        if (Find(request.Number) is not { } pull)
        {
            return NotFound("Not Found");
        }

        var state = request.Text("state");
        if (state is not (null or "open" or "closed"))
        {
            return Said(422, "state is invalid");
        }

        if (state is not null && pull.State == "merged")
        {
            return Said(412, "cannot change state of this pull request, it was already merged");
        }

        (pull.Title, pull.Text, pull.State) = (request.Text("title") ?? pull.Title, request.Text("body") ?? pull.Text, state ?? pull.State);
        return Created(await ShownAsync(pull));
    }

    private Task<ForgeReply> AskReviewers(ForgeRequest request) => With(request, pull =>
    {
        if (request.Texts("reviewers").FirstOrDefault(name => !People.Contains(name)) is { } unknown)
        {
            return NotFound($"User '{unknown}' not exist");
        }

        pull.Reviewers.AddRange(request.Texts("reviewers"));
        return Created(new JsonArray());
    });

    private Task<ForgeReply> Comment(ForgeRequest request) => With(request, pull =>
    {
        pull.Comments.Add(request.Text("body")!);
        return Created(new JsonObject { ["id"] = pull.Comments.Count, ["body"] = request.Text("body") });
    });

    private Task<ForgeReply> MakeLabel(ForgeRequest request)
    {
        var color = request.Text("color")!;
        if (color.Length != 7 || color[0] != '#' || !color.Skip(1).All(char.IsAsciiHexDigit))
        {
            return Task.FromResult(Said(422, $"bad color code: {color}"));
        }

        var id = LabelTable.Count + 1;
        LabelTable[id] = request.Text("name")!;
        return Task.FromResult(Created(Shown(new(id, request.Text("name")!))));
    }

    private Task<ForgeReply> SetLabels(ForgeRequest request) => With(request, pull =>
    {
        if (request.Numbers("labels").Any(id => !LabelTable.ContainsKey(id)))
        {
            return NotFound("Not Found");
        }

        pull.Labels.AddRange(request.Numbers("labels").Select(id => LabelTable[id]));
        return Ok(List(LabelTable.Where(label => pull.Labels.Contains(label.Value)).Select(Shown)));
    });

    private async Task<ForgeReply> MarkAsync(ForgeRequest request)
    {
        var (commit, state) = (request.Parts["sha"], request.Text("state"));
        if (!await HasCommitAsync(commit))
        {
            return NotFound("Not Found");
        }

        if (state is not ("pending" or "success" or "error" or "failure" or "warning"))
        {
            return Said(422, "state is invalid");
        }

        StatusList.Add(new ForgeStatus(commit, state, request.Text("context") ?? "default", request.Text("description") ?? ""));
        return Created(new JsonObject { ["id"] = StatusList.Count, ["status"] = state });
    }

    private Task<ForgeReply> With(ForgeRequest request, Func<ForgePull, ForgeReply> work) => Task.FromResult(Find(request.Number) is { } pull ? work(pull) : NotFound("Not Found"));

    private IEnumerable<T> Page<T>(ForgeRequest request, IEnumerable<T> all)
    {
        var size = Math.Min(request.NumberIn("limit", 30), PageSize);
        return all.Skip((request.NumberIn("page", 1) - 1) * size).Take(size);
    }

    // A branch that is gone has a hidden name, and keeps its label.
    private async Task<JsonNode> ShownAsync(ForgePull pull)
    {
        var head = await HeadAsync(pull.Head);
        return new JsonObject
        {
            ["id"] = pull.Number + 1,
            ["number"] = pull.Number,
            ["url"] = UrlOf(pull).AbsoluteUri,
            ["html_url"] = UrlOf(pull).AbsoluteUri,
            ["title"] = pull.Title,
            ["body"] = pull.Text,
            ["state"] = pull.IsOpen ? "open" : "closed",
            ["merged"] = pull.State == "merged",
            ["labels"] = new JsonArray(),
            ["head"] = new JsonObject { ["label"] = pull.Head, ["ref"] = head is null ? $"refs/pull/{pull.Number}/head" : pull.Head, ["sha"] = head ?? "", ["repo_id"] = pull.IsOfFork ? 3 : 2 },
            ["base"] = new JsonObject { ["label"] = pull.Base, ["ref"] = pull.Base, ["sha"] = await HeadAsync(pull.Base), ["repo_id"] = 2 },
        };
    }

    private static JsonNode Shown(KeyValuePair<long, string> label) => new JsonObject { ["id"] = label.Key, ["name"] = label.Value, ["color"] = "1d76db", ["description"] = "", ["url"] = "" };

    private ForgeReply NotFound(string message) => new(404, new JsonObject { ["documentation_url"] = $"{Url}api/swagger", ["errors"] = null, ["message"] = message });

    private ForgeReply Said(int status, string message) => new(status, new JsonObject { ["message"] = message, ["url"] = $"{Url}api/swagger" });
}
