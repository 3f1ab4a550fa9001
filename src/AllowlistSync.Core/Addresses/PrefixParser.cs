using System.Collections.Immutable;

namespace AllowlistSync.Core.Addresses;

/// <summary>A line of a list that could not be read.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The byte of the line where it went wrong, from 1; in ASCII this is the character.</param>
/// <param name="Text">The line, cut to 60 characters, with control characters replaced.</param>
/// <param name="Reason">What is wrong, in words for people.</param>
public readonly record struct ParseProblem(int Line, int Column, string Text, string Reason)
{
    /// <summary>The problem on one line: <c>line 3, column 1: reason: "text"</c>.</summary>
    public override string ToString() => $"line {Line}, column {Column}: {Reason}: \"{Text}\"";
}

/// <summary>What a text list holds.</summary>
/// <param name="Prefixes">The prefixes in the order of the list, as written; ranges are expanded.</param>
/// <param name="Problems">The first 100 lines that could not be read.</param>
public sealed record ParsedPrefixes(ImmutableArray<IpPrefix> Prefixes, ImmutableArray<ParseProblem> Problems)
{
    /// <summary>How many lines could not be read, also beyond the first 100.</summary>
    public int TotalProblems { get; init; } = Problems.IsDefault ? 0 : Problems.Length;
}

/// <summary>
/// Reads text lists: a prefix, a bare address or a range <c>first-last</c> a line; <c>#</c> and <c>;</c> start a
/// comment; blank lines, CRLF, a UTF-8 byte order mark and a missing final newline are fine. Every line that cannot
/// be read is a problem; none is guessed at.
/// </summary>
public static class PrefixParser
{
    /// <summary>How many problems are told apart; further ones are only counted.</summary>
    public const int MaxProblems = 100;

    /// <summary>Reads a list and keeps its prefixes as they were written.</summary>
    public static ParsedPrefixes Parse(ReadOnlySpan<byte> utf8)
    {
        var sink = new ListSink();
        PrefixLines.Read(utf8, ref sink);
        return new(sink.Prefixes.ToImmutable(), sink.Log.ToImmutable()) { TotalProblems = sink.Log.Total };
    }

    /// <summary>Reads a list into a set; the fast way.</summary>
    public static PrefixSet ParseSet(ReadOnlySpan<byte> utf8, out ImmutableArray<ParseProblem> problems)
        => ParseSet(utf8, out problems, out _);

    /// <summary>Reads a list into a set; also counts the problems beyond the first 100.</summary>
    public static PrefixSet ParseSet(ReadOnlySpan<byte> utf8, out ImmutableArray<ParseProblem> problems, out int totalProblems)
    {
        var sink = new SetSink();
        PrefixLines.Read(utf8, ref sink);
        problems = sink.Log.ToImmutable();
        totalProblems = sink.Log.Total;
        return sink.Collector.ToSet();
    }

    private struct SetSink : IPrefixSink
    {
        internal PrefixSetCollector Collector;
        internal ProblemLog Log;

        public void AddIPv4(Word first, Word last) => Collector.AddIPv4(first, last);

        public void Add(IpFamily family, Wide first, Wide last) => Collector.Add(family, first, last);

        public void Report(int line, ReadOnlySpan<byte> text, TextFault fault) => Log.Add(line, text, fault);
    }

    private struct ListSink() : IPrefixSink
    {
        internal readonly ImmutableArray<IpPrefix>.Builder Prefixes = ImmutableArray.CreateBuilder<IpPrefix>();
        internal ProblemLog Log;

        public readonly void AddIPv4(Word first, Word last) => Decomposition.AddTo<Word, IPv4Math>(Prefixes, new(first, last));

        public readonly void Add(IpFamily family, Wide first, Wide last)
        {
            if (family == IpFamily.IPv4)
            {
                AddIPv4(IPv4Math.Narrow(first), IPv4Math.Narrow(last));
            }
            else
            {
                Decomposition.AddTo<Wide, IPv6Math>(Prefixes, new(first, last));
            }
        }

        public void Report(int line, ReadOnlySpan<byte> text, TextFault fault) => Log.Add(line, text, fault);
    }

    private struct ProblemLog
    {
        private ImmutableArray<ParseProblem>.Builder? _kept;

        internal int Total { get; private set; }

        internal void Add(int line, ReadOnlySpan<byte> text, TextFault fault)
        {
            Total++;
            if (Total <= MaxProblems)
            {
                _kept ??= ImmutableArray.CreateBuilder<ParseProblem>();
                _kept.Add(new(line, fault.Offset + 1, Excerpt.Of(text), fault.Reason));
            }
        }

        internal readonly ImmutableArray<ParseProblem> ToImmutable() => _kept is null ? [] : _kept.ToImmutable();
    }
}
