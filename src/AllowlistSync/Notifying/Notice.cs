using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AllowlistSync.Notifying;

/// <summary>How things stand by a message.</summary>
internal enum NoticeState
{
    /// <summary>Something is wrong from now on.</summary>
    Problem,

    /// <summary>It is wrong no longer.</summary>
    Resolved,

    /// <summary>Something happened, and is over.</summary>
    Event,
}

/// <summary>What a message is about: of two with the same key only the newer is worth telling.</summary>
/// <param name="Event">One of the words of <c>on</c>, or <c>test</c>.</param>
/// <param name="Kind"><see cref="Target"/>, <see cref="Source"/> or nothing.</param>
/// <param name="Name">Which.</param>
internal readonly record struct NoticeKey(string Event, string Kind, string Name)
{
    /// <summary>The kind of a firewall.</summary>
    public const string Target = "target";

    /// <summary>The kind of a list.</summary>
    public const string Source = "source";
}

/// <summary>A message, before anybody's format.</summary>
/// <param name="Key">What it is about.</param>
/// <param name="State">How it stands.</param>
internal sealed record Notice(NoticeKey Key, NoticeState State)
{
    /// <summary>One line.</summary>
    public required string Summary { get; init; }

    /// <summary>More lines; empty for none.</summary>
    public string Detail { get; init; } = "";

    /// <summary>What to do; empty for nothing.</summary>
    public string Remedy { get; init; } = "";

    /// <summary>When it was seen.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The run that saw it; empty where it was none.</summary>
    public string RunId { get; init; } = "";

    /// <summary>The node that saw it.</summary>
    public required string Node { get; init; }

    /// <summary>The same for the same message, whoever gets it and however often it is sent.</summary>
    public string Id { get => field ??= IdOf(this); } = null!;

    private static string IdOf(Notice notice)
    {
        var text = string.Join('\n', notice.Key.Event, notice.Key.Kind, notice.Key.Name, notice.State, notice.Node, notice.RunId, notice.At.ToString("O", CultureInfo.InvariantCulture));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
    }
}

/// <summary>A message on its way to one receiver.</summary>
/// <param name="Notice">The message.</param>
/// <param name="Superseded">How many older ones it took the place of, or had to make room.</param>
internal sealed record Outgoing(Notice Notice, int Superseded);
