namespace Slipway.Tests.Clients;

/// <summary>SNS by the aws command line.</summary>
public sealed class AwsSnsTests(LocalAwsFixture aws) : IClassFixture<LocalAwsFixture>
{
    private readonly AwsCli _cli = new(aws);

    [Fact]
    public async Task A_topic_is_made_subscribed_to_published_to_and_deleted()
    {
        var topic = await _cli.Output("sns create-topic --name approvals --attributes DisplayName=Approvals --tags Key=team,Value=ml --query TopicArn --output text");
        Assert.Equal("arn:aws:sns:us-east-1:000000000000:approvals", topic);
        Assert.Equal("pending confirmation", await _cli.Output($"sns subscribe --topic-arn {topic} --protocol email --notification-endpoint ann@example.com --query SubscriptionArn --output text"));
        Assert.Equal("PendingConfirmation", await _cli.Output($"sns list-subscriptions-by-topic --topic-arn {topic} --query 'Subscriptions[0].SubscriptionArn' --output text"));
        Assert.Matches("^[0-9a-f-]{36}$", await _cli.Output($"sns publish --topic-arn {topic} --message hello --subject hi --query MessageId --output text"));
        Assert.Equal("Approvals", await _cli.Output($"sns get-topic-attributes --topic-arn {topic} --query Attributes.DisplayName --output text"));
        await _cli.Output($"sns delete-topic --topic-arn {topic}");
        var gone = await _cli.Run($"sns publish --topic-arn {topic} --message hello");
        Assert.Contains("(NotFound) when calling the Publish operation: Topic does not exist", gone.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("events put-rule --name nightly --schedule-expression 'cron(99 * * * ? *)'", "(ValidationException) when calling the PutRule operation: Parameter ScheduleExpression is not valid")]
    [InlineData("sns publish --topic-arn nowhere --message x", "(InvalidParameter) when calling the Publish operation: Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1")]
    [InlineData("sns subscribe --topic-arn arn:aws:sns:us-east-1:000000000000:absent --protocol email --notification-endpoint a@example.com", "(NotFound) when calling the Subscribe operation: Topic does not exist")]
    public async Task Bad_input_is_an_error_of_AWS(string command, string error) =>
        Assert.Contains(error, (await _cli.Run(command)).Error, StringComparison.Ordinal);
}
