using System.Net.Sockets;
using AllowlistSync.Configuration;
using AllowlistSync.Configuration.Shapes;
using AllowlistSync.Core;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace AllowlistSync.Notifying.Receivers;

/// <summary>A mail server. Without the TLS that was configured nothing is sent, also when the server offers none.</summary>
internal sealed class EmailReceiver(EmailNotifyConfig config) : IReceiver
{
    // RFC 5321, 4.2.1: codes from 500 on are final.
    private const int FirstFinal = 500;

    /// <inheritdoc/>
    public async ValueTask<Delivery> SendAsync(Outgoing outgoing, CancellationToken cancellationToken)
    {
        using var mail = EmailText.Write(outgoing, config);
        using var client = new SmtpClient { CheckCertificateRevocation = false };
        try
        {
            return await SendAsync(client, mail, cancellationToken);
        }
        catch (SmtpCommandException refused)
        {
            // A sender or recipient that is not taken today may be taken once the server was mended; a message that is too large never is.
            var final = refused.ErrorCode == SmtpErrorCode.MessageNotAccepted && (int)refused.StatusCode >= FirstFinal;
            return new Delivery(final ? Arrival.Refused : Arrival.TryAgain, $"the server said {(int)refused.StatusCode}: {Said(refused.Message)}");
        }
        catch (Exception failure) when (Reason(failure) is not null)
        {
            return new Delivery(Arrival.TryAgain, Reason(failure)!);
        }
    }

    private async Task<Delivery> SendAsync(SmtpClient client, MimeMessage mail, CancellationToken cancellationToken)
    {
        var (host, port) = SmtpText.Split(config.Smtp);
        await client.ConnectAsync(host, port, Options(), cancellationToken);
        if (config is { Username: { } user, Password: { } password })
        {
            await client.AuthenticateAsync(user, password.Reveal(), cancellationToken);
        }

        await client.SendAsync(mail, cancellationToken);
        await client.DisconnectAsync(quit: true, cancellationToken);
        return new Delivery(Arrival.Delivered, "the server took it");
    }

    private SecureSocketOptions Options() => config.Tls switch
    {
        MailTls.Implicit => SecureSocketOptions.SslOnConnect,
        MailTls.None => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls,
    };

    // What a library says may hold what was sent, so only its kind is told.
    private static string? Reason(Exception failure) => failure switch
    {
        MailKit.Security.AuthenticationException => "user name or password were not accepted",
        SslHandshakeException => "its TLS certificate or handshake was not accepted",
        NotSupportedException => "it does not offer what the configuration asks for (STARTTLS, or a way to sign in)",
        SmtpProtocolException => "it ended the conversation, or does not speak SMTP",
        ServiceNotConnectedException or ServiceNotAuthenticatedException => "it ended the conversation",
        SocketException socket => $"no connection ({socket.SocketErrorCode})",
        IOException => "the connection broke",
        System.Security.Authentication.AuthenticationException => "its TLS certificate was not accepted",
        TimeoutException => "it did not answer in time",
        _ => null,
    };

    // A server may repeat a user name or what else it was told.
    private string Said(string text)
    {
        var line = NoticeText.Cut(text.ReplaceLineEndings(" "), 200);
        return config.Password?.Reveal() is { Length: > 0 } password ? line.Replace(password, Secret.Mask, StringComparison.Ordinal) : line;
    }
}
