using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace AllowlistSync.Tests.Notifying;

/// <summary>What a mail server is like.</summary>
internal sealed record MailServerOptions
{
    /// <summary>TLS from the first byte.</summary>
    public bool IsImplicit { get; init; }

    /// <summary>STARTTLS is offered, and nothing is taken without it.</summary>
    public bool OffersStartTls { get; init; }

    /// <summary>Who may send; null for everybody.</summary>
    public (string User, string Password)? SignIn { get; init; }

    /// <summary>What is answered to RCPT; null to judge.</summary>
    public string? Recipient { get; init; }
}

/// <summary>
/// A mail server on loopback that keeps to RFC 5321 and refuses what breaks it: commands out of order, lines that are too long or end otherwise than with CR LF, a message without From or Date, anybody who does not sign in.
/// </summary>
internal sealed class MailServer : IAsyncDisposable
{
    private const int LongestLine = 1000;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly MailServerOptions _options;
    private readonly Task _work;

    public MailServer(MailServerOptions options)
    {
        _options = options;
        _listener.Start();
        _work = Task.Run(ServeAsync);
    }

    /// <summary>A certificate for localhost that nobody signed; whoever trusts <see cref="CertificatePem"/> trusts it.</summary>
    public X509Certificate2 Certificate { get; } = MakeCertificate();

    public string CertificatePem => Certificate.ExportCertificatePem();

    public string Address => $"localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>The mails that were taken.</summary>
    public ConcurrentQueue<string> Taken { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _work;
        _stop.Dispose();
        Certificate.Dispose();
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                try
                {
                    await TalkAsync(client.GetStream());
                }
                catch (Exception gone) when (gone is IOException or System.Security.Authentication.AuthenticationException)
                {
                    // The other side hung up, or did not trust us.
                }
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or InvalidOperationException)
        {
            return;
        }
    }

    private async Task TalkAsync(Stream plain)
    {
        var talk = new Conversation(this, _options.IsImplicit ? await SecureAsync(plain) : plain) { IsSecure = _options.IsImplicit };
        await talk.SayAsync("220 localhost ESMTP");
        while (await talk.HearAsync(_stop.Token) is { } line && await talk.AnswerAsync(line, _stop.Token))
        {
            if (talk.WantsTls)
            {
                talk = new Conversation(this, await SecureAsync(plain)) { IsSecure = true };
            }
        }
    }

    private async Task<Stream> SecureAsync(Stream plain)
    {
        var secure = new SslStream(plain);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, _stop.Token);
        return secure;
    }

    private sealed class Conversation(MailServer server, Stream stream)
    {
        private bool _greeted;
        private bool _signedIn;
        private bool _hasSender;
        private int _recipients;

        public bool IsSecure { get; init; }

        public bool WantsTls { get; private set; }

        public Task SayAsync(string line) => stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n")).AsTask();

        public async Task<string?> HearAsync(CancellationToken cancellationToken)
        {
            var line = new List<byte>();
            var one = new byte[1];
            while (await stream.ReadAsync(one, cancellationToken) == 1)
            {
                line.Add(one[0]);
                if (one[0] == '\n')
                {
                    return line.Count > LongestLine || line.Count < 2 || line[^2] != '\r' ? "\0" : Encoding.UTF8.GetString([.. line[..^2]]);
                }
            }

            return null;
        }

        public async Task<bool> AnswerAsync(string line, CancellationToken cancellationToken)
        {
            var (verb, answer) = (line.Split(' ', ':')[0].ToUpperInvariant(), "500 what?");
            answer = verb switch
            {
                "EHLO" => Greet(),
                "STARTTLS" when server._options.OffersStartTls && !IsSecure => "220 go ahead",
                "AUTH" when server._options.SignIn is not null && _greeted => SignIn(line),
                "MAIL" => Sender(line),
                "RCPT" => Recipient(line),
                "DATA" => _recipients > 0 ? "354 go on" : "503 no recipient",
                "QUIT" => "221 bye",
                "RSET" or "NOOP" => "250 ok",
                _ => answer,
            };
            await SayAsync(answer);
            WantsTls = verb == "STARTTLS" && answer.StartsWith("220", StringComparison.Ordinal);
            if (answer.StartsWith("354", StringComparison.Ordinal))
            {
                await SayAsync(await MessageAsync(cancellationToken));
            }

            return verb != "QUIT";
        }

        private string Greet()
        {
            _greeted = true;
            var tls = server._options.OffersStartTls && !IsSecure ? "250-STARTTLS\r\n" : "";
            return $"250-localhost\r\n{tls}{(server._options.SignIn is null ? "" : "250-AUTH PLAIN\r\n")}250 SIZE 1000000";
        }

        private string SignIn(string line)
        {
            var expected = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{server._options.SignIn!.Value.User}\0{server._options.SignIn.Value.Password}"));
            _signedIn = line == "AUTH PLAIN " + expected;
            return _signedIn ? "235 welcome" : "535 5.7.8 wrong user or password";
        }

        private string Sender(string line)
        {
            if (!_greeted || (server._options.OffersStartTls && !IsSecure) || (server._options.SignIn is not null && !_signedIn))
            {
                return "530 not like this";
            }

            _hasSender = line.StartsWith("MAIL FROM:<", StringComparison.Ordinal) && line.Contains('@', StringComparison.Ordinal);
            return _hasSender ? "250 ok" : "501 no sender";
        }

        private string Recipient(string line)
        {
            if (!_hasSender || server._options.Recipient is not null)
            {
                return server._options.Recipient ?? "503 no sender";
            }

            _recipients++;
            return line.StartsWith("RCPT TO:<", StringComparison.Ordinal) && line.EndsWith('>') ? "250 ok" : "501 no recipient";
        }

        private async Task<string> MessageAsync(CancellationToken cancellationToken)
        {
            var mail = new StringBuilder();
            var whole = true;
            while (await HearAsync(cancellationToken) is { } line && line != ".")
            {
                whole &= line != "\0";
                mail.Append(line.StartsWith('.') ? line[1..] : line).Append('\n');
            }

            var head = mail.ToString().Split("\n\n")[0];
            if (!whole || !head.Contains("From: ", StringComparison.Ordinal) || !head.Contains("\nDate: ", StringComparison.Ordinal))
            {
                return "554 5.6.0 this is no message";
            }

            server.Taken.Enqueue(mail.ToString());
            return "250 ok: queued";
        }
    }
}
