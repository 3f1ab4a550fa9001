using System.Diagnostics;

namespace AllowlistSync.TestKit;

/// <summary>Finds out, once per process, whether sandboxes can be made here.</summary>
internal static class SandboxSupport
{
    private static readonly string[] Programs = ["unshare", "nsenter", "mount", "umount", "ip", "bash", "cat", "hostname"];
    private static readonly string[] Directories = Sandbox.Path.Split(':');
    private static readonly Lazy<string?> Reason = new(Find);

    internal static string? CannotRunReason => Reason.Value;

    /// <summary>Whether a program is in one of the directories that sandboxes have on their path.</summary>
    internal static bool HasProgram(string name)
    {
        return Array.Exists(Directories, directory => File.Exists(Path.Combine(directory, name)));
    }

    /// <summary>The absolute path of a program: the path of the one who runs the tests may lack the sbin directories.</summary>
    internal static string PathOf(string name)
    {
        return Directories.Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists) ?? name;
    }

    private static string? Find()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "needs Linux";
        }

        if (!Environment.IsPrivilegedProcess)
        {
            return "needs root";
        }

        if (Array.Find(Programs, program => !HasProgram(program)) is { } missing)
        {
            return $"{missing} is missing";
        }

        return File.ReadAllText("/proc/filesystems").Contains("\toverlay\n", StringComparison.Ordinal)
            ? TryNamespaces()
            : "the kernel has no overlay file system";
    }

    private static string? TryNamespaces()
    {
        var start = new ProcessStartInfo(PathOf("unshare"), ["--mount", "--net", "--pid", "--uts", "--fork", "--mount-proc", "--propagation", "private", "mount", "-t", "tmpfs", "trial", "/run"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        using var trial = Process.Start(start)!;
        string said = trial.StandardError.ReadToEnd();
        trial.WaitForExit();
        return trial.ExitCode == 0 ? null : $"namespaces cannot be made here: {said.Trim()}";
    }
}
