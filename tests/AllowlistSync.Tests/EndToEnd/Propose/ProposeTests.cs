using System.Text.Json;
using AllowlistSync.TestKit;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd.Propose;

/// <summary>The built program, the real git and a repository on this disk; the branch is the proposal.</summary>
public sealed class ProposeTests
{
    private const string Branch = "allowlist-sync/cloudflare";
    private const string Vars = "firewall:\n  allow:\n    - 104.16.0.0/13   # first of all\n  ssh: [192.0.2.0/24]\n";
    private const string VarsFile = "- { path: vars.yml, key: firewall.allow, allow: [cloudflare] }";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_proposal_is_shown_opened_left_alone_brought_up_to_date_and_closed()
    {
        await using var remote = await BareRepository.CreateAsync(Ct, ("vars.yml", Vars), ("README", "read me\n"));
        await using var origin = await StartAsync(remote, VarsFile);

        (await origin.RunAsync("propose", "--dry-run")).Ended(1).Saying("Proposal infra: would be opened", "vars.yml (firewall.allow): 21 new, 0 gone", "+ - 2c0f:f248::/32");
        (await remote.HeadAsync(Branch, Ct)).ShouldBeNull();
        (await origin.Sandbox.ExistsAsync(Origin.StatePath, Ct)).ShouldBeFalse("a dry run leaves nothing");

        (await origin.RunAsync("propose")).Ended(0).Saying("Proposal infra: opened");
        var first = await remote.HeadAsync(Branch, Ct);
        (await remote.InAsync(Ct, "diff-tree", "-r", "--name-only", "main", Branch)).ShouldBe("vars.yml\n");
        (await remote.ShowAsync(Branch, "vars.yml", Ct)).ShouldContain("104.16.0.0/13   # first of all\n    - 104.24.0.0/14\n");

        (await origin.RunAsync("propose")).Ended(0).Saying("Proposal infra: proposed already");
        (await remote.HeadAsync(Branch, Ct)).ShouldBe(first);

        origin.Cloudflare.Publication = Publication.Real.Plus("188.42.0.0/16");
        (await origin.RunAsync("propose")).Ended(0).Saying("Proposal infra: updated", "22 new");
        (await remote.InAsync(Ct, "rev-list", "--count", $"main..{Branch}")).ShouldBe("1\n");

        await remote.MergeAsync(Branch, Ct);
        (await origin.RunAsync("propose")).Ended(0).Saying("Proposal infra: closed");
        (await remote.HeadAsync(Branch, Ct)).ShouldBeNull();
        (await origin.RunAsync("propose", "--dry-run")).Ended(0).Saying("Proposal infra: nothing to propose");
    }

