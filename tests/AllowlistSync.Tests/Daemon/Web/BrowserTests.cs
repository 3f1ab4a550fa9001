using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using AllowlistSync.Daemon.Web;
using AllowlistSync.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.Daemon.Web;

/// <summary>The status page in a real browser, served by the real server, so that its policy is held as well.</summary>
public sealed class BrowserTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("browser-tests-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("/", 1280, 3000)]
    [InlineData("/", 390, 3000)]
    [InlineData("/targets/mail", 1280, 1500)]
    public async Task Chromium_shows_the_page_and_has_nothing_to_complain_about(string path, int width, int height)
    {
        await using var web = new WebEndpoints(new WebPages(() => Snapshots.Full, _ => []), NullLogger.Instance);
        (await web.ServeAsync(new() { Address = new(IPAddress.Loopback, 0) }, Ct)).ShouldBeNull();
        var url = $"http://{web.Address}{path}";
        var picture = Path.Combine(_directory.FullName, "page.png");

        var (_, complaints) = await ChromiumAsync($"--window-size={width},{height}", "--screenshot=" + picture, url);
        var (dom, more) = await ChromiumAsync("--dump-dom", url);

        (complaints + more).Split('\n').Where(line => line.Contains("CONSOLE", StringComparison.Ordinal)).ShouldBeEmpty();
        dom.ShouldContain("wanted traffic is blocked by another rule");
        dom.ShouldContain("</footer>");
        var (size, shades) = Look(await File.ReadAllBytesAsync(picture, Ct));
        size.ShouldBe((width, height));
        shades.ShouldBeGreaterThan(100);
    }

    // Its own calls home come to nothing: no name but the one address is resolved.
    private async Task<(string Out, string Error)> ChromiumAsync(params string[] arguments)
    {
        if (!File.Exists("/usr/bin/chromium"))
        {
            throw new SkipException("chromium is missing (Debian's package chromium)");
        }

        string[] all =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--user-data-dir=" + Path.Combine(_directory.FullName, "profile"), "--enable-logging=stderr", .. arguments,
        ];
        using var process = System.Diagnostics.Process.Start(new ProcessStartInfo("/usr/bin/chromium", all) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(Patience);
        try
        {
            var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            process.ExitCode.ShouldBe(0, said[1]);
            return (said[0], said[1]);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    // PNG (ISO 15948): chunks of length, type, data, checksum; all IDAT together are one zlib stream. A blank page holds a handful of different bytes.
    private static ((int Width, int Height) Size, int Shades) Look(byte[] png)
    {
        using var packed = new MemoryStream();
        for (var at = 8; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            if (png.AsSpan(at + 4, 4).SequenceEqual("IDAT"u8))
            {
                packed.Write(png, at + 8, length);
            }

            at += length + 12;
        }

        packed.Position = 0;
        using var pixels = new ZLibStream(packed, CompressionMode.Decompress);
        using var all = new MemoryStream();
        pixels.CopyTo(all);
        return ((BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20))), all.ToArray().Distinct().Count());
    }
}
