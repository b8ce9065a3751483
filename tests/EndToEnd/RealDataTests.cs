using System.Globalization;
using Slipway.Aws.SageMaker;

namespace Slipway.Tests.EndToEnd;

/// <summary>The public ad-click data, whose apparent signal is leakage, on the whole path.</summary>
public sealed class RealDataTests
{
    [Fact]
    public async Task The_real_data_is_refused_as_leakage_and_goes_through_only_where_a_random_split_is_asked_for()
    {
        var csv = Repository.RequireAdClickCsv();
        await using var path = new WholePath();
        var loaded = await path.Load(csv);
        Assert.Equal((10_000, 0), (loaded.RowsNew, loaded.RowsBad));

        var (refused, kept) = await path.RunPipeline();
        Assert.True(refused.IsRefused, $"{refused.Status}: {refused.Reason}");
        Assert.Empty(await path.Versions());
        Assert.InRange((double)kept["binary_classification_metrics"]!["auc"]!["value"]!, 0.45, 0.56);
        Assert.True((bool)kept["leakage"]!["detected"]!);
        Assert.InRange((double)kept["leakage"]!["random_split_auc"]!, 0.70, 0.78);
        var words = (string)kept["leakage"]!["words"]!;
        Assert.Contains("2,853", words, StringComparison.Ordinal);
        Assert.Contains("leakage", words, StringComparison.OrdinalIgnoreCase);

        var (passed, random) = await path.RunPipeline(("Split", "random"));
        Assert.True(passed.ModelPackageArn is not null, $"{passed.Status}: {passed.Reason}");
        Assert.Equal(passed.ModelPackageArn, Assert.Single(await path.Versions()).ModelPackageArn);
        var version = await path.Session.Aws.Send(new DescribeModelPackage(passed.ModelPackageArn));
        var metadata = version.CustomerMetadataProperties!;
        Assert.Equal("random", metadata["Split"]);
        Assert.InRange(double.Parse(metadata["Auc"], CultureInfo.InvariantCulture), 0.70, 0.78);
        Assert.Contains("2853", metadata["Leakage"], StringComparison.Ordinal);
        Assert.Equal((string?)random["leakage"]!["metadata"], metadata["Leakage"]);
        Assert.InRange((double)random["leakage"]!["grouped_auc"]!, 0.45, 0.56);
    }
}
