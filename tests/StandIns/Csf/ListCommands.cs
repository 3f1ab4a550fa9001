using System.Globalization;

namespace AllowlistSync.StandIns.Csf;

/// <summary><c>-a</c>, <c>-ar</c>, <c>-d</c>, <c>-dr</c>, <c>-df</c>. All refusals end with exit code 0.</summary>
internal sealed class ListCommands(Configuration configuration)
{
    private readonly Firewall _firewall = new(configuration);

    public void Allow(string argument)
    {
        var subject = Subject(argument, "add failed");
        if (subject is null)
        {
            return;
        }

        if (Has(Places.Deny, subject))
        {
            Console.WriteLine($"Removing {subject} from csf.deny...");
            RemoveDeny(subject);
        }

        if (Has(Places.Allow, subject))
        {
            Console.WriteLine($"add failed: {subject} is in already in the allow file /etc/csf/csf.allow");
            return;
        }

        ListFile.Append(Places.Allow, Line(subject, argument, "Manually allowed"));
        if (configuration.Is("TESTING"))
        {
            Console.WriteLine($"Adding {subject} to csf.allow only while in TESTING mode (not iptables ACCEPT)");
            return;
        }

        Console.WriteLine($"Adding {subject} to csf.allow and iptables ACCEPT...");
        Insert(subject, isAllow: true);
    }

    public void Deny(string argument)
    {
        var subject = Subject(argument, "deny failed");
        if (subject is null || Covered(Places.Allow, subject, "allow") || Covered(Places.Ignore, subject, "ignore"))
        {
            return;
        }

        if (Has(Places.Deny, subject))
        {
            Console.WriteLine($"deny failed: {subject} is in already in the deny file /etc/csf/csf.deny 1 times");
            return;
        }

        ListFile.Append(Places.Deny, Line(subject, argument, "Manually denied"));
        if (configuration.Is("TESTING"))
        {
            Console.WriteLine($"Adding {subject} to csf.deny only while in TESTING mode (not iptables DROP)");
            return;
        }

        Console.WriteLine($"Adding {subject} to csf.deny and iptables DROP...");
        Insert(subject, isAllow: false);
    }

    public void RemoveAllow(string argument) => Remove(Places.Allow, argument, isAllow: true);

    public void RemoveDeny(string argument) => Remove(Places.Deny, argument, isAllow: false);

    public void RemoveAllDenies()
    {
        ListFile.Rewrite(Places.Deny, line =>
        {
            var isKept = line.Length == 0 || line[0] == '#' || line.StartsWith("Include", StringComparison.Ordinal) || IsForGood(line);
            if (!isKept)
            {
                TakeOut(ListFile.Subject(line), isAllow: false);
            }

            return isKept;
        });
        Console.WriteLine("csf: all entries removed from csf.deny");
    }

    private void Remove(string path, string argument, bool isAllow)
    {
        var subject = Address.Read(argument)?.Text ?? argument;
        if (Address.Read(argument) is null && !IsAdvanced(argument))
        {
            Console.WriteLine($"[{argument}] is not a valid PUBLIC IP/CIDR");
            return;
        }

        var (hit, isKept) = (false, false);
        ListFile.Rewrite(path, line =>
        {
            if (!Same(ListFile.Subject(line), subject))
            {
                return true;
            }

            if (!isAllow && IsForGood(line))
            {
                Console.WriteLine($"csf: {subject} set as \"do not delete\" - not removed");
                return isKept = true;
            }

            Console.WriteLine("Removing rule...");
            TakeOut(ListFile.Subject(line), isAllow);
            hit = true;
            return false;
        });
        if (!hit && !isKept)
        {
            Console.WriteLine($"csf: {subject} not found in {Path.GetFileName(path)}");
        }
    }

    private string? Subject(string argument, string refusal)
    {
        var text = ListFile.Subject(argument);
        var address = Address.Read(text);
        if (address is { IsIPv6: true } && !configuration.Is("IPV6"))
        {
            Console.WriteLine($"{refusal}: [{text}] is valid IPv6 but IPV6 is not enabled in csf.conf");
            return null;
        }

        if (address is null && !IsAdvanced(text))
        {
            Console.WriteLine($"{refusal}: [{text}] is not a valid PUBLIC IP/CIDR");
            return null;
        }

        return address?.Text ?? text;
    }

    private static bool Covered(string path, string subject, string name)
    {
        var address = Address.Read(subject);
        var isCovered = ListFile.Entries(path).Select(ListFile.Subject).Any(entry => Same(entry, subject) || (address is not null && Address.Read(entry)?.Holds(address) == true));
        if (isCovered)
        {
            Console.WriteLine($"deny failed: {subject} is in the {name} file /etc/csf/csf.{name}");
        }

        return isCovered;
    }

    private void Insert(string subject, bool isAllow)
    {
        var rules = EntryRules.Of(subject, isAllow, configuration).ToList();
        _firewall.Load(subject, rules, isAllow ? "-I" : "-A", isFast: false);
        Sets.Fill(rules.Where(rule => rule.IsElement), configuration);
    }

    private void TakeOut(string subject, bool isAllow)
    {
        foreach (var rule in EntryRules.Of(subject, isAllow, configuration))
        {
            if (rule.IsElement)
            {
                Sets.Take(rule, configuration);
            }
            else
            {
                _firewall.One(rule.IsIPv6, $"-D {rule.Chain} {rule.Match}");
            }
        }
    }

    private static bool Has(string path, string subject) => ListFile.Entries(path).Any(entry => Same(ListFile.Subject(entry), subject));

    private static bool Same(string entry, string subject) => string.Equals(Address.Read(entry)?.Text ?? entry, subject, StringComparison.OrdinalIgnoreCase);

    private static bool IsForGood(string line) => line.Contains("do not delete", StringComparison.OrdinalIgnoreCase);

    private static bool IsAdvanced(string text) => text.IndexOfAny([':', '|']) >= 0 && text.Contains('=', StringComparison.Ordinal);

    private static string Line(string subject, string argument, string manual)
    {
        var comment = ListFile.Comment(argument) is { Length: > 0 } given ? given : $"{manual}: {subject} (-)";
        return $"{subject} # {comment} - {TimeProvider.System.GetUtcNow().ToString("ddd MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture)}\n";
    }
}
