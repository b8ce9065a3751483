namespace Slipway.Tests;

/// <summary>Where the tests find the project's own files, and the real data beside it.</summary>
internal static class Repository
{
    /// <summary>The folder that holds Slipway.slnx.</summary>
    public static string Root { get; } = Up(AppContext.BaseDirectory, folder => File.Exists(Path.Combine(folder, "Slipway.slnx")))
        ?? throw new InvalidOperationException("the tests run inside the project's folder");

    /// <summary>The public ad-click data set, which is not part of the repository; skips the test where it is absent.</summary>
    public static string RequireAdClickCsv()
    {
        const string name = "ad_click_dataset.csv";
        var given = Environment.GetEnvironmentVariable("SLIPWAY_TEST_DATA");
        var folder = given ?? Up(Root, folder => File.Exists(Path.Combine(folder, "shared", "data", name)));
        var csv = folder is null ? null : given is null ? Path.Combine(folder, "shared", "data", name) : Path.Combine(given, name);
        Assert.SkipUnless(File.Exists(csv), $"{name} is not in shared/data beside or above the repository, nor in the folder that SLIPWAY_TEST_DATA names.");
        return csv;
    }

    private static string? Up(string start, Func<string, bool> found)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (found(folder.FullName))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
