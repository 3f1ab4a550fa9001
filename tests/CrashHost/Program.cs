using AllowlistSync.CrashHost;

// See each class for its arguments.
return args switch
{
    ["hold", var facts] => await SandboxHolding.RunAsync(facts),
    ["apply", .. var rest] => await KilledApply.RunAsync(rest),
    _ => 64,
};
