using System.Text;
using AllowlistSync.Configuration;
using MimeKit;
using MimeKit.Text;

namespace AllowlistSync.Notifying.Receivers;

/// <summary>A message as electronic mail: plain text, and marked as written by a program, so that no holiday notice answers it (RFC 3834). Pure.</summary>
internal static class EmailText
{
    private const int LongestSubject = 200;
    private const int LongestBody = 100_000;

    /// <summary>The mail; the same message has the same Message-ID, so that a second delivery can be told as one.</summary>
    public static MimeMessage Write(Outgoing outgoing, EmailNotifyConfig config)
    {
        var notice = outgoing.Notice;
        var mail = new MimeMessage
        {
            Subject = NoticeText.Cut(NoticeText.Title(notice).ReplaceLineEndings(" "), LongestSubject),
            Date = notice.At,
            MessageId = $"{notice.Id}@{config.From[(config.From.IndexOf('@', StringComparison.Ordinal) + 1)..]}",
            Body = new TextPart(TextFormat.Plain) { Text = Body(outgoing) },
        };
        mail.From.Add(new MailboxAddress(Encoding.UTF8, "AllowlistSync", config.From));
        mail.To.AddRange(config.To.Select(address => new MailboxAddress("", address)));
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        return mail;
    }

    private static string Body(Outgoing outgoing)
    {
        var notice = outgoing.Notice;
        string[] parts = [notice.Summary, notice.Detail, notice.Remedy.Length == 0 ? "" : "What to do: " + notice.Remedy, "-- \n" + NoticeText.Footer(outgoing)];
        return NoticeText.Cut(string.Join("\n\n", parts.Where(part => part.Length > 0)), LongestBody) + "\n";
    }
}
