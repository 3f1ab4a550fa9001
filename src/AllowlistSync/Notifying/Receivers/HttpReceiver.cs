using AllowlistSync.Core;
using AllowlistSync.Sources.Http;

namespace AllowlistSync.Notifying.Receivers;

/// <summary>A web address that takes JSON by POST.</summary>
internal sealed class HttpReceiver(Secret url, Func<Outgoing, byte[]> body, Func<byte[], IReadOnlyDictionary<string, string>> headers, TimeProvider time) : IReceiver
{
    // What is wrong with the message itself: it is just as wrong the next time.
    private static readonly int[] s_final = [400, 406, 413, 415, 422];

    private readonly GuardedPost _post = new(time);

    /// <inheritdoc/>
    public async ValueTask<Delivery> SendAsync(Outgoing outgoing, CancellationToken cancellationToken)
    {
        var json = body(outgoing);
        return Judge(await _post.SendAsync(new Uri(url.Reveal()), json, headers(json), cancellationToken));
    }

    private Delivery Judge(PostAnswer answer)
    {
        if (answer.Status is not { } status)
        {
            return new Delivery(Arrival.TryAgain, answer.Said);
        }

        // A server that repeats its address in an answer must not bring it into a log.
        var said = Masked(answer.Said);
        var reason = $"status {status}{(said.Length == 0 ? "" : $": {said}")}";
        return status switch
        {
            >= 200 and < 300 => new Delivery(Arrival.Delivered, $"status {status}"),
            >= 300 and < 400 => new Delivery(Arrival.TryAgain, $"status {status}: it leads elsewhere, which is not followed"),
            _ when s_final.Contains(status) => new Delivery(Arrival.Refused, reason),
            _ => new Delivery(Arrival.TryAgain, reason, answer.RetryAfter),
        };
    }

    private string Masked(string said)
    {
        var address = new Uri(url.Reveal());
        return new[] { url.Reveal(), address.AbsoluteUri, address.PathAndQuery, address.AbsolutePath, address.Host }
            .Concat(address.Segments.Select(segment => segment.Trim('/')).Where(segment => segment.Length >= 8))
            .Where(part => part.Length > 1).OrderByDescending(part => part.Length)
            .Aggregate(said, (text, part) => text.Replace(part, Secret.Mask, StringComparison.OrdinalIgnoreCase));
    }
}
