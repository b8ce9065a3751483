using Slipway.Aws.Sns;
using Slipway.Cli.Demos;
using Slipway.Tests.Clients;

namespace Slipway.Tests.Cli;

/// <summary>The mail of <c>slipway demo --full</c>.</summary>
public sealed class DemoInboxTests : IAsyncLifetime
{
    private readonly LocalAwsFixture _aws = new();

    public ValueTask InitializeAsync() => _aws.InitializeAsync();

    public ValueTask DisposeAsync() => _aws.DisposeAsync();

    [Fact]
    public async Task A_demo_on_the_data_of_an_earlier_one_confirms_though_that_one_listened_at_another_address()
    {
        var first = await Subscribed("first");
        await Confirm(1);
        await _aws.Restart();
        var second = await Subscribed("second");
        await Confirm(2);
        foreach (var topic in new[] { first, second })
        {
            var subscription = Assert.Single((await _aws.Aws.Send(new ListSubscriptionsByTopic(topic))).Subscriptions);
            Assert.StartsWith(topic + ":", subscription.SubscriptionArn, StringComparison.Ordinal);
        }
    }

    private async Task<string> Subscribed(string name)
    {
        var topic = (await _aws.Aws.Send(new CreateTopic(name))).TopicArn;
        Assert.Equal("pending confirmation", (await _aws.Aws.Send(new Subscribe(topic, "email", DemoInbox.Address))).SubscriptionArn);
        return topic;
    }

    private Task Confirm(int count) => new DemoInbox(_aws.DataDirectory, _aws.Server.Endpoint).Confirm(count, TestContext.Current.CancellationToken);
}
