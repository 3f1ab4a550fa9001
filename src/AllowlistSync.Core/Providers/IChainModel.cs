using AllowlistSync.Core.Desired;

namespace AllowlistSync.Core.Providers;

/// <summary>Says what a chain does to connections, so that a provider can tell where an accept must stand to have an effect. Pure.</summary>
public interface IChainModel
{
    /// <summary>The handle of the first rule of the chain at which a new connection from anywhere to one of the ports is blocked, or may be; null when the chain lets all of them reach its end or accepts them.</summary>
    long? FirstThatMayBlock(ChainQuestion question);
}

/// <summary>A chain of nftables, and the ports that matter.</summary>
/// <param name="Listing">The output of <c>nft -j -t list ruleset</c>: rules, and sets without their elements, whose content then counts as not known.</param>
/// <param name="Table">The table's family and name, such as <c>inet filter</c>.</param>
/// <param name="Chain">The chain's name.</param>
/// <param name="Ports">The ports.</param>
public sealed record ChainQuestion(ReadOnlyMemory<byte> Listing, string Table, string Chain, PortSet Ports);
