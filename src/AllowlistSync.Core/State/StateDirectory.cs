namespace AllowlistSync.Core.State;

/// <summary>Makes directories and files of the state, and says in an operator's words why it could not.</summary>
internal static class StateDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static void Ensure(string directory)
    {
        if (Directory.Exists(directory))
        {
            return;
        }

        // One by one: CreateDirectory gives the mode to the last one only.
        var parent = Path.GetDirectoryName(directory) ?? "/";
        if (parent.Length > 0)
        {
            Ensure(parent);
        }

        try
        {
            Directory.CreateDirectory(directory, OwnerOnly);
            DirectoryEntries.Flush(parent);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(directory, failure);
        }
    }

    public static async ValueTask WriteAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        try
        {
            await SealedFile.WriteAsync(path, content, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, failure);
        }
    }

    public static StateException Unwritable(string path, Exception failure) => new(
        $"{path} cannot be written: {failure.Clause()}",
        "make room on the disk, run as root, or set `state` to a directory that can be written; nothing is changed in a firewall as long as its state cannot be kept",
        failure);
}
