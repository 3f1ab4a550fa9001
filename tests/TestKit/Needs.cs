namespace AllowlistSync.TestKit;

/// <summary>What a test needs; first line of the test. Where it is not there, the test is skipped with the reason.</summary>
public static class Needs
{
    /// <summary>A sandbox, and these programs in it.</summary>
    public static void Sandbox(params string[] programs)
    {
        if (TestKit.Sandbox.CannotRunReason() is { } reason)
        {
            throw new SkipException($"no sandbox can be made here: {reason}");
        }

        if (Array.Find(programs, program => !SandboxSupport.HasProgram(program)) is { } missing)
        {
            throw new SkipException($"{missing} is missing");
        }
    }
}
