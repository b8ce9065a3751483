using Slipway.Aws.SageMaker;
using Slipway.Workflow.Release;

namespace Slipway.Tests.Workflow.Release;

public sealed class ModelComparisonTests
{
    private static readonly ModelEvaluation Tested = new(new Dictionary<string, double> { ["auc"] = 0.78126 }, 1573, 1000);

    [Fact]
    public void Two_versions_of_the_same_data_split_and_number_of_rows_were_tested_on_the_same_rows() => Assert.Equal(
        ["Both were tested on the same 1,573 rows: their data, split and number of test rows are the same."],
        ModelComparison.Words(Version(1, "a", "group"), Tested, Version(2, "a", "group"), Tested));

    [Fact]
    public void Different_data_is_said_plainly_and_so_is_what_the_champion_scored_on_the_same_rows()
    {
        var (one, two) = (Version(1, "a", "group"), Version(2, "b", "group"));
        Assert.Equal(
            ["They were tested on different rows (DataSha256, the number of test rows: they differ or are not known), so the differences above tell as much of the rows as of the models.",
             "On the test rows of version 2, version 1 has AUC 0.7000 and version 2 0.7813."],
            ModelComparison.Words(one, Tested, two, Tested with { TestRows = 20, ChampionArn = one.ModelPackageArn, ChampionAuc = 0.7 }));
    }

    [Fact]
    public void Another_split_of_the_same_data_is_another_test() => Assert.Equal(
        ["They were tested on different rows (Split: it differs or is not known), so the differences above tell as much of the rows as of the models."],
        ModelComparison.Words(Version(1, "a", "group"), Tested, Version(2, "a", "random"), Tested with { ChampionArn = "arn:another", ChampionAuc = 0.7 }));

    private static DescribeModelPackage.Response Version(int number, string data, string split) => new(
        null, $"arn:aws:sagemaker:us-east-1:000000000000:model-package/group/{number}", DateTimeOffset.UnixEpoch, ModelPackageStatus.Completed, new([]))
    {
        ModelPackageVersion = number, CustomerMetadataProperties = new Dictionary<string, string> { ["DataSha256"] = data, ["Split"] = split },
    };
}
