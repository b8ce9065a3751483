using Slipway.Aws.EventBridge;
using Slipway.Tests.Clients;

namespace Slipway.Tests.LocalAws.EventBridge;

/// <summary>Events that their target does not take.</summary>
public sealed class GivenUpDeliveryTests(LocalAwsFixture aws) : IClassFixture<LocalAwsFixture>
{
    [Theory]
    [InlineData("sns:us-east-1:000000000000:absent", "Topic does not exist")]
    [InlineData("codebuild:us-east-1:000000000000:project/absent", "does not support StartBuild.nobodyKnowsThis")]
    public async Task What_the_target_refuses_is_given_up_at_once_and_the_log_says_why(string target, string why)
    {
        var name = "refused-" + target.Split(':')[0];
        await aws.Aws.Send(new PutRule(name, EventPattern: $$"""{"source":["{{name}}"]}"""));
        await aws.Aws.Send(new PutTargets(name, [new("t", "arn:aws:" + target, Input: """{"nobodyKnowsThis":1}""")]));
        await aws.Aws.Send(new PutEvents([new(Source: name, DetailType: "x", Detail: "{}")]));
        var log = await Patience.Until(() => Task.FromResult(aws.Log), l => l.Contains($"The rule {name} could not hand an event to arn:aws:{target}", StringComparison.Ordinal));
        Assert.Contains(why, log, StringComparison.Ordinal);
    }
}
