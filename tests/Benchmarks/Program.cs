using AllowlistSync.Benchmarks.Addresses;

return args switch
{
    ["addresses", .. var rest] => AddressBenchmark.Run(rest),
    _ => 64,
};
