using System.Text;
using Slipway.Aws.FeatureStoreRuntime;
using Slipway.Aws.SageMakerRuntime;
using Slipway.Aws.Wire;

namespace Slipway.Tests.Aws.Wire;

public sealed class RestFormatTests
{
    private static readonly PutRecord Put = new("group", [new("id", "a/ü \"b\""), new("age", "1")], ["OnlineStore"]);

    [Fact]
    public void A_request_travels_in_its_path_and_its_body_and_comes_back_the_same()
    {
        var message = RestFormat.Write(Put);
        Assert.Equal("/FeatureGroup/group", message.Path);
        Assert.DoesNotContain("FeatureGroupName", Encoding.UTF8.GetString(message.Body), StringComparison.Ordinal);
        var read = (PutRecord)Read<PutRecord>("group", Encoding.UTF8.GetString(message.Body));
        Assert.Equal(Put.Record, read.Record);
        Assert.Equal((Put.FeatureGroupName, Put.TargetStores![0]), (read.FeatureGroupName, read.TargetStores![0]));
    }

    [Fact]
    public void A_request_without_members_of_its_body_has_no_body()
    {
        var message = RestFormat.Write(new GetRecord("group", "1", ["age", "click"]));
        Assert.Empty(message.Body);
        Assert.Equal(["RecordIdentifierValueAsString=1", "FeatureName=age", "FeatureName=click"], message.Query.Select(q => $"{q.Key}={q.Value}"));
    }

    [Fact]
    public void A_payload_is_the_whole_body_as_it_is()
    {
        var message = RestFormat.Write(new InvokeEndpoint("endpoint", "{}"u8.ToArray(), "text/csv"));
        Assert.Equal("{}"u8, message.Body);
        Assert.Equal("text/csv", message.Headers["Content-Type"]);
    }

    [Theory]
    [InlineData(""" { "Record": [ { "FeatureName": "id", "ValueAsString": "1" } ] } """)]
    [InlineData("""{"FeatureGroupName":"other","Record":[{"FeatureName":"id","ValueAsString":"1"}]}""")]
    public void The_path_says_the_member_that_stands_in_it(string body) =>
        Assert.Equal("group", ((PutRecord)Read<PutRecord>("group", body)).FeatureGroupName);

    [Theory]
    [InlineData("[1]", "The body must be a structure.")]
    [InlineData("7", "The body must be a structure.")]
    [InlineData("{", "The body isn't JSON: line 1, byte 2.")]
    [InlineData("{}}", "The body isn't JSON: line 1, byte 3.")]
    [InlineData("{\"Record\":\n[}", "The body isn't JSON: line 2, byte 2.")]
    [InlineData("{\"a\":{}", "The body isn't JSON: line 1, byte 8.")]
    public void A_body_that_is_no_structure_is_refused(string body, string message)
    {
        var refused = Assert.Throws<AwsException>(() => Read<PutRecord>("group", body));
        Assert.Equal(("SerializationException", message), (refused.Code, refused.Message));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("  { } ")]
    [InlineData("")]
    public void A_required_member_that_is_missing_from_the_body_is_named(string body)
    {
        var refused = Assert.Throws<AwsException>(() => Read<PutRecord>("group", body));
        Assert.Contains("'record' failed to satisfy constraint: Member must not be null", refused.Message, StringComparison.Ordinal);
    }

    private static object Read<T>(string group, string body) =>
        RestFormat.Read(typeof(T), new Dictionary<string, string> { ["FeatureGroupName"] = group }, _ => [], _ => null, Encoding.UTF8.GetBytes(body), strict: true);
}
