namespace Slipway.Tests;

/// <summary>Where the tests find the project's own files, and the real data beside it.</summary>
internal static class Repository
{
    /// <summary>The folder that holds Slipway.slnx.</summary>
    public static string Root { get; } = Up(AppContext.BaseDirectory, folder => File.Exists(Path.Combine(folder, "Slipway.slnx")))
        ?? throw new InvalidOperationException("the tests run inside the project's folder");

    /// <summary>The real ad-click data set, or null where this machine does not have it.</summary>
    public static string? AdClickCsv { get; } = Up(Root, folder => File.Exists(Csv(folder))) is { } folder ? Csv(folder) : null;

    /// <summary>The real ad-click data set; skips the test where it is absent.</summary>
    public static string RequireAdClickCsv()
    {
        Assert.SkipWhen(AdClickCsv is null, "shared/data/ad_click_dataset.csv is not beside the project");
        return AdClickCsv!;
    }

    private static string Csv(string folder) => Path.Combine(folder, "shared", "data", "ad_click_dataset.csv");

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
