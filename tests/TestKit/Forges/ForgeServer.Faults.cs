namespace AllowlistSync.TestKit;

/// <content>What it can be told to do wrong.</content>
public abstract partial class ForgeServer
{
    private readonly List<(ForgeFault Fault, Func<ForgeRequest, bool> When, int Left)> _faults = [];
    private readonly Lock _faultGate = new();

    /// <summary>True when the token has too few rights for everything.</summary>
    public bool LacksScope { get; set; }

    /// <summary>True when the repository is not there, or not shown.</summary>
    public bool IsHidden { get; set; }

    /// <summary>The next requests go wrong; one of <see cref="ForgeFaults"/>.</summary>
    /// <param name="fault">How.</param>
    /// <param name="times">How many of them.</param>
    /// <param name="when">Which; null for all.</param>
    public void Fail(ForgeFault fault, int times = int.MaxValue, Func<ForgeRequest, bool>? when = null)
    {
        lock (_faultGate)
        {
            _faults.Add((fault, when ?? (_ => true), times));
        }
    }

    /// <summary>All goes well again.</summary>
    public void Heal()
    {
        lock (_faultGate)
        {
            _faults.Clear();
        }

        (LacksScope, IsHidden) = (false, false);
    }

    private ForgeFault? NextFault(ForgeRequest request)
    {
        lock (_faultGate)
        {
            var at = _faults.FindIndex(one => one.Left > 0 && one.When(request));
            if (at < 0)
            {
                return null;
            }

            _faults[at] = _faults[at] with { Left = _faults[at].Left - 1 };
            return _faults[at].Fault;
        }
    }
}
