using System.Text;

namespace AllowlistSync.Configuration.Reading;

/// <summary>The way from the top of the file to a value. Turned into text only when something is wrong there.</summary>
internal sealed record NodePath(NodePath? Parent, string? Key, int Index)
{
    /// <summary>The file as a whole.</summary>
    internal static NodePath Root { get; } = new(null, null, -1);

    public override string ToString()
    {
        var text = new StringBuilder();
        Append(text);
        return text.ToString();
    }

    /// <summary>The value of a key of this mapping.</summary>
    internal NodePath Of(string key) => new(this, key, -1);

    /// <summary>An item of this list.</summary>
    internal NodePath At(int index) => new(this, null, index);

    private void Append(StringBuilder text)
    {
        Parent?.Append(text);
        if (Key is not null)
        {
            text.Append(text.Length == 0 ? "" : ".").Append(Shown.Of(Key));
        }
        else if (Index >= 0)
        {
            text.Append('[').Append(Index).Append(']');
        }
    }
}
