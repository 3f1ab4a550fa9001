namespace AllowlistSync.TestKit;

/// <summary>A pull request of a forge of ours.</summary>
public sealed class ForgePull
{
    /// <summary>Its number.</summary>
    public required long Number { get; init; }

    /// <summary>Its branch.</summary>
    public required string Head { get; init; }

    /// <summary>The branch that it is proposed against.</summary>
    public required string Base { get; init; }

    /// <summary>Its title as the forge shows it.</summary>
    public required string Title { get; set; }

    /// <summary>Its text.</summary>
    public required string Text { get; set; }

    /// <summary>Where its branch is: in the repository itself, or in a fork of it.</summary>
    public bool IsOfFork { get; init; }

    /// <summary>Whether a member says that it is a draft (GitHub).</summary>
    public bool IsDraft { get; init; }

    /// <summary><c>open</c>, <c>closed</c> or <c>merged</c>, in the words of the contract.</summary>
    public string State { get; set; } = "open";

    /// <summary>Names of labels.</summary>
    public List<string> Labels { get; } = [];

    /// <summary>Names of reviewers; a team is <c>team:NAME</c>.</summary>
    public List<string> Reviewers { get; } = [];

    /// <summary>Comments, oldest first.</summary>
    public List<string> Comments { get; } = [];

    /// <summary>Whether it waits.</summary>
    public bool IsOpen => State == "open";
}

/// <summary>A status of a commit.</summary>
/// <param name="Commit">The commit.</param>
/// <param name="State">The state.</param>
/// <param name="Context">Whose it is.</param>
/// <param name="Text">Its text.</param>
public sealed record ForgeStatus(string Commit, string State, string Context, string Text);
