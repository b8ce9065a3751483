using System.Text;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Slipway.Aws.Sns;
using Slipway.Aws.Wire;

namespace Slipway.Tests.Aws.Wire;

/// <summary>The query protocol's forms and XML, there and back.</summary>
public sealed class QueryProtocolTests
{
    [Fact]
    public void A_form_carries_maps_lists_bytes_and_their_own_names_of_entries()
    {
        var sent = new PublishBatch("arn", [new("a", "text", MessageAttributes: new Dictionary<string, MessageAttributeValue> { ["raw"] = new("Binary", BinaryValue: [2, 3, 4]) })]);
        var form = QueryForm.ToForm(sent).ToDictionary();
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["TopicArn"] = "arn",
                ["PublishBatchRequestEntries.member.1.Id"] = "a",
                ["PublishBatchRequestEntries.member.1.Message"] = "text",
                ["PublishBatchRequestEntries.member.1.MessageAttributes.entry.1.Name"] = "raw",
                ["PublishBatchRequestEntries.member.1.MessageAttributes.entry.1.Value.DataType"] = "Binary",
                ["PublishBatchRequestEntries.member.1.MessageAttributes.entry.1.Value.BinaryValue"] = "AgME",
            },
            form);
        var read = (PublishBatch)RequestReader.Read(Encoding.UTF8.GetBytes(QueryForm.ToJson(form, typeof(PublishBatch)).ToJsonString()), typeof(PublishBatch));
        Assert.Equal([2, 3, 4], read.PublishBatchRequestEntries[0].MessageAttributes!["raw"].BinaryValue!);
    }

    [Fact]
    public void A_map_of_an_answer_is_there_and_back()
    {
        var answer = new GetTopicAttributes.Response(new Dictionary<string, string> { ["Owner"] = "0", ["DisplayName"] = "<&>" });
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement("Result");
            QueryXml.Write(xml, answer);
            xml.WriteEndElement();
        }

        Assert.StartsWith("<Result><Attributes><entry><key>Owner</key><value>0</value></entry><entry><key>DisplayName</key>", text.ToString(), StringComparison.Ordinal);
        var read = QueryXml.ToJson(XElement.Parse(text.ToString()), typeof(GetTopicAttributes.Response)).Deserialize<GetTopicAttributes.Response>(AwsJson.Lenient)!;
        Assert.Equal(answer.Attributes, read.Attributes);
    }

    [Theory]
    [InlineData("PublishBatchRequestEntries", "x")]
    [InlineData("PublishBatchRequestEntries.x", "x")]
    [InlineData("PublishBatchRequestEntries.member.3", "x")]
    [InlineData("PublishBatchRequestEntries.member.1", "x")]
    [InlineData("PublishBatchRequestEntries.member.01.Id", "x")]
    [InlineData("TopicArn.x", "x")]
    [InlineData("PublishBatchRequestEntries.member.1.MessageAttributes.entry.1.Bogus", "x")]
    public void A_field_that_no_list_map_or_text_has_is_refused_and_not_dropped(string name, string value)
    {
        var form = new Dictionary<string, string> { ["TopicArn"] = "arn", ["PublishBatchRequestEntries.member.1.Id"] = "a", ["PublishBatchRequestEntries.member.1.Message"] = "b" };
        form[name] = value;
        var error = Assert.Throws<AwsException>(() => QueryForm.ToJson(form, typeof(PublishBatch)));
        Assert.StartsWith($"The parameter {name.Replace("01.Id", "01", StringComparison.Ordinal)} is no member of the request.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_field_is_refused_by_name_and_an_empty_list_is_empty()
    {
        var form = new Dictionary<string, string> { ["TopicArn"] = "arn", ["PublishBatchRequestEntries"] = "", ["Nope.x"] = "1" };
        var error = Assert.Throws<AwsException>(() => Read(form));
        Assert.Equal("Local AWS does not support PublishBatch.Nope.", error.Message);
        form.Remove("Nope.x");
        Assert.Empty(((PublishBatch)Read(form)).PublishBatchRequestEntries);

        static object Read(Dictionary<string, string> form) =>
            RequestReader.Read(Encoding.UTF8.GetBytes(QueryForm.ToJson(form, typeof(PublishBatch)).ToJsonString()), typeof(PublishBatch));
    }
}
