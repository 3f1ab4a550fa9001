using AllowlistSync.Benchmarks.Addresses;
using AllowlistSync.Benchmarks.Nftables;
using AllowlistSync.Benchmarks.Proofs;

return args switch
{
    ["addresses", .. var rest] => AddressBenchmark.Run(rest),
    ["nftables", .. var rest] => await NftablesBenchmark.RunAsync(rest),
    ["proof", .. var rest] => await ProofBenchmark.RunAsync(rest),
    ["scripts"] => ScriptBenchmark.Run(),
    _ => 64,
};
