using System.Text;
using AllowlistSync.Configuration;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.Configuration;

public sealed class ConfigFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("config-tests-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task The_shipped_configuration_is_valid()
    {
        var result = await ConfigFile.LoadAsync(Repository.PathOf("config/config.yaml"), Composition.Providers, TestContext.Current.CancellationToken);

        result.Problems.ShouldBeEmpty();
        var target = result.Config!.Targets.Single();
        (target.Target.Provider, target.Settings["table"], target.Settings["chain"]).ShouldBe(("nftables", "inet filter", "input"));
        File.ReadLines(Repository.PathOf("config/config.yaml")).First().ShouldBe("# yaml-language-server: $schema=schema.json");
    }

    [Fact]
    public async Task Every_commented_out_value_of_the_shipped_configuration_is_a_key_that_the_loader_knows()
    {
        var lines = await File.ReadAllLinesAsync(Repository.PathOf("config/config.yaml"), TestContext.Current.CancellationToken);
        var yaml = string.Join('\n', lines.Select(line =>
            line.TrimStart().StartsWith("# ", StringComparison.Ordinal) && IsYaml(line.TrimStart()[2..]) ? line.Remove(line.IndexOf('#', StringComparison.Ordinal), 2) : line));

        var problems = ConfigLoader.Load("c.yaml", yaml, Composition.Providers).Problems;

        yaml.ShouldContain("\nguard:\n  minPrefixes");
        problems.Select(problem => problem.Path).ShouldBe(["proposals[0].forge.token.file", "notify[0].url.env", "notify[1].url.env", "notify[2].password.env"], yaml + string.Join('\n', problems));

        static bool IsYaml(string text) => text.TrimStart().TrimStart('-').TrimStart() is { Length: > 0 } bare
            && (bare.StartsWith('{') || (bare.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && bare[..colon].All(char.IsAsciiLetter) && char.IsAsciiLetterLower(bare[0])));
    }

    [Fact]
    public async Task A_missing_file_is_a_problem()
    {
        var path = Path.Combine(_directory.FullName, "none.yaml");

        (await LoadAsync(path)).Problems.Single().ToString().ShouldBe($"{path}:1:1: the file does not exist; name another with --config FILE, or let \"allowlist-sync init\" write it");
    }

    [Fact]
    public async Task A_directory_is_a_problem() =>
        (await LoadAsync(_directory.FullName)).Problems.Single().ToString().ShouldBe($"{_directory.FullName}:1:1: this is a directory; name a file in it with --config FILE");

    [Fact]
    public async Task A_byte_order_mark_is_fine() =>
        (await LoadAsync([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(BadConfigs.Top)])).Problems.ShouldBeEmpty();

    [Fact]
    public async Task Bytes_that_are_not_UTF8_are_refused_with_their_place() =>
        (await LoadAsync([.. "version: 1\n# caf"u8, 0xe9, .. "\n"u8])).Problems.Single().ToString().ShouldEndWith(":2:6: a byte that is not UTF-8 stands here; save the file as UTF-8");

    [Fact]
    public async Task UTF16_is_named() =>
        (await LoadAsync([0xff, 0xfe, .. Encoding.Unicode.GetBytes("version: 1")])).Problems.Single().Problem.ShouldBe("the file is UTF-16");

    [Fact]
    public async Task A_file_of_one_MiB_is_read_and_a_larger_one_refused()
    {
        var full = Encoding.UTF8.GetBytes(BadConfigs.Top + "#" + new string('x', ConfigLoader.MaxBytes - BadConfigs.Top.Length - 1));

        (await LoadAsync(full)).Problems.ShouldBeEmpty();
        (await LoadAsync([.. full, (byte)'x'])).Problems.Single().Problem.ShouldBe("the file is larger than 1 MiB");
    }

    private static async Task<ConfigResult> LoadAsync(string path) =>
        await ConfigFile.LoadAsync(path, TestProviders.All, TestContext.Current.CancellationToken);

    private async Task<ConfigResult> LoadAsync(byte[] bytes)
    {
        var path = Path.Combine(_directory.FullName, "c.yaml");
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        return await LoadAsync(path);
    }
}
