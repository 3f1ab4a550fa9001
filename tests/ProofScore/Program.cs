using System.Globalization;
using AllowlistSync.ProofScore.Coverage;
using AllowlistSync.ProofScore.Scoring;

var (folders, answers, show, one) = (new List<string>(), false, 10, (string?)null);
for (var i = 1; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--answers":
            answers = true;
            break;
        case "--show" when i + 1 < args.Length && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out show):
            i++;
            break;
        case "--case" when i + 1 < args.Length:
            one = args[++i];
            break;
        case var option when option.StartsWith("--", StringComparison.Ordinal) || !Directory.Exists(option):
            Console.Error.WriteLine($"{option} is neither an option nor a folder.");
            return 64;
        default:
            folders.Add(args[i]);
            break;
    }
}

using var cancel = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) => (key.Cancel, _) = (true, cancel.CancelAsync());
switch (args)
{
    case ["score", ..] when folders.Count > 0:
        return new ScoreCommand(new(folders, answers, show, one), Guard).Run(cancel.Token);
    case ["coverage", ..] when folders.Count > 0:
        return new CoverageCommand(folders, show, Guard).Run(cancel.Token);
    default:
        Console.Error.WriteLine("usage: score [--answers] [--show N] [--case NAME] FOLDER...\n       coverage [--show N] FOLDER...");
        return 64;
}

// A case that crashes is a finding to count, whatever it was that went wrong.
static Exception? Guard(Action action)
{
    try
    {
        action();
        return null;
    }
    catch (Exception failure) when (failure is not OperationCanceledException)
    {
        return failure;
    }
}
