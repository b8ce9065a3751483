using System.Text.Json.Nodes;
using Slipway.Aws.Wire;
using Slipway.LocalAws.EventBridge;

namespace Slipway.Tests.LocalAws.EventBridge;

/// <summary>Event patterns, by the examples that AWS's documentation describes.</summary>
public sealed class EventPatternTests
{
    private const string Event = """
        {"source":"aws.sagemaker","account":"000000000000","resources":["arn:a","arn:b"],"detail":{"state":"Approved","count":10,"name":"Model-1","ip":"10.0.0.7","none":null,"empty":[],"deep":{"x":[{"y":1},{"y":2}]}}}
        """;

    [Theory]
    [InlineData("""{"source":["aws.sagemaker"]}""", true)]
    [InlineData("""{"source":["aws.s3","aws.sagemaker"],"detail":{"state":["Approved"]}}""", true)]
    [InlineData("""{"source":["aws.sagemaker"],"detail":{"state":["Rejected"]}}""", false)]
    [InlineData("""{"resources":["arn:b"]}""", true)]
    [InlineData("""{"resources":["arn:c"]}""", false)]
    [InlineData("""{"detail":{"count":[10]}}""", true)]
    [InlineData("""{"detail":{"count":["10"]}}""", false)]
    [InlineData("""{"detail":{"none":[null]}}""", true)]
    [InlineData("""{"detail":{"absent":[null]}}""", false)]
    [InlineData("""{"detail":{"state":[{"prefix":"App"}]}}""", true)]
    [InlineData("""{"detail":{"state":[{"prefix":"app"}]}}""", false)]
    [InlineData("""{"detail":{"state":[{"prefix":{"equals-ignore-case":"app"}}]}}""", true)]
    [InlineData("""{"detail":{"state":[{"suffix":"ved"}]}}""", true)]
    [InlineData("""{"detail":{"state":[{"equals-ignore-case":"APPROVED"}]}}""", true)]
    [InlineData("""{"detail":{"name":[{"wildcard":"Mod*-*"}]}}""", true)]
    [InlineData("""{"detail":{"name":[{"wildcard":"*x*"}]}}""", false)]
    [InlineData("""{"detail":{"state":[{"anything-but":"Rejected"}]}}""", true)]
    [InlineData("""{"detail":{"state":[{"anything-but":["Rejected","Approved"]}]}}""", false)]
    [InlineData("""{"detail":{"state":[{"anything-but":{"prefix":"App"}}]}}""", false)]
    [InlineData("""{"detail":{"absent":[{"anything-but":"x"}]}}""", false)]
    [InlineData("""{"detail":{"count":[{"numeric":[">",5,"<=",10]}]}}""", true)]
    [InlineData("""{"detail":{"count":[{"numeric":["<",10]}]}}""", false)]
    [InlineData("""{"detail":{"ip":[{"cidr":"10.0.0.0/24"}]}}""", true)]
    [InlineData("""{"detail":{"ip":[{"cidr":"10.0.1.0/24"}]}}""", false)]
    [InlineData("""{"detail":{"state":[{"exists":true}]}}""", true)]
    [InlineData("""{"detail":{"state":[{"exists":false}]}}""", false)]
    [InlineData("""{"detail":{"absent":[{"exists":false}]}}""", true)]
    [InlineData("""{"gone":{"further":[{"exists":false}]}}""", true)]
    [InlineData("""{"detail":{"deep":{"x":{"y":[2]}}}}""", true)]
    [InlineData("""{"detail":{"deep":{"x":{"y":[3]}}}}""", false)]
    [InlineData("""{"detail":{"$or":[{"state":["Rejected"]},{"count":[10]}]}}""", true)]
    [InlineData("""{"detail":{"$or":[{"state":["Rejected"]},{"count":[11]}]}}""", false)]
    public void An_event_matches_or_does_not(string pattern, bool expected) =>
        Assert.Equal(expected, EventPattern.Parse(pattern).Matches(JsonNode.Parse(Event)!.AsObject()));

    [Theory]
    [InlineData("{", "failed to parse JSON: line 1, byte 2")]
    [InlineData("""{"a":["\ud800"]}""", "half a surrogate pair")]
    [InlineData("[]", "Filter is not an object")]
    [InlineData("{}", "Empty patterns are not allowed")]
    [InlineData("""{"source":"aws.s3"}""", "\"source\" must be an object or an array")]
    [InlineData("""{"detail":{"state":[]}}""", "Empty arrays are not allowed at detail.state")]
    [InlineData("""{"detail":{"state":[["x"]]}}""", "Match value must be String, number, true, false, or null at detail.state")]
    [InlineData("""{"detail":{"state":[{"like":"x"}]}}""", "Unrecognized match type like at detail.state")]
    [InlineData("""{"detail":{"state":[{"prefix":"a","suffix":"b"}]}}""", "Only one key allowed in match expression")]
    [InlineData("""{"a":[{"suffix":100}]}""", "suffix match pattern must be a string")]
    [InlineData("""{"a":[{"exists":"no"}]}""", "exists match pattern must be either true or false.")]
    [InlineData("""{"a":[{"cidr":"x"}]}""", "Malformed CIDR, one '/' required")]
    [InlineData("""{"a":[{"cidr":"x/24"}]}""", "Nonstandard IP address: x")]
    [InlineData("""{"a":[{"cidr":"10.0.0.0/x"}]}""", "Malformed CIDR, mask bits must be an integer")]
    [InlineData("""{"a":[{"anything-but":{"like":"x"}}]}""", "Unsupported anything-but pattern: like")]
    [InlineData("""{"a":[{"anything-but":{"prefix":false}}]}""", "prefix match pattern must be a string")]
    [InlineData("""{"a":[{"numeric":[]}]}""", "Invalid member in numeric match: ]")]
    [InlineData("""{"a":[{"numeric":[1,"<="]}]}""", "Invalid member in numeric match: 1")]
    [InlineData("""{"a":[{"numeric":["~",1]}]}""", "Unrecognized numeric range operator: ~")]
    [InlineData("""{"a":[{"numeric":["=","000"]}]}""", "Value of equals must be numeric")]
    [InlineData("""{"a":[{"numeric":[">="]}]}""", "Value of >= must be numeric")]
    [InlineData("""{"a":[{"numeric":["<",100,">",10]}]}""", "Too many elements in numeric expression")]
    [InlineData("""{"a":[{"numeric":[">",20,30]}]}""", "Bad value in numeric range: 30")]
    [InlineData("""{"a":[{"numeric":[">=",1,">",2]}]}""", "Bad numeric range operator: >")]
    [InlineData("""{"a":[{"numeric":[">",20,"<="]}]}""", "Value of <= must be numeric")]
    [InlineData("""{"a":[{"numeric":[">",3,"<",1]}]}""", "Bottom must be less than top")]
    [InlineData("""{"a":[{"numeric":[">",20,"<",30,"<",50]}]}""", "Too many terms in numeric range expression")]
    public void A_pattern_that_is_none_says_where_it_is_wrong(string pattern, string why)
    {
        var error = Assert.Throws<AwsException>(() => EventPattern.Parse(pattern));
        Assert.Equal("InvalidEventPatternException", error.Code);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }
}
