using AllowlistSync.Configuration;
using AllowlistSync.Core;
using AllowlistSync.Notifying;
using AllowlistSync.Notifying.Receivers;
using AllowlistSync.Tests.Configuration;
using AllowlistSync.Tests.EndToEnd;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.Notifying;

public sealed class EmailTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mail_has_what_a_mail_needs_and_nobody_answers_it()
    {
        await using var server = new MailServer(new MailServerOptions());
        var notice = Samples.Notice(detail: ".\n.hidden\n" + new string('x', 5000) + "\nKäse", summary: "web: failed\r\nBcc: all@example.com");
        (await SendAsync(server, notice)).ShouldBe(new Delivery(Arrival.Delivered, "the server took it"));

        server.Taken.TryDequeue(out var mail).ShouldBeTrue();
        mail!.ShouldContain("From: AllowlistSync <sync@example.com>\n");
        mail.ShouldContain("To: ops@example.com, on-call@example.com\n");
        mail.ShouldContain("Auto-Submitted: auto-generated\n");
        mail.ShouldContain($"Message-Id: <{notice.Id}@example.com>\n");
        mail.Split("\n\n")[0].ShouldNotContain("\nBcc:");
    }

    [Fact]
    public async Task Without_the_TLS_that_was_asked_for_nothing_is_sent()
    {
        await using var bare = new MailServer(new MailServerOptions());
        (await SendAsync(bare, Samples.Notice(), MailTls.StartTls)).ShouldBe(new Delivery(Arrival.TryAgain, "it does not offer what the configuration asks for (STARTTLS, or a way to sign in)"));
        await using var stranger = new MailServer(new MailServerOptions { OffersStartTls = true });
        (await SendAsync(stranger, Samples.Notice(), MailTls.StartTls)).Reason.ShouldBe("its TLS certificate or handshake was not accepted");
        bare.Taken.ShouldBeEmpty();
        stranger.Taken.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("450 4.2.1 later", "the server said 450: 4.2.1 later")]
    [InlineData("550 5.1.1 unknown hunter2", "the server said 550: 5.1.1 unknown ***")]
    public async Task A_recipient_that_is_not_taken_is_tried_again_as_the_server_may_be_mended(string answer, string reason)
    {
        await using var server = new MailServer(new MailServerOptions { Recipient = answer, SignIn = ("sync", "hunter2") });
        (await SendAsync(server, Samples.Notice(), user: "sync")).ShouldBe(new Delivery(Arrival.TryAgain, reason));
    }

    [Fact]
    public async Task A_wrong_password_and_a_server_that_is_away_are_told()
    {
        var server = new MailServer(new MailServerOptions { SignIn = ("sync", "other") });
        (await SendAsync(server, Samples.Notice(), user: "sync")).Reason.ShouldBe("user name or password were not accepted");
        await server.DisposeAsync();
        var config = new EmailNotifyConfig { Smtp = "127.0.0.1:1", Tls = MailTls.None, From = "a@example.com", To = ["b@example.com"] };
        (await new EmailReceiver(config).SendAsync(new Outgoing(Samples.Notice(), 0), Ct)).Reason.ShouldBe("no connection (ConnectionRefused)");
    }

    [Theory]
    [InlineData("starttls")]
    [InlineData("implicit")]
    public async Task The_program_sends_over_TLS_that_it_trusts_and_signs_in(string tls)
    {
        await using var server = new MailServer(new MailServerOptions { IsImplicit = tls == "implicit", OffersStartTls = tls == "starttls", SignIn = ("sync", "hunter2") });
        var directory = Directory.CreateTempSubdirectory("notify");
        try
        {
            var (trusted, config) = (Path.Combine(directory.FullName, "ca.pem"), Path.Combine(directory.FullName, "config.yaml"));
            await File.WriteAllTextAsync(trusted, server.CertificatePem, Ct);
            await File.WriteAllTextAsync(config, BadConfigs.Top + $"notify:\n  - {{ type: email, smtp: \"{server.Address}\", tls: {tls}, from: sync@example.com, to: [ops@example.com], username: sync, password: {{ env: MAIL_PASSWORD }} }}\n", Ct);
            var outcome = await Local.ShellAsync("env", "-S", $"SSL_CERT_FILE={trusted} MAIL_PASSWORD=hunter2 {Origin.Program} notify test --config {config}", "");
            outcome.Ended(0).Saying("notify[0] (email): delivered: the server took it");
            outcome.Said.ShouldNotContain("hunter2");
            server.Taken.ShouldHaveSingleItem().ShouldContain("Subject: NOTE");
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task<Delivery> SendAsync(MailServer server, Notice notice, MailTls tls = MailTls.None, string? user = null)
    {
        var config = new EmailNotifyConfig { Smtp = server.Address, Tls = tls, From = "sync@example.com", To = ["ops@example.com", "on-call@example.com"], Username = user, Password = user is null ? null : new Secret("hunter2") };
        return await new EmailReceiver(config).SendAsync(new Outgoing(notice, 0), Ct);
    }
}
