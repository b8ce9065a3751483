using System.Security.Cryptography;
using System.Text;
using Slipway.Workflow.DataSets;

namespace Slipway.Tests.Workflow.DataSets;

public sealed class SampleDataTests
{
    private static string Csv(long rows, long seed)
    {
        using var stream = new MemoryStream();
        SampleData.Write(stream, rows, seed);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    [Fact]
    public void The_best_reachable_AUC_is_080() => Assert.Equal(0.80, SampleData.BestAuc(), tolerance: 0.005);

    [Fact]
    public void The_same_rows_and_seed_give_the_same_bytes_on_every_machine()
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Csv(1000, 7))));

        Assert.Equal("f741021888f187c21b7ab17e304e1afecf24eaec7b1f71a52347a00e97bac165", hash);
        Assert.NotEqual(Csv(1000, 7), Csv(1000, 8));
    }

    [Fact]
    public void The_data_looks_like_the_ad_click_set()
    {
        var rows = Csv(20_000, 1).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(',')).ToList();

        Assert.Equal(20_000, rows.Count);
        Assert.All(rows, row => Assert.Equal("User" + row[0], row[1]));
        Assert.Equal(0.48, rows.Average(row => row[2].Length == 0 ? 1.0 : 0), tolerance: 0.02);
        Assert.Equal(0.20, rows.Average(row => row[4].Length == 0 ? 1.0 : 0), tolerance: 0.02);
        Assert.InRange(rows.Select(row => row[0]).Distinct().Count(), 6_000, 8_000);
        Assert.InRange(rows.Average(row => double.Parse(row[8])), 0.5, 0.65);
        Assert.InRange(rows.Count - rows.Select(row => string.Join(',', row)).Distinct().Count(), 0, 100);
        // A user has one age and one gender, where they are known.
        Assert.All(rows.GroupBy(row => row[0]), user => Assert.True(user.Select(row => row[2]).Where(age => age.Length > 0).Distinct().Count() <= 1));
        Assert.All(rows.GroupBy(row => row[0]), user => Assert.True(user.Select(row => row[3]).Where(gender => gender.Length > 0).Distinct().Count() <= 1));
    }

    [Fact]
    public void Every_row_is_one_that_the_ad_click_specification_allows()
    {
        var encoder = new Slipway.Workflow.DataSets.Encoder(DataSetSpecification.AdClick);
        var lines = Csv(2000, 3).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var header = lines[0].Split(',');

        foreach (var line in lines.Skip(1))
        {
            encoder.Check(encoder.Encode(header.Zip(line.Split(',')).ToDictionary(pair => pair.First, pair => (string?)pair.Second)));
        }
    }
}
