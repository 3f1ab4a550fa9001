using AllowlistSync.Output;
using AllowlistSync.Providers.Host;
using Shouldly;
using Xunit;

namespace AllowlistSync.Architecture.Tests;

public sealed class ProviderFolderTests
{
    [Fact]
    public void Every_provider_has_the_same_files()
    {
        foreach (var folder in HostProviders.All.Select(line => Folder(line.Descriptor.Name)))
        {
            var name = Path.GetFileName(folder).Replace("RangeFiles", "RangeFile", StringComparison.Ordinal);
            var files = Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)!).ToList();
            foreach (var file in new[] { $"{name}Provider.cs", $"{name}Options.cs", $"{name}Reader.cs", $"{name}Writer.cs", "README.md" })
            {
                files.ShouldContain(file);
            }

            files.Count(file => file.EndsWith("Tool.cs", StringComparison.Ordinal) || file.EndsWith("Api.cs", StringComparison.Ordinal)).ShouldBe(1);
        }
    }

    [Fact]
    public void The_readme_of_a_provider_tells_what_an_operator_must_know()
    {
        foreach (var line in HostProviders.All)
        {
            var readme = File.ReadAllText(Path.Combine(Folder(line.Descriptor.Name), "README.md"));
            foreach (var heading in new[] { "## What it touches", "## Undo by hand", "## Permissions", "## Limits" })
            {
                readme.ShouldContain(heading);
            }
        }
    }

    [Fact]
    public void The_table_of_providers_in_the_readme_is_made_from_their_descriptors() =>
        Repository.Read("README.md").ShouldContain(ProviderTable.Markdown(HostProviders.All.Select(line => line.Descriptor)));

    // A namespace called File would hide System.IO.File from all that is in it.
    private static string Folder(string provider) => provider == "file" ? Repository.PathOf("src", "AllowlistSync.Providers.Host", "RangeFiles") :
        Directory.EnumerateDirectories(Repository.PathOf("src", "AllowlistSync.Providers.Host"))
            .Single(path => Path.GetFileName(path).Equals(provider, StringComparison.OrdinalIgnoreCase));
}
