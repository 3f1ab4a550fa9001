namespace AllowlistSync.StandIns.Csf;

/// <summary>The commands of csf that providers and operators use, and the few of lfd that tests need. See the README beside this file.</summary>
internal static class Program
{
    private static readonly string[] RunWhileDisabled = ["--version", "-v", "--flush", "-f", "--enable", "-e", ""];
    private static readonly string[] RunInSpiteOfAnError = ["--startf", "-sf", "--startq", "-q", "--start", "-s", "--restart", "-r", "--enable", "-e"];

    private static int Main(string[] arguments)
    {
        try
        {
            var command = arguments.Length == 0 ? "" : arguments[0].ToLowerInvariant();
            Run(command, string.Join(' ', arguments.Skip(1)));
            return 0;
        }
        catch (ExitException exit)
        {
            Console.Out.Write(exit.Said);
            Console.Error.Write(exit.Complaint);
            return exit.Code;
        }
    }

    private static void Run(string command, string argument)
    {
        if (command == "lfd-once")
        {
            Lfd.ReadLog(argument, Configuration.Load());
            return;
        }

        var configuration = Configuration.Load();
        RefuseWhileDisabled(command);
        RefuseAfterAnError(command);
        Obey(command, argument, configuration);
        if (configuration.Is("TESTING"))
        {
            Console.WriteLine("*WARNING* TESTING mode is enabled - do not forget to disable it in the configuration");
        }
    }

    private static void RefuseWhileDisabled(string command)
    {
        if (File.Exists(Places.Disabled) && command is not ("-e" or "--enable"))
        {
            const string Said = "csf and lfd have been disabled, use 'csf -e' to enable\n";
            if (!RunWhileDisabled.Contains(command))
            {
                throw new ExitException(1, Said);
            }

            Console.Write(Said);
        }
    }

    private static void RefuseAfterAnError(string command)
    {
        if (File.Exists(Places.Error) && !RunInSpiteOfAnError.Contains(command))
        {
            var error = File.ReadAllText(Places.Error).Split('\n')[0];
            throw new ExitException(1, $"You have an unresolved error when starting csf:\n{error}\n\nYou need to restart csf successfully to remove this warning, or delete /etc/csf/csf.error\n");
        }
    }

    private static void Obey(string command, string argument, Configuration configuration)
    {
        var firewall = new Firewall(configuration);
        var temporary = new TemporaryCommands(configuration);
        Action act = command switch
        {
            "-v" or "--version" => () => Console.WriteLine($"csf: v{File.ReadLines(Places.Version).First()} (generic)"),
            "-s" or "--start" or "-r" or "--restart" => () => firewall.StartOrAskLfd(),
            "-sf" or "--startf" => firewall.Restart,
            "-q" or "--startq" => firewall.AskLfd,
            "-ra" or "--restartall" => () => RestartAll(firewall, configuration),
            "-f" or "--stop" => () => Locked(firewall.Stop),
            "-x" or "--disable" => () => Locked(firewall.Disable),
            "-e" or "--enable" => () => Locked(firewall.Enable),
            "-a" or "--add" => () => new ListCommands(configuration).Allow(argument),
            "-ar" or "--addrm" => () => new ListCommands(configuration).RemoveAllow(argument),
            "-d" or "--deny" => () => new ListCommands(configuration).Deny(argument),
            "-dr" or "--denyrm" => () => new ListCommands(configuration).RemoveDeny(argument),
            "-df" or "--denyf" => () => new ListCommands(configuration).RemoveAllDenies(),
            "-t" or "--temp" => TemporaryCommands.List,
            "-td" or "--tempdeny" => () => temporary.Add(TemporaryList.Bans, argument),
            "-ta" or "--tempallow" => () => temporary.Add(TemporaryList.Allows, argument),
            "-tr" or "--temprm" => () => temporary.Remove(argument, TemporaryList.Bans, TemporaryList.Allows),
            "-trd" or "--temprmd" => () => temporary.Remove(argument, TemporaryList.Bans),
            "-tra" or "--temprma" => () => temporary.Remove(argument, TemporaryList.Allows),
            "-tf" or "--tempf" => temporary.RemoveAll,
            "-g" or "--grep" => () => Search.Run(argument, configuration),
            "--lfd" => () => Lfd.Obey(argument, configuration),
            _ => () => Console.WriteLine("csf: see the README of the stand-in for the commands that it knows"),
        };
        act();
    }

    private static void RestartAll(Firewall firewall, Configuration configuration)
    {
        firewall.Restart();
        Lfd.Obey("restart", configuration);
    }

    private static void Locked(Action act)
    {
        using var hold = CsfLock.Take();
        act();
    }
}
