using System.Text.Json;
using AllowlistSync.Configuration;
using AllowlistSync.Configuration.Reading;
using AllowlistSync.Core;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.Configuration;

public sealed class SecretTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("secret-tests-");

    private string Token => Path.Combine(_directory.FullName, "token");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void A_secret_never_shows_its_value()
    {
        var secret = new Secret("hunter2");

        $"{secret}".ShouldBe("***");
        JsonSerializer.Serialize(secret).ShouldBe("\"***\"");
        JsonSerializer.Serialize(new WebhookNotifyConfig(secret)).ShouldNotContain("hunter2");
        new WebhookNotifyConfig(secret).ToString().ShouldNotContain("hunter2");
        secret.Reveal().ShouldBe("hunter2");
    }

    [Fact]
    public void A_secret_is_not_read_from_JSON() =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<Secret>("\"hunter2\""));

    [Fact]
    public async Task A_file_that_only_its_owner_reads_gives_its_text_without_the_line_end()
    {
        await WriteAsync("hunter2\n", UnixFileMode.UserRead | UnixFileMode.UserWrite);

        new SystemSecrets().FromFile(Token).ShouldBe(("hunter2", null));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    public async Task A_file_that_others_read_is_refused_with_the_remedy(UnixFileMode others)
    {
        await WriteAsync("hunter2\n", UnixFileMode.UserRead | UnixFileMode.UserWrite | others);

        var (value, fault) = new SystemSecrets().FromFile(Token);

        value.ShouldBeNull();
        fault.ShouldBe(new Fault($"the secret in {Token} can be read by others", $"chmod 600 {Token}"), Token);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("hunter2\nsecond\n")]
    public async Task A_file_that_holds_no_single_line_is_refused(string text)
    {
        await WriteAsync(text, UnixFileMode.UserRead);

        var (value, fault) = new SystemSecrets().FromFile(Token);

        value.ShouldBeNull();
        fault!.Problem.ShouldContain("does not hold a secret");
        fault.Problem.ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task A_relative_file_is_looked_for_beside_the_configuration()
    {
        await WriteAsync("https://hooks.example.com/hunter2", UnixFileMode.UserRead);
        var yaml = BadConfigs.Top + "notify:\n  - { type: webhook, url: { file: token } }\n";

        var result = ConfigLoader.Load(Path.Combine(_directory.FullName, "config.yaml"), yaml, TestProviders.All);

        result.Problems.ShouldBeEmpty();
        result.Config!.Notify[0].ShouldBeOfType<WebhookNotifyConfig>().Url.Reveal().ShouldEndWith("hunter2");
    }

    private async Task WriteAsync(string text, UnixFileMode mode)
    {
        await File.WriteAllTextAsync(Token, text, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(Token, mode);
    }
}
