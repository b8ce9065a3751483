using System.Text;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.DataSets.Csv;

namespace Slipway.Tests.Workflow.DataSets.Csv;

public sealed class CsvReaderTests
{
    private static List<(long Line, string[] Fields)> Read(byte[] csv)
    {
        using var reader = new CsvReader(new MemoryStream(csv), "a.csv");
        var records = new List<(long, string[])>();
        while (reader.Read())
        {
            records.Add((reader.Line, reader.ToArray()));
        }
        return records;
    }

    private static List<(long Line, string[] Fields)> Read(string csv) => Read(Encoding.UTF8.GetBytes(csv));

    [Theory]
    [InlineData("a,b\n1,2\n", "1:a|b 2:1|2")]
    [InlineData("a,b\r\n1,2", "1:a|b 2:1|2")]
    [InlineData("a,b\r1,\r", "1:a|b 2:1|")]
    [InlineData("\ufeffa,b\n", "1:a|b")]
    [InlineData("a\n\n\nb\n", "1:a 4:b")]
    [InlineData("\"a,x\",\"say \"\"hi\"\"\"\n", "1:a,x|say \"hi\"")]
    [InlineData("\"two\nlines\",1\n3,4\n", "1:two\nlines|1 3:3|4")]
    [InlineData("\"\",,\"\"\n", "1:||")]
    [InlineData("5\" pipe,1\n", "1:5\" pipe|1")]
    [InlineData("", "")]
    public void Records_are_read_as_RFC_4180_has_them(string csv, string expected) => Assert.Equal(
        expected, string.Join(' ', Read(csv).Select(record => $"{record.Line}:{string.Join('|', record.Fields)}")));

    [Theory]
    [InlineData("a\n\"b", "a.csv, line 2: a quote is opened and not closed.")]
    [InlineData("a\n1\n\"b\nc\"d\n", "a.csv, line 4: text follows a closing quote; a quote inside a quoted field is written twice (\"\").")]
    public void Quotes_that_make_no_sense_are_named_by_line(string csv, string message) =>
        Assert.Equal(message, Assert.Throws<CsvException>(() => Read(csv)).Message);

    [Fact]
    public void Records_across_the_edges_of_the_buffer_are_whole()
    {
        var csv = new MemoryStream();
        var rows = Enumerable.Range(0, 5000)
            .Select(i => new[] { new string('x', i % 97), $"q\"{i}\r\n,", new string('é', i % 13 * 1000) }).ToList();
        rows.ForEach(row => CsvWriter.Write(csv, row));

        Assert.Equal(rows, Read(csv.ToArray()).Select(record => record.Fields));
    }

    [Theory]
    [InlineData("utf-8"), InlineData("utf-16"), InlineData("utf-16BE"), InlineData("utf-32"), InlineData("utf-32BE")]
    public void A_byte_order_mark_tells_the_encoding(string name)
    {
        var encoding = Encoding.GetEncoding(name);

        Assert.Equal(["a|é", "1|😀"], Read([.. encoding.Preamble, .. encoding.GetBytes("a,é\n1,😀\n")]).Select(record => string.Join('|', record.Fields)));
    }

    [Fact]
    public void Fields_are_written_quoted_where_they_must_be()
    {
        var csv = new MemoryStream();
        Assert.Equal(23, CsvWriter.Write(csv, ["a", "b,c", "say \"x\"", "é"]));
        CsvWriter.Write(csv, [""]);
        using var reader = new CsvReader(new MemoryStream(csv.ToArray()), "a.csv");
        for (var line = 1; line <= 2; line++)
        {
            Assert.True(reader.Read());
            CsvWriter.Write(csv, reader, [.. Enumerable.Range(0, reader.Count)]);
        }

        Assert.Equal(string.Concat(Enumerable.Repeat("a,\"b,c\",\"say \"\"x\"\"\",é\n\"\"\n", 2)), Encoding.UTF8.GetString(csv.ToArray()));
    }
}
