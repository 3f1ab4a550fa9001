using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Csf;

/// <summary>The chain of what is let in, in the kernel.</summary>
/// <param name="Family">The family.</param>
/// <param name="Rules">Its rules of the shape that we make; null when the chain is not there.</param>
internal sealed record CsfChain(IpFamily Family, ImmutableHashSet<CsfRule>? Rules);

/// <summary>A list of ours: the file, and whether CSF reads it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Text">Its content; null when it is not there.</param>
/// <param name="Includes">How many lines of CSF's list include it.</param>
internal sealed record CsfOwnFile(string Path, string? Text, int Includes)
{
    /// <summary>True when anything of it is there.</summary>
    public bool IsThere => Text is not null || Includes > 0;

    /// <summary>Its entries.</summary>
    public IEnumerable<CsfEntry> Entries => CsfList.EntriesOf(new CsfFile(Path, Text));
}

/// <summary>What is there of CSF, seen from one target.</summary>
internal sealed record CsfState : NativeState
{
    /// <summary>csf.conf.</summary>
    public required CsfConfiguration Configuration { get; init; }

    /// <summary>True when it was switched off (<c>csf -x</c>).</summary>
    public required bool IsDisabled { get; init; }

    /// <summary>Why its last start failed; null when it did not.</summary>
    public required string? Error { get; init; }

    /// <summary>csf.allow and what it includes, our file among it.</summary>
    public required CsfList Allow { get; init; }

    /// <summary>csf.ignore and what it includes.</summary>
    public required CsfList Ignore { get; init; }

    /// <summary>csf.deny and what it includes.</summary>
    public required CsfList Deny { get; init; }

    /// <summary>csf.tempban.</summary>
    public required string TemporaryBans { get; init; }

    /// <summary>csf.tempallow.</summary>
    public required string TemporaryAllows { get; init; }

    /// <summary>Our file of allowed prefixes.</summary>
    public required CsfOwnFile OwnAllow { get; init; }

    /// <summary>Our file of ignored prefixes.</summary>
    public required CsfOwnFile OwnIgnore { get; init; }

    /// <summary>The kernel's chains.</summary>
    public required ImmutableArray<CsfChain> Chains { get; init; }

    /// <summary>The process of lfd; null when it does not run.</summary>
    public required string? Lfd { get; init; }

    /// <summary>The families that CSF filters.</summary>
    public ImmutableArray<IpFamily> Families => Configuration.HasIPv6 ? [IpFamily.IPv4, IpFamily.IPv6] : [IpFamily.IPv4];

    /// <summary>True when the chains of each family that is filtered are there.</summary>
    public bool IsLoaded => Families.All(family => Chains.Single(chain => chain.Family == family).Rules is not null);

    /// <summary>True when lfd runs and csf can restart it: csf refuses to while it is disabled, and after a start that failed (main part of csf.pl 15.00).</summary>
    public bool CanTellLfd => Lfd is not null && !IsDisabled && Error is null;

    /// <summary>True when CSF filters: what is not running is never started by us.</summary>
    public bool IsRunning => !IsDisabled && Error is null && IsLoaded;
}
