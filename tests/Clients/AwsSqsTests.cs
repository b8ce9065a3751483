namespace Slipway.Tests.Clients;

/// <summary>SQS by the aws command line, whose version 1 does not look at AWS_ENDPOINT_URL for SQS.</summary>
public sealed class AwsSqsTests(LocalAwsFixture aws) : IClassFixture<LocalAwsFixture>
{
    private const string Sqs = "--endpoint-url $AWS_ENDPOINT_URL sqs";
    private readonly AwsCli _cli = new(aws);

    [Fact]
    public async Task A_queue_is_made_sent_to_received_from_and_deleted()
    {
        var url = await _cli.Output($"{Sqs} create-queue --queue-name work --attributes VisibilityTimeout=60 --tags team=ml --query QueueUrl --output text");
        Assert.Equal(new Uri(aws.Server.Endpoint, "/000000000000/work").AbsoluteUri, url);
        await _cli.Output($"{Sqs} send-message --queue-url {url} --message-body hello --message-attributes 'n={{DataType=Number,StringValue=5}}'");
        Assert.Equal("hello\t5", await _cli.Output($"{Sqs} receive-message --queue-url {url} --message-attribute-names All --query 'Messages[0].[Body, MessageAttributes.n.StringValue]' --output text"));
        Assert.Equal("1", await _cli.Output($"{Sqs} get-queue-attributes --queue-url {url} --attribute-names All --query Attributes.ApproximateNumberOfMessagesNotVisible --output text"));
        await _cli.Output($"{Sqs} delete-queue --queue-url {url}");
        var gone = await _cli.Run($"{Sqs} receive-message --queue-url {url}");
        Assert.Contains("(AWS.SimpleQueueService.NonExistentQueue) when calling the ReceiveMessage operation: The specified queue does not exist.", gone.Error, StringComparison.Ordinal);
    }
}
