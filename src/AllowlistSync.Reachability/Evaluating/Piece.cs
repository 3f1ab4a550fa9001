namespace AllowlistSync.Reachability.Evaluating;

/// <summary>Some neighbouring addresses with one way behind them.</summary>
internal readonly record struct Piece(UInt128 First, UInt128 Last, Track Track);
