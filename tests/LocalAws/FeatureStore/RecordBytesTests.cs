using System.Text;
using System.Text.Json;
using Slipway.Aws.FeatureStoreRuntime;
using Slipway.Aws.Wire;
using Slipway.LocalAws.FeatureStore;

namespace Slipway.Tests.LocalAws.FeatureStore;

/// <summary>The form in which the stores keep records.</summary>
public sealed class RecordBytesTests
{
    // each side of where a length takes a byte more, and characters of one to four bytes
    [Theory]
    [InlineData("", 1)]
    [InlineData("x", 127)]
    [InlineData("x", 128)]
    [InlineData("x", 16_383)]
    [InlineData("x", 16_384)]
    [InlineData("Zürich \u20ac \U0001f600 \0\n", 1)]
    [InlineData("\u20ac", 358_400)]
    public void A_record_comes_back_as_it_was_put(string part, int times)
    {
        var text = string.Concat(Enumerable.Repeat(part, times));
        FeatureValue[] record = [new("id", text), new("time", "2026-01-01T00:00:00Z"), new("other", text)];
        Assert.Equal(record, RecordBytes.Read(RecordBytes.Write(record)));
    }

    [Fact]
    public void A_record_is_less_than_half_of_its_JSON()
    {
        FeatureValue[] record = [new("id", "1-0-000000001"), new("time", "2026-01-01T00:00:00Z"), new("device_type", "Mobile"), new("click", "1")];
        Assert.True(RecordBytes.Write(record).Length * 2 < Json(record).Length);
    }

    [Fact]
    public void A_record_that_an_earlier_version_kept_as_JSON_is_read()
    {
        FeatureValue[] record = [new("id", "1"), new("time", "2026-01-01T00:00:00Z"), new("place", "\"Zürich\"\n")];
        Assert.Equal(record, RecordBytes.Read(Encoding.UTF8.GetBytes(Json(record))));
    }

    private static string Json(FeatureValue[] record) => JsonSerializer.Serialize(record, AwsJson.Lenient);
}
