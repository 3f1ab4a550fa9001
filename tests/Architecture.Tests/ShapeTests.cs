using System.Reflection;
using AllowlistSync.Core;
using AllowlistSync.Output;
using AllowlistSync.Postgres;
using AllowlistSync.Providers.Host;
using AllowlistSync.Sources;
using Shouldly;
using Xunit;

namespace AllowlistSync.Architecture.Tests;

public sealed class ShapeTests
{
    private const int LongestFile = 400;
    private const int UsualFile = 200;
    private const int MostInterfaceMembers = 7;

    private static readonly Assembly[] Assemblies =
        [typeof(SyncPipeline).Assembly, typeof(CloudflareSource).Assembly, typeof(HostProviders).Assembly, typeof(PostgresStateStore).Assembly, typeof(Shell).Assembly];

    private static IEnumerable<Type> Types => Assemblies.SelectMany(assembly => assembly.GetTypes())
        .Where(type => type.Namespace?.StartsWith("AllowlistSync", StringComparison.Ordinal) == true && !type.Name.Contains('<', StringComparison.Ordinal) && !type.IsNested);

    [Fact]
    public void Files_are_short()
    {
        var files = Repository.Sources("src").Concat(Repository.Sources("tests")).Select(path => (Path: Repository.Relative(path), Lines: File.ReadLines(path).Count())).ToList();
        files.Where(file => file.Lines > LongestFile).ShouldBeEmpty();
        files.Count(file => file.Lines > UsualFile).ShouldBeLessThan(files.Count / 10);
    }

    [Fact]
    public void Classes_are_sealed_static_or_abstract() =>
        Types.Where(type => type.IsClass && !type.IsSealed && !type.IsAbstract).Select(type => type.FullName).ShouldBeEmpty();

    [Fact]
    public void Interfaces_are_small() =>
        Types.Where(type => type.IsInterface && type.GetMethods().Length > MostInterfaceMembers && !IsTypeClass(type)).Select(type => type.FullName).ShouldBeEmpty();

    [Fact]
    public void No_type_is_named_after_nothing() =>
        Types.Where(type => type.Name.EndsWith("Utils", StringComparison.Ordinal) || type.Name.EndsWith("Helper", StringComparison.Ordinal) || type.Name.EndsWith("Manager", StringComparison.Ordinal))
            .Select(type => type.FullName).ShouldBeEmpty();

    [Fact]
    public void Every_package_has_one_comment_that_says_why()
    {
        var lines = File.ReadAllLines(Repository.PathOf("Directory.Packages.props"));
        var without = lines.Where((line, index) => line.Contains("<PackageVersion", StringComparison.Ordinal) && !IsExplained(lines, index));
        without.ShouldBeEmpty();
    }

    [Fact]
    public void The_top_level_is_what_the_design_says() =>
        Directory.EnumerateDirectories(Repository.Root).Select(path => Path.GetFileName(path)!)
            .Where(name => !name.StartsWith('.') && name is not ("TestResults" or "artifacts")).Order(StringComparer.Ordinal)
            .ShouldBe(["config", "samples", "src", "tests"]);

    // Two packages in a row may share the comment above the first.
    private static bool IsExplained(string[] lines, int index) =>
        lines[index - 1].TrimStart().StartsWith("<!--", StringComparison.Ordinal)
        || lines[index - 2].TrimStart().StartsWith("<!--", StringComparison.Ordinal);

    // Static abstract members describe a kind of number, not a seam.
    private static bool IsTypeClass(Type type) => type.GetMethods().All(method => method.IsStatic);
}
