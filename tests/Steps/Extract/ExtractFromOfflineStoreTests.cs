using Slipway.Aws.SageMaker;
using Slipway.Tests.Clients;
using Xunit;

namespace Slipway.Tests.Steps.Extract;

public sealed class ExtractFromOfflineStoreTests(LocalAwsFixture aws) : IClassFixture<LocalAwsFixture>
{
    private StepRun Run(string featureGroup)
    {
        var run = new StepRun();
        foreach (var (name, value) in aws.Environment)
        {
            run.Variables[name] = value;
        }
        run.Variables["FEATURE_GROUP_NAME"] = featureGroup;
        return run;
    }

    [Fact]
    public async Task A_feature_group_that_is_not_there_fails_the_step()
    {
        using var run = Run("absent");

        Assert.Equal(1, await run.RunAsync("extract"));

        Assert.StartsWith("The feature group absent can't be read: ", run.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_feature_group_without_an_offline_store_fails_the_step()
    {
        await aws.Aws.Send(new CreateFeatureGroup("online-only", "record_id", "event_time",
            [new FeatureDefinition("record_id", FeatureType.String), new FeatureDefinition("event_time", FeatureType.String)],
            new OnlineStoreConfig(EnableOnlineStore: true)));
        using var run = Run("online-only");

        Assert.Equal(1, await run.RunAsync("extract"));

        Assert.Equal("The feature group online-only has no offline store to extract from.", run.Message);
    }
}
