using System.Text;
using System.Text.Json;
using Slipway.Aws.FeatureStoreRuntime;
using Slipway.Aws.Wire;

namespace Slipway.Tests.Aws.Wire;

/// <summary>The values of a record have a reader of their own, which must say what every other record's says.</summary>
public sealed class FeatureValueJsonTests
{
    [Theory]
    [InlineData("""{"FeatureName":"age","ValueAsString":"25"}""", "25")]
    [InlineData("""{"ValueAsString":"1","FeatureName":"a","ValueAsString":"25","FeatureName":"age"}""", "25")]
    [InlineData("""{"FeatureName":"age","ValueAsString":null}""", null)]
    [InlineData("""{"FeatureName":"\u0061ge"}""", null)]
    [InlineData("""{"FeatureName":"age","ValueAsString":"é\"\\ \u00e9"}""", "é\"\\ é")]
    public void A_value_is_read_and_comes_back(string json, string? value)
    {
        var record = Read(json).Record;
        Assert.Equal([new FeatureValue("age", value)], record);
        var written = JsonSerializer.SerializeToUtf8Bytes(record, AwsJson.Lenient);
        Assert.Equal(record, JsonSerializer.Deserialize<List<FeatureValue>>(written, AwsJson.Lenient));
        Assert.Equal(value is null, !Encoding.UTF8.GetString(written).Contains("ValueAsString", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"FeatureName":"age","ValueAsStringList":["1"]}""", "ValueAsStringList")]
    [InlineData("""{"ValueAsString":"25"}""", "'record.1.member.featureName'")]
    [InlineData("""{"FeatureName":null}""", "'record.1.member.featureName'")]
    [InlineData("""{"FeatureName":25}""", "'record.1.member.featureName' must be")]
    [InlineData("""{"FeatureName":"age","ValueAsString":25}""", "'record.1.member.valueAsString' must be")]
    [InlineData("""{"FeatureName":"age","ValueAsString":["25"]}""", "'record.1.member.valueAsString' must be")]
    [InlineData("""{"FeatureName":"age","ValueAsString":"\ud800"}""", "The body of PutRecord can't be read")]
    [InlineData("\"age\"", "ecord")]
    [InlineData("""["age"]""", "ecord")]
    public void What_is_no_value_is_refused_by_name(string json, string why) =>
        Assert.Contains(why, Assert.Throws<AwsException>(() => Read(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_client_lets_members_be_that_it_does_not_know() => Assert.Equal(
        new FeatureValue("age", "25"),
        JsonSerializer.Deserialize<FeatureValue>("""{"New":{"a":[1]},"FeatureName":"age","ValueAsString":"25","Other":null}""", AwsJson.Lenient));

    private static PutRecord Read(string value) =>
        (PutRecord)RequestReader.Read(Encoding.UTF8.GetBytes($$"""{"FeatureGroupName":"ads","Record":[{{value}}]}"""), typeof(PutRecord));
}
