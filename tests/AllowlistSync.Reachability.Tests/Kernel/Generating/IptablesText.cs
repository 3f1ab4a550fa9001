namespace AllowlistSync.Reachability.Tests.Kernel.Generating;

/// <summary>Values that rules of iptables and nft have in common.</summary>
internal static class IptablesText
{
    public static int Port(Dice dice) => dice.Pick(80, 80, 443, 443, 443, 8443, 22, 8080, 2053);

    /// <summary>One that somebody listens on, or a refusal would not be the rule set's.</summary>
    public static int Listened(Dice dice) => dice.Pick(80, 443, 8443);

    public static string Own(bool isV6) => isV6 ? "2001:db8::2" : "192.0.2.2";

    public static string SetPort(Dice dice) => $"{dice.Pick("tcp", "tcp", "tcp", "udp")}:{Port(dice)}";

    /// <summary>A port or a range of ports.</summary>
    public static string Ports(Dice dice, char to)
    {
        var port = Port(dice);
        return dice.Roll(1, 5) switch
        {
            <= 3 => $"{port}",
            4 => $"{port - dice.Roll(0, 9)}{to}{port + dice.Roll(1, 9)}",
            _ => $"{dice.Roll(1, 400)}{to}{dice.Roll(401, 9000)}",
        };
    }
}
