using AllowlistSync.Benchmarks.Addresses;
using AllowlistSync.Benchmarks.Firewalld;
using AllowlistSync.Benchmarks.Iptables;
using AllowlistSync.Benchmarks.Nftables;
using AllowlistSync.Benchmarks.Proofs;
using AllowlistSync.Benchmarks.Ufw;

return args switch
{
    ["addresses", .. var rest] => AddressBenchmark.Run(rest),
    ["firewalld", .. var rest] => await FirewalldBenchmark.RunAsync(rest),
    ["iptables", .. var rest] => await IptablesBenchmark.RunAsync(rest),
    ["nftables", .. var rest] => await NftablesBenchmark.RunAsync(rest),
    ["ufw", .. var rest] => await UfwBenchmark.RunAsync(rest),
    ["proof", .. var rest] => await ProofBenchmark.RunAsync(rest),
    ["scripts"] => ScriptBenchmark.Run(),
    _ => 64,
};
