using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Formats;

namespace AllowlistSync.Proposals.Rewriting;

/// <summary>A place in a text file that holds ranges, and that is ours to rewrite. All else in the file is somebody else's and stays byte for byte.</summary>
/// <param name="Family">The family that is written there; null for both, IPv4 first.</param>
public abstract record FilePlace(IpFamily? Family);

/// <summary>The whole file, as <c>provider: file</c> writes it.</summary>
/// <param name="Format">How it is written.</param>
/// <param name="Label">Mark and name.</param>
/// <param name="Family">The family, or null.</param>
public sealed record WholeFilePlace(RangeFormat Format, RangeFileLabel Label, IpFamily? Family = null) : FilePlace(Family);

/// <summary>The lines between <c>allowlist-sync:begin NAME</c> and <c>allowlist-sync:end NAME</c>, each on a line of its own behind whatever the file uses for a comment.</summary>
/// <param name="Name">The name of the block.</param>
/// <param name="Format">How the lines are written: a format of <see cref="RangeFormats"/> or one of <see cref="BlockLines"/>.</param>
/// <param name="Family">The family, or null.</param>
public sealed record BlockPlace(string Name, string Format, IpFamily? Family = null) : FilePlace(Family);

/// <summary>A value in YAML, JSON or HCL.</summary>
/// <param name="Key">Its path: names and list positions, such as <c>firewall.allow</c>, <c>rules[0].cidrs</c>, <c>metadata.annotations["a.b/c"]</c>, <c>resource.aws_security_group_rule.web.cidr_blocks</c>.</param>
/// <param name="Document">In a YAML file of several documents: the one of this <c>kind/name</c> (Kubernetes), or null when the key is in one document only.</param>
/// <param name="Shape">How the ranges stand there.</param>
/// <param name="Family">The family, or null.</param>
public sealed record KeyPlace(string Key, string? Document = null, ValueShape Shape = ValueShape.Auto, IpFamily? Family = null) : FilePlace(Family);

/// <summary>How ranges stand in a value.</summary>
public enum ValueShape
{
    /// <summary>As the value that is there: a list of texts, a list of maps that hold <c>ipBlock.cidr</c>, or one text with commas.</summary>
    Auto,

    /// <summary>A list of texts.</summary>
    List,

    /// <summary>One text with commas, as annotations of ingress controllers.</summary>
    Commas,

    /// <summary>A list of <c>ipBlock: { cidr: PREFIX }</c>, as the peers of a Kubernetes NetworkPolicy.</summary>
    IpBlocks,
}