    [Fact]
    public async Task A_list_that_goes_back_takes_the_proposal_back_and_one_that_flaps_does_not()
    {
        await using var remote = await BareRepository.CreateAsync(Ct, ("ranges.txt", "# allowlist-sync:begin cf\n# allowlist-sync:end cf\n"));
        await using var origin = await StartAsync(remote, "- { path: ranges.txt, block: cf, format: plain, allow: [cloudflare] }");
        (await origin.RunAsync("propose")).Ended(0);
        await remote.MergeAsync(Branch, Ct);
        (await origin.RunAsync("propose")).Ended(0).Saying("closed");

        origin.Cloudflare.Publication = Publication.Real.Plus("188.42.0.0/16");
        (await origin.RunAsync("propose")).Ended(0).Saying("Proposal infra: opened", "1 new, 0 gone");
        var opened = await remote.HeadAsync(Branch, Ct);
        origin.Cloudflare.Publication = Publication.Real;
        (await origin.RunAsync("propose")).Ended(0);
        (await remote.ShowAsync(Branch, "ranges.txt", Ct)).ShouldContain("188.42.0.0/16", Case.Sensitive, "it stays for its grace");

        await origin.ConfigureAsync(Config(remote, "- { path: ranges.txt, block: cf, format: plain, allow: [cloudflare] }") with { Guard = "removalGrace: 0s" });
        (await origin.RunAsync("propose")).Ended(0).Saying("Proposal infra: closed");
        (await remote.HeadAsync(Branch, Ct)).ShouldBeNull();
        opened.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_firewall_that_waits_for_its_pull_request_is_changed_by_the_fingerprint_of_the_merge_only()
    {
        await using var remote = await BareRepository.CreateAsync(Ct, ("vars.yml", Vars));
        await using var origin = await Origin.StartAsync(config: Config(remote, VarsFile) with { More = "mode: propose" });
        var before = await origin.RulesetAsync();

        (await origin.RunAsync("apply", "--yes")).Ended(1);
        (await origin.RunAsync("propose")).Ended(0).Saying("Proposal infra: opened");
        (await origin.RulesetAsync()).ShouldBe(before);

        await remote.MergeAsync(Branch, Ct);
        var accepted = (await remote.InAsync(Ct, "log", "--format=%(trailers:key=Allowlist-Sync-Plan,valueonly,separator=%x0A)", "main")).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        accepted.Length.ShouldBe(2);
        accepted[0].ShouldBe("web");
        (await origin.RunAsync("apply", "--yes", "--accept", "0123456789ab")).Ended(3).Saying("plan-changed");
        (await origin.RulesetAsync()).ShouldBe(before);

        (await origin.RunAsync("apply", "--yes", "--accept", accepted[1])).Ended(0);
        (await origin.RulesetAsync()).ShouldContain("104.16.0.0");
        (await origin.RunAsync("propose")).Ended(0).Saying("Proposal infra: closed");
        (await origin.RunAsync("apply", "--yes", "--accept", accepted[1])).Ended(0);
    }

    [Fact]
    public async Task Plans_are_proposed_by_a_plan_file_and_carried_out_from_what_was_merged()
    {
        await using var remote = await BareRepository.CreateAsync(Ct, ("README", "read me\n"));
        var config = new ConfigText { More = "mode: propose", Lines = $"proposals:\n  - {{ name: infra, repository: '{remote.Url}', planFile: firewall/plan.md }}" };
        await using var origin = await Origin.StartAsync(config: config);
        var before = await origin.RulesetAsync();
        string[] apply = ["apply", "--accept", "-", "--yes"];

        (await origin.RunAsync("propose", "--dry-run")).Ended(1).Saying("Proposal infra: would be opened", "plan to approve: web ");
        (await origin.RunAsync("propose")).Ended(0).Saying("Proposal infra: opened");
        (await origin.RunAsync("propose")).Ended(0).Saying("Proposal infra: proposed already");
        await remote.MergeAsync(Branch, Ct);
        (await origin.RunAsync("propose")).Ended(0).Saying("Proposal infra: closed");
        (await origin.RunAsync("propose")).Ended(0).Saying("Proposal infra: nothing to propose", "plans-approved: web: the plan is approved by firewall/plan.md of main, and was not carried out");

        (await origin.RunAsync("Merge branch x\n", apply)).Ended(0).Saying("approves no plan of a target here", "nothing was done");
        (await origin.RulesetAsync()).ShouldBe(before);
        var merged = await remote.ShowAsync("main", "firewall/plan.md", Ct);
        (await origin.RunAsync(merged, apply)).Ended(0).Saying("web: applied");
        (await origin.RunAsync(merged, apply)).Ended(0);
        (await origin.RunAsync("propose")).Ended(0).StdOut.ShouldNotContain("plans-approved");

        origin.Cloudflare.Publication = Publication.Real.Plus("188.42.0.0/16");
        (await origin.RunAsync(merged, apply)).Ended(3).Saying("plan-changed");
        (await origin.RunAsync("propose")).Ended(0).Saying("Proposal infra: opened");
        (await origin.RunAsync(await remote.InAsync(Ct, "log", "-1", Branch), apply)).Ended(0);
        (await origin.RulesetAsync()).ShouldContain("188.42.0.0");
    }

    [Fact]
    public async Task What_a_rule_set_of_the_repository_lets_in_before_and_after_is_in_the_text()
    {
        const string rules = """
            table inet filter {
              set edge {
                type ipv4_addr; flags interval
                elements = {
                  # allowlist-sync:begin cf
                  104.16.0.0/13,
                  # allowlist-sync:end cf
                }
              }
              chain input {
                type filter hook input priority filter; policy drop;
                ip saddr @edge tcp dport 443 accept
              }
            }

            """;
        await using var remote = await BareRepository.CreateAsync(Ct, ("nft/web.nft", rules));
        await using var origin = await StartAsync(remote, "- { path: nft/*.nft, block: cf, format: nft-elements, family: ipv4, allow: [cloudflare] }", "ports: [443]");

        var shown = (await origin.RunAsync("propose", "--dry-run", "--output", "markdown")).Ended(1).StdOut;

        shown.ShouldContain("#### What gets in");
        shown.ShouldContain("- nft/web.nft before: port 443: 1 prefix accepted, 14 prefixes blocked (policy drop");
        shown.Split('\n').Single(line => line.Contains(" after: ", StringComparison.Ordinal)).ShouldBe("- nft/web.nft after: port 443: 15 prefixes accepted");
    }

    [Fact]
    public async Task What_cannot_be_proposed_is_said_with_its_remedy_and_the_rest_is_proposed()
    {
        await using var remote = await BareRepository.CreateAsync(Ct, ("vars.yml", Vars), ("f.conf", "nothing\n"));
        await using var origin = await StartAsync(remote, VarsFile);
        var config = Config(remote, VarsFile);
        await origin.ConfigureAsync(config with { Lines = $"{config.Lines}\n{Proposal("block", remote.Url, "- { path: f.conf, block: cf, format: plain, allow: [cloudflare] }", "branch: sync/block")}\n{Proposal("gone", remote.Url + "x", VarsFile)}\n{Proposal("file", remote.Url, "- { path: no.yml, key: a, allow: [cloudflare] }", "branch: sync/file")}" });

        var outcome = (await origin.RunAsync("propose")).Ended(4);

        outcome.Saying("Proposal infra: opened", "marker-missing: f.conf has no block cf; nothing was proposed", "allowlist-sync:begin cf");
        outcome.Saying("git-norepository: asking the remote: there is no such repository", "correct `repository`", "file-missing: no.yml is not in the repository; nothing was proposed");
    }

    [Fact]
    public async Task The_list_that_a_guard_refuses_is_not_proposed()
    {
        await using var remote = await BareRepository.CreateAsync(Ct, ("vars.yml", Vars));
        await using var origin = await StartAsync(remote, VarsFile);
        (await origin.RunAsync("propose")).Ended(0);
        var proposed = await remote.HeadAsync(Branch, Ct);
        origin.Cloudflare.AnswerAll(Answers.Html());

        (await origin.RunAsync("propose")).Ended(3);

        (await remote.ShowAsync(Branch, "vars.yml", Ct)).ShouldContain("2c0f:f248::/32");
        proposed.ShouldNotBeNull();
    }

    [Fact]
    public async Task Json_has_the_fields_that_are_described()
    {
        await using var remote = await BareRepository.CreateAsync(Ct, ("vars.yml", Vars));
        await using var origin = await StartAsync(remote, VarsFile);
        await origin.ConfigureAsync(Config(remote, VarsFile) with { Lines = $"{Config(remote, VarsFile).Lines}\n{Proposal("gone", remote.Url + "x", VarsFile)}" });

        var written = JsonFields.In(JsonDocument.Parse((await origin.RunAsync("propose", "--dry-run", "--output", "json")).Ended(4).StdOut).RootElement);

        var listed = JsonFields.Listed("`propose`");
        written.Where(field => !field.StartsWith("sources[]", StringComparison.Ordinal)).ShouldBe(listed.Intersect(written), "each is described");
        listed.Except(written).ShouldBe(["proposals[].plans[].target", "proposals[].plans[].fingerprint", "proposals[].files[].remove[]", "proposals[].findings[].id", "proposals[].findings[].message", "proposals[].findings[].remedy", "proposals[].findings[].severity"], ignoreOrder: true);
    }

    private static Task<Origin> StartAsync(BareRepository remote, string files, string more = "")
    {
        Needs.Sandbox("git");
        return Origin.StartAsync(config: Config(remote, files, more));
    }

    private static ConfigText Config(BareRepository remote, string files, string more = "") => new() { More = "mode: report", Lines = $"proposals:\n{Proposal("infra", remote.Url, files, more)}" };

    private static string Proposal(string name, string url, string files, string more = "") => $"""
          - name: {name}
            repository: {url}
            forge: {"{ type: none }"}
            {more}
            files:
              {files}
        """;
}
