using Xunit;

namespace Slipway.Tests.Workflow.DataSets;

/// <summary>The public ad-click data set, which is not part of the repository.</summary>
internal static class RealData
{
    /// <summary>Its path; the test is skipped where it is absent.</summary>
    public static string AdClickCsv()
    {
        const string Name = "ad_click_dataset.csv";
        var given = Environment.GetEnvironmentVariable("SLIPWAY_TEST_DATA");
        var folders = Ancestors(AppContext.BaseDirectory).Select(folder => Path.Combine(folder, "shared", "data"));
        var found = (given is null ? folders : [given]).Select(folder => Path.Combine(folder, Name)).FirstOrDefault(File.Exists);
        if (found is null)
        {
            Assert.Skip($"{Name} is not in shared/data beside or above the repository, nor in the folder that SLIPWAY_TEST_DATA names.");
        }
        return found;
    }

    private static IEnumerable<string> Ancestors(string? folder)
    {
        for (; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            yield return folder;
        }
    }
}
