using System.Text;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Sns;
using Slipway.Aws.Wire;

namespace Slipway.Tests.Aws.Wire;

/// <summary>What members may not be, in AWS's words.</summary>
public sealed class LimitsTests
{
    [Theory]
    [InlineData("\"NaN\"", "greater than or equal to 0")]
    [InlineData("\"-Infinity\"", "greater than or equal to 0")]
    [InlineData("\"Infinity\"", "less than or equal to")]
    [InlineData("1e39", "less than or equal to")]
    public void A_share_of_the_traffic_is_a_number(string weight, string why)
    {
        var json = $$"""{"EndpointName":"e","DesiredWeightsAndCapacities":[{"VariantName":"v","DesiredWeight":{{weight}}}]}""";
        var error = Assert.Throws<AwsException>(() => RequestReader.Read(Encoding.UTF8.GetBytes(json), typeof(UpdateEndpointWeightsAndCapacities)));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(CreateTopic), """{"Name":"x","Attributes":{"DisplayName":null}}""", "attributes.DisplayName.member")]
    [InlineData(typeof(CreateTopic), """{"Name":"x","Tags":[{"Key":"a","Value":"b"},null]}""", "tags.2.member")]
    [InlineData(typeof(UntagResource), """{"ResourceArn":"x","TagKeys":[null]}""", "tagKeys.1.member")]
    public void No_item_of_a_list_and_no_value_of_a_map_is_null(Type request, string json, string path)
    {
        var error = Assert.Throws<AwsException>(() => RequestReader.Read(Encoding.UTF8.GetBytes(json), request));
        Assert.Equal($"1 validation error detected: Value null at '{path}' failed to satisfy constraint: Member must not be null", error.Message);
    }
}
