using AllowlistSync.Benchmarks.Addresses;
using AllowlistSync.Benchmarks.Nftables;

return args switch
{
    ["addresses", .. var rest] => AddressBenchmark.Run(rest),
    ["nftables", .. var rest] => await NftablesBenchmark.RunAsync(rest),
    _ => 64,
};
